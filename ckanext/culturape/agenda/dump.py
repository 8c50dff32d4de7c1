"""All agendas, commitments and needs in one answer: as they were at one moment, in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ProgrammingError

from ckanext.culturape.agenda import neighbours, published, rows
from ckanext.culturape.agenda.following import TYPES
from ckanext.culturape.logic.rdf import make_context, snapshot
from ckanext.culturape.rdf.formats import Format, stream
from ckanext.culturape.rdf.fragment import describe
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.views.rdf import digest

BATCH = 200


class Dump(NamedTuple):
    """A snapshot that waits to be written. ``close`` it whatever happens.

    Attributes:
        connection: holds the snapshot.
        ids: of the records.
        version: changes when, and only when, what would be written may have changed.
        context: of the site; the stream goes on after the request has ended, when nobody can be asked.
        today: the day for which states are computed.
    """

    connection: Connection
    ids: list[str]
    version: str
    context: Context
    today: str

    def etag(self, form: Format, compressed: bool) -> str:
        """Changes when, and only when, the dump does."""
        site = (self.context.base, self.context.default_language, self.context.vocabulary.version)
        return digest(form.media_type, compressed, self.version, self.today, *site)

    def write(self, form: Format) -> Iterator[bytes]:
        """The whole in a format, piece by piece; gives the snapshot back at the end, or when nobody reads on."""
        try:
            yield from stream(self._pieces(), form)
        finally:
            self.close()

    def _pieces(self) -> Iterator[bytes]:
        concepts: set[str] = set()
        for start in range(0, len(self.ids), BATCH):
            records = published.read(self.connection, self.ids[start : start + BATCH])
            written = published.write(self.connection, records, self.context, self.today)
            concepts |= written.concepts
            yield written.ntriples
        yield describe(concepts, self.context)

    def close(self) -> None:
        """Give the snapshot back."""
        self.connection.close()


def open_dump() -> Dump:
    """A snapshot of all that anybody may read. Raises: RuntimeError when a table is missing."""
    connection = snapshot()
    try:
        with told_of_tables():
            return Dump(
                connection,
                published.ids(connection),
                _version(connection),
                make_context(),
                neighbours.today(),
            )
    except BaseException:
        connection.close()
        raise


@contextmanager
def told_of_tables() -> Iterator[None]:
    """Have the command named that makes a table of ours which is not there. Raises: RuntimeError."""
    try:
        yield
    except ProgrammingError as error:
        if rows.PREFIX in str(error.orig):
            raise RuntimeError(f"a table of the agendas is missing: {rows.MIGRATION}") from error
        raise


def _version(connection: Connection) -> str:
    """A digest of the versions of all rows behind the dump: records, what they link to, their organisations and documents, and steps.

    PostgreSQL stamps every version of a row with the transaction that wrote it, so that a change is seen whoever made it.
    """
    extras = "''"
    if hasattr(model, "PackageExtra"):
        extras = "(SELECT string_agg(x.xmin::text, ',' ORDER BY x.id) FROM package_extra x WHERE x.package_id = p.id)"
    files = "(SELECT string_agg(r.id || r.xmin::text, ',' ORDER BY r.id) FROM resource r WHERE r.package_id = p.id)"
    query = f"""
        WITH own AS (SELECT id, owner_org FROM package WHERE type = ANY(:types)),
        near AS (SELECT id FROM own UNION SELECT target_id FROM culturape_agenda_link)
        SELECT concat_ws('|',
            (SELECT md5(string_agg(concat_ws('|', p.id, p.xmin::text, {extras}, {files}), ',' ORDER BY p.id))
                FROM package p JOIN near ON near.id = p.id),
            (SELECT md5(string_agg(concat_ws('|', g.id, g.xmin::text, {_group_extras()}), ',' ORDER BY g.id))
                FROM "group" g WHERE g.id IN (SELECT owner_org FROM own)),
            (SELECT concat_ws('-', count(*), max(id), max(xmin::text)) FROM culturape_agenda_status))"""  # noqa: S608
    return str(connection.execute(text(query), {"types": list(TYPES)}).scalar())


def _group_extras() -> str:
    if not hasattr(model, "PackageExtra"):
        return "''"
    return "(SELECT string_agg(x.xmin::text, ',' ORDER BY x.id) FROM group_extra x WHERE x.group_id = g.id)"
