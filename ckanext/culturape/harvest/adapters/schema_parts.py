"""Places, terms, agents and files of schema.org as DCAT; references are followed one step, so that no circle is endless."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters import agents, parts
from ckanext.culturape.harvest.adapters.coverage import location, places
from ckanext.culturape.harvest.adapters.lenient import (
    first,
    is_empty,
    listed,
    literals,
    mapping,
    name_of,
    text_of,
)
from ckanext.culturape.harvest.adapters.parts import Triples
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.harvest.adapters.schema_terms import Node, of_type
from ckanext.culturape.rdf.codecs_concepts import box
from ckanext.culturape.rdf.graph import Subject
from ckanext.culturape.rdf.terms import is_a, literal, triple, typed

_NUMBERS = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?")
_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")

#: Registers whose codes the vocabularies of places know; a code of another must not be taken for one of theirs.
_REGISTERS = ("ubigeo", "iso3166", "iso-3166", "iso_3166")


def followed(value: Any, known: Mapping[str, Node]) -> list[Any]:
    """The items of a value; those that only refer to a node are replaced by it."""
    return [
        known.get(text_of(mapping(item).get("@id")), item) if mapping(item) else item
        for item in listed(value)
    ]


def named(value: Any) -> Any:
    """A thing by its name, or else by its address; texts stay as they are."""
    facts = mapping(value)
    if not facts or "@value" in facts:
        return value
    return first(facts, "name", "value", "url", "@id", "alternateName")


def text_name(node: Mapping[str, Any]) -> str:
    """The name of a thing as a text; empty when it has none."""
    return text_of(named(node))


def address(value: Any) -> Any:
    """A thing by its address, or else by its name; texts stay as they are."""
    facts = mapping(value)
    return value if not facts or "@value" in facts else first(facts, "url", "contentUrl", "@id", "name")


def agent(value: Any, known: Mapping[str, Node]) -> Any:
    """An agent with plain facts, and the name of what it is part of."""
    facts = mapping(value)
    if not facts or "@value" in facts:
        return value
    points = [mapping(item) for item in followed(facts.get("contactPoint"), known)]
    whole = [named(item) for item in followed(first(facts, "parentOrganization"), known)]
    plain_facts = {
        name: [named(item) for item in listed(facts.get(name))]
        for name in (*agents.LABELS, *agents.MAILS, "url", *agents.PHONES, "identifier")
    }
    for name in ("email", "telephone"):
        plain_facts[name] = plain_facts[name] or [point[name] for point in points if text_of(point.get(name))]
    return {"@id": facts.get("@id"), **plain_facts, "parentOrganization": [item for item in whole if item]}


def contributors(subject: Subject, value: Any, known: Mapping[str, Node], place: Place) -> Triples:
    """Who took part; a role stands between the dataset and its agent."""
    for position, item in enumerate(followed(value, known)):
        here = place.at(position)
        if not of_type(item, "Role"):
            yield from agents.agents(subject, "dct:contributor", agent(item, known), here)
            continue
        node = here.blank()
        yield triple(subject, "prov:qualifiedAttribution", node)
        yield from is_a(node, "prov:Attribution")
        who = [agent(one, known) for one in followed(mapping(item).get("contributor"), known)]
        yield from agents.agents(node, "prov:agent", who, here.at("contributor"))
        yield from parts.concepts(node, "dcat:hadRole", mapping(item).get("roleName"), here.at("roleName"))


def terms(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Terms as concepts, with their names and codes."""
    for position, item in enumerate(listed(value)):
        here = place.at(position)
        facts = mapping(item)
        node = name_of(facts, "@id", "url")
        names = list(literals(named(item), here)) if not node else list(literals(facts.get("name"), here))
        if node is None:
            for name in names:
                yield from parts.concept(subject, predicate, name, here)
            continue
        yield triple(subject, predicate, node)
        yield from is_a(node, "skos:Concept")
        for name in names:
            yield triple(node, "skos:prefLabel", name)
        if text_of(facts.get("termCode")):
            yield triple(node, "skos:notation", literal(text_of(facts["termCode"])))


def keywords(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Words, and terms of vocabularies, which are themes when they have an address."""
    for item in listed(value):
        facts = mapping(item)
        if facts and "@value" not in facts and name_of(facts, "@id", "url"):
            yield from terms(subject, "dcat:theme", item, place)
        else:
            yield from parts.keywords(subject, predicate, named(item) or item, place)


def spatial(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Places by address, name, code, rectangle, point or polygon."""
    for position, item in enumerate(listed(value)):
        here = place.at(position)
        facts = mapping(item)
        if not facts or "@value" in facts:
            yield from places(subject, predicate, item, here)
            continue
        shapes = [mapping(shape) for shape in listed(facts.get("geo"))] or [facts]
        found = [text for text in map(_wkt, shapes) if text[1]]
        node = name_of(facts, "@id")
        if not node and not found and is_empty(first(facts, "name", "identifier", "address")):
            here.unfit(item, N_("a place"))
            continue
        yield from _place(subject, predicate, node or here.blank(), facts, here)
        for name, wkt in found:
            yield triple(node or here.blank(), name, typed(wkt, "gsp:wktLiteral"))


def _place(subject: Subject, predicate: str, node: Any, facts: Mapping[str, Any], place: Place) -> Triples:
    yield from location(subject, predicate, node)
    for name in literals(first(facts, "name", "address"), place.at("name")) if first(facts, "name") else ():
        yield triple(node, "skos:prefLabel", name)
    for code in listed(facts.get("identifier")):
        register = text_of(mapping(code).get("propertyID")).lower()
        known = any(name in register for name in _REGISTERS)
        for value in literals(named(code), place.at("identifier")):
            yield triple(node, "skos:notation" if known else "dct:identifier", value)
    above = name_of(mapping(first(facts, "containedInPlace", "containedIn")), "@id")
    if above:
        yield triple(node, "skos:broader", above)


def _wkt(shape: Mapping[str, Any]) -> tuple[str, str]:
    """Predicate and WKT of a shape; schema.org puts latitude before longitude, WKT the other way round."""
    latitude, longitude = text_of(shape.get("latitude")), text_of(shape.get("longitude"))
    if _NUMBERS.fullmatch(latitude) and _NUMBERS.fullmatch(longitude):
        return "dcat:centroid", f"POINT({longitude} {latitude})"
    corners = _NUMBERS.findall(text_of(shape.get("box")))
    if len(corners) == 4:
        south, west, north, east = corners
        return "dcat:bbox", box(f"{west} {south} {east} {north}")
    numbers = _NUMBERS.findall(text_of(shape.get("polygon")))
    if len(numbers) >= 8 and len(numbers) % 2 == 0:
        points = (f"{x} {y}" for y, x in zip(numbers[::2], numbers[1::2], strict=True))
        return "locn:geometry", f"POLYGON(({','.join(points)}))"
    return "", ""


def identifiers(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """The first as identifier of the dataset, the others as alternative ones."""
    for position, item in enumerate(listed(value)):
        for text in literals(named(item), place.at(position)):
            if position == 0:
                yield triple(subject, predicate, literal(text.value))
                continue
            node = place.at(position).blank()
            yield triple(subject, "adms:identifier", node)
            yield from is_a(node, "adms:Identifier")
            yield triple(node, "skos:notation", literal(text.value))


def encoding(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A media type, or the name of a format."""
    for found in literals([named(item) for item in listed(value)], place):
        is_type = "/" in found.value and "://" not in found.value
        yield triple(subject, "dcat:mediaType" if is_type else predicate, literal(found.value))


def sha256(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A checksum."""
    digest = text_of(value)
    if not _SHA256.fullmatch(digest):
        place.unfit(value, N_("64 hexadecimal digits"))
        return
    node = place.blank()
    yield triple(subject, predicate, node)
    yield from is_a(node, "spdx:Checksum")
    yield from parts.links(
        node, "spdx:algorithm", "http://spdx.org/rdf/terms#checksumAlgorithm_sha256", place
    )
    yield triple(node, "spdx:checksumValue", typed(digest, "xsd:hexBinary"))
