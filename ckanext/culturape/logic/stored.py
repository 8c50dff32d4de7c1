"""What does the stored record say, and how does it meet what was given?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.culturape import config
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Schema
from ckanext.culturape.logic import flat
from ckanext.culturape.logic.flat import Flat
from ckanext.culturape.types import Record
from ckanext.culturape.values import core_texts
from ckanext.culturape.values.record import CORE_OF, core_tags

#: Hidden input of our forms. Its presence tells that a person edits in the form, which shows only declared fields.
FORM_MARK = "culturape_read_modified"


def stored_record(package_id: str) -> Record:
    """The record as it is stored."""
    context = cast("Context", {"ignore_auth": True, "use_cache": False, "for_update": False})
    return tk.get_action("package_show")(context, {"id": package_id})


def original(schema: Schema, context: Context) -> Record | None:
    """The stored record, ``None`` when a new one is being made. Read once for each change."""
    kept = context.get("culturape_original")
    thing = cast("Any", context.get("package") if schema.type != "organization" else context.get("group"))
    if thing is None:
        return None
    if kept is None or kept.get("id") != thing.id:
        show = "package_show" if schema.type != "organization" else "organization_show"
        fresh = cast("Context", {"ignore_auth": True, "user": context.get("user", "")})
        kept = tk.get_action(show)(fresh, {"id": thing.id})
        cast("dict[str, Any]", context)["culturape_original"] = kept
    return kept


def keep_undeclared(schema: Schema, given: Record, old: Record | None, data: Flat) -> None:
    """Keep the extras that our form does not show, and what it has no control for."""
    sent = given.get("__extras") or {}
    if not old or FORM_MARK not in sent or "extras" in given:
        return
    for position, extra in enumerate(flat.undeclared_extras(schema, old)):
        data["extras", position, "key"] = extra["key"]
        data["extras", position, "value"] = extra["value"]


def prefer_changed_core(given: Record, old: Record | None) -> None:
    """Let a changed ``title`` win over an unchanged ``title_translated``: whoever patches the core field means it."""
    if not old:
        return
    language = config.default_language()
    before = core_texts(old, language)
    for name, core in CORE_OF.items():
        text = given.get(core)
        if text and name in given and given[name] == old.get(name) and text != before.get(core, text):
            given[name] = {**given[name], language: text}
    _prefer_changed_tags(given, old, language)


def _prefer_changed_tags(given: Record, old: Record, language: str) -> None:
    words = [tag["name"] for tag in given.get("tags", []) if tag.get("name")]
    texts = given.get("tags_translated")
    if texts != old.get("tags_translated") or not isinstance(given.get("tags"), list):
        return
    if sorted(words) != [tag["name"] for tag in core_tags(texts or {})]:
        given["tags_translated"] = {**(texts or {}), language: words}


def keep_unchanged(
    record: Record, faults: list[Fault], given: Mapping[str, Any], old: Record | None
) -> list[Fault]:
    """The faults that this change brings; a stored value that we cannot read stays as it is and blocks nobody."""
    if not old:
        return faults
    resources = {resource.get("id"): resource for resource in old.get("resources", [])}
    return [fault for fault in faults if not _is_unchanged(fault, record, given, old, resources)]


def _is_unchanged(
    fault: Fault,
    record: Record,
    given: Mapping[str, Any],
    old: Mapping[str, Any],
    resources: Mapping[Any, Any],
) -> bool:
    target: Record = record
    if fault.resource is not None:
        given = given["resources"][fault.resource]
        old = resources.get(given.get("id"), {})
        target = record["resources"][fault.resource]
    value = given.get(fault.field)
    if value in (None, "") or value != old.get(fault.field):
        return False
    target[fault.field] = value
    return True


def intended(data: Flat, context: Context) -> Record:
    """The full record as it would stand after this change, with all its resources."""
    record = cast("Record", dict(context.get("culturape_record") or {}))
    old: Mapping[str, Any] = context.get("culturape_original") or {}
    for core in ("id", "name", "owner_org", "private", "state", "type"):
        value = data.get((core,), tk.missing)
        record[core] = old.get(core) if value is tk.missing else value
    record["state"] = context.get("culturape_state") or record["state"] or "active"
    record["resources"] = _intended_resources(record, context, old)
    record["extras"] = [*_given_extras(data)] or record.get("extras", [])
    return record


def _intended_resources(record: Record, context: Context, old: Mapping[str, Any]) -> list[Record]:
    """The canonical resources of this change, and those that CKAN left out because they did not change."""
    given: list[Record] = (
        context.get("culturape_resources") or record.get("resources") or old.get("resources", [])
    )
    changed = {res.get("id"): res for res in record.get("resources", []) if res.get("id")}
    return [{**resource, **changed.get(resource.get("id"), {})} for resource in given]


def place_faults(faults: list[Fault], record: Mapping[str, Any], context: Context) -> list[Fault]:
    """The faults where CKAN can show them: it validates only the resources of this change, at their own positions.

    A fault of another resource is said at the access level, with the name of the resource.
    """
    sent: list[Record] = (context.get("culturape_record") or {}).get("resources") or []
    ids = {resource.get("id") for resource in sent}
    validated = [
        n for n, resource in enumerate(record["resources"]) if not resource.get("id") or resource["id"] in ids
    ]
    return [
        fault if fault.resource is None else _place(fault, record["resources"], validated) for fault in faults
    ]


def _place(fault: Fault, resources: list[Record], validated: list[int]) -> Fault:
    position = fault.resource or 0
    if position in validated:
        return fault.at(fault.field, validated.index(position))
    resource = resources[position]
    params = {"value": resource.get("name") or resource.get("url") or "", "reason": fault}
    return Fault(N_("“%(value)s”: %(reason)s"), params, "access_level")


def _given_extras(data: Flat) -> list[dict[str, Any]]:
    found = {key[1]: data[key] for key in data if len(key) == 3 and key[0] == "extras" and key[2] == "key"}
    return [
        {"key": name, "value": data.get(("extras", position, "value"))} for position, name in found.items()
    ]
