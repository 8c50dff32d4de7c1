"""What need not be kept: old runs, notes about pages that a source no longer has, and all about sources that were purged."""

from __future__ import annotations

import logging

from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.culturape import config
from ckanext.culturape.harvest import runs
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.runs import Run

log = logging.getLogger(__name__)

#: Our tables that have rows by source; what is kept of a dataset beside its record stays with the record.
TABLES = (
    "culturape_harvest_fault", "culturape_harvest_page", "culturape_harvest_dataset", "culturape_harvest_run",
)  # fmt: skip


def prune(run: Run) -> None:
    """What follows the end of a run: nothing is kept for ever."""
    with connected() as connection:
        forget_runs(connection, run.source_id, config.harvest_keep_runs())
        if run.state != runs.FAILED:
            forget_pages(connection, run)
        forget_purged(connection)


def forget_runs(connection: Connection, source_id: str, number: int) -> int:
    """Forget all runs of a source but the last ones, those that go on, and the last that ended well; how many went."""
    query = """
        DELETE FROM culturape_harvest_run WHERE source_id = :source AND state NOT IN ('gathering', 'importing')
            AND id NOT IN (SELECT id FROM culturape_harvest_run WHERE source_id = :source ORDER BY started DESC, id LIMIT :number)
            AND id NOT IN (
                SELECT id FROM culturape_harvest_run WHERE source_id = :source AND state IN ('finished', 'guarded')
                ORDER BY started DESC, id LIMIT 1)"""
    return int(connection.execute(text(query), {"source": source_id, "number": number}).rowcount)


def forget_pages(connection: Connection, run: Run) -> None:
    """Forget what was noted about pages that a run which saw all of the source did not meet."""
    query = """
        DELETE FROM culturape_harvest_fault f USING culturape_harvest_page p
        WHERE f.source_id = :source AND f.kind = 'document' AND p.source_id = f.source_id AND p.key = f.key
            AND p.run_id <> :run
            AND NOT EXISTS (SELECT 1 FROM culturape_harvest_run r WHERE r.id = p.run_id AND r.started > :started)"""
    connection.execute(text(query), {"source": run.source_id, "run": run.id, "started": run.started})


def forget_purged(connection: Connection) -> list[str]:
    """Forget all about sources that were purged; ids of the sources. Their datasets stay, as any others of the catalogue."""
    query = """
        SELECT DISTINCT r.source_id FROM culturape_harvest_run r
        WHERE NOT EXISTS (SELECT 1 FROM package p WHERE p.id = r.source_id)"""
    gone = list(connection.execute(text(query)).scalars())
    for table in TABLES if gone else ():
        connection.execute(text(f"DELETE FROM {table} WHERE source_id = ANY(:gone)"), {"gone": gone})  # noqa: S608
    if gone:
        log.info("forgot what was kept of %s purged source(s)", len(gone))
    return gone
