"""Doing a whole job without the queues: gather, take over with several workers, end. What was interrupted is taken up again."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.model import HarvestJob
from sqlalchemy import text

from ckanext.culturape.harvest import objects, presence, runs, stages
from ckanext.culturape.harvest.errand import Errand, errand_of, unattended
from ckanext.culturape.harvest.forking import fork
from ckanext.culturape.harvest.gathering import Progress
from ckanext.culturape.harvest.indexing import outbox
from ckanext.culturape.harvest.objects import Found
from ckanext.culturape.harvest.patience import is_outage, patiently
from ckanext.culturape.harvest.runs import Run
from ckanext.culturape.harvest.taking import take

#: Objects that a worker takes at once. Their documents go to the index together.
BATCH = 20

#: Told how many datasets were dealt with, and of how many.
Done = Callable[[int, int], None]


def job_for(source_id: str) -> str:
    """The job of a source that is under way, or a new one."""
    with presence.alone(presence.JOBS, source_id):
        job = (
            model.Session.query(HarvestJob)
            .filter(HarvestJob.source_id == source_id, HarvestJob.status.in_(("New", "Running")))
            .order_by(HarvestJob.created.desc())
            .first()
        )
        if job is None:
            made = tk.get_action("harvest_job_create")(unattended(), {"source_id": source_id, "run": False})
            return str(made["id"])
        return str(job.id)


def run_job(job_id: str, workers: int = 1, gathered: Progress | None = None, done: Done | None = None) -> Run:
    """Do a job to its end; the run that came of it. While database or index do not answer, it waits for minutes.

    Others may be at the same job: they share the work, and the last of them ends it.
    """
    patiently(partial(_mark, job_id, status="Running", gather_started=True))
    patiently(partial(stages.gather_job, job_id, gathered))
    patiently(partial(_mark, job_id, gather_finished=True))
    if patiently(partial(presence.is_free, presence.DATASETS, job_id)):
        patiently(partial(release, job_id))
    wanted = min(workers - 1, patiently(partial(_waiting, job_id)) // BATCH)
    helpers = [fork(partial(import_all, job_id)) for _ in range(wanted)]
    import_all(job_id, done)
    for helper in helpers:
        os.waitpid(helper, 0)
    return patiently(partial(_end, job_id))


def _end(job_id: str) -> Run:
    """Do what workers that were killed had taken, and end the run, once nobody is at work."""
    with presence.alone(presence.DATASETS, job_id):
        release(job_id)
        _import(job_id)
        stages.finish(job_id)
        tk.get_action("harvest_jobs_run")(unattended(), {"source_id": errand_of(job_id).source_id})
        return runs.existing(model.Session, job_id)


def _mark(job_id: str, status: str = "", **moments: bool) -> None:
    values = [
        *(f"{name} = timezone('utc', now())" for name in moments),
        *(["status = :status"] if status else []),
    ]
    query = f"UPDATE harvest_job SET {', '.join(values)} WHERE id = :id"  # noqa: S608
    model.Session.execute(text(query), {"id": job_id, "status": status})
    model.Session.commit()


def release(job_id: str) -> None:
    """Let go of what workers that are no more had taken."""
    query = "UPDATE harvest_object SET state = 'WAITING' WHERE harvest_job_id = :job AND state IN ('FETCH', 'IMPORT')"
    model.Session.execute(text(query), {"job": job_id})
    model.Session.commit()


def import_all(job_id: str, done: Done | None = None) -> None:
    """Take over what waits, together with others, until nothing waits."""
    patiently(partial(_import_together, job_id, done))


def _import_together(job_id: str, done: Done | None) -> None:
    with presence.together(presence.DATASETS, job_id):
        _import(job_id, done)


def _import(job_id: str, done: Done | None = None) -> None:
    errand = errand_of(job_id)
    total = _waiting(job_id) if done else 0
    while batch := patiently(partial(claim, job_id)):
        outcomes: dict[str, str] = {}
        for found in batch:
            outcomes[found.id] = _take(found, errand)
            if done:
                done(1, total)
        # Only what the index has is done: what is lost before is taken up again.
        patiently(outbox.send)
        patiently(partial(_settle, outcomes))


def _take(found: Found, errand: Errand) -> str:
    """Deal with a dataset. One that brings the house down again and again is refused, so that the others come in."""
    try:
        return patiently(partial(take, found, errand))
    except Exception as error:
        if not is_outage(error):
            raise
        return take(found, errand, is_last=True)


def _settle(outcomes: dict[str, str]) -> None:
    objects.settle(model.Session, outcomes)
    model.Session.commit()


def claim(job_id: str) -> list[Found]:
    """Some objects that nobody else has taken."""
    query = """
        UPDATE harvest_object SET state = 'IMPORT', import_started = timezone('utc', now()), retry_times = retry_times + 1
        WHERE id IN (
            SELECT id FROM harvest_object WHERE harvest_job_id = :job AND state = 'WAITING'
            ORDER BY gathered, id LIMIT :number FOR UPDATE SKIP LOCKED)
        RETURNING id, guid, content"""
    rows = model.Session.execute(text(query), {"job": job_id, "number": BATCH}).all()
    model.Session.commit()
    return [objects.found_in(*row) for row in rows]


def _waiting(job_id: str) -> int:
    query = "SELECT count(*) FROM harvest_object WHERE harvest_job_id = :job AND state = 'WAITING'"
    return int(model.Session.execute(text(query), {"job": job_id}).scalar_one())
