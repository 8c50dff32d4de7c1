"""May this record be saved? Needed fields and rules of care, on the full record as it would stand.

Needed fields are asked for when a record becomes public, and a stored value may not be emptied; what was missing
before stays a notice. So nothing that exists becomes uneditable, and honest gaps stay gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field, Schema


def is_public(record: Mapping[str, Any] | None) -> bool:
    """Whether anybody can read the record: active and not private."""
    if not record:
        return False
    private = str(record.get("private", "")).lower() in {"true", "1", "on"}
    return record.get("state", "active") == "active" and not private


def becomes_public(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> bool:
    """Whether this change shows the record to the public for the first time, or again."""
    return is_public(new) and not is_public(old)


def has_value(field: Field, record: Mapping[str, Any]) -> bool:
    """Whether a field has been answered; "not reviewed" is no answer to a question of care."""
    value = record.get(field.name)
    if field.section == "cuidado" and value in ("no-revisado", ["no-revisado"]):
        return False
    return value not in (None, "", [], {}, False)


def missing_fields(schema: Schema, record: Mapping[str, Any]) -> list[Field]:
    """Needed fields that are empty, in the order of the schema."""
    return [field for field in schema.fields if field.needed and not has_value(field, record)]


def needed_faults(
    schema: Schema, old: Mapping[str, Any] | None, new: Mapping[str, Any], *, imported: bool = False
) -> list[Fault]:
    """What is missing now and may not be.

    Args:
        schema: the declared fields.
        old: the stored record, ``None`` for a new one.
        new: the full intended record.
        imported: harvested and imported records may lack everything but the title.
    """
    missing = missing_fields(schema, new)
    if imported:
        wanted = [field for field in missing if field.name == "title_translated"]
    elif becomes_public(old, new):
        wanted = missing
    else:
        wanted = [f for f in missing if f.name == "title_translated" or (old and has_value(f, old))]
    return [Fault(_reason(field, old), {"label": field.label}, field.name) for field in wanted]


def _reason(field: Field, old: Mapping[str, Any] | None) -> str:
    if old and has_value(field, old):
        return N_("“%(label)s” had a value; it can be changed but not left empty.")
    if field.name == "title_translated":
        return N_("“%(label)s” is needed, even for a draft.")
    return N_("“%(label)s” is needed to publish. Save as a draft if you do not know it yet.")
