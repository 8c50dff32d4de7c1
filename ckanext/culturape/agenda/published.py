"""What can anybody read of agendas, commitments and needs? Records as they are stored, with what is known beside them.

Everything comes from one connection, so that what is written together is of one moment; nothing is asked record by record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ckan import model
from sqlalchemy import text

from ckanext.culturape.agenda import graph, history, rows
from ckanext.culturape.agenda.following import TYPES
from ckanext.culturape.agenda.graph import Told, Written
from ckanext.culturape.agenda.rows import Reader
from ckanext.culturape.fields import RECORD_TYPES, Schema, load_schema
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.rdf.records import record_iri
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record
from ckanext.culturape.values.loading import load_value

PUBLIC = "p.state = 'active' AND NOT p.private"

#: Of a document that stands with an agenda, what becomes statements.
_RESOURCES = """
    (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'url', r.url, 'url_type', r.url_type,
        'description', r.description, 'format', r.format) ORDER BY r.position)
     FROM resource r WHERE r.package_id = p.id AND r.state = 'active')"""


def ids(reader: Reader) -> list[str]:
    """Ids of all of them: agendas, then commitments, then needs, in the order in which they were made."""
    query = f"SELECT p.id FROM package p WHERE p.type = ANY(:types) AND {PUBLIC} ORDER BY p.type, p.metadata_created, p.id"  # noqa: S608
    return list(reader.execute(text(query), {"types": list(TYPES)}).scalars())


def belonging(reader: Reader, agenda_id: str) -> list[str]:
    """Ids of the commitments and needs that name an agenda."""
    query = f"""
        SELECT p.id FROM package p JOIN culturape_agenda_link l ON l.source_id = p.id AND l.field = 'agenda'
        WHERE l.target_id = :agenda AND {PUBLIC} ORDER BY p.type, p.metadata_created, p.id"""  # noqa: S608
    return list(reader.execute(text(query), {"agenda": agenda_id}).scalars())


def read(reader: Reader, wanted: Sequence[str]) -> list[Record]:
    """The records of those among these that anybody may read, in their order."""
    query = f"""
        SELECT p.id, p.name, p.type, p.owner_org, p.metadata_modified, {rows.extras_of()}, {_RESOURCES}
        FROM package p WHERE p.id = ANY(:ids) AND p.type = ANY(:types) AND {PUBLIC}"""  # noqa: S608
    found = {
        str(row[0]): _record(*row)
        for row in reader.execute(text(query), {"ids": list(wanted), "types": list(TYPES)})
    }
    return [found[one] for one in wanted if one in found]


def _record(
    record_id: str, name: str, kind: str, owner: str | None, modified: Any, extras: Any, resources: Any
) -> Record:
    return {
        **_declared(load_schema(kind), extras or {}),
        "id": record_id,
        "name": name,
        "type": kind,
        "owner_org": owner,
        "metadata_modified": modified.isoformat() if modified else "",
        "resources": resources or [],
    }


def _declared(schema: Schema, extras: Mapping[str, Any]) -> Record:
    return {
        field.name: load_value(field, extras[field.name])
        for field in schema.fields
        if extras.get(field.name) not in (None, "")
    }


def write(reader: Reader, records: Iterable[Record], context: Context, today: str) -> Written:
    """Some records as statements, with the state of commitments as of a day."""
    records = list(records)
    known = addresses(reader, linked(records), context)
    owners = _organizations(
        reader, {str(record["owner_org"]) for record in records if record.get("owner_org")}
    )
    steps = _steps(reader, [str(record["id"]) for record in records if record["type"] == "necesidad"])
    told = (
        Told(owners.get(str(record.get("owner_org"))), steps.get(str(record["id"]), ()), today)
        for record in records
    )
    return graph.write_records(
        zip(records, told, strict=True), context, lambda record_id: known.get(record_id, "")
    )


def linked(records: Iterable[Record]) -> Iterator[str]:
    """Ids of the records that these link to."""
    for record in records:
        for field in load_schema(str(record["type"])).fields:
            if field.is_link:
                yield from ids_of(record.get(field.name))


def addresses(reader: Reader, wanted: Iterable[str], context: Context) -> dict[str, str]:
    """The addresses of those records, among these ids, that anybody may read."""
    query = f"""
        SELECT found.id, found.type, found.extras ->> 'uri' FROM (
            SELECT p.id, p.type, {rows.extras_of()} AS extras FROM package p
            WHERE p.id = ANY(:ids) AND p.type = ANY(:types) AND {PUBLIC}) AS found"""  # noqa: S608
    values = {"ids": sorted(set(wanted)), "types": list(RECORD_TYPES)}
    return {
        record_id: record_iri({"id": record_id, "type": kind, "uri": uri}, context).value
        for record_id, kind, uri in reader.execute(text(query), values)
    }


def _organizations(reader: Reader, wanted: Iterable[str]) -> dict[str, Record]:
    extras = (
        "(SELECT jsonb_object_agg(x.key, x.value) FROM group_extra x WHERE x.group_id = g.id AND x.state = 'active')"
        if hasattr(model, "PackageExtra")
        else "g.extras"
    )
    query = f"""SELECT g.id, g.name, g.title, {extras} FROM "group" g WHERE g.id = ANY(:ids) AND g.state = 'active'"""  # noqa: S608
    schema = load_schema("organization")
    return {
        record_id: {**_declared(schema, more or {}), "id": record_id, "name": name, "title": title}
        for record_id, name, title, more in reader.execute(text(query), {"ids": sorted(wanted)})
    }


def _steps(reader: Reader, needs: Sequence[str]) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for need, step in history.steps_of(reader, needs) if needs else ():
        date = step.moment.isoformat(timespec="seconds")
        found[need].append({"status": step.status, "date": date, "comment": step.comment})
    return found
