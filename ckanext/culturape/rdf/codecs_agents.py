"""Codecs of agents, contacts, attributions, intervals, services and checksums."""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import Literal, NamedNode

from ckanext.culturape.fields import Field
from ckanext.culturape.rdf.codecs import predicate_of, without_zone
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.likeness import name_of, recognise, texts_of
from ckanext.culturape.rdf.terms import (
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

Item = dict[str, Any]

#: Addresses of organisations and their contacts on a portal; they stand for what the record itself does not say.
OF_ORGANIZATION = re.compile(r"^(.*)/organization/([^/#]+)(#contact)?$")
HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
ALGORITHMS = ("md2", "md4", "md5", "md6", "sha1", "sha224", "sha256", "sha384", "sha512")
MAILTO = "mailto:"
#: Predicates of the beginning and of the end of a period, and those of an instant.
BOUNDS = (
    ("dcat:startDate", "schema:startDate", "time:hasBeginning"),
    ("dcat:endDate", "schema:endDate", "time:hasEnd"),
)
INSTANTS = (
    "time:inXSDDate",
    "time:inXSDDateTimeStamp",
    "time:inXSDDateTime",
    "time:inXSDgYear",
    "time:inXSDgYearMonth",
)


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
    scheme = context.vocabulary.scheme("publisher-type")
    kinds = (recognise(graph, kind, scheme, context.vocabulary) for kind in graph.objects(term, "dct:type"))
    item = {
        "name": name_of(graph, term, context.default_language)
        or _text(graph, term, "vcard:organization-name"),
        "uri": value_of(term) if isinstance(term, NamedNode) else "",
        "email": _address_of_mail(graph, term),
        "url": _text(graph, term, "foaf:homepage", "foaf:page", "vcard:hasURL", "schema:url"),
        "identifier": _text(graph, term, "dct:identifier", "vcard:hasUID"),
        "type": next((kind.id for kind in kinds if kind), ""),
    }
    return {key: text for key, text in item.items() if text}


def _text(graph: Graph, term: Object, *predicates: str) -> str:
    """The first text or address under these predicates, also one step below, as vCard writes values."""
    for predicate in predicates:
        for found in graph.objects(term, predicate):
            text = value_of(found) or graph.text(found, "vcard:value") or graph.text(found, "vcard:hasValue")
            if text:
                return text
    return ""


def _address_of_mail(graph: Graph, term: Object) -> str:
    """An e-mail address, also where somebody wrote it as a relative address of the web."""
    mail = _text(graph, term, "vcard:hasEmail", "foaf:mbox", "vcard:email", "schema:email").removeprefix(
        MAILTO
    )
    return mail.rpartition("/")[2] if mail.startswith(("http://", "https://")) and "@" in mail else mail


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
    """Contacts that the record itself gives, as node or literal."""
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        item = {
            "name": _name_of_contact(graph, term, context),
            "email": _address_of_mail(graph, term),
            "url": _text(graph, term, "vcard:hasURL", "foaf:homepage", "foaf:page", "schema:url"),
            "uri": value_of(term) if isinstance(term, NamedNode) else "",
            "identifier": _text(graph, term, "vcard:hasUID"),
        }
        if not is_own(term, context):
            found.append({key: text for key, text in item.items() if text})
    return [item for item in found if item] or None


def _name_of_contact(graph: Graph, term: Object, context: Context) -> str:
    names = [text for text in texts_of(graph, term, ("vcard:fn",)) if text.value.strip()]
    names.sort(key=lambda name: (name.language or "").split("-")[0] != context.default_language)
    own = names[0].value if names else _text(graph, term, "vcard:organization-name")
    return own or name_of(graph, term, context.default_language)


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
    scheme = context.vocabulary.scheme("role")
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        who = graph.object(term, "prov:agent")
        roles = (
            recognise(graph, role, scheme, context.vocabulary) for role in graph.objects(term, "dcat:hadRole")
        )
        role = next(filter(None, roles), None)
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
    """Periods with a beginning or an end, in the terms of DCAT, schema.org or OWL-Time, or as text: ``2010/2012``."""
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        start, end = (_bound(graph, term, *names) for names in BOUNDS)
        if isinstance(term, Literal):
            start, _, end = term.value.strip().partition("/")
        found.append({key: text for key, text in (("start", start), ("end", end)) if text.strip(". ")})
    return [item for item in found if item] or None


def _bound(graph: Graph, term: Object, *predicates: str) -> str:
    for predicate in predicates:
        for found in graph.objects(term, predicate):
            inner = (graph.text(found, name) for name in INSTANTS)
            text = value_of(found) if isinstance(found, Literal) else next(filter(None, inner), "")
            if text:
                return without_zone(text)
    return ""


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
