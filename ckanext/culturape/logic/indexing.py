"""What does the search index get for a dataset? The shell around ``search.index_document``."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import ckan.lib.search as ckan_search
import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import event

from ckanext.culturape.fields import RECORD_TYPES, load_schema, schema_of
from ckanext.culturape.logic import doors
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.logic.validators import stored_text
from ckanext.culturape.search import fit_document, index_document
from ckanext.culturape.search.concepts import INSTITUTION_TYPE, with_ancestors
from ckanext.culturape.search.document import facet_fields
from ckanext.culturape.values.loading import load_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ckan.types import Context

_TYPE_FIELD = f"vocab_{INSTITUTION_TYPE}"


def before_dataset_index(document: dict[str, Any]) -> dict[str, Any]:
    """The document with our fields, reduced as the rules of care ask, without what Solr would refuse."""
    document = doors.reduce_index_document(document)
    record = indexed_record(document)
    reduce_stock_copy(document, record)
    for name in _raw_copies():
        document.pop(name, None)
    document.update(index_document(record, vocabulary(), organization_facts(record.get("owner_org"))))
    return fit_document(document)


def indexed_record(document: dict[str, Any]) -> dict[str, Any]:
    """The decoded dataset that the document carries; its own fields hold lists and objects as JSON texts."""
    kept = document.get("validated_data_dict") or document.get("data_dict") or "{}"
    record = json.loads(kept) if isinstance(kept, str) else kept
    return cast("dict[str, Any]", record) if isinstance(record, dict) else {}


def reduce_stock_copy(document: dict[str, Any], record: Mapping[str, Any]) -> None:
    """Bring the copy in CKAN's own schema, which keeps our fields as extras, to the reduced record.

    ``package_search?use_default_schema=true`` gives this copy to anybody. CKAN 2.11 puts the whole
    record into it once more, not reduced, which nobody reads. Changes the document.
    """
    copy = json.loads(document.get("data_dict") or "{}")
    undeclared = {extra["key"] for extra in record.get("extras") or ()}
    ours = {field.name for field in schema_of(record.get("type")).fields} - undeclared
    copy.pop("validated_data_dict", None)
    copy["extras"] = [
        {**extra, "value": stored_text(record[extra["key"]])} if extra["key"] in ours else extra
        for extra in copy.get("extras") or ()
        if extra["key"] not in ours or extra["key"] in record
    ]
    document["data_dict"] = json.dumps(copy)


def _raw_copies() -> Iterable[str]:
    """Facets that only we may fill, and JSON copies of what we index better, whose keys would be words."""
    yield from facet_fields()
    for field in (field for name in RECORD_TYPES for field in load_schema(name).fields):
        if field.subfields or field.is_translated or (field.facet and field.is_list):
            yield from (field.name, f"extras_{field.name}")


def organization_facts(organization_id: str | None) -> dict[str, Any]:
    """Type and titles of an organisation, which the dataset's own dictionary of it does not have.

    SQLAlchemy keeps the organisation while a dataset is indexed, so this asks the database only when it must.
    """
    organization: Any = model.Session.get(model.Group, organization_id) if organization_id else None
    if organization is None:
        return {}
    kind = organization.extras.get(INSTITUTION_TYPE) or ""
    field = load_schema("organization").field("title_translated")
    titles = load_value(field, organization.extras.get(field.name))
    return {INSTITUTION_TYPE: str(kind), "title": organization.title or "", "title_translated": titles}


def organization_changed(organization_id: str) -> None:
    """Index the datasets of an organisation again, in the background, when its type has changed.

    CKAN tells of the change before it is committed; the job must not start earlier.
    """
    if is_stale(organization_id):
        event.listen(model.Session(), "after_commit", partial(_enqueue, organization_id), once=True)


def _enqueue(organization_id: str, session: object) -> None:
    del session
    tk.enqueue_job(reindex_organization, [organization_id], title=f"reindex datasets of {organization_id}")


def is_stale(organization_id: str) -> bool:
    """Whether datasets of this organisation are indexed with another type of institution than it has."""
    chosen = organization_facts(organization_id).get(INSTITUTION_TYPE, "")
    wanted = with_ancestors([chosen], vocabulary().scheme("institution-type"))
    query = {
        "fq": f'owner_org:"{organization_id}"',
        "rows": 0,
        "facet.field": [_TYPE_FIELD],
        "include_private": True,
        "include_drafts": True,
    }
    found = tk.get_action("package_search")(cast("Context", {"ignore_auth": True}), query)
    return bool(found["count"]) and found["facets"].get(_TYPE_FIELD, {}) != dict.fromkeys(
        wanted, found["count"]
    )


def reindex_organization(organization_id: str) -> int:
    """Index all datasets of an organisation again; how many there were."""
    query = model.Session.query(model.Package.id).filter_by(owner_org=organization_id)
    ids = [row[0] for row in query.filter(model.Package.state != model.State.DELETED)]
    ckan_search.rebuild(package_ids=ids)
    ckan_search.commit()
    return len(ids)
