"""What is told of one run, and in which words? Runs, outcomes and states of datasets as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from ckanext.culturape.errors import N_, Fault

#: What became of datasets in a run, in the order in which people want to know.
OUTCOMES: Mapping[str, str] = {
    "added": N_("Added"), "changed": N_("Changed"), "unchanged": N_("Unchanged"), "stale": N_("Kept as they were"),
    "deleted": N_("Deleted in the run"), "refused": N_("Not taken over"), "conflict": N_("In another source"),
    "withdrawn": N_("Deleted here before"),
}  # fmt: skip


class State(NamedTuple):
    """How the datasets in a state are called, and what it means."""

    title: str
    meaning: str


#: States of datasets of a source; ``absent`` are those that were taken over and no longer stand in the catalogue.
STATES: Mapping[str, State] = {
    "current": State(N_("Up to date"), N_("They stand in this catalogue as the source has them.")),
    "stale": State(
        N_("Kept as they were"),
        N_("What the source says now cannot be taken over. The last good version stays in this catalogue."),
    ),
    "refused": State(
        N_("Not taken over"), N_("What the source says cannot be taken over, and there is no earlier version.")
    ),
    "conflict": State(
        N_("In another source"),
        N_("Another source, or this catalogue itself, had a dataset with the same address first."),
    ),
    "withdrawn": State(
        N_("Deleted here"), N_("The source still shows them. They were deleted in this catalogue and stay so.")
    ),
    "absent": State(
        N_("No longer in this catalogue"),
        N_("They were taken over, and have been deleted or cleared here since. The next run decides about them."),
    ),
    "waiting": State(N_("Still to be taken over"), N_("They were found, and are waiting for their turn.")),
    "gone": State(N_("Deleted at the source"), N_("The source no longer shows them, so they were deleted here.")),
}  # fmt: skip

#: States that somebody should look into.
TROUBLED = ("stale", "refused", "conflict", "withdrawn", "absent")

CONFIRMED, DISMISSED = "confirmed", "dismissed"


class Deletions(NamedTuple):
    """Deletions that a run did not make without being asked.

    Attributes:
        missing: datasets that it did not find.
        known: datasets of the source that stand in the catalogue.
        reason: why it asks.
        decision: ``confirmed``, ``dismissed`` or empty.
        by, at: who decided, and when.
    """

    missing: int
    known: int
    reason: Fault
    decision: str = ""
    by: str = ""
    at: datetime | None = None


class Account(NamedTuple):
    """What is told of a run.

    Attributes:
        id: of the run.
        state: as ``runs.Run`` has it.
        started, finished: moments.
        pages: how many were read.
        counts: datasets by outcome; of a run under way, so far.
        error: why it could not go on.
        deletions: those that it asks for.
    """

    id: str
    state: str
    started: datetime
    finished: datetime | None
    pages: int
    counts: Mapping[str, int]
    error: Fault | None = None
    deletions: Deletions | None = None

    @property
    def duration(self) -> timedelta | None:
        """How long it took, ``None`` while it goes on."""
        return self.finished - self.started if self.finished else None

    @property
    def is_failed(self) -> bool:
        """Whether it could not read the whole source."""
        return self.state == "failed"

    @property
    def asks(self) -> bool:
        """Whether somebody has to decide about deletions."""
        return self.state == "guarded" and self.deletions is not None and not self.deletions.decision

    @property
    def level(self) -> str:
        """How it stands, for icon and colour: ``bad``, ``ask``, ``busy`` or ``good``."""
        if self.is_failed:
            return "bad"
        return "ask" if self.asks else "good" if self.finished else "busy"

    @property
    def verdict(self) -> Fault:
        """The same in words."""
        if self.deletions and self.state == "guarded":
            return Fault(_DECISIONS[self.deletions.decision], {"missing": self.deletions.missing})
        return Fault(_VERDICTS[self.state])


_VERDICTS = {
    "gathering": N_("Reading the source"), "importing": N_("Taking over datasets"), "finished": N_("Ended well"),
    "failed": N_("FAILED"), "guarded": N_("Ended well"),
}  # fmt: skip

_DECISIONS = {
    "": N_("TO BE CONFIRMED: %(missing)s deletion(s)"),
    CONFIRMED: N_("Ended well; %(missing)s deletion(s) confirmed"),
    DISMISSED: N_("Ended well; nothing is deleted"),
}


def spell_duration(duration: timedelta | None) -> str:
    """A length of time for a table: ``45 s``, ``12 min``, ``3 h 5 min``; empty when there is none."""
    if duration is None:
        return ""
    seconds = max(0, round(duration.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
