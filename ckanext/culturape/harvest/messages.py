"""The queue from which the consumers of ckanext-harvest take datasets: who stands in it, who is put in again, who is taken out.

A dataset may stand in it twice: ``ckan harvester run`` puts in what is gathered while the gathering goes on, which puts in all once more at its end, and
puts in again what a consumer began that was killed. What a consumer hears of after its job is finished it takes for an error.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest import queue
from redis.exceptions import RedisError

from ckanext.culturape.harvest import objects
from ckanext.culturape.harvest.runs import Run

log = logging.getLogger(__name__)


def unheard(ids: Iterable[str]) -> list[str]:
    """Those of these objects that no message tells of; all where the queue cannot be looked into (AMQP) or does not answer.

    Never raises: ckanext-harvest would delete all that was gathered.
    """
    known: dict[str, str] = {}
    with suppress(RedisError):
        known = _messages() if _is_open() else {}
    return [object_id for object_id in ids if object_id not in known]


def publish(publisher: Any, name: str, ids: Iterable[str]) -> None:
    """Put what was lost into a queue again."""
    lost = list(ids)
    for found in lost:
        publisher.send({name: found})
    publisher.close()
    if lost:
        log.warning("%s of %s were lost and are queued again", len(lost), name)


def take_out(run: Run) -> None:
    """Have nobody hear any more of the datasets of a run that has ended."""
    if not _is_open():
        return
    redis, key = queue.get_connection_redis(), queue.get_fetch_routing_key()
    messages = _messages()
    begun = {name.rpartition(":")[2]: name for name in redis.scan_iter(f"{key}:*")}
    for object_id in objects.among(model.Session, run.id, {*messages, *begun}):
        if object_id in messages:
            redis.lrem(key, 0, messages[object_id])
        if object_id in begun:
            redis.delete(begun[object_id])


def _is_open() -> bool:
    return tk.config.get("ckan.harvest.mq.type") in (None, "", queue.MQ_TYPE)


def _messages() -> dict[str, str]:
    """The messages in the queue, by the ids of their objects."""
    items = cast("list[str]", queue.get_connection_redis().lrange(queue.get_fetch_routing_key(), 0, -1))
    return {str(json.loads(item)["harvest_object_id"]): item for item in items}
