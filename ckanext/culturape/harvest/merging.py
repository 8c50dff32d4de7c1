"""Three versions of a record: as it was taken over last, as it stands here, as the source has it now. What is to be stored?

Edits win: what somebody changed here since it was taken over stays, field by field; all else follows the source.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.harvest.residue import keyed_resources
from ckanext.culturape.types import Record

#: Fields that are ours to decide from the first day on.
OURS = ("name", "owner_org")


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be stored.

    Attributes:
        record: the whole record.
        kept: names of fields in which an edit stands against the source; ``resources`` for resources.
        is_changed: whether it differs from what stands here.
    """

    record: Record
    kept: tuple[str, ...]
    is_changed: bool


def resource_id(package_id: str, key: str) -> str:
    """The id of a resource that came under a key, the same whenever it comes."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{package_id}\x1f{key}"))


def with_ids(record: Record, package_id: str, stored: Iterable[Mapping[str, Any]] = ()) -> Record:
    """The record of a source with the ids that its resources have here.

    A resource is known by its own address, else by that of its data; one whose address is new takes the place of the only one that
    went and has the same name and format, so that a file under a new address stays the same resource.
    """
    known = list(stored)
    keyed = keyed_resources(record)
    ids = {key: resource_id(package_id, key) for key in keyed}
    by_key = {key: str(resource["id"]) for key, resource in keyed_resources({"resources": known}).items()}
    present = {str(resource["id"]) for resource in known}
    ids = {key: by_key.get(key, found) for key, found in ids.items()}
    gone = [resource for resource in known if resource["id"] not in ids.values()]
    for key, resource in keyed.items():
        if ids[key] not in present:
            ids[key] = _moved(resource, gone, keyed.values()) or ids[key]
    return {**record, "resources": [{**resource, "id": ids[key]} for key, resource in keyed.items()]}


def _moved(
    resource: Mapping[str, Any], gone: list[Mapping[str, Any]], all_new: Iterable[Mapping[str, Any]]
) -> str | None:
    likeness = _likeness(resource)
    if not likeness[0] or sum(_likeness(other) == likeness for other in all_new) != 1:
        return None
    found = [old for old in gone if _likeness(old) == likeness]
    return str(found[0]["id"]) if len(found) == 1 else None


def _likeness(resource: Mapping[str, Any]) -> tuple[Any, Any]:
    return resource.get("name_translated"), resource.get("format")


def declared(record: Mapping[str, Any]) -> Record:
    """What of a stored record we compare: its declared fields, and those of its resources with their ids."""
    schema = load_schema()
    kept = {f.name: record[f.name] for f in schema.fields if not is_empty(record.get(f.name))}
    names = {"id", *(f.name for f in schema.resource_fields)}
    resources = [
        {name: value for name, value in resource.items() if name in names and not is_empty(value)}
        for resource in cast("list[Record]", record.get("resources") or ())
    ]
    return {**kept, "resources": resources}


def merge(base: Mapping[str, Any] | None, ours: Record, theirs: Record) -> Merged:
    """What is to be stored of a record that stands here already.

    Args:
        base: as it was taken over last (``declared``); without it, all that stands here is taken for the source's.
        ours: as it stands here, the whole record.
        theirs: as the source has it now, its resources with their ids.
    """
    schema = load_schema()
    before: Mapping[str, Any] = base if base is not None else declared(ours)
    kept: list[str] = []
    record = dict(ours)
    fields = [f for f in schema.fields if f.name not in OURS and not f.community_only]
    _merge_fields(fields, before, ours, theirs, record, kept)
    record["resources"] = _merge_resources(before, ours, theirs, kept)
    return Merged(record, tuple(dict.fromkeys(kept)), declared(record) != declared(ours))


def _merge_fields(
    fields: Iterable[Field],
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    record: Record,
    kept: list[str],
) -> None:
    """Take each field from the source unless it was edited here. Changes ``record`` and ``kept``."""
    for name in (field.name for field in fields):
        was, here, there = (side.get(name) for side in (base, ours, theirs))
        if same(was, here):
            record[name] = there
            if is_empty(there):
                record.pop(name, None)
        elif not same(here, there) and not same(was, there):
            kept.append(name)


def _merge_resources(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any], kept: list[str]
) -> list[Record]:
    """The resources of the source as they are edited here, without those that were deleted here, and those that were added here."""
    was, here = _by_id(base), _by_id(ours)
    merged: list[Record] = []
    for resource in cast("list[Record]", theirs.get("resources") or ()):
        own = here.get(resource["id"])
        if own is not None:
            merged.append(_merge_resource(was.get(resource["id"], own), own, resource, kept))
        elif resource["id"] in was:
            kept.append("resources")
        else:
            merged.append(dict(resource))
    there = _by_id(theirs)
    added = [r for key, r in here.items() if key not in was and key not in there]
    return [*merged, *added]


def _merge_resource(was: Record, here: Record, there: Record, kept: list[str]) -> Record:
    record = dict(here)
    inner: list[str] = []
    _merge_fields(load_schema().resource_fields, was, here, there, record, inner)
    kept.extend("resources" for _ in inner)
    return record


def _by_id(record: Mapping[str, Any]) -> dict[str, Record]:
    return {str(r["id"]): r for r in cast("list[Record]", record.get("resources") or ()) if r.get("id")}


def is_empty(value: Any) -> bool:
    """Whether a value says nothing."""
    return value in (None, "", [], {}, False)


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same."""
    return one == other or (is_empty(one) and is_empty(other))
