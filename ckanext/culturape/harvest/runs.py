"""One run of a source: begun, taken up again, ended. Its row has the id of the job of ckanext-harvest and outlives it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from sqlalchemy import text

from ckanext.culturape.errors import Fault, fault_to_json
from ckanext.culturape.harvest.rows import Executor

GATHERING, IMPORTING, GUARDED, FINISHED, FAILED = "gathering", "importing", "guarded", "finished", "failed"

#: How long after a failure the next run goes on where that one stopped; later it begins anew.
FRESH = timedelta(hours=24)


class Run(NamedTuple):
    """A run.

    Attributes:
        id: of its job.
        source_id: whose it is.
        state: ``gathering``, ``importing``, ``guarded`` (finished, but deletions wait to be confirmed), ``finished`` or ``failed``.
        started, gathered, finished: moments.
        rules: under which it reads.
        family: of the documents.
        pending: addresses of pages still to be read.
        pages: how many were read.
        total: datasets that the source says it has, ``None`` when it says nothing.
        is_whole: whether nothing was lost on the way.
        counts: datasets by outcome, once it is finished.
        error: why it could not go on, as JSON of a fault.
        guard: ``missing``, ``known`` and ``reason`` (JSON of a fault): why nothing was deleted.
        confirmed, confirmed_by: when and by whom the deletions were confirmed.
    """

    id: str
    source_id: str
    state: str
    started: datetime
    gathered: datetime | None
    finished: datetime | None
    rules: str
    family: str
    pending: list[str]
    pages: int
    total: int | None
    is_whole: bool
    counts: dict[str, int]
    error: dict[str, Any] | None
    guard: dict[str, Any] | None
    confirmed: datetime | None
    confirmed_by: str | None


_COLUMNS = ", ".join(Run._fields)


def moment() -> datetime:
    """Now."""
    return datetime.now(timezone.utc)


def get(execute: Executor, run_id: str) -> Run | None:
    """The run of a job."""
    query = f"SELECT {_COLUMNS} FROM culturape_harvest_run WHERE id = :id"  # noqa: S608
    row = execute.execute(text(query), {"id": run_id}).one_or_none()
    return Run(*row) if row else None


def existing(execute: Executor, run_id: str) -> Run:
    """The run of a job that was begun. Raises: KeyError when it was not."""
    run = get(execute, run_id)
    if run is None:
        raise KeyError(run_id)
    return run


def latest(
    execute: Executor, source_id: str, number: int = 1, before: str = "", offset: int = 0
) -> list[Run]:
    """The last runs of a source, the newest first; those before a run when one is named; older ones from an offset."""
    query = f"""
        SELECT {_COLUMNS} FROM culturape_harvest_run WHERE source_id = :source AND id <> :before
        ORDER BY started DESC, id LIMIT :number OFFSET :offset"""  # noqa: S608
    values = {"source": source_id, "number": number, "before": before, "offset": offset}
    return [Run(*row) for row in execute.execute(text(query), values)]


def begin(execute: Executor, run_id: str, source_id: str, address: str, rules: str) -> Run:
    """The run of a job: taken up where it was left, or begun; after a failure, where the failed one stopped.

    Args:
        execute: in a transaction.
        run_id: of the job.
        source_id: whose it is.
        address: of the first page.
        rules: under which is read.
    """
    own = get(execute, run_id)
    if own:
        return own
    failed = _fresh_failure(execute, source_id, rules)
    values = {
        "id": run_id,
        "source": source_id,
        "now": moment(),
        "rules": rules,
        "pending": json.dumps(failed.pending if failed else [address]),
        "pages": failed.pages if failed else 0,
        "family": failed.family if failed else "",
        "whole": failed.is_whole if failed else True,
    }
    query = """
        INSERT INTO culturape_harvest_run (id, source_id, state, started, rules, pending, pages, family, is_whole)
        VALUES (:id, :source, 'gathering', :now, :rules, :pending, :pages, :family, :whole)"""
    execute.execute(text(query), values)
    if failed:
        _inherit(execute, failed, run_id)
    return existing(execute, run_id)


def _fresh_failure(execute: Executor, source_id: str, rules: str) -> Run | None:
    """The last run, when it failed between its pages not long ago and reading has not changed since."""
    last = next(iter(latest(execute, source_id)), None)
    if last is None or last.state != FAILED or not last.pages or not last.pending or last.rules != rules:
        return None
    return last if last.finished and moment() - last.finished < FRESH else None


def _inherit(execute: Executor, failed: Run, run_id: str) -> None:
    """What the failed run saw counts as seen, so that it is neither read again nor taken for deleted."""
    values = {"old": failed.id, "new": run_id, "source": failed.source_id}
    for table, column in (("culturape_harvest_dataset", "seen"), ("culturape_harvest_page", "run_id")):
        query = f"UPDATE {table} SET {column} = :new WHERE source_id = :source AND {column} = :old"  # noqa: S608
        execute.execute(text(query), values)


def change(execute: Executor, run_id: str, **values: Any) -> None:
    """Write down how a run goes on."""
    stored = {key: json.dumps(v) if isinstance(v, (dict, list)) else v for key, v in values.items()}
    changes = ", ".join(f"{key} = :{key}" for key in stored)
    query = f"UPDATE culturape_harvest_run SET {changes} WHERE id = :run_id"  # noqa: S608
    execute.execute(text(query), {**stored, "run_id": run_id})


def fail(execute: Executor, run_id: str, fault: Fault) -> None:
    """End the gathering of a run that cannot go on; what it gathered is still taken over."""
    change(execute, run_id, error=fault_to_json(fault), gathered=moment(), state=IMPORTING)


def end(execute: Executor, run_id: str) -> Run | None:
    """End a run all of whose datasets were dealt with; ``None`` when somebody else ended it, or it goes on."""
    query = """
        UPDATE culturape_harvest_run SET finished = :now, counts = :counts,
            state = CASE WHEN error IS NOT NULL THEN 'failed' WHEN guard IS NOT NULL THEN 'guarded' ELSE 'finished' END
        WHERE id = :run AND state = 'importing' RETURNING id"""
    values = {"run": run_id, "now": moment(), "counts": json.dumps(count(execute, run_id))}
    done = execute.execute(text(query), values).one_or_none()
    return get(execute, run_id) if done else None


def count(execute: Executor, run_id: str) -> Mapping[str, int]:
    """How many datasets had each outcome in a run so far; ``unchanged`` are those that it saw and that needed nothing."""
    query = """
        SELECT CASE WHEN outcome_run = :run THEN outcome ELSE 'unchanged' END, count(*) FROM culturape_harvest_dataset
        WHERE source_id = (SELECT source_id FROM culturape_harvest_run WHERE id = :run)
            AND (outcome_run = :run OR seen = :run AND digest <> '') GROUP BY 1"""
    return {row[0]: row[1] for row in execute.execute(text(query), {"run": run_id})}
