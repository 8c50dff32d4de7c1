"""Through which doors does a source come and go? Those of CKAN for all packages; sources of ours are told apart here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.options import NAMES
from ckanext.culturape.harvest.source_schema import schema_of
from ckanext.culturape.types import Record

Action = Callable[[Context, Record], Any]

#: The type of packages that are sources.
SOURCE = "harvest"


def is_ours(record: Record) -> bool:
    """Whether a package is a source of ours."""
    return record.get("type") == SOURCE and record.get("source_type") == HARVESTER


@tk.chained_action
def package_create(original: Action, context: Context, data: Record) -> Any:
    """With our schema for a source of ours."""
    return _validated("package_create", original, context, data) if is_ours(data) else original(context, data)


@tk.chained_action
def package_update(original: Action, context: Context, data: Record) -> Any:
    """With our schema for a source that is, or becomes, one of ours."""
    package = model.Package.get(data.get("id") or data.get("name"))
    if package is None or package.type != SOURCE or data.get("source_type") != HARVESTER:
        return original(context, data)
    return _validated("package_update", original, context, data)


def _validated(action: str, original: Action, context: Context, data: Record) -> Any:
    notes = cast("dict[str, Any]", context)
    notes["schema"] = schema_of(action)
    try:
        return original(context, data)
    finally:
        notes.pop("schema", None)


def after_dataset_show(context: Context, record: Record) -> None:
    """Options stand in ``config`` alone: ckanext-harvest shows each beside the fields of the package, where ``private`` would be the package's own."""
    del context
    if is_ours(record):
        package: Any = model.Package.get(record["id"])
        _put_aside(record, is_private=bool(package and package.private))


def before_dataset_index(document: Record) -> Record:
    """The same for the copy in the index, which CKAN 2.11 makes without asking what is shown."""
    if document.get("dataset_type") == SOURCE and isinstance(document.get("validated_data_dict"), str):
        record: Record = json.loads(document["validated_data_dict"])
        if is_ours(record):
            _put_aside(record, is_private=document.get("capacity") == "private")
            document["validated_data_dict"] = json.dumps(record)
    return document


def _put_aside(record: Record, *, is_private: bool) -> None:
    for name in NAMES:
        record.pop(name, None)
    record["private"] = is_private
