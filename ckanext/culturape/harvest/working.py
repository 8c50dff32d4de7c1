"""Doing a whole job without the queues: gather, take over with several workers, end. What was interrupted is taken up again."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable
from typing import cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import HarvestJob
from sqlalchemy import text

from ckanext.culturape.harvest import objects, runs, stages
from ckanext.culturape.harvest.errand import Errand, errand_of
from ckanext.culturape.harvest.gathering import Progress
from ckanext.culturape.harvest.objects import Found
from ckanext.culturape.harvest.runs import Run
from ckanext.culturape.harvest.taking import OUTAGES, take

#: Objects that a worker takes at once.
BATCH = 20
#: Seconds between attempts while the database or the index do not answer.
PATIENCE = (1, 5, 15, 30, 60)

log = logging.getLogger(__name__)

#: Told how many datasets were dealt with, and of how many.
Done = Callable[[int, int], None]


def job_for(source_id: str) -> str:
    """The job of a source that is under way, or a new one."""
    job = (
        model.Session.query(HarvestJob)
        .filter(HarvestJob.source_id == source_id, HarvestJob.status.in_(("New", "Running")))
        .order_by(HarvestJob.created.desc())
        .first()
    )
    if job is None:
        context = cast("Context", {"ignore_auth": True, "user": "", "model": model, "session": model.Session})
        made = tk.get_action("harvest_job_create")(context, {"source_id": source_id, "run": False})
        return str(made["id"])
    return str(job.id)


def run_job(job_id: str, workers: int = 1, gathered: Progress | None = None, done: Done | None = None) -> Run:
    """Do a job to its end; the run that came of it."""
    _mark(job_id, status="Running", gather_started=True)
    stages.gather_job(job_id, gathered)
    _mark(job_id, gather_finished=True)
    release(job_id)
    helpers = [_helper(job_id) for _ in range(workers - 1)]
    import_all(job_id, done)
    failed = [helper for helper in helpers if helper.wait()]
    if failed:
        # What a worker that died had taken is done here.
        release(job_id)
        import_all(job_id, done)
    stages.finish(job_id)
    tk.get_action("harvest_jobs_run")(_context(), {"source_id": errand_of(job_id).source_id})
    return runs.existing(model.Session, job_id)


def _context() -> Context:
    context = {"ignore_auth": True, "user": "", "model": model, "session": model.Session}
    return cast("Context", context)


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


def import_all(job_id: str, done: Done | None = None) -> int:
    """Take over what waits, until nothing waits; how many there were."""
    errand = errand_of(job_id)
    number, total = 0, _waiting(job_id) if done else 0
    while batch := claim(job_id):
        for found in batch:
            outcome = patiently(found, errand)
            objects.settle(model.Session, found.id, outcome)
            model.Session.commit()
            number += 1
            if done:
                done(1, total)
    stages.indexing.waiting.show()
    return number


def patiently(found: Found, errand: Errand) -> str:
    """Deal with a dataset, and wait while the database or the index do not answer. Raises: what ``OUTAGES`` says, after minutes of it."""
    for seconds in PATIENCE:
        try:
            return take(found, errand)
        except OUTAGES:
            model.Session.remove()
            log.exception("dataset %s is tried again in %s s", found.uri, seconds)
            time.sleep(seconds)
    return take(found, errand)


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


def _helper(job_id: str) -> subprocess.Popen[bytes]:
    """Another worker on the same job, in a process of its own."""
    command = [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()"]
    file = str(tk.config["__file__"])
    return subprocess.Popen(  # noqa: S603  (our own interpreter and command)
        [*command, "-c", file, "culturape", "harvest", "help-out", job_id], stdout=subprocess.DEVNULL
    )
