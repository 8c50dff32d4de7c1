"""Which datasets has a source given, how does each stand here, and which would go if deletions were confirmed?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from ckanext.culturape.errors import fault_from_json
from ckanext.culturape.harvest.account import STATES
from ckanext.culturape.harvest.notices import Holding
from ckanext.culturape.harvest.rows import KEPT, Executor

#: A record that was taken over stands in the catalogue, or the state of its row is only a memory.
_STATE = """
    CASE WHEN d.state IN ('current', 'stale') AND p.state IS DISTINCT FROM 'active' THEN 'absent' ELSE d.state END"""

_FROM = "FROM culturape_harvest_dataset d LEFT JOIN package p ON p.id = d.package_id"

_COLUMNS = f"""
    d.uri, coalesce(nullif(d.title, ''), p.title, '') AS title, {_STATE} AS state, d.reason, CASE WHEN p.state = 'active' THEN p.name END,
    coalesce(p.private, false), d.first_seen, d.last_seen, d.changed"""

_LIST = f"""
    SELECT {_COLUMNS} {_FROM}
    WHERE d.source_id = :source AND (:state = '' OR {_STATE} = :state) AND (:run = '' OR d.outcome_run = :run)
    ORDER BY title, d.key LIMIT :limit OFFSET :offset"""

#: The datasets that a run did not find: those that guarding.look would name.
_MISSING = (
    f"{_FROM} WHERE d.source_id = :source AND d.seen <> :run AND d.state = ANY(:kept) AND p.state = 'active'"
)


def counts(execute: Executor, source_id: str) -> dict[str, int]:
    """How many datasets of a source are in each state, in the order of ``account.STATES``; states without any are left out."""
    query = f"SELECT {_STATE}, count(*) {_FROM} WHERE d.source_id = :source GROUP BY 1"
    found = {row[0]: int(row[1]) for row in execute.execute(text(query), {"source": source_id})}
    return {state: found[state] for state in STATES if state in found}


def listed(
    execute: Executor,
    source_id: str,
    state: str = "",
    limit: int | None = None,
    offset: int = 0,
    run: str = "",
) -> Iterator[Holding]:
    """The datasets of a source by title, in one state and of one run where these are given; all without a limit."""
    values = {"source": source_id, "state": state, "run": run, "limit": limit, "offset": offset}
    return _holdings(execute, _LIST, values)


def missing(
    execute: Executor, source_id: str, run: str, limit: int | None = None, offset: int = 0
) -> Iterator[Holding]:
    """The datasets that would be deleted if what a run asks for were confirmed; it must be the last run of the source."""
    query = f"SELECT {_COLUMNS} {_MISSING} ORDER BY title, d.key LIMIT :limit OFFSET :offset"
    values = {"source": source_id, "run": run, "kept": list(KEPT), "limit": limit, "offset": offset}
    return _holdings(execute, query, values)


def _holdings(execute: Executor, query: str, values: dict[str, object]) -> Iterator[Holding]:
    for uri, title, state, reason, *rest in execute.execute(text(query), values):
        yield Holding(uri, title, state, fault_from_json(reason) if reason else None, *rest)


def count_missing(execute: Executor, source_id: str, run: str) -> int:
    """How many datasets would be deleted."""
    values = {"source": source_id, "run": run, "kept": list(KEPT)}
    return int(execute.execute(text(f"SELECT count(*) {_MISSING}"), values).scalar_one())
