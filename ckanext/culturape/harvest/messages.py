"""The queue from which the consumers of ckanext-harvest take datasets: who stands in it, who is put in again, who is taken out.

A dataset may stand in it twice: ``ckan harvester run`` puts in what is gathered while the gathering goes on, which puts in all once more at its end, and
puts in again what a consumer began that was killed. What a consumer hears of after its job is finished it takes for an error.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest import queue
from redis.exceptions import RedisError

from ckanext.culturape.harvest import objects
from ckanext.culturape.harvest.runs import Run

log = logging.getLogger(__name__)


def unheard(ids: list[str]) -> list[str]:
    """Those of these objects that no message tells of; all where the queue cannot be looked into (AMQP) or does not answer.

    Never raises: ckanext-harvest would delete all that was gathered.
    """
    known = set[str]()
    with suppress(RedisError):
        known = {_object(item) for item in _items()} if ids and _is_open() else known
    return [object_id for object_id in ids if object_id not in known]


def publish(publisher: Any, name: str, lost: list[str]) -> None:
    """Put what was lost into a queue again."""
    for found in lost:
        publisher.send({name: found})
    publisher.close()
    if lost:
        log.warning("%s of %s were lost and are queued again", len(lost), name)


def take_out(run: Run) -> None:
    """Have nobody hear any more of the datasets of a run that has ended."""
    if not _is_open():
        return
    redis, key = _redis(), queue.get_fetch_routing_key()
    begun = {name.rpartition(":")[2]: name for name in redis.scan_iter(f"{key}:*")}
    told = {_object(item) for item in _items()}
    ended = set(objects.among(model.Session, run.id, told | begun.keys()))
    if ended & begun.keys():
        redis.delete(*(begun[object_id] for object_id in ended & begun.keys()))
    if ended & told:
        redis.transaction(partial(_keep_others, key, ended), key)


def _keep_others(key: str, ended: set[str], pipe: Any) -> None:
    """Write the queue anew at once: to remove one after the other would read a long one as often as it has messages."""
    kept = [item for item in pipe.lrange(key, 0, -1) if _object(item) not in ended]
    pipe.multi()
    pipe.delete(key)
    if kept:
        pipe.rpush(key, *kept)


def _is_open() -> bool:
    return tk.config.get("ckan.harvest.mq.type") in (None, "", queue.MQ_TYPE)


def _redis() -> Any:
    return queue.get_connection_redis()


def _items() -> list[str]:
    """The messages in the queue."""
    return _redis().lrange(queue.get_fetch_routing_key(), 0, -1)


def _object(item: str) -> str:
    """The id of the object that a message tells of."""
    return str(json.loads(item)["harvest_object_id"])
