"""What would have to be completed in stored records, and what does a newer schema change in them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape import config
from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic.review import missing_fields
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_record

BATCH = 200


class Row(NamedTuple):
    """One thing to do, or done, in one record."""

    dataset: str
    field: str
    reason: str


def stored_datasets(organization: str | None = None) -> Iterator[Record]:
    """All datasets of our type, read from the database in batches of constant size. Raises: ObjectNotFound."""
    query = (
        model.Session.query(model.Package.id)
        .filter_by(type="dataset")
        .filter(model.Package.state != "deleted")
    )
    if organization:
        group = model.Group.get(organization)
        if group is None:
            raise tk.ObjectNotFound(organization)
        query = query.filter(model.Package.owner_org == group.id)
    ids = [row[0] for row in query.order_by(model.Package.name)]
    for start in range(0, len(ids), BATCH):
        for dataset_id in ids[start : start + BATCH]:
            yield tk.get_action("package_show")(cast("Context", {"ignore_auth": True}), {"id": dataset_id})
        model.Session.expunge_all()


def incomplete(organization: str | None = None) -> Iterator[Row]:
    """For each dataset and field, what is missing and what cannot be read."""
    for record in stored_datasets(organization):
        yield from faults_of(record)


def faults_of(record: Mapping[str, Any]) -> Iterator[Row]:
    """What is missing in one stored dataset, and what its values do not mean to us."""
    schema = load_schema()
    canonical, faults = canonical_record(schema, record, vocabulary(), config.default_language())
    name = str(record["name"])
    for field in missing_fields(schema, {**record, **canonical}):
        yield Row(name, field.name, tk._("missing"))
    for fault in faults:
        place = "" if fault.resource is None else f"resources[{fault.resource}]."
        yield Row(name, place + fault.field, fault.text(tk._))


def migrate(*, write: bool) -> Iterator[Row]:
    """The records that today's schema stores otherwise; with ``write`` they are stored so."""
    schema = load_schema()
    for record in stored_datasets():
        canonical, _ = canonical_record(schema, record, vocabulary(), config.default_language())
        canonical.pop("resources", None)
        changed = {key: value for key, value in canonical.items() if record.get(key) != value}
        if not changed:
            continue
        if write:
            user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
            context = {"ignore_auth": True, "user": user, "culturape_import": True}
            tk.get_action("package_patch")(cast("Context", context), {"id": record["id"], **changed})
        yield Row(str(record["name"]), " ".join(sorted(changed)), tk._("to canonical form"))
