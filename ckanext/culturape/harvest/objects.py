"""Rows of ckanext-harvest: its objects carry what is to be done, its pages and queues know them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from ckanext.culturape.harvest.rows import Executor

#: First line of the content of an object: its digest, as a comment of N-Triples.
MARK = "# sha256 "


class Found(NamedTuple):
    """A harvest object: a dataset that is to be dealt with.

    Attributes:
        id: of the object.
        uri: of the dataset.
        digest, ntriples: of its statements; both empty when the source no longer has it.
    """

    id: str
    uri: str
    digest: str
    ntriples: bytes


def found_in(object_id: str, guid: str, content: str | None) -> Found:
    """What an object asks for."""
    digest, _, lines = (content or "").removeprefix(MARK).partition("\n")
    return Found(object_id, guid, digest, lines.encode())


def add(
    execute: Executor, source_id: str, run: str, wanted: Iterable[tuple[str, str, bytes]], now: datetime
) -> None:
    """Add an object for each dataset: URI, digest and statements, or its URI and nothing when it is gone."""
    values = [
        {
            "id": str(uuid.uuid4()),
            "guid": uri,
            # The one character that PostgreSQL does not keep, as N-Triples write it.
            "content": f"{MARK}{digest}\n{ntriples.decode()}".replace("\x00", "\\u0000")
            if ntriples
            else None,
            "job": run,
            "source": source_id,
            "now": now.replace(tzinfo=None),
        }
        for uri, digest, ntriples in wanted
    ]
    if values:
        execute.execute(text(_ADD), values)


_ADD = """
    INSERT INTO harvest_object (id, guid, content, harvest_job_id, harvest_source_id, gathered, state, current, retry_times)
    VALUES (:id, :guid, :content, :job, :source, :now, 'WAITING', false, 0)"""


def open_ids(execute: Executor, run: str, state: str = "WAITING") -> list[str]:
    """Ids of the objects of a job in a state, in the order in which they were found."""
    query = (
        "SELECT id FROM harvest_object WHERE harvest_job_id = :job AND state = :state ORDER BY gathered, id"
    )
    return list(execute.execute(text(query), {"job": run, "state": state}).scalars())


def is_any_open(execute: Executor, run: str, but: str = "") -> bool:
    """Whether anything of a job is still to be done, beside one object."""
    query = """
        SELECT 1 FROM harvest_object
        WHERE harvest_job_id = :job AND state NOT IN ('COMPLETE', 'ERROR') AND id <> :but LIMIT 1"""
    return execute.execute(text(query), {"job": run, "but": but}).scalar() is not None


def complain(execute: Executor, object_id: str, messages: Iterable[str]) -> None:
    """Write errors of an object, which the pages of ckanext-harvest list."""
    query = """
        INSERT INTO harvest_object_error (id, harvest_object_id, message, stage, created)
        VALUES (:id, :object, :message, 'Import', timezone('utc', now()))"""
    values = [{"id": str(uuid.uuid4()), "object": object_id, "message": m} for m in messages]
    if values:
        execute.execute(text(query), values)


def complain_of_job(execute: Executor, run: str, message: str) -> None:
    """Write an error of a whole job."""
    query = """
        INSERT INTO harvest_gather_error (id, harvest_job_id, message, created)
        VALUES (:id, :job, :message, timezone('utc', now()))"""
    execute.execute(text(query), {"id": str(uuid.uuid4()), "job": run, "message": message})


def settle(execute: Executor, outcomes: Mapping[str, str]) -> None:
    """End objects, by id, as the queues of ckanext-harvest would."""
    query = """
        UPDATE harvest_object o SET state = given.state, report_status = given.status, import_finished = timezone('utc', now())
        FROM unnest(CAST(:ids AS text[]), CAST(:states AS text[]), CAST(:statuses AS text[])) AS given (id, state, status)
        WHERE o.id = given.id"""
    statuses = [STATUS[outcome] for outcome in outcomes.values()]
    states = ["ERROR" if status == "errored" else "COMPLETE" for status in statuses]
    values = {"ids": list(outcomes), "states": states, "statuses": statuses}
    execute.execute(text(query), values)


#: What ckanext-harvest calls our outcomes.
STATUS = {
    "added": "added", "changed": "updated", "unchanged": "not modified", "conflict": "not modified", "withdrawn": "not modified",
    "deleted": "deleted", "stale": "errored", "refused": "errored",
}  # fmt: skip


def settle_lost(execute: Executor, run: str) -> None:
    """Say of ended objects how they ended where the queue did not, or says that it gave up what was dealt with.

    ckanext-harvest writes it after the end, and may be killed before. It also gives up an object that it has begun five times, though the dataset
    may have been dealt with the last time.
    """
    query = """
        UPDATE harvest_object o SET report_status = given.status, state = CASE given.status WHEN 'errored' THEN 'ERROR' ELSE 'COMPLETE' END
        FROM culturape_harvest_dataset d, unnest(CAST(:outcomes AS text[]), CAST(:statuses AS text[])) AS given (outcome, status)
        WHERE o.harvest_job_id = :run AND o.state IN ('COMPLETE', 'ERROR')
            AND (o.report_status IS NULL OR (o.state = 'ERROR') <> (given.status = 'errored'))
            AND d.source_id = o.harvest_source_id AND d.uri = o.guid AND d.outcome_run = :run AND given.outcome = d.outcome"""
    values = {"run": run, "outcomes": list(STATUS), "statuses": list(STATUS.values())}
    execute.execute(text(query), values)


def among(execute: Executor, run: str, ids: Collection[str]) -> list[str]:
    """Which of these are objects of a job."""
    if not ids:
        return []
    query = "SELECT id FROM harvest_object WHERE harvest_job_id = :run AND id = ANY(:ids)"
    return list(execute.execute(text(query), {"run": run, "ids": list(ids)}).scalars())


#: Columns by which ckanext-harvest and we look objects up; it has no index on them, so that each look-up reads them all.
LOOKUPS = {
    "job": "(harvest_job_id, state)",
    "package": "(package_id)",
    "source": "(harvest_source_id)",
    "open": "(harvest_job_id) WHERE state NOT IN ('COMPLETE', 'ERROR')",
}


def ensure_lookups(execute: Executor) -> None:
    """Have the indexes made that are not there; a migration of ours may run before the table of ckanext-harvest is made."""
    for name, columns in LOOKUPS.items():
        index = f"culturape_harvest_object_{name}"
        if execute.execute(text("SELECT to_regclass(:index)"), {"index": index}).scalar() is None:
            execute.execute(text(f"CREATE INDEX IF NOT EXISTS {index} ON harvest_object {columns}"))
