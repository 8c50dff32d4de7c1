"""How was a record at a moment? A row for each change that anybody could see, written in the transaction of the change.

A row without content says that from then on not everybody could read the record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text

from ckanext.culturape import care
from ckanext.culturape.agenda.kept import Stored, content_of, tightened
from ckanext.culturape.agenda.rows import Reader, extras_of
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

#: Records that are read at once.
BATCH = 500

#: The newest row of a record before a moment; a place to put the record and the moment.
_LAST = """
    SELECT content, moment FROM culturape_agenda_version v
    WHERE v.record_id = {record} AND v.moment < {moment} ORDER BY v.moment DESC, v.id DESC LIMIT 1"""


class Version(NamedTuple):
    """A record as it was: its id and type, the agenda that it belonged to, what anybody could read of it, and whether anybody may read it now."""

    id: str
    type: str
    agenda_id: str
    content: Record | None
    is_public: bool


def note(reader: Reader, record_ids: Iterable[str], *, are_old: bool = False) -> None:
    """Keep how these records are now, where that differs from what was kept last.

    What was never kept before is kept as of now; or as of its last change, when the records are old.
    """
    ids = list(record_ids)
    for start in range(0, len(ids), BATCH):
        for stored in _read(reader, ids[start : start + BATCH]):
            content = content_of(stored, vocabulary())
            _add(reader, stored, content, are_old=are_old)
            if content and care.rules_of(content, vocabulary()):
                _tighten(reader, content)


def end(reader: Reader, record_id: str, record_type: str) -> None:
    """Keep that a record can no longer be read by everybody."""
    _add(reader, Stored(record_id, "", record_type, "", False, None, None, {}, ()), None)


def _read(reader: Reader, record_ids: list[str]) -> Iterator[Stored]:
    documents = """
        SELECT jsonb_agg(jsonb_build_object('name', r.name, 'url', r.url, 'url_type', r.url_type, 'description', r.description, 'format', r.format)
            ORDER BY r.position) FROM resource r WHERE r.package_id = p.id AND r.state = 'active' AND p.type = 'agenda'"""
    query = f"""
        SELECT p.id, p.name, p.type, p.title, p.state = 'active' AND p.private IS NOT TRUE, p.owner_org, g.title, {extras_of()}, ({documents})
        FROM package p LEFT JOIN "group" g ON g.id = p.owner_org WHERE p.id = ANY(:ids) ORDER BY p.id"""  # noqa: S608
    for row in reader.execute(text(query), {"ids": record_ids}).all():
        stored = Stored(*row)
        yield stored._replace(extras=stored.extras or {}, resources=tuple(stored.resources or ()))


def _add(reader: Reader, stored: Stored, content: Record | None, *, are_old: bool = False) -> None:
    """A row, unless the last one says the same; never before it, even when the clock was set back."""
    query = f"""
        WITH last AS ({_LAST.format(record=":id", moment="'infinity'")})
        INSERT INTO culturape_agenda_version (record_id, type, agenda_id, moment, content)
        SELECT :id, :type, :agenda, CASE WHEN EXISTS (SELECT 1 FROM last) THEN greatest(clock_timestamp(), (SELECT moment FROM last))
            WHEN :old THEN least(clock_timestamp(), (SELECT metadata_modified AT TIME ZONE 'UTC' FROM package WHERE id = :id))
            ELSE clock_timestamp() END, CAST(:content AS jsonb)
        WHERE CAST(:content AS jsonb) IS DISTINCT FROM (SELECT content FROM last)"""  # noqa: S608
    agenda = stored.id if stored.type == "agenda" else str((content or {}).get("agenda") or "")
    values = {
        "id": stored.id,
        "type": stored.type,
        "agenda": agenda,
        "old": are_old,
        "content": json.dumps(content) if content else None,
    }
    reader.execute(text(query), values)


def _tighten(reader: Reader, content: Record) -> None:
    """Take out of older rows what the newest one says must not be told."""
    query = "SELECT id, content FROM culturape_agenda_version WHERE record_id = :id AND content IS NOT NULL"
    change = "UPDATE culturape_agenda_version SET content = CAST(:content AS jsonb) WHERE id = :row"
    for row, old in reader.execute(text(query), {"id": content["id"]}).all():
        less = tightened(old, content, vocabulary())
        if less != old:
            reader.execute(text(change), {"row": row, "content": json.dumps(less)})


def of_agenda(reader: Reader, agenda_id: str, until: datetime) -> Iterator[Version]:
    """The agenda, and all that belonged to it at some time, as they were just before a moment."""
    chosen = "SELECT DISTINCT record_id FROM culturape_agenda_version WHERE agenda_id = :agenda AND moment < :until"
    yield from _at(reader, chosen, {"agenda": agenda_id, "until": until})


def of_records(reader: Reader, record_ids: Iterable[str], until: datetime) -> Iterator[Version]:
    """These records as they were just before a moment."""
    chosen = "SELECT DISTINCT unnest(CAST(:ids AS text[])) AS record_id"
    yield from _at(reader, chosen, {"ids": list(record_ids), "until": until})


def _at(reader: Reader, chosen: str, values: dict[str, Any]) -> Iterator[Version]:
    query = f"""
        SELECT p.id, v.type, v.agenda_id, v.content, p.state = 'active' AND p.private IS NOT TRUE
        FROM ({chosen}) c JOIN package p ON p.id = c.record_id
        CROSS JOIN LATERAL (
            SELECT * FROM culturape_agenda_version v WHERE v.record_id = c.record_id AND v.moment < :until
            ORDER BY v.moment DESC, v.id DESC LIMIT 1) v ORDER BY p.id"""  # noqa: S608
    for row in reader.execute(text(query), values):
        version = Version(*row)
        content = care.reduce(version.content, vocabulary()) if version.content else None
        yield version._replace(content=content)


def first(reader: Reader, record_id: str) -> datetime | None:
    """The moment of the first version that everybody could read."""
    query = "SELECT min(moment) FROM culturape_agenda_version WHERE record_id = :id AND content IS NOT NULL"
    return reader.execute(text(query), {"id": record_id}).scalar()
