"""A document as it came, and what it looks like."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pyoxigraph import RdfFormat

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.adapters.lenient import listed, mapping, text_of
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.intake.jsonld import depth
from ckanext.culturape.intake.limits import Limits

#: What the context or the standard of a data.json is called, whatever the version.
_POD = ("project-open-data.cio.gov", "resources.data.gov", "dcat-us")

#: Names that a dataset of data.json has, and a bare list of them can be known by.
_POD_NAMES = frozenset({"accessLevel", "keyword", "distribution", "contactPoint", "accessURL", "publisher"})
#: Characters that are looked at to tell what a document is.
HEAD = 5_000


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it came.

    Attributes:
        content: its bytes.
        text: the same as text.
        content_type: as its server declares it.
        limits: bounds.
        place: takes what is refused, and knows the address.
        form: its serialisation of RDF, where somebody knows it better than the document seems to say.
    """

    content: bytes
    text: str
    content_type: str
    limits: Limits
    place: Place
    form: RdfFormat | None = None


def too_deep(limits: Limits) -> Fault:
    """The fault of JSON that has too many levels."""
    return Fault(
        N_("The JSON is nested deeper than %(depth)s levels, the limit of this site."),
        {"depth": limits.depth},
    )


def json_of(document: Document) -> Any:
    """The JSON of a document; ``None`` when it is none, since Turtle may begin with the same brackets. Raises: Fault."""
    if depth(document.text) > document.limits.depth:
        raise too_deep(document.limits)
    try:
        return json.loads(document.text)
    except ValueError:
        return None


def is_page(head: str) -> bool:
    """Whether a text begins like a web page, also one that follows the rules of XML."""
    start = head[:HEAD].lower()
    return start.startswith(("<!doctype html", "<html")) or (
        start[:1] == "<" and "<html" in start and "rdf:rdf" not in start
    )


def is_data_json(value: Any) -> bool:
    """Whether JSON is a data.json: it has datasets, and no context but that of the standard."""
    facts = mapping(value)
    context = facts.get("@context")
    if context is not None and not any(name in text_of(context) for name in _POD):
        return False
    if facts:
        return "dataset" in facts
    datasets = [mapping(item) for item in listed(value)]
    return any("title" in item and not _POD_NAMES.isdisjoint(item) for item in datasets)
