"""What follows when somebody decides that nothing is deleted? What is missing is then not asked for again with every run."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.culturape.harvest import guarding, runs
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.rows import KEPT
from ckanext.culturape.harvest.runs import Run

#: Runs among which the last answer is looked for: those that failed in between asked for nothing.
FAR = 10


def dismiss(connection: Connection, source_id: str, user: str, run_id: str = "") -> Run:
    """Have nothing deleted, also after somebody confirmed. Arguments and faults are those of ``guarding.confirm``."""
    last = guarding.asking_run(connection, source_id, run_id)
    answer = {"by": user, "at": runs.moment().isoformat(), "since": last.started.isoformat()}
    changed: dict[str, Any] = {
        "confirmed": None,
        "confirmed_by": None,
        "guard": {**(last.guard or {}), "dismissed": answer},
    }
    runs.change(connection, last.id, **changed)
    return last._replace(**changed)


def remember(run: Run) -> None:
    """What follows the end of a run: a question that was answered is not asked again."""
    with connected() as connection:
        carry_over(connection, run)


def carry_over(connection: Connection, run: Run) -> Run:
    """Answer the question of a run as an earlier one was answered, unless more is missing now. The run as it is then."""
    earlier = runs.latest(connection, run.source_id, FAR, before=run.id)
    last = next((known for known in earlier if known.state != runs.FAILED), None)
    answer = (last.guard or {}).get("dismissed") if last else None
    if run.state != runs.GUARDED or not answer or _is_more_missing(connection, run, answer["since"]):
        return run
    guard = {**(run.guard or {}), "dismissed": answer}
    runs.change(connection, run.id, guard=guard)
    return run._replace(guard=guard)


def _is_more_missing(connection: Connection, run: Run, since: str) -> bool:
    """Whether something is missing now that the source showed when it was decided, or later."""
    query = """
        SELECT EXISTS (
            SELECT 1 FROM culturape_harvest_dataset d JOIN package p ON p.id = d.package_id
            WHERE d.source_id = :source AND d.seen <> :run AND d.state = ANY(:kept) AND p.state = 'active'
                AND d.last_seen >= CAST(:since AS timestamptz))"""
    values = {"source": run.source_id, "run": run.id, "kept": list(KEPT), "since": since}
    return bool(connection.execute(text(query), values).scalar_one())
