"""Where are fragments kept, and which of them still hold? One table, checked against the rows that it was made from.

PostgreSQL gives every version of a row the number of the transaction that wrote it (``xmin``). A fragment remembers those of the
package, its resources and its organisation; it holds as long as they are the same, whoever wrote them and however.
See docs/decisions/0011-fragments.md.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ProgrammingError

from ckanext.culturape.dcat.fragment import Fragment

TABLE = "culturape_dcat_fragment"

#: Statements repeat themselves: the lightest compression makes a tenth of them, and less to carry costs less than to unpack.
LEVEL = 1
MIGRATION = "ckan db upgrade -p culturape_dcat"

_PUBLIC = "p.type = 'dataset' AND p.state = 'active' AND NOT p.private"
_ORDER = "p.metadata_created, p.id"


class Row(NamedTuple):
    """A public dataset, the versions of the rows it is made from, and what is kept of it.

    Attributes:
        id: of the dataset.
        created: when it was catalogued; with the id, its place in the catalogue.
        modified: what CKAN says of its last change.
        owner: id of its organisation.
        version: of the rows of the dataset.
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
        return self.kept_version in (None, "", self.version) or self.kept_modified != self.modified


class Kept(NamedTuple):
    """A fragment as it is kept."""

    id: str
    uri: str
    ntriples: bytes
    concepts: str


def as_kept(dataset_id: str, made: Fragment) -> Kept:
    """A fragment that was just made, as those that were kept."""
    return Kept(dataset_id, made.iri, made.ntriples, " ".join(sorted(made.concepts)))


def _extras(table: str, column: str, owner: str) -> str:
    """Versions of the rows of extras, which CKAN 2.12 keeps in the row itself."""
    if not hasattr(model, "PackageExtra"):
        return "''"
    return f"(SELECT string_agg(e.xmin::text, ',' ORDER BY e.id) FROM {table} e WHERE e.{column} = {owner})"  # noqa: S608


def _versions() -> str:
    """SQL of the versions of a dataset and of its organisation."""
    resources = "(SELECT string_agg(r.id || r.xmin::text, ',' ORDER BY r.id) FROM resource r WHERE r.package_id = p.id)"
    own = f"concat_ws('|', p.xmin::text, p.metadata_modified, {resources}, {_extras('package_extra', 'package_id', 'p.id')})"
    owner = f"concat_ws('|', g.xmin::text, {_extras('group_extra', 'group_id', 'g.id')})"
    return f"md5({own}), md5({owner})"


def _listing(chosen: str) -> str:
    """SQL of the rows of the datasets that a query of ids, ``chosen``, gives."""
    return f"""
        SELECT p.id, p.metadata_created, p.metadata_modified, p.owner_org, {_versions()},
            f.version, f.owner_version, f.site, f.modified, f.digest
        FROM package p LEFT JOIN "group" g ON g.id = p.owner_org LEFT JOIN {TABLE} f ON f.package_id = p.id
        WHERE p.id IN ({chosen}) ORDER BY {_ORDER}"""  # noqa: S608


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection of our own: reading the catalogue neither waits for nor ends what the request does elsewhere.

    Raises: RuntimeError with the command to run when the table is not there.
    """
    try:
        with model.ensure_engine().begin() as connection:
            yield connection
    except ProgrammingError as error:
        if TABLE in str(error.orig):
            raise RuntimeError(f"the table {TABLE} is missing: {MIGRATION}") from error
        raise


def page(
    connection: Connection,
    limit: int,
    after: tuple[datetime, str] | None,
    offset: int,
    since: datetime | None,
) -> list[Row]:
    """A page of the public datasets in the order in which they were catalogued, from a place or an offset."""
    conditions = [_PUBLIC]
    values: dict[str, Any] = {"limit": limit, "offset": 0 if after else offset}
    if after:
        conditions.append("(p.metadata_created, p.id) > (:created, :id)")
        values |= {"created": after[0], "id": after[1]}
    if since:
        conditions.append("p.metadata_modified >= :since")
        values["since"] = since
    chosen = f"SELECT p.id FROM package p WHERE {' AND '.join(conditions)} ORDER BY {_ORDER} LIMIT :limit OFFSET :offset"  # noqa: S608
    return [Row(*row) for row in connection.execute(text(_listing(chosen)), values)]


def count(connection: Connection, since: datetime | None) -> int:
    """How many public datasets there are, or were changed since a moment."""
    extra = " AND p.metadata_modified >= :since" if since else ""
    query = f"SELECT count(*) FROM package p WHERE {_PUBLIC}{extra}"  # noqa: S608
    found = connection.execute(text(query), {"since": since} if since else {})
    return int(found.scalar_one())


def rows_of(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """The public datasets among these."""
    chosen = f"SELECT p.id FROM package p WHERE {_PUBLIC} AND p.id = ANY(:ids)"  # noqa: S608
    return [Row(*row) for row in connection.execute(text(_listing(chosen)), {"ids": list(ids)})]


def stale(connection: Connection, site: str) -> list[Row]:
    """All public datasets whose fragment is missing or no longer holds."""
    listing = _listing(f"SELECT p.id FROM package p WHERE {_PUBLIC}")  # noqa: S608
    named = f"({listing}) AS l ({', '.join(Row._fields)})"
    query = f"""
        SELECT * FROM {named} WHERE kept_version IS DISTINCT FROM version
        OR kept_owner_version IS DISTINCT FROM owner_version OR kept_site IS DISTINCT FROM :site"""  # noqa: S608
    return [Row(*row) for row in connection.execute(text(query), {"site": site})]


def read(connection: Connection, ids: list[str]) -> Mapping[str, Kept]:
    """The fragments that are kept of these datasets, by id; those without content are left out."""
    query = f"SELECT package_id, uri, content, concepts FROM {TABLE} WHERE package_id = ANY(:ids) AND content IS NOT NULL"  # noqa: S608
    found = connection.execute(text(query), {"ids": ids})
    return {row[0]: Kept(row[0], row[1], zlib.decompress(row[2]), row[3]) for row in found}


def keep(connection: Connection, built: Iterable[tuple[Row, Fragment]], site: str) -> None:
    """Keep fragments; the moment of change moves only when the statements differ."""
    # In one order everywhere, so that two who write at once wait for each other instead of blocking each other.
    pairs = sorted(built, key=lambda pair: pair[0].id)
    columns: dict[str, list[Any]] = {
        "ids": [row.id for row, _ in pairs],
        "uris": [made.iri for _, made in pairs],
        "versions": [row.version for row, _ in pairs],
        "owner_versions": [row.owner_version for row, _ in pairs],
        "modified": [row.modified for row, _ in pairs],
        "digests": [made.digest for _, made in pairs],
        "contents": [zlib.compress(made.ntriples, LEVEL) if made.ntriples else None for _, made in pairs],
        "concepts": [" ".join(sorted(made.concepts)) for _, made in pairs],
        "problems": [made.problem for _, made in pairs],
    }
    if pairs:
        connection.execute(text(_KEEP), {**columns, "site": site})


#: All rows in one statement: one by one they would cost more than making them.
_KEEP = f"""
    INSERT INTO {TABLE} AS f
        (package_id, uri, version, owner_version, site, modified, digest, content, concepts, problem, changed, removed)
    SELECT id, uri, version, owner_version, :site, modified, digest, content, concepts, problem,
        clock_timestamp(), digest = ''
    FROM unnest(CAST(:ids AS text[]), CAST(:uris AS text[]), CAST(:versions AS text[]), CAST(:owner_versions AS text[]),
        CAST(:modified AS timestamp[]), CAST(:digests AS text[]), CAST(:contents AS bytea[]), CAST(:concepts AS text[]),
        CAST(:problems AS text[]))
        AS given (id, uri, version, owner_version, modified, digest, content, concepts, problem)
    ON CONFLICT (package_id) DO UPDATE SET
        uri = excluded.uri, version = excluded.version, owner_version = excluded.owner_version, site = excluded.site,
        modified = excluded.modified, digest = excluded.digest, content = excluded.content, concepts = excluded.concepts,
        problem = excluded.problem, removed = excluded.removed,
        changed = CASE WHEN f.digest = excluded.digest AND f.removed = excluded.removed THEN f.changed
            ELSE clock_timestamp() END"""  # noqa: S608


def forget(package_id: str) -> None:
    """Drop what is kept of a dataset in the transaction that changes it; only its address stays, for the feed of changes."""
    query = f"UPDATE {TABLE} SET content = NULL, version = '', concepts = '' WHERE package_id = :id"  # noqa: S608
    model.Session.execute(text(query), {"id": package_id})


def is_there() -> bool:
    """Whether the table has been made."""
    return model.Session.execute(text("SELECT to_regclass(:name)"), {"name": TABLE}).scalar() is not None


def forget_hidden(connection: Connection) -> int:
    """Drop what is kept of datasets that are no longer public; how many there were."""
    query = f"""
        UPDATE {TABLE} f SET content = NULL, version = '', concepts = '', digest = '', removed = true, changed = clock_timestamp()
        WHERE NOT f.removed AND NOT EXISTS (SELECT 1 FROM package p WHERE p.id = f.package_id AND {_PUBLIC})"""  # noqa: S608
    return connection.execute(text(query)).rowcount


class State(NamedTuple):
    """Of all public datasets together: how many can be written, a digest of what is kept, and its last change."""

    total: int
    digest: str
    changed: datetime | None


_WRITTEN = f"FROM package p JOIN {TABLE} f ON f.package_id = p.id WHERE {_PUBLIC} AND f.content IS NOT NULL"


def state(connection: Connection) -> State:
    """What a dump would hold, in a digest."""
    query = f"SELECT count(*), md5(string_agg(f.digest, '' ORDER BY {_ORDER})), max(f.changed) {_WRITTEN}"
    return State(*connection.execute(text(query)).one())


def stream(connection: Connection, batch: int) -> Iterator[list[Kept]]:
    """All fragments in the order of the catalogue, some at a time, through a cursor of the server."""
    query = f"SELECT f.package_id, f.uri, f.content, f.concepts {_WRITTEN} ORDER BY {_ORDER}"
    options = {"stream_results": True, "max_row_buffer": batch}
    found = connection.execution_options(**options).execute(text(query))
    for rows in found.partitions(batch):
        yield [Kept(row[0], row[1], zlib.decompress(row[2]), row[3]) for row in rows]


def problems(connection: Connection) -> list[tuple[str, str]]:
    """Names of public datasets that cannot be written in full, and what is left out of them."""
    query = f"""
        SELECT p.name, f.problem FROM package p JOIN {TABLE} f ON f.package_id = p.id
        WHERE {_PUBLIC} AND f.problem <> '' ORDER BY p.name"""  # noqa: S608
    return [(row[0], row[1]) for row in connection.execute(text(query))]


def forget_all() -> None:
    """Drop all that is kept; the moments of change stay."""
    with reading() as connection:
        connection.execute(text(f"UPDATE {TABLE} SET version = ''"))  # noqa: S608
