"""What stands at the other ends of the links of a record, for somebody who may read it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from ckan import model

from ckanext.culturape.agenda import commitments, needs, rows
from ckanext.culturape.agenda.rows import Row
from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic.links import may_read
from ckanext.culturape.types import Record
from ckanext.culturape.values.loading import load_value
from ckanext.culturape.vocab.concept import best_text


class Neighbour(NamedTuple):
    """A record at the other end of a link.

    Attributes:
        field: name of the field that holds the link.
        is_incoming: whether the other record holds it.
        id, name, type: of the other record.
        titles: its title by language; under the empty tag as CKAN has it.
        is_public: whether anybody may read it.
        record: its stored fields that follow from no other record.
        state: concept of ``commitment-status`` or ``need-status``; empty for other types.
        is_overdue: whether its date is over and it is not done.
    """

    field: str
    is_incoming: bool
    id: str
    name: str
    type: str
    titles: Mapping[str, str]
    is_public: bool
    record: Record
    state: str
    is_overdue: bool

    def title(self, language: str) -> str:
        """Its title for a reader of this language."""
        return best_text(self.titles, language) or self.titles.get("", "") or self.name


def today() -> str:
    """The date by which things are due or over."""
    return date.today().isoformat()


def of_record(record_id: str, context: Mapping[str, Any]) -> list[Neighbour]:
    """What a record links to and what links to it, as far as the person of the context may read it; by title."""
    return of_records([record_id], context).get(record_id, [])


def of_records(record_ids: Iterable[str], context: Mapping[str, Any]) -> dict[str, list[Neighbour]]:
    """The same of several records at once, by id."""
    found: dict[str, list[Row]] = {}
    for own, row in rows.around(model.Session, record_ids):
        if _is_public(row) or _may_read(row, context):
            found.setdefault(own, []).append(row)
    published = _published(row for group in found.values() for row in group)
    # Many records have one neighbour in common, such as their agenda, which is read once.
    read: dict[str, Neighbour] = {}
    for group in found.values():
        for row in group:
            if row.id not in read:
                read[row.id] = _neighbour(row, published)
    return {
        own: [read[row.id]._replace(field=row.field, is_incoming=row.is_incoming) for row in group]
        for own, group in found.items()
    }


def _is_public(row: Row) -> bool:
    return row.state == "active" and not row.private


def _may_read(row: Row, context: Mapping[str, Any]) -> bool:
    package: Any = model.Package.get(row.id) if row.state == "active" else None
    return package is not None and may_read(package, context)


def _published(found: Iterable[Row]) -> set[str]:
    """Ids of the datasets that anybody can read among those that fulfil these commitments."""
    ids = {row.id for row in found if row.type == "compromiso"}
    around = rows.around(model.Session, ids) if ids else ()
    return {
        row.id for _, row in around if row.field == "fulfilled_by" and not row.is_incoming and _is_public(row)
    }


def _neighbour(row: Row, published: set[str]) -> Neighbour:
    record = decoded(row)
    state, is_overdue = standing(row.type, record, published)
    titles = {**dict(record.get("title_translated") or {}), "": row.title}
    return Neighbour(
        row.field,
        row.is_incoming,
        row.id,
        row.name,
        row.type,
        titles,
        _is_public(row),
        record,
        state,
        is_overdue,
    )


def standing(record_type: str, record: Mapping[str, Any], published: Iterable[str]) -> tuple[str, bool]:
    """The state of a commitment or a need, and whether it is overdue; nothing of other types."""
    if record_type == "compromiso":
        state = commitments.state_of(record, frozenset(published), today())
        return state, state == commitments.OVERDUE
    if record_type == "necesidad":
        return needs.status_of(record), needs.is_overdue(record, today())
    return "", False


def decoded(row: Row) -> Record:
    """The declared fields of a record at the other end; of datasets, whose pages tell more, the title."""
    extras, schema = row.extras or {}, load_schema(row.type)
    if row.type == "dataset":
        titles = load_value(schema.field("title_translated"), extras.get("title_translated"))
        return {"title_translated": titles} if isinstance(titles, dict) else {}
    return {
        field.name: load_value(field, extras[field.name]) for field in schema.fields if field.name in extras
    }
