"""One process in place of three: what the pages and the schedule ask for is gathered and taken over, as long as it runs.

``ckan harvester gather-consumer``, ``fetch-consumer`` and ``run`` do the same for all harvesters, one dataset at a time and each committed
by itself. Messages of other harvesters are left to them.
"""

from __future__ import annotations

import logging
import time
from typing import cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from sqlalchemy import text

from ckanext.culturape.harvest import working
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.patience import is_outage, let_go

log = logging.getLogger(__name__)

#: Seconds between two looks at what is to be done, and between two looks at the schedule.
REST, SCHEDULE = 2.0, 60.0


def work(workers: int = 1, *, once: bool = False) -> int:
    """Do jobs as they come; how many were done. Raises: an outage (``patience``), only when it is to end by itself."""
    done, scheduled = 0, 0.0
    while True:
        try:
            if time.monotonic() - scheduled > SCHEDULE or not scheduled:
                _schedule()
                scheduled = time.monotonic()
            job = _next_job()
            if job:
                working.run_job(job, workers)
                done += 1
        except Exception as error:
            if once or not is_outage(error):
                raise
            let_go()
            log.exception("the database or the index do not answer; going on")
            job = None
        if not job and once:
            return done
        if not job:
            time.sleep(REST)


def _schedule() -> None:
    """Make the jobs that are due, and end those that are finished."""
    context = {"ignore_auth": True, "user": "", "model": model, "session": model.Session}
    tk.get_action("harvest_jobs_run")(cast("Context", context), {})


def _next_job() -> str | None:
    """The oldest job that is to be done: asked for, or interrupted."""
    model.Session.rollback()
    query = """
        SELECT j.id FROM harvest_job j JOIN harvest_source s ON s.id = j.source_id
        WHERE s.type = :type AND j.status IN ('New', 'Running') AND s.active ORDER BY j.created LIMIT 1"""
    found = model.Session.execute(text(query), {"type": HARVESTER}).scalar()
    return str(found) if found else None
