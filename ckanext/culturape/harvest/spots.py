"""Which field is a note about? Places as readers of documents write them, brought to the fields that people know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from ckanext.culturape.errors import N_
from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.namespaces import node
from ckanext.culturape.values.record import CORE_OF

#: Groups of notes that are about no field: about a dataset as a whole, and about the document or what no field takes.
DATASET, SOURCE = "_dataset", "_source"

RESOURCES = "resources"

#: Terms of data.json, schema.org and CKAN that the predicates of our fields do not tell.
THEIRS = {
    "name": "title_translated", "notes": "notes_translated", "tags": "tags_translated", "keywords": "tags_translated",
    "license": "license_id", "license_id": "license_id", "license_title": "license_id", "license_url": "license_id",
    "spatialCoverage": "territory", "spatial_uri": "territory", "spatial_text": "territory", "temporalCoverage": "temporal_coverage",
    "inLanguage": "language", "maintainer": "contact", "mbox": "contact", "organization": "publisher", "author": "creator",
    "theme": "sector", "superTheme": "sector", "groups": "sector", "distribution": RESOURCES, "resources": RESOURCES,
    "distribution/contentUrl": "resources/download_url", "distribution/encodingFormat": "resources/format",
    "distribution/license": "resources/license", "distribution/name": "resources/name_translated",
}  # fmt: skip

Say = Callable[[str], str]

_POSITION = re.compile(r"(^|/)[0-9]+(?=/|$)")


@cache
def ours() -> Mapping[str, str]:
    """Groups by the place at which our own code notes something, without positions: ``temporal_coverage/start``, ``resources/url``."""
    schema = load_schema()
    found = {RESOURCES: RESOURCES}
    for prefix, fields in (("", schema.fields), (f"{RESOURCES}/", schema.resource_fields)):
        for field in fields:
            group = prefix + field.name
            names = [field.name, *filter(None, [CORE_OF.get(field.name)])]
            found |= {prefix + name: group for name in names}
            found |= {f"{group}/{sub.name}": group for sub in field.subfields}
    return {**found, "tags": "tags_translated", "uri": DATASET}


@cache
def theirs() -> Mapping[str, str]:
    """Groups by the place in a document of a source, in the terms of the source."""
    schema = load_schema()
    found = {name: field.name for name, field in _terms(schema.fields)}
    for name, field in _terms(schema.resource_fields):
        found |= {
            f"{files}/{name}": f"{RESOURCES}/{field.name}"
            for files in ("distribution", "dcat:distribution", RESOURCES)
        }
    resources = {place: group for place, group in ours().items() if place.startswith(f"{RESOURCES}/")}
    return {**found, **resources, **THEIRS}


def _terms(fields: tuple[Field, ...]) -> Iterator[tuple[str, Field]]:
    """The predicates that one field alone has: in full, and with and without their prefix."""
    mapped = [(field.rdf.predicate, field) for field in fields if field.rdf and field.rdf.predicate]
    counted = Counter(predicate for predicate, _ in mapped)
    for predicate, field in mapped:
        if counted[predicate] == 1:
            yield predicate, field
            yield predicate.partition(":")[2], field
            yield normal(node(predicate).value), field


def normal(place: str) -> str:
    """A place without the positions in it: ``distribution.0.accessURL`` is ``distribution/accessURL``. The query of notes does the same."""
    return _POSITION.sub("", place.replace(".", "/")).strip("/")


def field_of(group: str) -> Field | None:
    """The field of a group; ``None`` for those that are about no field."""
    schema = load_schema()
    prefix, _, name = group.rpartition("/")
    fields = schema.resource_fields if prefix == RESOURCES else schema.fields
    return next((field for field in fields if field.name == name), None)


def is_group(group: str) -> bool:
    """Whether notes can be about this."""
    return group in (DATASET, SOURCE, RESOURCES) or field_of(group) is not None


def title_of(group: str, say: Say) -> str:
    """What people call a field: as in its form, those of files with a word before them."""
    if group == DATASET:
        return say(N_("The dataset itself"))
    if group == SOURCE:
        return say(N_("The document of the source"))
    field = field_of(group)
    label = say(field.label) if field else ""
    if not group.startswith(RESOURCES):
        return label or group
    return say(N_("File or link")) + (f": {label}" if label else "")
