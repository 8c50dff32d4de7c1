"""Who works on a source or on a job now? Told by locks of the database, which lets go of what dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import TextClause

#: What may be held: the pages of a source, the making of its jobs, the datasets of a job.
PAGES, JOBS, DATASETS = "", "jobs ", "job "


@contextmanager
def alone(what: str, key: str) -> Iterator[None]:
    """Wait until nobody else is at it, and keep others waiting."""
    with _holding("pg_advisory_lock", "pg_advisory_unlock", what, key):
        yield


@contextmanager
def together(what: str, key: str) -> Iterator[None]:
    """Be at it with others; wait while somebody wants to be alone."""
    with _holding("pg_advisory_lock_shared", "pg_advisory_unlock_shared", what, key):
        yield


def is_free(what: str, key: str) -> bool:
    """Whether nobody is at it."""
    with model.ensure_engine().connect() as connection:
        found = bool(connection.execute(*_call("pg_try_advisory_lock", what, key)).scalar_one())
        if found:
            connection.execute(*_call("pg_advisory_unlock", what, key))
        return found


@contextmanager
def _holding(take: str, give: str, what: str, key: str) -> Iterator[None]:
    # Without a transaction, which would stay open as long as the work takes.
    connection = model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        connection.execute(*_call(take, what, key))
        yield
    finally:
        _let_go(connection, give, what, key)


def _let_go(connection: Connection, give: str, what: str, key: str) -> None:
    """Give a lock back; with a connection that broke it is gone already."""
    with suppress(SQLAlchemyError):
        connection.execute(*_call(give, what, key))
    with suppress(SQLAlchemyError):
        connection.close()


def _call(function: str, what: str, key: str) -> tuple[TextClause, dict[str, str]]:
    query = text(f"SELECT {function}(hashtextextended(:name, 0))")
    return query, {"name": f"culturape_harvest {what}{key}"}
