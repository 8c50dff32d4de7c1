"""The ``rdf:`` keys of a schema, followed: which codec writes and reads each declared field of any type of record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.rdf import codecs, codecs_agenda, codecs_agents, codecs_concepts
from ckanext.culturape.rdf.graph import Graph, Subject, value_of
from ckanext.culturape.rdf.places import places_from_rdf
from ckanext.culturape.rdf.terms import Context, Triples
from ckanext.culturape.types import Record

Writers = tuple[tuple[Field, Any], ...]


def _pair(module: Any, name: str, read: str = "") -> tuple[Any, Any]:
    return getattr(module, f"{name}_to_rdf"), getattr(module, f"{read or name}_from_rdf")


#: The codec pair of each name that a schema may use.
PAIRS: Mapping[str, tuple[Any, Any]] = {
    **{name: _pair(codecs, name) for name in (
        "text", "text_translated", "tags_translated", "link", "document", "standards", "policy", "adms_identifiers",
        "media_type", "rights_text", "consent", "generalisation", "provenance",
    )},
    **{name: _pair(codecs_concepts, name) for name in (
        "concepts", "languages", "access_level", "licence", "file_format",
    )},
    **{name: _pair(codecs_agents, name) for name in ("agents", "contacts", "attributions", "intervals", "services", "hash")},
    **{name: _pair(codecs_agenda, name) for name in ("actors", "agent_names", "milestones", "records")},
    **{name: _pair(codecs, "typed", "text") for name in ("number", "integer", "duration", "boolean")},
    "access_url": _pair(codecs, "access_url"),
    "choice": _pair(codecs, "text"),
    "concept": _pair(codecs_concepts, "concepts"),
    "date": _pair(codecs, "date"),
    "documents": _pair(codecs, "document"),
    "legislation": _pair(codecs_concepts, "concepts"),
    "places": (codecs_concepts.places_to_rdf, places_from_rdf),
    "record": _pair(codecs_agenda, "records"),
    "rights_statements": _pair(codecs_concepts, "concepts"),
}  # fmt: skip

#: Codecs that are not rows of the table: the address of the thing itself.
SUBJECT = "subject"


@cache
def writers(record_type: str, part: str = "") -> Writers:
    """The fields of a type of record, or of its resources (``part="resource"``), that become triples, each with its codec."""
    schema = load_schema(record_type)
    fields = schema.resource_fields if part == "resource" else schema.fields
    return tuple((f, PAIRS[f.rdf.codec][0]) for f in fields if f.rdf and f.rdf.codec != SUBJECT)


def fields_to_rdf(chosen: Writers, subject: Subject, record: Mapping[str, Any], context: Context) -> Triples:
    """What filled fields say of a subject; a field whose value nobody can write is named in ``context.problems``."""
    for field, write in chosen:
        value = record.get(field.name)
        if value not in (None, "", [], {}):
            try:
                yield from write(subject, field, value, context)
            except (AttributeError, KeyError, TypeError, ValueError):
                context.problems.add(field.name)


def fields_from_rdf(fields: Iterable[Field], graph: Graph, subject: Any, context: Context) -> Record:
    """What a graph says of a subject, field by field, not yet canonical."""
    raw: Record = {}
    for field in fields:
        if field.rdf:
            value = (
                _own_address(subject, context)
                if field.rdf.codec == SUBJECT
                else PAIRS[field.rdf.codec][1](graph, subject, field, context)
            )
            if value is not None:
                raw[field.name] = value
    return raw


def _own_address(subject: Any, context: Context) -> str | None:
    """The address of something that does not live on this portal."""
    address = value_of(subject)
    return address if address and not address.startswith(f"{context.base}/dataset/") else None
