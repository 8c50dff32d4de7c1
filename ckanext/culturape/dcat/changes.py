"""What changed in the catalogue, and in which order? A row per dataset and address holds its newest state, as in a compacted log.

The order is that of moments that never repeat and never go back, in which changes also become visible: whoever writes here takes
a lock that is given back when the transaction is over, and chooses moments only then. A reader who was given one moment will
therefore never find an earlier one that was not there before. Saving a dataset writes nothing here and waits for nobody.
See docs/decisions/0012-feed.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.culturape.dcat.versions import PUBLIC

TABLE = "culturape_dcat_change"

#: Ids that are written down as there and are no longer public. As a difference of sets, it costs the same whatever the planner
#: of PostgreSQL knows of the tables; as an anti-join it took a hundred times as long on tables that were filled a moment ago.
_HIDDEN = f"""
    SELECT package_id FROM {TABLE} WHERE NOT removed
    EXCEPT SELECT p.id FROM package p WHERE {PUBLIC}"""  # noqa: S608
_GIVEN = "unnest(CAST(:ids AS text[]), CAST(:uris AS text[]), CAST(:digests AS text[])) AS g (package_id, uri, digest)"


class Change(NamedTuple):
    """The newest state of a dataset under an address.

    Attributes:
        package_id: id of the dataset.
        uri: its address in RDF.
        digest: of its fragment; empty when it is gone.
        published: when it came, or came back.
        changed: when it came to this state; no two changes share a moment.
        removed: whether it is gone.
    """

    package_id: str
    uri: str
    digest: str
    published: datetime
    changed: datetime
    removed: bool

    @property
    def kind(self) -> str:
        """Class of the activity in ActivityStreams."""
        if self.removed:
            return "Delete"
        return "Create" if self.published == self.changed else "Update"


def page(
    connection: Connection, limit: int | None, since: datetime | None, after: datetime | None
) -> list[Change]:
    """Changes in their order, from a moment on, or later than one."""
    query = f"""
        SELECT package_id, uri, digest, published, changed, removed FROM {TABLE}
        WHERE (CAST(:since AS timestamptz) IS NULL OR changed >= :since)
        AND (CAST(:after AS timestamptz) IS NULL OR changed > :after)
        ORDER BY changed LIMIT :limit"""  # noqa: S608
    found = connection.execute(text(query), {"limit": limit, "since": since, "after": after})
    return [Change(*row) for row in found]


def note(connection: Connection, states: Iterable[tuple[str, str, str]]) -> None:
    """Write down in which state datasets are now: id, address, and digest, which is empty for what cannot be written.

    The state that was written down before stays as it is, with its moment.
    """
    found = list(states)
    given = {name: [state[n] for state in found] for n, name in enumerate(("ids", "uris", "digests"))}
    _lock(connection)
    _remove(connection, _LEFT, given)
    connection.execute(text(_NOTE), {**given, "moment": _moment(connection)})


#: Datasets that cannot be written any longer, and addresses that a dataset left for another.
_LEFT = (
    f"EXISTS (SELECT 1 FROM {_GIVEN} WHERE g.package_id = c.package_id AND (g.digest = '' OR g.uri <> c.uri))"  # noqa: S608
)

#: Those that are new, came back or say something else.
_NOTE = f"""
    INSERT INTO {TABLE} AS c (package_id, uri, digest, published, changed, removed)
    SELECT package_id, uri, digest, moment, moment, false FROM (
        SELECT g.*, CAST(:moment AS timestamptz) + row_number() OVER () * interval '1 microsecond' AS moment
        FROM {_GIVEN} LEFT JOIN {TABLE} c USING (package_id, uri)
        WHERE g.digest <> '' AND g.digest IS DISTINCT FROM c.digest) AS news
    ON CONFLICT (package_id, uri) DO UPDATE SET digest = excluded.digest, changed = excluded.changed, removed = false,
        published = CASE WHEN c.removed THEN excluded.changed ELSE c.published END"""  # noqa: S608


def are_some_hidden(connection: Connection) -> bool:
    """Whether a dataset went away that was not yet written down as gone."""
    return bool(connection.execute(text(f"SELECT EXISTS ({_HIDDEN})")).scalar())


def remove_hidden(connection: Connection) -> int:
    """Write down that datasets that are no longer public are gone; how many there were."""
    _lock(connection)
    return _remove(connection, f"c.package_id IN ({_HIDDEN})", {})


def put_off(connection: Connection, passed: Iterable[Change]) -> None:
    """Move changes that could not be told at their place behind all others, unless something newer did already."""
    for change in passed:
        _lock(connection)
        later = _moment(connection) + timedelta(microseconds=1)
        query = f"""
            UPDATE {TABLE} SET changed = :later, published = CASE WHEN published = changed THEN :later ELSE published END
            WHERE package_id = :package_id AND uri = :uri AND changed = :changed"""  # noqa: S608
        connection.execute(text(query), {**change._asdict(), "later": later})


def latest(connection: Connection) -> datetime | None:
    """The moment of the last change."""
    return connection.execute(text(f"SELECT max(changed) FROM {TABLE}")).scalar()  # noqa: S608


def _lock(connection: Connection) -> None:
    """Wait until whoever writes here has committed, and let nobody else write before we have."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": TABLE})


def _moment(connection: Connection) -> datetime:
    """Now, but not before the last moment that was given, even when the clock was set back. Ask for the lock before."""
    query = f"SELECT greatest(clock_timestamp(), (SELECT max(changed) FROM {TABLE}))"  # noqa: S608
    return connection.execute(text(query)).scalar_one()


def _remove(connection: Connection, condition: str, values: dict[str, Any]) -> int:
    """Write down as gone what is still there and fulfils a condition."""
    query = f"""
        UPDATE {TABLE} c SET removed = true, digest = '', changed = gone.moment
        FROM (SELECT c.package_id, c.uri,
                CAST(:moment AS timestamptz) + row_number() OVER () * interval '1 microsecond' AS moment
            FROM {TABLE} c WHERE NOT c.removed AND {condition}) AS gone
        WHERE c.package_id = gone.package_id AND c.uri = gone.uri"""  # noqa: S608
    return connection.execute(text(query), {**values, "moment": _moment(connection)}).rowcount
