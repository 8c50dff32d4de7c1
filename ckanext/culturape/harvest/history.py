"""The runs of a source as they are told to people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text

from ckanext.culturape.errors import fault_from_json
from ckanext.culturape.harvest import runs
from ckanext.culturape.harvest.account import CONFIRMED, DISMISSED, Account, Deletions
from ckanext.culturape.harvest.rows import Executor
from ckanext.culturape.harvest.runs import Run


def listed(execute: Executor, source_id: str, number: int, offset: int = 0) -> list[Account]:
    """The runs of a source, the newest first."""
    found = runs.latest(execute, source_id, number, offset=offset)
    return [account_of(execute, run) for run in found]


def count(execute: Executor, source_id: str) -> int:
    """How many runs are known."""
    query = "SELECT count(*) FROM culturape_harvest_run WHERE source_id = :source"
    return int(execute.execute(text(query), {"source": source_id}).scalar_one())


def account_of(execute: Executor, run: Run) -> Account:
    """What is told of a run; one that goes on is counted as far as it has come."""
    return Account(
        id=run.id,
        state=run.state,
        started=run.started,
        finished=run.finished,
        pages=run.pages,
        counts=run.counts if run.finished else runs.count(execute, run.id),
        error=fault_from_json(run.error) if run.error else None,
        deletions=_deletions(run) if run.guard else None,
    )


def _deletions(run: Run) -> Deletions:
    guard: dict[str, Any] = run.guard or {}
    asked = (int(guard["missing"]), int(guard["known"]), fault_from_json(guard["reason"]))
    if run.confirmed:
        return Deletions(*asked, CONFIRMED, str(run.confirmed_by or ""), run.confirmed)
    dismissed = guard.get("dismissed")
    if dismissed:
        return Deletions(*asked, DISMISSED, str(dismissed["by"]), datetime.fromisoformat(dismissed["at"]))
    return Deletions(*asked)
