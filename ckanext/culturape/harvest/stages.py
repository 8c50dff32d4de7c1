"""The stages of ckanext-harvest: what its queues, its pages and its commands call."""

from __future__ import annotations

import logging
from typing import Any

from ckan import model
from ckanext.harvest.model import HarvestObject

from ckanext.culturape.harvest import ending, indexing, objects
from ckanext.culturape.harvest.errand import errand_of
from ckanext.culturape.harvest.gathering import Progress, gather
from ckanext.culturape.harvest.taking import take

log = logging.getLogger(__name__)

#: What an import stage gives for an outcome: ``True``, ``"unchanged"``, or ``False`` for an error.
RESULTS: dict[str, Any] = {
    "added": True, "changed": True, "deleted": True, "unchanged": "unchanged", "conflict": "unchanged", "stale": False,
    "refused": False,
}  # fmt: skip


def gather_job(job_id: str, progress: Progress | None = None) -> list[str]:
    """Gather a job; ids of the objects that are to be fetched and imported.

    Never raises for what a source does: the queue would delete all that was gathered.
    """
    gather(errand_of(job_id), progress)
    waiting = objects.open_ids(model.Session, job_id)
    if not waiting and not objects.is_any_open(model.Session, job_id):
        ending.end(job_id)
    model.Session.commit()
    return waiting


def import_object(object_id: str) -> Any:
    """Take over the dataset of an object; what the queue wants to hear. Raises: what is wrong with database or index."""
    harvest_object: Any = HarvestObject.get(object_id)
    job_id = str(harvest_object.harvest_job_id)
    found = objects.found_in(object_id, harvest_object.guid, harvest_object.content)
    outcome = take(found, errand_of(job_id))
    indexing.outbox.send()
    # The queue goes on with this object, and CKAN's session would not look again.
    model.Session.refresh(harvest_object)
    # The queue gives up what was begun five times without an end, but also counts what it heard of once more after it was done.
    harvest_object.retry_times = 0
    if not objects.is_any_open(model.Session, job_id, but=object_id):
        finish(job_id)
    return RESULTS[outcome]


def finish(job_id: str) -> None:
    """End the run, and show all that was written."""
    ending.end(job_id)
    model.Session.commit()
