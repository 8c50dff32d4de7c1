"""What does a mail say to somebody who follows a record? Plain text; nobody else is named in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ckanext.culturape.errors import N_

#: Characters of a title in a subject.
LONGEST_TITLE = 150

_LINES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")

STEP_SUBJECT = N_("%(status)s: %(title)s")
PROMISE_SUBJECT = N_("Commitment changed: %(title)s")
STOP_NEED = N_("To get no more mail on this need, open this page and choose “Stop supporting it”:")
STOP_FOLLOWED = N_("To get no more mail on this, open these pages and choose “Unfollow”:")
WHY_NEED = N_("You get this mail from %(site)s because you stated or support this need.")
WHY_FOLLOWED = N_("You get this mail from %(site)s because you follow this commitment or its agenda.")

WAITING_SUBJECT = N_("A need waits to be read: %(title)s")
WHY_WAITING = N_(
    "You get this mail from %(site)s because your organisation answers needs. Nobody else sees this one until it is published:"
)

Say = Callable[[str], str]


class Letter(NamedTuple):
    """A mail without whoever gets it."""

    subject: str
    body: str


class Step(NamedTuple):
    """A step of a need.

    Attributes:
        title: of the need.
        status: in words.
        comment: what was said to everybody.
        page: address of the need.
        stop: address at which one stops to support it.
        site: title of the portal.
    """

    title: str
    status: str
    comment: str
    page: str
    stop: str
    site: str


class Change(NamedTuple):
    """What became of a commitment.

    Attributes:
        title: of the commitment.
        state: the new one in words; empty when it is as before.
        due: the new date; empty when it is as before or was taken away.
        due_before: the date before; empty when the date is as before.
        reason: why it was withdrawn.
        page: address of the commitment.
        stops: addresses at which one stops to follow it or its agenda.
        site: title of the portal.
    """

    title: str
    state: str
    due: str
    due_before: str
    reason: str
    page: str
    stops: tuple[str, ...]
    site: str


def of_step(step: Step, say: Say) -> Letter:
    """The mail on a step of a need."""
    subject = say(STEP_SUBJECT) % _one_line({"status": step.status, "title": step.title})
    lines = [
        _row(say(N_("Need")), step.title),
        _row(say(N_("Status")), step.status),
        "",
        _CONTROL.sub(" ", step.comment.replace("\r\n", "\n")).strip(),
        "",
        step.page,
        *_end(say(WHY_NEED), step.site, say(STOP_NEED), (step.stop,)),
    ]
    return Letter(subject, "\n".join(lines) + "\n")


def of_change(change: Change, say: Say) -> Letter:
    """The mail on a commitment that was fulfilled or withdrawn, or is due at another time."""
    lines = [
        _row(say(N_("Commitment")), change.title),
        *_changes(change, say),
        "",
        change.page,
        *_end(say(WHY_FOLLOWED), change.site, say(STOP_FOLLOWED), change.stops),
    ]
    return Letter(say(PROMISE_SUBJECT) % _one_line({"title": change.title}), "\n".join(lines) + "\n")


def of_waiting(title: str, page: str, list_page: str, site: str, say: Say) -> Letter:
    """The mail on a need that somebody stated, to those who publish it or refuse it. Nothing of its text beyond the title, and nothing of who stated it."""
    lines = [_row(say(N_("Need")), title), "", page, *_end(say(WHY_WAITING), site, list_page, ())]
    return Letter(say(WAITING_SUBJECT) % _one_line({"title": title}), "\n".join(lines) + "\n")


def _changes(change: Change, say: Say) -> Iterator[str]:
    if change.state:
        yield _row(say(N_("Status")), change.state)
    if change.reason:
        yield _row(say(N_("Reason for withdrawing it")), change.reason)
    if change.due or change.due_before:
        unknown = say(N_("not said"))
        yield _row(say(N_("Due date")), change.due or unknown)
        yield _row(say(N_("Due date before")), change.due_before or unknown)


def _end(why: str, site: str, how: str, addresses: tuple[str, ...]) -> Iterator[str]:
    yield from ("", "-- ", why % _one_line({"site": site}), how, *addresses)


def _row(label: str, value: str) -> str:
    return f"{label}: {_LINES.sub(' ', value).strip()}"


def _one_line(words: Mapping[str, str]) -> dict[str, str]:
    """Texts of one line each: what breaks lines in a subject would be another header."""
    return {name: _LINES.sub(" ", text).strip()[:LONGEST_TITLE] for name, text in words.items()}
