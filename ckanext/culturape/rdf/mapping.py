"""A dataset as RDF, and RDF as a dataset: the ``rdf:`` keys of the schema, followed.

The law that the tests prove for every declared field and every canonical ``d``: ``from_rdf(to_rdf(d)) == d``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from ckanext.culturape import care
from ckanext.culturape.errors import Fault
from ckanext.culturape.fields import Schema, load_schema
from ckanext.culturape.rdf import codecs_agents
from ckanext.culturape.rdf.codecs_concepts import standard_licence, standard_licence_from_rdf
from ckanext.culturape.rdf.declared import fields_from_rdf, fields_to_rdf, writers
from ckanext.culturape.rdf.graph import Graph, Subject
from ckanext.culturape.rdf.terms import (
    Context,
    Triples,
    concept_link,
    date_literal,
    iri,
    is_a,
    link,
    text_in,
    triple,
)  # fmt: skip
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_record

PROFILE = "https://semiceu.github.io/DCAT-AP/releases/3.0.1/"
EUROVOC = "http://eurovoc.europa.eu/"

#: EuroVoc terms that a filled field stands for, beside those that its concepts name.
SUBJECTS = {"cultural_right": "514", "people": "5799", "subject_language": "5701"}


def dataset_iri(record: Mapping[str, Any], context: Context) -> NamedNode:
    """The address of a dataset: its own, or the one that the portal gives it."""
    return iri(str(record.get("uri") or "")) or NamedNode(f"{context.base}/dataset/{record['id']}")


def distribution_iri(resource: Mapping[str, Any], record: Mapping[str, Any], context: Context) -> NamedNode:
    """The address of a distribution: its own, or the one that the portal gives it."""
    own = iri(str(resource.get("uri") or ""))
    return own or NamedNode(f"{context.base}/dataset/{record['id']}/resource/{resource['id']}")


def dataset_to_rdf(
    record: Mapping[str, Any], context: Context, organization: Mapping[str, Any] | None = None
) -> Triples:
    """All that the catalogue says of a dataset, after the rules of care.

    Args:
        record: the dataset as ``package_show`` gives it.
        context: vocabularies, addresses, and the key of the dataset.
        organization: its organisation with all fields; stands in for publisher and contact.
    """
    reduced = care.reduce(record, context.vocabulary)
    subject = dataset_iri(reduced, context)
    yield from is_a(subject, "dcat:Dataset", "dcat:Resource")
    yield from fields_to_rdf(writers("dataset"), subject, reduced, context)
    yield from _themes(subject, reduced, context)
    yield from _organization(subject, reduced, context, organization or {})
    for resource in reduced.get("resources") or ():
        yield from _distribution(subject, resource, reduced, context)
    yield from _catalogue_record(subject, reduced)


def _themes(subject: Subject, record: Mapping[str, Any], context: Context) -> Triples:
    """The theme and the subjects by which European portals find cultural data."""
    education = context.vocabulary.concept("theme", "EDUC")
    if education:
        yield from concept_link(subject, "dcat:theme", education, context)
    codes = {code for name, code in SUBJECTS.items() if record.get(name)}
    for right in record.get("cultural_right") or ():
        concept = context.vocabulary.concept("cultural-right", right)
        matches = concept.matches.get("closeMatch", ()) if concept else ()
        codes |= {address.removeprefix(EUROVOC) for address in matches if address.startswith(EUROVOC)}
    for code in sorted(codes):
        term = context.vocabulary.concept("eurovoc", code)
        if term:
            yield from concept_link(subject, "dct:subject", term, context)


def organization_iri(organization: Mapping[str, Any], context: Context) -> NamedNode:
    """The address of an organisation of the portal."""
    return NamedNode(f"{context.base}/organization/{organization['id']}")


def _organization(
    subject: Subject, record: Mapping[str, Any], context: Context, organization: Mapping[str, Any]
) -> Triples:
    """Publisher and contact from the organisation, where the record names none."""
    if not organization.get("id"):
        return
    node = organization_iri(organization, context)
    if not record.get("publisher"):
        yield triple(subject, "dct:publisher", node)
        yield from organization_to_rdf(organization, context)
    contact = {name: organization.get(f"contact_{name}") for name in ("name", "email")}
    if any(contact.values()) and not record.get("contact"):
        yield from codecs_agents.contact(
            subject, "dcat:contactPoint", NamedNode(f"{node.value}#contact"), contact
        )


def organization_to_rdf(organization: Mapping[str, Any], context: Context) -> Triples:
    """An organisation as agent; its own persistent address stands as the same thing."""
    node = organization_iri(organization, context)
    yield from is_a(node, "foaf:Agent")
    names = organization.get("title_translated") or {
        "": organization.get("title") or organization.get("name")
    }
    for language, name in names.items():
        yield triple(node, "foaf:name", text_in(language, name, context))
    yield from link(node, "owl:sameAs", str(organization.get("identifier") or ""))
    yield from link(node, "foaf:homepage", str(organization.get("url") or ""), "foaf:Document")
    chosen = organization.get("publisher_type") or _usual_type(organization, context)
    kind = context.vocabulary.concept("publisher-type", str(chosen or ""))
    if kind:
        yield from concept_link(node, "dct:type", kind, context)


def _usual_type(organization: Mapping[str, Any], context: Context) -> str:
    concept = context.vocabulary.concept("institution-type", str(organization.get("institution_type") or ""))
    return str(concept.attributes.get("publisher_type", "")) if concept else ""


def _distribution(
    dataset: Subject, resource: Mapping[str, Any], record: Mapping[str, Any], context: Context
) -> Triples:
    subject = distribution_iri(resource, record, context)
    yield triple(dataset, "dcat:distribution", subject)
    yield from is_a(subject, "dcat:Distribution")
    address = iri(str(resource.get("url") or "").strip().replace(" ", "%20"))
    page = {} if address else {"url": f"{context.base}/dataset/{record['id']}/resource/{resource['id']}"}
    yield from fields_to_rdf(writers("dataset", "resource"), subject, {**resource, **page}, context)
    if resource.get("url_type") == "upload" and address and not resource.get("download_url"):
        yield from link(subject, "dcat:downloadURL", address.value, "rdfs:Resource")
    yield from standard_licence(
        subject, str(resource.get("license") or record.get("license_id") or ""), context
    )
    yield from codecs_agents.checksum(subject, dict(resource), context)


def record_address(dataset: str) -> str:
    """The address of the catalogue's entry on a dataset; one address can hold one ``#`` only."""
    return f"{dataset}{'-' if '#' in dataset else '#'}record"


def _catalogue_record(subject: NamedNode, record: Mapping[str, Any]) -> Triples:
    """What the catalogue says of its own entry, apart from what it says of the data."""
    node = NamedNode(record_address(subject.value))
    yield from is_a(node, "dcat:CatalogRecord")
    yield triple(node, "foaf:primaryTopic", subject)
    for key, predicate in (("metadata_created", "dct:issued"), ("metadata_modified", "dct:modified")):
        if record.get(key):
            yield triple(node, predicate, date_literal(str(record[key])[:10]))
    yield from link(node, "dct:conformsTo", PROFILE, "dct:Standard")


def dataset_from_rdf(graph: Graph, subject: Subject, context: Context) -> tuple[Record, list[Fault]]:
    """The canonical record of a dataset, and what of its values could not be read."""
    schema = load_schema()
    raw = fields_from_rdf(schema.fields, graph, subject, context)
    raw["resources"] = [
        _resource_from_rdf(schema, graph, term, raw, context) for term in distributions(graph, subject)
    ]
    if "license_id" not in raw:
        raw["license_id"] = standard_licence_from_rdf(graph, subject, context)
    return canonical_record(schema, raw, context.vocabulary, context.default_language)


def distributions(graph: Graph, subject: Subject) -> list[Subject]:
    """The distributions of a dataset, in the order of the resources of its record."""
    return [term for term in graph.objects(subject, "dcat:distribution") if not isinstance(term, Literal)]


def _resource_from_rdf(
    schema: Schema, graph: Graph, subject: Any, dataset: Record, context: Context
) -> Record:
    raw = fields_from_rdf(schema.resource_fields, graph, subject, context)
    if "license" not in raw and "license_id" not in dataset:
        raw["license"] = standard_licence_from_rdf(graph, subject, context)
    return {key: value for key, value in raw.items() if value not in (None, "")}
