"""Where are fragments kept? One table, filled and emptied as the rows behind them change."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.culturape.dcat import changes
from ckanext.culturape.dcat.versions import ORDER, PUBLIC, TABLE, Row, reading
from ckanext.culturape.rdf.fragment import Fragment, digest_of

#: Statements repeat themselves: the lightest compression makes a tenth of them, and less to carry costs less than to unpack.
LEVEL = 1


class Kept(NamedTuple):
    """A fragment as it is kept."""

    id: str
    uri: str
    ntriples: bytes
    concepts: str

    @property
    def digest(self) -> str:
        """That of the fragment."""
        return digest_of(self.ntriples, self.concepts)


def as_kept(dataset_id: str, made: Fragment) -> Kept:
    """A fragment that was just made, as those that were kept."""
    return Kept(dataset_id, made.iri, made.ntriples, made.concept_keys)


def read(connection: Connection, ids: list[str]) -> Mapping[str, Kept]:
    """The fragments that are kept of these datasets, by id; those without content are left out."""
    query = f"SELECT package_id, uri, content, concepts FROM {TABLE} WHERE package_id = ANY(:ids) AND content IS NOT NULL"  # noqa: S608
    found = connection.execute(text(query), {"ids": ids})
    return {row[0]: Kept(row[0], row[1], zlib.decompress(row[2]), row[3]) for row in found}


def keep(connection: Connection, built: Iterable[tuple[Row, Fragment]], site: str) -> None:
    """Keep fragments of what is still public, and write down which of them say something new."""
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
        "concepts": [made.concept_keys for _, made in pairs],
        "problems": [made.problem for _, made in pairs],
    }
    if pairs:
        connection.execute(text(_KEEP), {**columns, "site": site})
        # Last, so that nobody who holds the lock of changes waits for a dataset that is being saved.
        changes.note(connection, [(row.id, made.iri, made.digest) for row, made in pairs])


#: All rows in one statement: one by one they would cost more than making them.
_KEEP = f"""
    INSERT INTO {TABLE} AS f
        (package_id, uri, version, owner_version, site, modified, digest, content, concepts, problem)
    SELECT given.id, uri, given.version, owner_version, :site, modified, digest, content, concepts, problem
    FROM unnest(CAST(:ids AS text[]), CAST(:uris AS text[]), CAST(:versions AS text[]), CAST(:owner_versions AS text[]),
        CAST(:modified AS timestamp[]), CAST(:digests AS text[]), CAST(:contents AS bytea[]), CAST(:concepts AS text[]),
        CAST(:problems AS text[]))
        AS given (id, uri, version, owner_version, modified, digest, content, concepts, problem)
    JOIN package p ON p.id = given.id AND {PUBLIC}
    ON CONFLICT (package_id) DO UPDATE SET
        uri = excluded.uri, version = excluded.version, owner_version = excluded.owner_version, site = excluded.site,
        modified = excluded.modified, digest = excluded.digest, content = excluded.content, concepts = excluded.concepts,
        problem = excluded.problem"""  # noqa: S608


def forget(package_id: str) -> None:
    """Drop what is kept of a dataset in the transaction that changes it."""
    query = f"DELETE FROM {TABLE} WHERE package_id = :id"  # noqa: S608
    model.Session.execute(text(query), {"id": package_id})


def is_there() -> bool:
    """Whether the table has been made."""
    return model.Session.execute(text("SELECT to_regclass(:name)"), {"name": TABLE}).scalar() is not None


def forget_hidden(connection: Connection) -> int:
    """Drop what is kept of datasets that are no longer public, and write down that they are gone; how many there were."""
    hidden = f"SELECT package_id FROM {TABLE} EXCEPT SELECT p.id FROM package p WHERE {PUBLIC}"  # noqa: S608
    connection.execute(text(f"DELETE FROM {TABLE} WHERE package_id IN ({hidden})"))  # noqa: S608
    return changes.remove_hidden(connection) if changes.are_some_hidden(connection) else 0


class State(NamedTuple):
    """Of all public datasets together: how many can be written, a digest of what is kept, and the last change."""

    total: int
    digest: str
    changed: datetime | None


_WRITTEN = f"FROM package p JOIN {TABLE} f ON f.package_id = p.id WHERE {PUBLIC} AND f.content IS NOT NULL"


def state(connection: Connection) -> State:
    """What a dump would hold, in a digest."""
    query = f"SELECT count(*), md5(string_agg(f.digest, '' ORDER BY {ORDER})) {_WRITTEN}"
    total, digest = connection.execute(text(query)).one()
    return State(total, digest, changes.latest(connection))


def stream(connection: Connection, batch: int) -> Iterator[list[Kept]]:
    """All fragments in the order of the catalogue, some at a time, through a cursor of the server."""
    query = f"SELECT f.package_id, f.uri, f.content, f.concepts {_WRITTEN} ORDER BY {ORDER}"
    options = {"stream_results": True, "max_row_buffer": batch}
    found = connection.execution_options(**options).execute(text(query))
    for rows in found.partitions(batch):
        yield [Kept(row[0], row[1], zlib.decompress(row[2]), row[3]) for row in rows]


def written_ids(connection: Connection, organization: str | None = None) -> list[str]:
    """Ids of all datasets that stand in the catalogue, or of those of an organisation, in its order."""
    only = " AND p.owner_org = :organization" if organization else ""
    query = f"SELECT f.package_id {_WRITTEN}{only} ORDER BY {ORDER}"
    found = connection.execute(text(query), {"organization": organization} if organization else {})
    return list(found.scalars())


def ids_at(connection: Connection, uris: Iterable[str]) -> list[str]:
    """Ids of the datasets of the catalogue that stand at these addresses in RDF."""
    found = connection.execute(
        text(f"SELECT f.package_id {_WRITTEN} AND f.uri = ANY(:uris)"), {"uris": list(uris)}
    )
    return list(found.scalars())


def addresses(connection: Connection) -> dict[str, str]:
    """Ids of all datasets that stand in the catalogue, by their address in RDF."""
    found = connection.execute(text(f"SELECT f.uri, f.package_id {_WRITTEN}"))
    return {row[0]: row[1] for row in found}


def problems(connection: Connection) -> list[tuple[str, str]]:
    """Names of public datasets that cannot be written in full, and what is left out of them."""
    query = f"""
        SELECT p.name, f.problem FROM package p JOIN {TABLE} f ON f.package_id = p.id
        WHERE {PUBLIC} AND f.problem <> '' ORDER BY p.name"""  # noqa: S608
    return [(row[0], row[1]) for row in connection.execute(text(query))]


def forget_all() -> None:
    """Have every fragment made anew."""
    with reading() as connection:
        connection.execute(text(f"UPDATE {TABLE} SET version = ''"))  # noqa: S608


def forget_problems() -> None:
    """Have the fragments made anew in which something is left out."""
    with reading() as connection:
        connection.execute(text(f"UPDATE {TABLE} SET version = '' WHERE problem <> ''"))  # noqa: S608
