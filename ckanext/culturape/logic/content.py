"""Where could the content of a restricted dataset show beside its record? Data tables, views, older versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape import care
from ckanext.culturape.care.facts import DECIDING
from ckanext.culturape.errors import N_
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.logic.stored import stored_record
from ckanext.culturape.types import Record

Action = Callable[[Context, Record], Any]


def _refuse_content(resource_id: str | None) -> None:
    resource = model.Resource.get(resource_id) if resource_id else None
    if resource and care.is_restricted(stored_record(str(resource.package_id)), vocabulary()):
        message = N_("The access level of this dataset allows no data tables and no views.")
        raise tk.ValidationError({"resource_id": [tk._(message)]})


@tk.chained_action
def datastore_create(original: Action, context: Context, data: Record) -> Any:
    """No data tables for restricted datasets. Raises: ValidationError."""
    _refuse_content(data.get("resource_id"))
    package_id = (data.get("resource") or {}).get("package_id")
    if package_id and care.is_restricted(stored_record(package_id), vocabulary()):
        raise tk.ValidationError(
            {"resource": [tk._("The access level of this dataset allows no data tables and no views.")]}
        )
    return original(context, data)


@tk.chained_action
def datastore_upsert(original: Action, context: Context, data: Record) -> Any:
    """No rows for restricted datasets. Raises: ValidationError."""
    _refuse_content(data.get("resource_id"))
    return original(context, data)


@tk.chained_action
def resource_view_create(original: Action, context: Context, data: Record) -> Any:
    """No views for restricted datasets. Raises: ValidationError."""
    _refuse_content(data.get("resource_id"))
    return original(context, data)


@tk.chained_action
def resource_create_default_resource_views(original: Action, context: Context, data: Record) -> Any:
    """No views for restricted datasets; quietly, since nobody asked for them."""
    package = data.get("package") or stored_record(data["resource"]["package_id"])
    if care.is_restricted(package, vocabulary()):
        # CKAN fails when an action returns without having asked.
        tk.check_access("resource_create_default_resource_views", context, data)
        return []
    return original(context, data)


def withdraw(old: Record, new: Record) -> None:
    """Remove what a record that became more sensitive showed elsewhere: data tables, views, copies in the activity."""
    if care.is_restricted(new, vocabulary()):
        for resource in new.get("resources", []):
            _drop_views(resource["id"])
    if care.tightened(old, new, vocabulary()):
        _reduce_activity(new)


def _drop_views(resource_id: str) -> None:
    context = {"ignore_auth": True, "user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    for view in tk.get_action("resource_view_list")(cast("Context", dict(context)), {"id": resource_id}):
        tk.get_action("resource_view_delete")(cast("Context", dict(context)), {"id": view["id"]})


def _reduce_activity(record: Record) -> None:
    """Rewrite the copies of older versions so that they show no more than the rules allow today."""
    if not p.plugin_loaded("activity"):
        return
    from ckanext.activity.model import Activity

    marked = {key: record.get(key) for key in DECIDING}
    for row in model.Session.query(Activity).filter_by(object_id=record["id"]):
        copy: Record = (row.data or {}).get("package") or {}
        if copy:
            row.data = {**row.data, "package": care.reduce({**copy, **marked}, vocabulary())}
    model.repo.commit()
