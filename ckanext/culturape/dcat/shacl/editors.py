"""Does one dataset conform? Examined in the background after each change, and kept as long as nothing behind it changes.

Unlike fragments this is done for private records and drafts too, so it is told only to those who may edit them.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import DataError
from ckan.types import Context
from sqlalchemy import text

from ckanext.culturape import config
from ckanext.culturape.dcat import beside, building, pages, store, versions
from ckanext.culturape.dcat.shacl.engine import check
from ckanext.culturape.dcat.shacl.findings import (
    MOST_VALUE,
    UNWRITABLE,
    VIOLATION,
    Finding,
    conforms,
    finding_from_dict,
    finding_to_dict,
    order,
)
from ckanext.culturape.dcat.shacl.shapes import Shapes, read_shapes
from ckanext.culturape.dcat.shacl.whole import targets
from ckanext.culturape.logic.rdf import make_context, organization_of
from ckanext.culturape.rdf.fragment import UNWRITABLE as UNWRITABLE_ERRORS
from ckanext.culturape.rdf.fragment import Fragment, describe, make_fragment
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

TABLE = "culturape_dcat_validation"


class Examination(NamedTuple):
    """What was found, and when."""

    checked: datetime
    findings: list[Finding]

    @property
    def conforms(self) -> bool:
        """Whether nothing must be mended."""
        return conforms(self.findings)


def site_shapes() -> Shapes:
    """The shapes that the operator chose. Raises: Fault when they cannot be read."""
    return read_shapes(config.shapes())


def kept(dataset_id: str) -> Examination | None:
    """The last examination, when it still holds. Raises: Fault, RuntimeError."""
    return _present(dataset_id, site_shapes())[1]


def _present(dataset_id: str, shapes: Shapes) -> tuple[str, Examination | None]:
    """The version of what stands behind a dataset now, and the examination of it when there is one."""
    with versions.reading() as connection:
        found = connection.execute(
            text(f"SELECT version, checked, findings FROM {TABLE} WHERE package_id = :id"),  # noqa: S608
            {"id": dataset_id},
        ).one_or_none()
        version = _version(versions.version_of(connection, dataset_id), shapes)
    if found is None or found.version != version:
        return version, None
    findings = [finding_from_dict(raw) for raw in json.loads(found.findings)]
    return version, Examination(found.checked, findings)


def _version(rows: str | None, shapes: Shapes) -> str:
    return pages.digest(rows, building.site_version(), shapes.version)


def examine(dataset_id: str) -> Examination:
    """Examine a dataset as it is now, and keep what was found.

    Raises: ObjectNotFound, Fault, RuntimeError.
    """
    shapes = site_shapes()
    # Read before the record, so that a change in between makes what is kept old rather than wrong.
    version, known = _present(dataset_id, shapes)
    if known:
        return known
    versions.read_anew()
    try:
        findings = _findings(_record(dataset_id), shapes)
    except (*UNWRITABLE_ERRORS, DataError) as error:
        # CKAN itself cannot read what somebody wrote past it.
        log.warning("dataset %s cannot be read: %s", dataset_id, error)
        findings = [Finding(VIOLATION, "", "", str(error)[:MOST_VALUE], UNWRITABLE)]
    with versions.reading() as connection:
        connection.execute(text(_FORGET))
        checked = connection.execute(text(_KEEP), {
            "id": dataset_id,
            "version": version,
            "findings": json.dumps([finding_to_dict(finding) for finding in findings], ensure_ascii=False),
        }).scalar_one()  # fmt: skip
    return Examination(checked, findings)


#: Nothing stays of datasets that are deleted or purged.
_FORGET = f"""
    DELETE FROM {TABLE} AS kept
    WHERE NOT EXISTS (SELECT 1 FROM package WHERE package.id = kept.package_id AND package.state <> 'deleted')"""  # noqa: S608

_KEEP = f"""
    INSERT INTO {TABLE} (package_id, version, checked, findings) VALUES (:id, :version, clock_timestamp(), :findings)
    ON CONFLICT (package_id) DO UPDATE SET version = excluded.version, checked = excluded.checked, findings = excluded.findings
    RETURNING checked"""  # noqa: S608


def _record(dataset_id: str) -> Record:
    context = cast("Context", {"ignore_auth": True, "use_cache": False})
    return tk.get_action("package_show")(context, {"id": dataset_id})


def _findings(record: Record, shapes: Shapes) -> list[Finding]:
    """What an editor can mend: that for which the fields are to blame, unless what others say beside makes up for it."""
    owner, others = organization_of(record), beside.said_of(record)
    made = make_fragment(record, make_context(), owner)
    found = [f for f in check(_statements(made), shapes) if f.owner == made.iri]
    if found and others:
        whole = make_fragment(record, make_context(), owner, others)
        remaining = {finding.key for finding in check(_statements(whole), shapes)}
        found = [finding for finding in found if finding.key in remaining]
    if made.problem:
        log.warning("dataset %s cannot be written in full: %s", record["id"], made.problem)
        found.append(Finding(VIOLATION, made.iri, "", made.problem, UNWRITABLE, owner=made.iri))
    return order(found)


def _statements(made: Fragment) -> bytes:
    """The dataset with its concepts and the datasets that it points at, about which a rule may ask."""
    with versions.reading() as connection:
        near = store.read(connection, store.ids_at(connection, targets(made.ntriples) - {made.iri}))
    concepts = made.concepts.union(*(fragment.concepts.split() for fragment in near.values()))
    parts = (fragment.ntriples for fragment in near.values())
    return b"".join([made.ntriples, *parts, describe(concepts, make_context())])
