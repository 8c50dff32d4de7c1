"""How does a source stand, at a glance? One state of several, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from ckanext.culturape.errors import N_

#: After this a job that nobody begins, a run that does not end, and a run that is due, are worth a look.
SLOW_START, SLOW_END, OVERDUE = timedelta(minutes=15), timedelta(hours=24), timedelta(hours=1)


class Facts(NamedTuple):
    """What is known of a source.

    Attributes:
        is_active: whether it is to be harvested at all.
        last_state: of its last run: one of ``runs.Run``, empty when there was none.
        started: when that run began.
        asks: whether deletions wait for somebody to decide.
        waiting_since: when a job was asked for that nobody has begun.
        is_running: whether a job is under way.
        is_scheduled: whether it is harvested by itself.
        next_run: when that is due.
        created: when the source was made.
        troubled: datasets that are stale or refused.
    """

    is_active: bool = True
    last_state: str = ""
    started: datetime | None = None
    asks: bool = False
    waiting_since: datetime | None = None
    is_running: bool = False
    is_scheduled: bool = False
    next_run: datetime | None = None
    created: datetime | None = None
    troubled: int = 0


#: States by urgency, in words. What stands first is looked at first.
STANDINGS: Mapping[str, str] = {
    "failed": N_("FAILED"), "ask": N_("TO BE CONFIRMED"), "stuck": N_("Does not go on"), "overdue": N_("Overdue"),
    "trouble": N_("With datasets to look into"), "busy": N_("Under way"), "good": N_("Well"), "never": N_("Not harvested yet"),
    "off": N_("Switched off"),
}  # fmt: skip

#: Those in which somebody has to do something.
CALLING = ("failed", "ask", "stuck", "overdue")


def is_overdue(facts: Facts, now: datetime) -> bool:
    """Whether a run was due some time ago and did not begin."""
    if not (facts.is_active and facts.is_scheduled):
        return False
    # Without a date it is due as soon as the schedule is looked at.
    due = facts.next_run or facts.created
    return due is not None and now - due > OVERDUE


def is_stuck(facts: Facts, now: datetime) -> bool:
    """Whether a job waits for a process that does it, or a run has not ended for a day."""
    if facts.waiting_since is not None:
        return now - facts.waiting_since > SLOW_START
    is_open = facts.last_state in ("gathering", "importing")
    return is_open and facts.started is not None and now - facts.started > SLOW_END


def standing_of(facts: Facts, now: datetime) -> str:
    """The state of a source, a key of ``STANDINGS``."""
    is_busy = facts.is_running or facts.last_state in ("gathering", "importing")
    checks = {
        "off": not facts.is_active,
        "stuck": is_stuck(facts, now),
        "busy": is_busy,
        "failed": facts.last_state == "failed",
        "ask": facts.asks,
        "overdue": is_overdue(facts, now),
        "trouble": facts.troubled > 0,
        "never": not facts.last_state,
    }
    return next((name for name, holds in checks.items() if holds), "good")


def urgency(standing: str) -> int:
    """The place of a state among the others, 0 for the most urgent."""
    return list(STANDINGS).index(standing)
