"""What the queues of ckanext-harvest lost: workers that were killed, a queue that was emptied, jobs that wait for ever.

``ckan harvester run``, which operators call every few minutes, takes it up again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.harvest import queue
from sqlalchemy import text

from ckanext.culturape.harvest import ending, mailing, messages, objects, presence, pruning
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

#: After this time a worker that says nothing more is taken for dead.
SILENCE = "10 minutes"


@tk.chained_action
def harvest_jobs_run(original: Callable[..., Any], context: Context, data_dict: Record) -> Any:
    """Take up what was interrupted, then do what ckanext-harvest does; end the runs of jobs that are finished."""
    tk.check_access("harvest_jobs_run", context, data_dict)
    chosen = data_dict.get("source_id")
    for job_id, source_id, is_gathered in _running(chosen):
        if not is_gathered:
            _gather_again(job_id, source_id)
        else:
            _fetch_again(job_id)
    # Before ckanext-harvest ends their jobs and may send its mails: ours go out first, or not at all.
    _end_runs(job_id for job_id, _, is_gathered in _running(chosen) if is_gathered)
    result = original(cast("Context", {**context, mailing.THEIRS: True}), data_dict)
    _end_runs(_open_runs(chosen))
    if not chosen:
        _forget_purged()
    return result


def _end_runs(run_ids: Iterable[str]) -> None:
    for run_id in run_ids:
        if not objects.is_any_open(model.Session, run_id):
            ending.end(run_id)


def _forget_purged() -> None:
    with connected() as connection:
        pruning.forget_purged(connection)


def _running(source_id: str | None) -> list[tuple[str, str, bool]]:
    query = """
        SELECT j.id, s.id, j.gather_finished IS NOT NULL FROM harvest_job j JOIN harvest_source s ON s.id = j.source_id
        WHERE j.status = 'Running' AND s.type = :type AND (CAST(:source AS text) IS NULL OR s.id = :source)"""
    found = model.Session.execute(text(query), {"type": HARVESTER, "source": source_id})
    return [(row[0], row[1], row[2]) for row in found]


def _open_runs(source_id: str | None) -> list[str]:
    query = """
        SELECT r.id FROM culturape_harvest_run r LEFT JOIN harvest_job j ON j.id = r.id
        WHERE r.state = 'importing' AND coalesce(j.status, 'Finished') = 'Finished'
            AND (CAST(:source AS text) IS NULL OR r.source_id = :source)"""
    return list(model.Session.execute(text(query), {"source": source_id}).scalars())


def _gather_again(job_id: str, source_id: str) -> None:
    """Put a job back into the queue when nobody gathers from its source. Also one whose pages were all read: the queue has not heard of it."""
    if presence.is_free(presence.PAGES, source_id):
        messages.publish(queue.get_gather_publisher(), "harvest_job_id", [job_id])


def _fetch_again(job_id: str) -> None:
    """Put what nobody works on back into the queue."""
    silent = f"""
        UPDATE harvest_object SET state = 'WAITING' WHERE harvest_job_id = :job AND state IN ('FETCH', 'IMPORT')
            AND coalesce(import_started, fetch_started, gathered) < timezone('utc', now()) - interval '{SILENCE}'"""  # noqa: S608
    model.Session.execute(text(silent), {"job": job_id})
    objects.settle_lost(model.Session, job_id)
    model.Session.commit()
    lost = messages.unheard(objects.open_ids(model.Session, job_id))
    messages.publish(queue.get_fetch_publisher(), "harvest_object_id", lost)
