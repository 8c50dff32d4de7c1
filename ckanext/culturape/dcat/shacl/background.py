"""When is a dataset examined? By the worker, after each save by a person; no save waits for it, or fails with it."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from flask import has_request_context
from redis.exceptions import RedisError
from sqlalchemy import event

from ckanext.culturape.dcat.profile import DATASET_TYPE, is_ours
from ckanext.culturape.dcat.shacl.editors import examine
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

_SAVED = "culturape_saved"


def examine_later(dataset_id: str) -> None:
    """Ask the worker to examine a dataset. Never fails: a save must not wait for a validator, nor for its queue."""
    try:
        tk.enqueue_job(examine_job, [dataset_id], title=f"SHACL {dataset_id}")
    except RedisError:
        log.warning(
            "the queue of jobs does not answer; dataset %s is examined when somebody asks", dataset_id
        )


def examine_job(dataset_id: str) -> None:
    """The job of the worker."""
    try:
        examine(dataset_id)
    except tk.ObjectNotFound:
        log.info("dataset %s is gone before it was examined", dataset_id)


def saved(record: Record, context: Context) -> None:
    """What follows the save of a dataset by a person; in bulk work nobody waits for the report, so it is made when asked for."""
    kind: dict[str, Any] = {"type": record.get("type") or DATASET_TYPE}
    is_by_a_person = has_request_context() and not context.get("culturape_import")
    if is_by_a_person and kind["type"] == DATASET_TYPE and is_ours(kind):
        model.Session().info.setdefault(_SAVED, {})[str(record["id"])] = None


@event.listens_for(model.Session, "after_transaction_end")
def _after_save(session: Any, transaction: Any) -> None:
    """CKAN tells of a save before it commits: a worker that is quick would examine the record of before."""
    if transaction.parent is None:
        for dataset_id in session.info.pop(_SAVED, {}):
            examine_later(dataset_id)
