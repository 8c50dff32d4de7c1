"""Readers of values that consist of several fields: agents, contacts, attributions, intervals, services, actors, milestones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values.scope import Reader, Scope, Values
from ckanext.culturape.values.texts import decode_json

#: Subfields without which an item of this kind says nothing.
_ESSENTIAL = {
    "agents": ("name",),
    "attributions": ("agent",),
    "services": ("title", "endpoint_url"),
    "actors": ("name", "actor_type"),
    "milestones": ("title", "due_date"),
}


def read_items(field: Field, raw: Any, scope: Scope, read_field: Reader) -> Values:
    """A list of dictionaries that hold only filled subfields, sorted and without repeats."""
    items: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for given in _mappings(raw):
        item, wrong = _read_item(field, given, scope, read_field)
        faults += wrong
        if item and item not in items:
            items.append(item)
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, ensure_ascii=False)), faults


def _mappings(raw: Any) -> list[Mapping[str, Any]]:
    decoded: Any = (decode_json(raw, "[") or decode_json(raw, "{")) if isinstance(raw, str) else raw
    if isinstance(decoded, Mapping):
        return [cast("Mapping[str, Any]", decoded)]
    if not decoded and not (isinstance(raw, str) and raw.strip()):
        return []
    items = cast("list[Any]", decoded) if isinstance(decoded, (list, tuple)) else [decoded]
    if not all(isinstance(item, Mapping) for item in items):
        raise Fault(N_("A list of objects is expected here."))
    return cast("list[Mapping[str, Any]]", items)


def _read_item(
    field: Field, given: Mapping[str, Any], scope: Scope, read_field: Reader
) -> tuple[dict[str, Any], list[Fault]]:
    # CKAN keeps what a schema does not declare under this key, here as everywhere.
    undeclared = given.get("__extras")
    given = {**(cast("Mapping[str, Any]", undeclared) if isinstance(undeclared, Mapping) else {}), **given}
    item: dict[str, Any] = dict(_unknown_parts(field, given))
    faults: list[Fault] = []
    for sub in field.subfields:
        value, wrong = read_field(sub, given.get(sub.name), scope)
        faults += [
            Fault(N_("%(label)s: %(reason)s"), {"label": sub.label, "reason": fault}) for fault in wrong
        ]
        if value is not None:
            item[sub.name] = value
    for name in _ESSENTIAL.get(field.kind, ()) if item else ():
        if name not in item:
            faults.append(Fault(N_("“%(label)s” is missing."), {"label": field.subfield(name).label}))
    if _ends_before_start(item):
        faults.append(Fault(N_("It ends (%(end)s) before it starts (%(start)s)."), item))
    return item, faults


def _unknown_parts(field: Field, given: Mapping[str, Any]) -> dict[str, str]:
    """Texts of subfields that we do not declare: another schema may have written them, and nothing may be lost."""
    declared = {sub.name for sub in field.subfields}
    return {
        key: value for key, value in given.items() if key not in declared and value and isinstance(value, str)
    }


def _ends_before_start(item: Mapping[str, str]) -> bool:
    start, end = item.get("start", ""), item.get("end", "")
    precision = min(len(start), len(end))
    return start[:precision] > end[:precision]
