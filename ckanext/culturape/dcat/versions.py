"""Which datasets are public, and which versions of their rows stand behind what is kept of them?

PostgreSQL gives every version of a row the number of the transaction that wrote it (``xmin``). A fragment remembers those of the
package, its resources and its organisation, and what other plugins call the version of what they say beside; it holds as long as they are the
same, whoever wrote them and however.
See docs/decisions/0011-fragments.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, ProgrammingError

from ckanext.culturape.dcat import beside

TABLES = "culturape_dcat_"
TABLE = f"{TABLES}fragment"
MIGRATION = "ckan db upgrade -p culturape_dcat"

PUBLIC = "p.type = 'dataset' AND p.state = 'active' AND NOT p.private"
ORDER = "p.metadata_created, p.id"

#: Between the version of a dataset's own rows and that of what others say beside it.
DOT = "."


class Row(NamedTuple):
    """A public dataset, the versions of the rows it is made from, and what is kept of it.

    Attributes:
        id: of the dataset.
        created: when it was catalogued; with the id, its place in the catalogue.
        modified: what CKAN says of its last change.
        owner: id of its organisation.
        version: of the rows of the dataset, and of what others say beside it.
        owner_version: of the rows of the organisation.
        kept_version, kept_owner_version, kept_site, kept_modified: those that the fragment was made from.
        digest: of the fragment.
    """

    id: str
    created: datetime
    modified: datetime
    owner: str | None
    version: str
    owner_version: str
    kept_version: str | None
    kept_owner_version: str | None
    kept_site: str | None
    kept_modified: datetime | None
    digest: str | None

    def holds(self, site: str) -> bool:
        """Whether the fragment says what would be said today."""
        kept = (self.kept_version, self.kept_owner_version, self.kept_site)
        return kept == (self.version, self.owner_version, site)

    @property
    def is_told(self) -> bool:
        """Whether CKAN knows of the change: its copy in the index may be used, for it is as new as the row."""
        kept, now = ((version or "").partition(DOT)[0] for version in (self.kept_version, self.version))
        return kept in {"", now} or self.kept_modified != self.modified


def _extras(table: str, column: str, owner: str) -> str:
    """Versions of the rows of extras, which CKAN 2.12 keeps in the row itself."""
    if not hasattr(model, "PackageExtra"):
        return "''"
    return f"(SELECT string_agg(e.xmin::text, ',' ORDER BY e.id) FROM {table} e WHERE e.{column} = {owner})"  # noqa: S608


def _owner_version() -> str:
    """SQL of the version of an organisation."""
    return f"md5(concat_ws('|', g.xmin::text, {_extras('group_extra', 'group_id', 'g.id')}))"


def _versions(connection: Connection) -> str:
    """SQL of the versions of a dataset, with that of what others say beside it after a dot, and of its organisation."""
    resources = "(SELECT string_agg(r.id || r.xmin::text, ',' ORDER BY r.id) FROM resource r WHERE r.package_id = p.id)"
    own = f"concat_ws('|', p.xmin::text, p.metadata_modified, {resources}, {_extras('package_extra', 'package_id', 'p.id')})"
    others = beside.version(connection)
    said = f" || coalesce('{DOT}' || {others}, '')" if others else ""
    return f"md5({own}){said}, {_owner_version()}"


def _listing(connection: Connection, chosen: str) -> str:
    """SQL of the rows of the datasets that a query of ids, ``chosen``, gives."""
    return f"""
        SELECT p.id, p.metadata_created, p.metadata_modified, p.owner_org, {_versions(connection)},
            f.version, f.owner_version, f.site, f.modified, f.digest
        FROM package p LEFT JOIN "group" g ON g.id = p.owner_org LEFT JOIN {TABLE} f ON f.package_id = p.id
        WHERE p.id IN ({chosen}) ORDER BY {ORDER}"""  # noqa: S608


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection of our own: reading the catalogue neither waits for nor ends what the request does elsewhere.

    Raises: RuntimeError with the command to run when one of our tables is not there.
    """
    try:
        with model.ensure_engine().begin() as connection:
            yield connection
    except DBAPIError as error:
        beside.distrust()
        if isinstance(error, ProgrammingError) and TABLES in str(error.orig):
            raise RuntimeError(f"a table of the catalogue is missing: {MIGRATION}") from error
        raise


def read_anew() -> None:
    """Let CKAN's session read again the rows of records that it read before: it keeps objects as they were as long as anything holds them.

    To be called between reading a version and reading what stands behind it, else the old would be kept under the new version.
    What the session has yet to write stays, and so does the user, whom the request and others hold beyond the session.
    """
    if model.Session.new or model.Session.dirty or model.Session.deleted:
        return
    for known in model.Session.identity_map.values():
        if not isinstance(known, model.User):
            model.Session.expire(known)


def page(
    connection: Connection,
    limit: int,
    after: tuple[datetime, str] | None,
    offset: int,
    since: datetime | None,
) -> list[Row]:
    """A page of the public datasets in the order in which they were catalogued, from a place or an offset."""
    conditions = [PUBLIC]
    values: dict[str, Any] = {"limit": limit, "offset": 0 if after else offset}
    if after:
        conditions.append("(p.metadata_created, p.id) > (:created, :id)")
        values |= {"created": after[0], "id": after[1]}
    if since:
        conditions.append("p.metadata_modified >= :since")
        values["since"] = since
    chosen = f"SELECT p.id FROM package p WHERE {' AND '.join(conditions)} ORDER BY {ORDER} LIMIT :limit OFFSET :offset"  # noqa: S608
    return [Row(*row) for row in connection.execute(text(_listing(connection, chosen)), values)]


def count(connection: Connection, since: datetime | None) -> int:
    """How many public datasets there are, or were changed since a moment."""
    extra = " AND p.metadata_modified >= :since" if since else ""
    query = f"SELECT count(*) FROM package p WHERE {PUBLIC}{extra}"  # noqa: S608
    found = connection.execute(text(query), {"since": since} if since else {})
    return int(found.scalar_one())


def rows_of(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """The public datasets among these."""
    chosen = f"SELECT p.id FROM package p WHERE {PUBLIC} AND p.id = ANY(:ids)"  # noqa: S608
    return [Row(*row) for row in connection.execute(text(_listing(connection, chosen)), {"ids": list(ids)})]


def version_of(connection: Connection, dataset_id: str) -> str | None:
    """The versions of the rows behind any dataset, public or not; ``None`` when it is gone."""
    query = f'SELECT {_versions(connection)} FROM package p LEFT JOIN "group" g ON g.id = p.owner_org WHERE p.id = :id'  # noqa: S608
    found = connection.execute(text(query), {"id": dataset_id}).one_or_none()
    return "".join(found) if found else None


def version_of_owner(owner: str) -> str:
    """The version of the rows of an organisation, as the request sees them; empty when there is none."""
    query = f'SELECT {_owner_version()} FROM "group" g WHERE g.id = :id'  # noqa: S608
    return str(model.Session.execute(text(query), {"id": owner}).scalar() or "")


def stale(connection: Connection, site: str) -> list[Row]:
    """All public datasets whose fragment is missing or no longer holds."""
    listing = _listing(connection, f"SELECT p.id FROM package p WHERE {PUBLIC}")  # noqa: S608
    named = f"({listing}) AS l ({', '.join(Row._fields)})"
    query = f"""
        SELECT * FROM {named} WHERE kept_version IS DISTINCT FROM version
        OR kept_owner_version IS DISTINCT FROM owner_version OR kept_site IS DISTINCT FROM :site"""  # noqa: S608
    return [Row(*row) for row in connection.execute(text(query), {"site": site})]
