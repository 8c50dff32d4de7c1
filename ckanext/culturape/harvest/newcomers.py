"""Which ids do the files of a new record get? Those that follow from their addresses, without asking the database for each.

Given with the record, CKAN would look for every id twice in vain: while it validates, and while it saves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ckan import model
from sqlalchemy import event

_waiting: ContextVar[deque[str] | None] = ContextVar("culturape_harvest_newcomers", default=None)


@contextmanager
def named(ids: Iterable[str]) -> Iterator[None]:
    """Have the resources that are made within get these ids, in their order. The ids must be those of nobody yet."""
    token = _waiting.set(deque(ids))
    try:
        yield
    finally:
        _waiting.reset(token)


@event.listens_for(model.Resource.id, "set", retval=True)
def _name(resource: Any, made: str, before: Any, initiator: Any) -> str:
    """In place of the id by chance that each new resource begins with."""
    del before, initiator
    waiting = _waiting.get()
    return waiting.popleft() if waiting and resource.id is None else made
