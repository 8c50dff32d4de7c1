"""Codecs of agents, contacts, attributions, intervals, services and checksums."""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import NamedNode

from ckanext.culturape.dcat.codecs import predicate_of
from ckanext.culturape.dcat.graph import Graph, Object, Subject, value_of
from ckanext.culturape.dcat.terms import (
    Context,
    Triples,
    concept_link,
    date_literal,
    iri,
    is_a,
    link,
    literal,
    triple,
    typed,
)  # fmt: skip
from ckanext.culturape.fields import Field

Item = dict[str, Any]

#: Addresses of organisations and their contacts on a portal; they stand for what the record itself does not say.
OF_ORGANIZATION = re.compile(r"^(.*)/organization/([^/#]+)(#contact)?$")
HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
ALGORITHMS = ("md2", "md4", "md5", "md6", "sha1", "sha224", "sha256", "sha384", "sha512")
MAILTO = "mailto:"


def agents_to_rdf(subject: Subject, field: Field, value: list[Item], context: Context) -> Triples:
    """An agent for each item."""
    for position, item in enumerate(value):
        yield from agent(subject, predicate_of(field), item, context, field.name, position)


def agent(subject: Subject, predicate: str, item: Item, context: Context, *path: object) -> Triples:
    """An agent with what is known of it; one without address is a node of this record."""
    node = iri(item.get("uri") or "") or context.blank(value_of(subject), *path)
    yield triple(subject, predicate, node)
    yield from is_a(node, "foaf:Agent")
    yield triple(node, "foaf:name", literal(item["name"]))
    yield from _mail(node, "foaf:mbox", item)
    yield from link(node, "foaf:homepage", item.get("url") or "", "foaf:Document")
    if item.get("identifier"):
        yield triple(node, "dct:identifier", literal(item["identifier"]))
    kind = context.vocabulary.concept("publisher-type", item.get("type") or "")
    if kind:
        yield from concept_link(node, "dct:type", kind, context)


def _mail(node: Subject, predicate: str, item: Item) -> Triples:
    yield from link(node, predicate, f"{MAILTO}{item['email']}" if item.get("email") else "")


def agents_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[Item] | None:
    """Agents as node or literal, by the name they have in any of the usual vocabularies."""
    found = [_read_agent(graph, term, context) for term in graph.objects(subject, predicate_of(field))]
    return [item for item in found if item.get("name")] or None


def _read_agent(graph: Graph, term: Object, context: Context) -> Item:
    if is_own(term, context):
        return {}
    names = (
        graph.text(term, name)
        for name in ("foaf:name", "skos:prefLabel", "rdfs:label", "vcard:fn", "dct:title")
    )
    kind = context.vocabulary.by_uri(graph.text(term, "dct:type"))
    item = {
        "name": next(filter(None, names), "" if isinstance(term, NamedNode) else value_of(term)),
        "uri": value_of(term) if isinstance(term, NamedNode) else "",
        "email": graph.text(term, "foaf:mbox").removeprefix(MAILTO),
        "url": graph.text(term, "foaf:homepage"),
        "identifier": graph.text(term, "dct:identifier"),
        "type": kind.id if kind else "",
    }
    return {key: text for key, text in item.items() if text}


def is_own(term: Object, context: Context) -> bool:
    """Whether a node stands for an organisation of this portal."""
    match = OF_ORGANIZATION.match(value_of(term)) if isinstance(term, NamedNode) else None
    return bool(match and match[1] == context.base)


def contacts_to_rdf(subject: Subject, field: Field, value: list[Item], context: Context) -> Triples:
    """A contact for each item."""
    for position, item in enumerate(value):
        node = iri(item.get("uri") or "") or context.blank(value_of(subject), field.name, position)
        yield from contact(subject, predicate_of(field), node, item)


def contact(subject: Subject, predicate: str, node: Subject, item: Item) -> Triples:
    """A contact; it is of no narrower class than vcard:Kind, since we do not know whether it is a person."""
    yield triple(subject, predicate, node)
    yield from is_a(node, "vcard:Kind")
    if item.get("name"):
        yield triple(node, "vcard:fn", literal(item["name"]))
    yield from _mail(node, "vcard:hasEmail", item)
    yield from link(node, "vcard:hasURL", item.get("url") or "")
    if item.get("identifier"):
        yield triple(node, "vcard:hasUID", literal(item["identifier"]))


def contacts_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[Item] | None:
    """Contacts that the record itself gives."""
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        mail = graph.text(term, "vcard:hasEmail") or graph.text(
            graph.object(term, "vcard:hasEmail") or term, "vcard:value"
        )
        item = {
            "name": graph.text(term, "vcard:fn"),
            "email": mail.removeprefix(MAILTO),
            "url": graph.text(term, "vcard:hasURL"),
            "uri": value_of(term) if isinstance(term, NamedNode) else "",
            "identifier": graph.text(term, "vcard:hasUID"),
        }
        if not is_own(term, context):
            found.append({key: text for key, text in item.items() if text})
    return [item for item in found if item] or None


def attributions_to_rdf(subject: Subject, field: Field, value: list[Item], context: Context) -> Triples:
    """An attribution with agent and role for each item."""
    for position, item in enumerate(value):
        node = context.blank(value_of(subject), field.name, position)
        yield triple(subject, predicate_of(field), node)
        yield from is_a(node, "prov:Attribution")
        yield from agent(
            node,
            "prov:agent",
            {"name": item["agent"]},
            context,
            value_of(subject),
            field.name,
            position,
            "agent",
        )
        role = context.vocabulary.concept("role", item.get("role") or "")
        if role:
            yield from concept_link(node, "dcat:hadRole", role, context, "dcat:Role")


def attributions_from_rdf(
    graph: Graph, subject: Subject, field: Field, context: Context
) -> list[Item] | None:
    """Agents with the roles that we know."""
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        who = graph.object(term, "prov:agent")
        role = context.vocabulary.by_uri(graph.text(term, "dcat:hadRole"))
        item = {
            "agent": _read_agent(graph, who, context).get("name", "") if who else "",
            "role": role.id if role else "",
        }
        if item["agent"]:
            found.append({key: text for key, text in item.items() if text})
    return found or None


def intervals_to_rdf(subject: Subject, field: Field, value: list[Item], context: Context) -> Triples:
    """A period for each item."""
    for position, item in enumerate(value):
        node = context.blank(value_of(subject), field.name, position)
        yield triple(subject, predicate_of(field), node)
        yield from is_a(node, "dct:PeriodOfTime")
        for name, predicate in (("start", "dcat:startDate"), ("end", "dcat:endDate")):
            if item.get(name):
                yield triple(node, predicate, date_literal(item[name]))


def intervals_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[Item] | None:
    """Periods with a beginning or an end."""
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        item = {"start": graph.text(term, "dcat:startDate"), "end": graph.text(term, "dcat:endDate")}
        found.append({key: text for key, text in item.items() if text})
    return [item for item in found if item] or None


def services_to_rdf(subject: Subject, field: Field, value: list[Item], context: Context) -> Triples:
    """A data service for each item."""
    for position, item in enumerate(value):
        node = context.blank(value_of(subject), field.name, position)
        yield triple(subject, predicate_of(field), node)
        yield from is_a(node, "dcat:DataService")
        yield triple(node, "dct:title", literal(item["title"]))
        yield from link(node, "dcat:endpointURL", item["endpoint_url"], "rdfs:Resource")
        yield from link(
            node, "dcat:endpointDescription", item.get("endpoint_description") or "", "rdfs:Resource"
        )


def services_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[Item] | None:
    """Data services with an address."""
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        address = graph.text(term, "dcat:endpointURL")
        item = {
            "title": graph.text(term, "dct:title") or address,
            "endpoint_url": address,
            "endpoint_description": graph.text(term, "dcat:endpointDescription"),
        }
        if address:
            found.append({key: text for key, text in item.items() if text})
    return found or None


def hash_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """The checksum as it was given; ``checksum`` adds the standard node."""
    yield triple(subject, predicate_of(field), literal(value))


def hash_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """Our statement, or the parts of the standard node."""
    own = graph.text(subject, predicate_of(field))
    node = graph.object(subject, "spdx:checksum")
    if own or node is None:
        return own or None
    if field.name == "hash":
        return graph.text(node, "spdx:checksumValue") or None
    return graph.text(node, "spdx:algorithm").rpartition("checksumAlgorithm_")[2] or None


def checksum(subject: Subject, record: Item, context: Context) -> Triples:
    """The standard checksum node, where value and algorithm are what the standard knows."""
    value, algorithm = (
        str(record.get("hash") or ""),
        str(record.get("hash_algorithm") or "").lower().replace("-", ""),
    )
    if not HEX.fullmatch(value) or algorithm not in ALGORITHMS:
        return
    node = context.blank(value_of(subject), "checksum")
    yield triple(subject, "spdx:checksum", node)
    yield from is_a(node, "spdx:Checksum")
    yield from link(
        node,
        "spdx:algorithm",
        f"http://spdx.org/rdf/terms#checksumAlgorithm_{algorithm}",
        "spdx:ChecksumAlgorithm",
    )
    yield triple(node, "spdx:checksumValue", typed(value, "xsd:hexBinary"))
