"""An agenda, a commitment or a need as RDF, and RDF as one of them: the ``rdf:`` keys of their schemas, followed.

The law that the tests prove for every declared field and every canonical ``d``: ``from_rdf(to_rdf(d)) == d``, where links
are links to what anybody may read. Why these terms: docs/decisions/0022-agenda-rdf.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from ckanext.culturape import care
from ckanext.culturape.errors import Fault
from ckanext.culturape.fields import load_schema
from ckanext.culturape.rdf.declared import fields_from_rdf, fields_to_rdf, writers
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.mapping import dataset_iri, organization_iri, organization_to_rdf
from ckanext.culturape.rdf.terms import Context, Triples, date_literal, is_a, link, triple
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_record

#: What each type of record is: our class, and the standard ones that it belongs to, for who draws no conclusions.
CLASSES: Mapping[str, tuple[str, ...]] = {
    "agenda": ("culturape:Agenda", "prov:Plan", "foaf:Project", "dcat:Resource"),
    "compromiso": ("culturape:Commitment", "prov:Plan", "dcat:Resource"),
    "necesidad": ("culturape:Need", "prov:Entity", "dcat:Resource"),
}


def record_iri(record: Mapping[str, Any], context: Context) -> NamedNode:
    """The address of a record of any type of ours: the one that the portal gives it, for datasets their own where they have one."""
    if record.get("type") not in CLASSES:
        return dataset_iri(record, context)
    return NamedNode(f"{context.base}/{record['type']}/{record['id']}")


def record_to_rdf(
    record: Mapping[str, Any], context: Context, organization: Mapping[str, Any] | None = None
) -> Triples:
    """All that the fields of an agenda, a commitment or a need say, after the rules of care.

    Args:
        record: as ``package_show`` gives it, with its ``type``.
        context: vocabularies, addresses, the key of the record, and ``address_of`` for its links.
        organization: its organisation with all fields, which publishes the record.
    """
    reduced = care.reduce(record, context.vocabulary)
    record_type = str(reduced["type"])
    subject = record_iri(reduced, context)
    yield from is_a(subject, *CLASSES[record_type])
    yield from fields_to_rdf(writers(record_type), subject, reduced, context)
    if organization and organization.get("id"):
        yield triple(subject, "dct:publisher", organization_iri(organization, context))
        yield from organization_to_rdf(organization, context)
    for resource in reduced.get("resources") or ():
        yield from _document(subject, resource, record_type, context)
    if reduced.get("metadata_modified"):
        yield triple(subject, "dct:modified", date_literal(str(reduced["metadata_modified"])[:10]))


def _document(subject: NamedNode, resource: Mapping[str, Any], record_type: str, context: Context) -> Triples:
    """A document that stands with a record, at the address of its page."""
    node = NamedNode(f"{subject.value}/resource/{resource['id']}")
    yield from link(subject, "foaf:page", node.value, "foaf:Document")
    yield from fields_to_rdf(
        writers(record_type, "resource"), node, {**resource, "url": _file(node, resource)}, context
    )


def _file(node: NamedNode, resource: Mapping[str, Any]) -> str:
    """The address of a file; that of an upload stands in the database without its place on the portal."""
    url = str(resource.get("url") or "")
    uploaded = resource.get("url_type") == "upload" and url
    return f"{node.value}/download/{url.rpartition('/')[2]}" if uploaded else url


def record_from_rdf(
    graph: Graph, subject: NamedNode, record_type: str, context: Context
) -> tuple[Record, list[Fault]]:
    """The canonical record of an agenda, a commitment or a need, and what of its values could not be read."""
    schema = load_schema(record_type)
    raw = fields_from_rdf(schema.fields, graph, subject, context)
    if schema.resource_fields:
        pages = [term for term in graph.objects(subject, "foaf:page") if not isinstance(term, Literal)]
        raw["resources"] = [fields_from_rdf(schema.resource_fields, graph, page, context) for page in pages]
    return canonical_record(schema, raw, context.vocabulary, context.default_language)
