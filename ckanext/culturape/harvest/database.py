"""Connections for what people read: beside that of the request, which they neither wait for nor end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckan import model
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ProgrammingError

from ckanext.culturape.harvest.rows import MIGRATION, PREFIX

#: Rows that a streamed answer holds in memory.
BATCH = 500


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection in a transaction of its own. Raises: RuntimeError with the command to run when our tables are not there."""
    try:
        with model.ensure_engine().begin() as connection:
            yield connection
    except ProgrammingError as error:
        if PREFIX in str(error.orig):
            raise RuntimeError(f"a table of the harvester is missing: {MIGRATION}") from error
        raise


@contextmanager
def streaming() -> Iterator[Connection]:
    """A connection that sees one moment, and brings the rows of long answers little by little."""
    engine = model.ensure_engine()
    with engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True, stream_results=True, yield_per=BATCH
    ) as connection:
        yield connection
