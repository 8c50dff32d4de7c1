"""Through which doors could a record be changed or shown past the rules of care? Each is closed here.

Create, update, patch, revise, resource actions, forms and imports all pass through ``package_create`` or
``package_update``; we give their validation the full intended record. DataStore tables, views and copies in the activity
stream have doors of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape import care
from ckanext.culturape.errors import Fault
from ckanext.culturape.fields import RECORD_TYPES, schema_of
from ckanext.culturape.logic import content, drafts
from ckanext.culturape.logic.review import becomes_public, needed_faults
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.logic.stored import FORM_MARK, stored_record
from ckanext.culturape.types import Record

Action = Callable[[Context, Record], Any]


def review_care(record: Record, context: Context) -> list[Fault]:
    """What the rules of care refuse in the full intended record."""
    old = cast("Record | None", context.get("culturape_original"))
    public = becomes_public(old, record)
    return care.faults(
        record, vocabulary(), becomes_public=public, imported=bool(context.get("culturape_import"))
    )


@tk.chained_action
def package_create(original: Action, context: Context, data: Record) -> Any:
    """Validate the full intended record."""
    drafts.read_new(context, data)
    _note(context, data.get("resources"), None)
    return original(context, data)


@tk.chained_action
def package_update(original: Action, context: Context, data: Record) -> Any:
    """Validate the full intended record, refuse to overwrite what somebody else saved, and drop copies that show more."""
    package = model.Package.get(data.get("id") or data.get("name"))
    if package is None:
        return original(context, data)
    tk.check_access("package_update", context, {**data, "id": package.id})
    old = stored_record(package.id)
    if drafts.read_change(context, data, old):
        return old
    refuse_stale(data, old)
    _note(context, data.get("resources", old.get("resources")), old)
    result = original(context, data)
    if package.type in RECORD_TYPES:
        content.withdraw(old, stored_record(package.id))
    return result


def _note(context: Context, resources: Any, old: Record | None) -> None:
    notes = cast("dict[str, Any]", context)
    notes["culturape_resources"] = resources
    notes["culturape_original"] = old


def refuse_stale(data: Record, old: Mapping[str, Any]) -> None:
    """Refuse a change that was made to an older version than the stored one. Raises: ValidationError."""
    read = data.get(FORM_MARK)
    if read and read != old.get("metadata_modified"):
        message = tk._(
            "Somebody saved this record while you were editing it (%(moment)s). Nothing of yours was saved: open the "
            "record in another tab, compare, and save again."
        )
        text = message % {"moment": old.get("metadata_modified")}
        data[FORM_MARK] = old.get("metadata_modified")
        raise tk.ValidationError({"title_translated": [text]})


@tk.chained_action
def bulk_update_public(original: Action, context: Context, data: Record) -> Any:
    """Check each record before many are published at once. Raises: ValidationError naming them."""
    tk.check_access("bulk_update_public", context, data)
    wrong: dict[str, Any] = {}
    for dataset_id in data.get("datasets") or ():
        old = stored_record(dataset_id)
        new = {**old, "private": False}
        if old["type"] not in RECORD_TYPES:
            continue
        faults = needed_faults(schema_of(old["type"]), old, new)
        faults += care.faults(new, vocabulary(), becomes_public=True)
        if faults:
            wrong[old["name"]] = [fault.text(tk._) for fault in faults]
    if wrong:
        raise tk.ValidationError(wrong)
    return original(context, data)


@tk.chained_action
def resource_delete(original: Action, context: Context, data: Record) -> Any:
    """Say what is wrong with the dataset; CKAN fails over it. Raises: ValidationError."""
    try:
        return original(context, data)
    except KeyError as error:
        cause = error.__context__
        raise (cause if isinstance(cause, tk.ValidationError) else error) from None


def reduce_index_document(data: Record) -> Record:
    """The document that goes to the index, without what the rules of care withhold."""
    reduced = care.reduce(data, vocabulary())
    for key in ("data_dict", "validated_data_dict"):
        if isinstance(reduced.get(key), str):
            reduced[key] = json.dumps(care.reduce(json.loads(reduced[key]), vocabulary()))
    return reduced


def actions() -> dict[str, Action]:
    """The chained actions; those of the DataStore only where it is loaded."""
    found: dict[str, Any] = {
        action.__name__: action
        for action in (
            package_create, package_update, content.resource_view_create, content.resource_create_default_resource_views, resource_delete,
        )
    }  # fmt: skip
    found["bulk_update_public"] = bulk_update_public
    if p.plugin_loaded("datastore"):
        found |= {"datastore_create": content.datastore_create, "datastore_upsert": content.datastore_upsert}
    return found
