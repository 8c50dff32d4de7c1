"""Against which version is a record compared next time? Against what its source said last, also where an edit stands here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.harvest.merging import OURS, declared, is_empty, same
from ckanext.culturape.types import Record


def next_base(
    base: Mapping[str, Any] | None, ours: Mapping[str, Any] | None, theirs: Mapping[str, Any], stored: Record
) -> Record:
    """The version to keep beside a record that was taken over.

    Where nobody edited, it is what was stored, in the form that CKAN gives it. Where somebody did, it is what the source says: were it the
    edit, the edit would not be known as one again, and the next change of the source would undo it.

    Args:
        base: as it was taken over before; ``None`` when it was not.
        ours: as it stood here before, the whole record; ``None`` for a new one.
        theirs: as the source has it now, its resources with their ids.
        stored: as it stands here now.
    """
    now = declared(stored)
    if base is None or ours is None:
        return now
    schema = load_schema()
    record = _fields(schema.fields, base, ours, theirs, now)
    was, here, kept = (_by_id(version) for version in (base, ours, now))
    record["resources"] = [
        {"id": key, **_fields(schema.resource_fields, was.get(key, {}), here[key], there, kept.get(key, {}))}
        if key in was and key in here
        # What was deleted here stays known, so that it does not come back; what is new is as it was stored.
        else was.get(key) or kept.get(key) or declared({"resources": [there]})["resources"][0]
        for key, there in _by_id(theirs).items()
    ]
    return record


def edited_fields(base: Mapping[str, Any], record: Record) -> list[str]:
    """Names of fields in which a record differs from what its source said last; ``resources`` for its files."""
    now = declared(record)
    names = [f.name for f in load_schema().fields if f.name not in OURS and not f.community_only]
    edited = [name for name in names if not same(base.get(name), now.get(name))]
    return [*edited, *(["resources"] if _by_id(base) != _by_id(now) else [])]


def _fields(
    fields: Iterable[Field],
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    stored: Mapping[str, Any],
) -> Record:
    names = [field.name for field in fields]
    values = {name: (stored if same(base.get(name), ours.get(name)) else theirs).get(name) for name in names}
    return {name: value for name, value in values.items() if not is_empty(value)}


def _by_id(record: Mapping[str, Any]) -> dict[str, Record]:
    return {str(r["id"]): r for r in cast("list[Record]", record.get("resources") or ()) if r.get("id")}
