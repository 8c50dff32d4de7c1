"""Which record links to which? A table that follows from the records, so that links are found from both ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ckan import model
from sqlalchemy import text

PREFIX = "culturape_agenda_"
MIGRATION = "ckan db upgrade -p culturape_agenda"

#: The session of CKAN, or a connection of our own.
Reader = Any


class Row(NamedTuple):
    """A link, with the record at its other end.

    Attributes:
        field: name of the field that holds the link.
        is_incoming: whether the other record holds it.
        id, name, type, title, state, private, owner_org, creator: of the other record, as CKAN stores them.
        extras: its other fields as they are stored: texts, lists and objects as JSON.
    """

    field: str
    is_incoming: bool
    id: str
    name: str
    type: str
    title: str
    state: str
    private: bool
    owner_org: str | None
    creator: str | None
    extras: Mapping[str, Any]


def keep(reader: Reader, source: str, links: Iterable[tuple[str, str]]) -> None:
    """Put the links of a record, pairs of field and id of the other record, in place of those that it had. The other record must exist to be kept."""
    wanted = sorted(set(links))
    values = {"source": source, "fields": [one[0] for one in wanted], "targets": [one[1] for one in wanted]}
    given = (
        "SELECT * FROM unnest(CAST(:fields AS text[]), CAST(:targets AS text[])) AS given (field, target_id)"
    )
    drop = f"""
        DELETE FROM culturape_agenda_link l WHERE source_id = :source
        AND NOT EXISTS (SELECT 1 FROM ({given}) g WHERE g.field = l.field AND g.target_id = l.target_id)"""  # noqa: S608
    add = f"""
        INSERT INTO culturape_agenda_link (source_id, field, target_id)
        SELECT :source, g.field, g.target_id FROM ({given}) g JOIN package p ON p.id = g.target_id
        ON CONFLICT DO NOTHING"""  # noqa: S608
    for query in (drop, add):
        reader.execute(text(query), values)


def around(reader: Reader, record_ids: Iterable[str]) -> Iterator[tuple[str, Row]]:
    """All links of some records, in both directions, with the id of the record that each belongs to; by title."""
    columns = "p.id, p.name, p.type, p.title, p.state, p.private, p.owner_org, p.creator_user_id"
    ends = """
        SELECT source_id AS own, field, FALSE AS is_incoming, target_id AS other FROM culturape_agenda_link WHERE source_id = ANY(:ids)
        UNION ALL SELECT target_id, field, TRUE, source_id FROM culturape_agenda_link WHERE target_id = ANY(:ids)"""
    query = f"""
        SELECT e.own, e.field, e.is_incoming, {columns}, {extras_of()}
        FROM ({ends}) e JOIN package p ON p.id = e.other ORDER BY p.title, p.id"""  # noqa: S608
    for own, *found in reader.execute(text(query), {"ids": list(record_ids)}):
        yield own, Row(*found)


def datasets_of(reader: Reader, record_ids: Iterable[str]) -> list[str]:
    """Ids of the datasets that some records name."""
    query = """
        SELECT DISTINCT p.id FROM culturape_agenda_link l JOIN package p ON p.id = l.target_id
        WHERE l.source_id = ANY(:ids) AND p.type = 'dataset' ORDER BY p.id"""
    return [row[0] for row in reader.execute(text(query), {"ids": list(record_ids)})]


def concerned(reader: Reader, record_ids: Iterable[str], types: Iterable[str]) -> list[str]:
    """Ids of those of some records that are of these types, or datasets that others name."""
    query = """
        SELECT p.id FROM package p WHERE p.id = ANY(:ids) AND (p.type = ANY(:types) OR p.type = 'dataset' AND EXISTS
            (SELECT 1 FROM culturape_agenda_link l WHERE l.target_id = p.id)) ORDER BY p.id"""
    values = {"ids": list(record_ids), "types": list(types)}
    return [row[0] for row in reader.execute(text(query), values)]


def targets(reader: Reader, field: str, source_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of record and linked record, for the links of some records in this field that lead to what anybody can read; by title."""
    query = """
        SELECT l.source_id, l.target_id FROM culturape_agenda_link l JOIN package p ON p.id = l.target_id
        WHERE l.field = :field AND l.source_id = ANY(:ids) AND p.state = 'active' AND NOT p.private ORDER BY p.title, p.id"""
    for row in reader.execute(text(query), {"field": field, "ids": list(source_ids)}):
        yield row[0], row[1]


def pointed_at(reader: Reader, field: str, target_ids: Iterable[str]) -> set[str]:
    """Those of some records to which a record that anybody can read links in this field."""
    query = """
        SELECT DISTINCT l.target_id FROM culturape_agenda_link l JOIN package p ON p.id = l.source_id
        WHERE l.field = :field AND l.target_id = ANY(:ids) AND p.state = 'active' AND NOT p.private"""
    return {row[0] for row in reader.execute(text(query), {"field": field, "ids": list(target_ids)})}


def extras_of() -> str:
    """SQL of the extras of a record ``p``, which CKAN 2.12 keeps in the row itself."""
    if not hasattr(model, "PackageExtra"):
        return "p.extras"
    return "(SELECT jsonb_object_agg(x.key, x.value) FROM package_extra x WHERE x.package_id = p.id AND x.state = 'active')"
