"""What makes the work of an editor short: a copy of a record, a list of gaps, one change for many records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.logic.importing import flatten
from ckanext.culturape.logic.review import missing_fields
from ckanext.culturape.types import Record

#: Declared fields that belong to one record alone.
OWN_TO_A_RECORD = {
    "name", "identifier", "alternate_identifier", "uri", "version", "version_notes", "issued", "modified", "labels",
    "sample_record",
}  # fmt: skip

#: Fields that may be changed for many records at once.
CHANGEABLE = ("license_id", "access_level", "access_reason", "contact")

MOST_RECORDS = 500


class Gap(NamedTuple):
    """A record of an organisation and what it lacks."""

    record: Record
    missing: list[Field]


def copy_of(record: Mapping[str, Any]) -> Record:
    """A new record like this one, without what belongs to this one alone, and without its files."""
    declared = {field.name for field in load_schema().fields} - OWN_TO_A_RECORD
    kept = {key: value for key, value in record.items() if key in declared}
    return {**kept, "owner_org": record.get("owner_org"), "private": True}


def records_of(organization_id: str, user: str) -> list[Record]:
    """All records of an organisation that a person may see, drafts and private ones included."""
    query = {
        "fq": f'+owner_org:"{organization_id}" +dataset_type:dataset',
        "rows": MOST_RECORDS,
        "sort": "title_string asc",
        "include_private": True,
        "include_drafts": True,
    }
    return tk.get_action("package_search")(cast("Context", {"user": user}), query)["results"]


def gaps(organization_id: str, user: str) -> Iterator[Gap]:
    """The records that lack a needed field."""
    for record in records_of(organization_id, user):
        missing = missing_fields(load_schema(), record)
        if missing:
            yield Gap(record, missing)


def change_many(ids: list[str], changes: Mapping[str, Any], user: str) -> dict[str, list[str]]:
    """Make one change to each record by itself; what was refused, by the title of the record.

    A record is changed whole or not at all, and one that is refused holds up no other.
    """
    refused: dict[str, list[str]] = {}
    wanted = {key: value for key, value in changes.items() if key in CHANGEABLE and value}
    for dataset_id in ids[:MOST_RECORDS]:
        try:
            tk.get_action("package_patch")(cast("Context", {"user": user}), {"id": dataset_id, **wanted})
        except tk.ValidationError as error:
            refused[title_of(dataset_id)] = [text for _, text in flatten(error.error_dict)]
        except (tk.NotAuthorized, tk.ObjectNotFound) as error:
            refused[dataset_id] = [str(error) or tk._("You may not change this record.")]
    return refused


def title_of(dataset_id: str) -> str:
    """The title of a record that the person may change."""
    return str(
        tk.get_action("package_show")(cast("Context", {"ignore_auth": True}), {"id": dataset_id})["title"]
    )
