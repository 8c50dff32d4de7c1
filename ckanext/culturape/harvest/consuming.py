"""One process in place of three: what the pages and the schedule ask for is gathered and taken over, as long as it runs.

``ckan harvester gather-consumer``, ``fetch-consumer`` and ``run`` do the same for all harvesters, one dataset at a time and each committed
by itself. Messages of other harvesters are left to them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import text

from ckanext.culturape.harvest import working
from ckanext.culturape.harvest.errand import HARVESTER, unattended
from ckanext.culturape.harvest.patience import is_outage, let_go

T = TypeVar("T")

log = logging.getLogger(__name__)

#: Seconds between two looks at what is to be done, and between two looks at the schedule.
REST, SCHEDULE = 2.0, 60.0


def work(workers: int = 1, *, once: bool = False) -> int:
    """Do jobs as they come; how many were done. Raises: what goes wrong, only when it is to end by itself."""
    done, scheduled = 0, 0.0
    left: list[str] = []
    while True:
        if not scheduled or time.monotonic() - scheduled > SCHEDULE:
            scheduled = time.monotonic()
            _attempt(_schedule, once)
        job = _attempt(partial(_next_job, left), once)
        if not job and once:
            return done
        if job and _attempt(partial(_do, job, workers, left), once):
            done += 1
        else:
            time.sleep(REST)


def _attempt(step: Callable[[], T], once: bool) -> T | None:
    """What a step gives; ``None`` when it cannot be done now, since the process goes on. Raises: what goes wrong, when it is to end by itself."""
    try:
        return step()
    except Exception:
        if once:
            raise
        let_go()
        log.exception("this cannot be done now; going on")
        return None


def _do(job: str, workers: int, left: list[str]) -> bool:
    """Do a job. One that breaks our code is left, so that the others go on, until the process is started again."""
    try:
        working.run_job(job, workers)
    except Exception as error:
        if not is_outage(error):
            left.append(job)
        raise
    return True


def _schedule() -> None:
    """Make the jobs that are due, and end those that are finished."""
    tk.get_action("harvest_jobs_run")(unattended(), {})


def _next_job(left: list[str]) -> str | None:
    """The oldest job that is to be done, asked for or interrupted, but for those that were left."""
    model.Session.rollback()
    query = """
        SELECT j.id FROM harvest_job j JOIN harvest_source s ON s.id = j.source_id
        WHERE s.type = :type AND j.status IN ('New', 'Running') AND s.active AND j.id <> ALL(:left) ORDER BY j.created LIMIT 1"""
    found = model.Session.execute(text(query), {"type": HARVESTER, "left": left}).scalar()
    return str(found) if found else None
