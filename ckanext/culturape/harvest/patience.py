"""Is something wrong with the house, or with a dataset? Database, index and queue come back; what is wrong with a dataset stays."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import pysolr
from ckan import model
from ckan.lib.search import SearchError, SearchIndexError, SearchQueryError
from redis.exceptions import ConnectionError as NoRedisError
from redis.exceptions import TimeoutError as SlowRedisError
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionError

#: Seconds between attempts while the database or the index do not answer.
PATIENCE = (1, 5, 15, 30, 60)

_OUTAGES = (
    OperationalError, InterfaceError, DisconnectionError, PendingRollbackError, NoConnectionError, SearchError, SearchIndexError,
    pysolr.SolrError, NoRedisError, SlowRedisError, OSError,
)  # fmt: skip

log = logging.getLogger(__name__)

T = TypeVar("T")


def is_outage(error: BaseException) -> bool:
    """Whether database, index, queue or disk did not do their work, also when somebody made another error of it."""
    return any(_is_outage(cause) for cause in _causes(error))


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, _OUTAGES) and not isinstance(error, SearchQueryError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, and those from which it came."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def patiently(work: Callable[[], T]) -> T:
    """What some work gives that may be done again; it is, while the house does not answer. Raises: what is wrong after minutes of it."""
    for seconds in PATIENCE:
        try:
            return work()
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("%s: %s; tried again in %s s", type(error).__name__, str(error)[:300], seconds)
        let_go()
        time.sleep(seconds)
    return work()


def let_go() -> None:
    """Give back the connection of the session, which may be a broken one."""
    with suppress(SQLAlchemyError):
        model.Session.remove()
