"""A report to keep or to send on: notes and datasets as CSV and JSON, row by row, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.account import STATES, Account, Deletions
from ckanext.culturape.harvest.advice import Advice, advise
from ckanext.culturape.harvest.notices import KINDS, Group, Holding, Notice, Problem
from ckanext.culturape.harvest.spots import Say, title_of
from ckanext.culturape.tables import write_csv


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells: in which language, and how the address of a record is made from its name."""

    say: Say
    record_url: Callable[[str], str]

    def sentence(self, fault: Fault | None) -> str:
        """The words of a fault, also of one that an older version wrote down and whose parameters do not fit."""
        if fault is None:
            return ""
        try:
            return fault.text(self.say)
        except (KeyError, TypeError, ValueError):
            return fault.message

    def advice(self, advice: Advice) -> str:
        """The words of an advice."""
        return " ".join(self.sentence(sentence) for sentence in advice.sentences)

    def address(self, package: str | None) -> str:
        """The address of our record, empty when there is none."""
        return self.record_url(package) if package else ""


_NOTES = (
    N_("Field"), N_("What it is"), N_("What is wrong"), N_("What to do"), N_("Value"), N_("Dataset"), N_("Address at the source"),
    N_("Record here"), N_("Exact place"), N_("Page of the source"),
)  # fmt: skip

_HOLDINGS = (
    N_("Dataset"), N_("State"), N_("Why"), N_("Address at the source"), N_("Record here"), N_("First seen"), N_("Last seen"),
    N_("Last change"),
)  # fmt: skip


def notes_as_csv(notices: Iterable[Notice], teller: Teller) -> Iterator[str]:
    """A line for each note."""
    yield from write_csv([teller.say(head) for head in _NOTES], (_note_cells(n, teller) for n in notices))


def _note_cells(notice: Notice, teller: Teller) -> tuple[str, ...]:
    say = teller.say
    return (
        title_of(notice.group, say), say(KINDS.get(notice.kind, notice.kind)), teller.sentence(notice.fault),
        teller.advice(advice_on(notice)), notice.value, notice.title, notice.uri, teller.address(notice.package), notice.field,
        notice.page,
    )  # fmt: skip


def advice_on(notice: Notice) -> Advice:
    """What is to be done about a note."""
    inner = notice.fault.params.get("reason")
    return advise(
        notice.kind, notice.group, notice.fault.message, inner.message if isinstance(inner, Fault) else ""
    )


def advice_on_problem(group: Group, problem: Problem) -> Advice:
    """What is to be done about a kind of problem."""
    return advise(problem.kind, group.name, problem.message, problem.inner)


def holdings_as_csv(holdings: Iterable[Holding], teller: Teller) -> Iterator[str]:
    """A line for each dataset."""
    yield from write_csv(
        [teller.say(head) for head in _HOLDINGS], (_holding_cells(h, teller) for h in holdings)
    )


def _holding_cells(holding: Holding, teller: Teller) -> tuple[str, ...]:
    return (
        holding.title, teller.say(STATES[holding.state].title), teller.sentence(holding.reason), holding.uri,
        teller.address(holding.package), holding.first_seen.isoformat(), holding.last_seen.isoformat(),
        holding.changed.isoformat() if holding.changed else "",
    )  # fmt: skip


def as_json(
    head: Mapping[str, Any], holdings: Iterable[Holding], notices: Iterable[Notice], teller: Teller
) -> Iterator[str]:
    """One object: what stands at its head, then all datasets and all notes, one to a line."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ',\n"datasets": ['
    yield from _lines(holding_to_dict(holding, teller) for holding in holdings)
    yield '\n],\n"notes": ['
    yield from _lines(notice_to_dict(notice, teller) for notice in notices)
    yield "\n]}\n"


def _lines(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    separator = "\n"
    for item in items:
        yield separator + json.dumps(item, ensure_ascii=False)
        separator = ",\n"


def notice_to_dict(notice: Notice, teller: Teller) -> dict[str, Any]:
    """A note for programs, with its words."""
    return {
        "kind": notice.kind, "group": notice.group, "label": title_of(notice.group, teller.say), "field": notice.field,
        "value": notice.value, "message": teller.sentence(notice.fault), "advice": teller.advice(advice_on(notice)), "uri": notice.uri,
        "title": notice.title, "record": teller.address(notice.package), "page": notice.page, "run": notice.run,
    }  # fmt: skip


def holding_to_dict(holding: Holding, teller: Teller) -> dict[str, Any]:
    """A dataset of a source for programs."""
    return {
        "uri": holding.uri, "title": holding.title, "state": holding.state, "reason": teller.sentence(holding.reason) or None,
        "record": teller.address(holding.package), "private": holding.is_private, "first_seen": holding.first_seen.isoformat(),
        "last_seen": holding.last_seen.isoformat(), "changed": holding.changed.isoformat() if holding.changed else None,
    }  # fmt: skip


def account_to_dict(account: Account, teller: Teller) -> dict[str, Any]:
    """A run for programs."""
    duration = account.duration
    return {
        "id": account.id, "state": account.state, "verdict": teller.sentence(account.verdict), "started": account.started.isoformat(),
        "finished": account.finished.isoformat() if account.finished else None,
        "seconds": duration.total_seconds() if duration else None, "pages": account.pages, "counts": dict(account.counts),
        "error": teller.sentence(account.error) or None,
        "deletions": _deletions_to_dict(account.deletions, teller) if account.deletions else None,
    }  # fmt: skip


def _deletions_to_dict(deletions: Deletions, teller: Teller) -> dict[str, Any]:
    return {
        "missing": deletions.missing, "known": deletions.known, "reason": teller.sentence(deletions.reason),
        "decision": deletions.decision or None, "by": deletions.by or None, "at": deletions.at.isoformat() if deletions.at else None,
    }  # fmt: skip


def group_to_dict(group: Group, teller: Teller) -> dict[str, Any]:
    """What is wrong with a field, for programs."""
    return {
        "group": group.name, "label": title_of(group.name, teller.say), "notes": group.notes, "datasets": group.datasets,
        "problems": [
            {
                "id": problem.id, "kind": problem.kind, "notes": problem.notes, "datasets": problem.datasets,
                "advice": teller.advice(advice_on_problem(group, problem)),
                "examples": [
                    {"value": e.value, "message": teller.sentence(e.fault), "number": e.number} for e in problem.examples
                ],
            }
            for problem in group.problems
        ],
    }  # fmt: skip
