"""What does a mail say of a run that ended? Plain text, without any value of a source: mail is read by others than it is sent to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.account import OUTCOMES, Account, spell_duration
from ckanext.culturape.harvest.advice import advise_on_run
from ckanext.culturape.harvest.exporting import Teller, advice_on_problem
from ckanext.culturape.harvest.notices import Group
from ckanext.culturape.harvest.spots import title_of

#: Groups of notes that a mail names; the report has all of them.
MOST_GROUPS = 5

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Letter(NamedTuple):
    """A mail without those who get it."""

    subject: str
    body: str


class Occasion(NamedTuple):
    """What a mail is about.

    Attributes:
        title: of the source.
        account: of the run.
        when: moments of its beginning and end, as people write them.
        groups: what is wrong, the field with the most datasets first.
        report: address of the report.
        site: title of the portal.
    """

    title: str
    account: Account
    when: tuple[str, str]
    groups: Sequence[Group]
    report: str
    site: str


def is_wanted(account: Account, choice: str) -> bool:
    """Whether a mail goes out, by the choice of the operator: ``never``, ``failed`` (somebody has to do something) or ``always``."""
    return choice == "always" or (choice == "failed" and (account.is_failed or account.asks))


def write(occasion: Occasion, teller: Teller) -> Letter:
    """The mail on a run."""
    words = Fault(_subject(occasion.account), {"title": _CONTROL.sub(" ", occasion.title).strip()[:200]})
    return Letter(teller.sentence(words), "\n".join(_lines(occasion, teller)) + "\n")


def _subject(account: Account) -> str:
    if account.is_failed:
        return N_("FAILED: harvest of %(title)s")
    return N_("TO BE CONFIRMED: harvest of %(title)s") if account.asks else N_("Harvest ended: %(title)s")


def _lines(occasion: Occasion, teller: Teller) -> Iterator[str]:
    account, say = occasion.account, teller.say
    started, finished = occasion.when
    yield _row(say(N_("Source")), occasion.title)
    yield _row(say(N_("Result")), teller.sentence(account.verdict))
    yield _row(say(N_("Began")), started)
    yield _row(say(N_("Ended")), f"{finished} ({spell_duration(account.duration)})")
    yield from _reasons(account, teller)
    yield from ("", say(N_("Datasets")))
    numbers = [(name, account.counts.get(outcome, 0)) for outcome, name in OUTCOMES.items()]
    yield from (f"- {say(name)}: {number}" for name, number in numbers if number)
    if not any(number for _, number in numbers):
        yield say(N_("No dataset changed, and none was found."))
    yield from _problems(occasion.groups, teller)
    yield from (
        "",
        say(N_("The whole report, with all that is to be asked of the source:")),
        occasion.report,
        "",
    )
    yield "-- "
    yield teller.sentence(
        Fault(
            N_("You get this mail because you administer %(site)s or the organisation of the source."),
            {"site": _CONTROL.sub(" ", occasion.site)},
        )
    )


def _row(label: str, value: str) -> str:
    return f"{label}: {_CONTROL.sub(' ', value)}"


def _reasons(account: Account, teller: Teller) -> Iterator[str]:
    """Why it failed or asks, and what can be done."""
    reasons = [account.error, account.deletions.reason if account.asks and account.deletions else None]
    for reason in filter(None, reasons):
        yield _row(teller.say(N_("Why")), teller.sentence(reason))
    advice = advise_on_run(account.error.message) if account.error else None
    if account.asks:
        advice = Fault(
            N_(
                "Nothing was deleted. Decide in the report whether the datasets that are missing are to be deleted."
            )
        )
    if advice:
        yield _row(teller.say(N_("What to do")), teller.sentence(advice))


def _problems(groups: Sequence[Group], teller: Teller) -> Iterator[str]:
    """The fields with the most datasets, and what to ask: no values, which may be what care holds back."""
    if groups:
        yield from ("", teller.say(N_("What to look into first")))
    for group in groups[:MOST_GROUPS]:
        first = group.problems[0]
        yield f"- {title_of(group.name, teller.say)} ({group.datasets}): {teller.advice(advice_on_problem(group, first))}"
