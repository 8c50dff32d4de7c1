"""Which stored records use retired concepts? Their successors take the place, through the same door as any change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.logic.upkeep import stored_datasets
from ckanext.culturape.types import Record
from ckanext.culturape.values.succession import Retired, replace_retired

ORGANIZATION = "organization"


class Succession(NamedTuple):
    """A retired concept in a stored record.

    ``record`` is the name of a dataset, or ``organization/`` with the name of an organisation. ``fault`` says why nothing
    could be written; empty otherwise.
    """

    record: str
    retired: Retired
    fault: str = ""


def replace_stored(*, write: bool) -> Iterator[Succession]:
    """Every retired concept in a dataset or an organisation; with ``write`` its successor is stored in its place."""
    for record in stored_datasets():
        yield from _replace("dataset", "package_patch", record, write=write)
    for organization in stored_organizations():
        yield from _replace(ORGANIZATION, "organization_patch", organization, write=write)


def stored_organizations() -> Iterator[Record]:
    """All organisations of our type."""
    query = model.Session.query(model.Group.id).filter_by(type=ORGANIZATION, is_organization=True)
    for row in query.filter(model.Group.state != model.State.DELETED).order_by(model.Group.name).all():
        yield tk.get_action("organization_show")(
            cast("Context", {"ignore_auth": True}), {"id": row[0], "include_users": False}
        )


def _replace(schema: str, patch: str, record: Record, *, write: bool) -> Iterator[Succession]:
    changes, found = replace_retired(load_schema(schema), record, vocabulary())
    fault = _store(patch, {"id": record["id"], **changes}) if write and changes else ""
    name = f"{ORGANIZATION}/{record['name']}" if schema == ORGANIZATION else str(record["name"])
    for retired in found:
        yield Succession(name, retired, fault if retired.new else "")


def _store(patch: str, changes: Record) -> str:
    """Store the changed fields; why they were refused, empty when they were not."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"ignore_auth": True, "user": user, "culturape_import": True, "culturape_labels": True}
    try:
        tk.get_action(patch)(cast("Context", context), changes)
    except tk.ValidationError as error:
        return "; ".join(f"{field}: {reason}" for field, reason in error.error_summary.items())
    return ""
