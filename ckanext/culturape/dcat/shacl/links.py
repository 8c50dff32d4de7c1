"""Where is a finding mended? The address of the form's field, and the finding with it for pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk

from ckanext.culturape.dcat.shacl.editors import Examination
from ckanext.culturape.dcat.shacl.findings import SEVERITIES, Finding, count
from ckanext.culturape.dcat.shacl.sentences import compact, fields_of, say
from ckanext.culturape.fields import Field
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.rdf.mapping import distribution_iri, organization_iri
from ckanext.culturape.types import Record


def report(record: Record, examination: Examination) -> Record:
    """What was found about a dataset, for those who edit it.

    Returns: ``conforms``; ``checked`` (ISO 8601); ``counts`` by severity; ``findings``, each with ``severity``, ``message``,
    ``property``, ``part``, ``field`` (name of the form's field, or ``None``), ``resource_id``, ``url`` (of that field in its
    form, or ``None``), ``value``, ``path``, ``focus`` and ``constraint``.
    """
    return {
        "conforms": examination.conforms,
        "checked": examination.checked.isoformat(timespec="seconds"),
        "counts": count(examination.findings),
        "findings": [
            _told(finding, record)
            for finding in sorted(examination.findings, key=lambda found: SEVERITIES.index(found.severity))
        ],
    }


def _told(finding: Finding, record: Record) -> Record:
    said = say(finding, tk._, culturape_language())
    resource = _resource(finding, record)
    field = _field(finding, resource or record)
    return {
        "severity": finding.severity,
        "message": said.sentence,
        "property": said.label,
        "part": _name(resource) or said.thing,
        "field": field.name if field else None,
        "resource_id": resource["id"] if resource else None,
        "url": _address(finding, field, resource, record),
        "value": finding.value,
        "path": finding.path,
        "focus": finding.focus,
        "constraint": finding.component,
    }


def _resource(finding: Finding, record: Record) -> Record | None:
    context = make_context()
    resources = cast("list[Record]", record.get("resources") or [])
    return next((r for r in resources if finding.part == distribution_iri(r, record, context).value), None)


def _name(resource: Record | None) -> str:
    return str(tk.h.resource_display_name(resource)) if resource else ""


def _field(finding: Finding, record: Mapping[str, Any]) -> Field | None:
    """The field to mend; where several give the property, the one that is named like it, else the first that is empty."""
    fields = [field for field in fields_of(finding) if _is_shown(field, record)]
    name = compact(finding.path).rpartition(":")[2]
    named = [field for field in fields if field.name == name]
    empty = [field for field in fields if _is_empty(field, record)]
    return next(iter((*named, *empty, *fields)), None)


def _is_empty(field: Field, record: Mapping[str, Any]) -> bool:
    return record.get(field.name) in (None, "", [], {})


def _is_shown(field: Field, record: Mapping[str, Any]) -> bool:
    """Whether the form has the field for everybody who edits this record."""
    return not field.community_only and not (field.import_only and _is_empty(field, record))


def _address(finding: Finding, field: Field | None, resource: Record | None, record: Record) -> str | None:
    if _is_of_organization(finding, record):
        owner = {"id": record["owner_org"]}
        may = tk.h.check_access("organization_update", owner)
        return tk.url_for("organization.edit", **owner) if may else None
    if field is None:
        return None
    if resource:
        page = tk.url_for("dataset_resource.edit", id=record["name"], resource_id=resource["id"])
    else:
        page = tk.url_for("dataset.edit", id=record["name"])
    return f"{page}#campo-{field.name}"


def _is_of_organization(finding: Finding, record: Record) -> bool:
    """Whether the node at fault is the organisation that stands in for a publisher or contact."""
    if not record.get("owner_org"):
        return False
    address = organization_iri({"id": record["owner_org"]}, make_context()).value
    return finding.focus == address or finding.focus.startswith(f"{address}#")
