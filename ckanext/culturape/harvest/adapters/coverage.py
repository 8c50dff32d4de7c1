"""Places and periods, as codes, names, coordinates, shapes, intervals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.lenient import address_of, first, listed, literals, mapping, text_of
from ckanext.culturape.harvest.adapters.literals import date_of
from ckanext.culturape.harvest.adapters.parts import Triples, state
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.rdf.codecs_concepts import box
from ckanext.culturape.rdf.graph import Subject
from ckanext.culturape.rdf.terms import is_a, literal, triple, typed

_NUMBER = r"\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*"
_BOX = re.compile(rf"{_NUMBER}[, ]{_NUMBER}[, ]{_NUMBER}[, ]{_NUMBER}")
_POINT = re.compile(rf"{_NUMBER},{_NUMBER}")
_WKT = re.compile(r"\s*(POINT|POLYGON|MULTIPOLYGON)\s*\([-\d\s.,()]+\)\s*", re.IGNORECASE)
_SHAPES = frozenset({"Point", "Polygon", "MultiPolygon", "LineString", "MultiPoint", "MultiLineString"})
_OPEN = frozenset({"", "..", "null", "present"})


def places(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A place for each item; four numbers in a list are one rectangle."""
    if _numbers(value):
        value = ",".join(map(text_of, value))
    for position, item in enumerate(listed(value)):
        yield from _place(subject, predicate, item, place.at(position))


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and len(listed(value)) == 4 and all(
        isinstance(item, (int, float)) for item in listed(value)
    )  # fmt: skip


def _place(subject: Subject, predicate: str, item: Any, place: Place) -> Triples:
    shape = mapping(item)
    shape = mapping(None) if "@value" in shape else shape
    text = text_of(item)
    if not shape and text.startswith("{"):
        shape = _shape_in(text)
    if shape:
        yield from geojson(subject, predicate, shape, place)
    elif text.startswith(("http://", "https://")):
        target = address_of(text, place)
        if target:
            yield from location(subject, predicate, target)
    elif text and text[0] != "{":
        yield from _described(subject, predicate, text, item, place)
    else:
        place.unfit(item, N_("a place"))


def _shape_in(text: str) -> Mapping[str, Any]:
    try:
        return mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def geojson(subject: Subject, predicate: str, shape: Mapping[str, Any], place: Place) -> Triples:
    """A place by its shape, or by the name that an object gives it."""
    if text_of(shape.get("type")) in _SHAPES and isinstance(shape.get("coordinates"), list):
        node = place.blank()
        yield from location(subject, predicate, node)
        yield triple(
            node, "locn:geometry", typed(json.dumps(shape, ensure_ascii=False), "gsp:geoJSONLiteral")
        )
        return
    names = list(literals(first(shape, "prefLabel", "name", "title", "label"), place))
    if not names:
        place.unfit(dict(shape), N_("a place"))
        return
    node = place.blank()
    yield from location(subject, predicate, node)
    for name in names:
        yield triple(node, "skos:prefLabel", name)


def location(subject: Subject, predicate: str, node: NamedNode | BlankNode) -> Triples:
    """That something is about a place."""
    yield state(subject, predicate, node)
    yield from is_a(node, "dct:Location")


def _described(subject: Subject, predicate: str, text: str, item: Any, place: Place) -> Triples:
    """A place by rectangle (west, south, east, north), point (latitude, longitude), WKT, or by its name or code."""
    node = place.blank()
    yield from location(subject, predicate, node)
    rectangle, point = _BOX.fullmatch(text), _POINT.fullmatch(text)
    if rectangle:
        yield triple(node, "dcat:bbox", typed(box(" ".join(rectangle.groups())), "gsp:wktLiteral"))
    elif point:
        yield triple(node, "dcat:centroid", typed(f"POINT({point[2]} {point[1]})", "gsp:wktLiteral"))
    elif _WKT.fullmatch(text):
        yield triple(node, "locn:geometry", typed(text, "gsp:wktLiteral"))
    else:
        for name in literals(item, place):
            yield triple(node, "skos:prefLabel", name)


def periods(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A period for each item: an interval of ISO 8601, one date, or an object with beginning and end."""
    for position, item in enumerate(listed(value)):
        here = place.at(position)
        start, end = _ends(item)
        given = [("dcat:startDate", start), ("dcat:endDate", end)]
        found = [(name, text) for name, text in given if text.lower() not in _OPEN and text[:1] != "P"]
        if not found:
            here.unfit(item, N_("a period with beginning or end"))
            continue
        node = here.blank()
        yield state(subject, predicate, node)
        yield from is_a(node, "dct:PeriodOfTime")
        for name, text in found:
            yield triple(node, name, date_of(text))
        if end[:1] == "P" or start[:1] == "P":
            # An interval may be told by its duration; the other end is not ours to reckon.
            yield triple(node, "rdfs:label", literal(f"{start}/{end}"))


def _ends(item: Any) -> tuple[str, str]:
    facts = mapping(item)
    if facts and "@value" not in facts:
        start = text_of(first(facts, "startDate", "start", "hasBeginning"))
        return start, text_of(first(facts, "endDate", "end", "hasEnd"))
    start, slash, end = text_of(item).partition("/")
    return (start.strip(), end.strip()) if slash else (start, start)
