"""Which places does somebody else's graph mean? By address, code or unambiguous name, never by a name alone in another country."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import Literal

from ckanext.culturape.fields import Field
from ckanext.culturape.rdf.codecs import predicate_of
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.likeness import CODES, SAME, find, texts_of
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.vocab.concept import Concept

#: Administrative units that a location names, the wide before the narrow.
UNITS = ("locn:adminUnitL1", "locn:adminUnitL2")
#: Nodes below a location that may name units.
ADDRESSES = ("locn:address",)


def places_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[str] | None:
    """The places of a dataset; what lies above another of them is left out when the values are made canonical.

    A name counts only while no other country than that of the portal is named: there is a San Martín in many.
    """
    terms = [*graph.objects(subject, predicate_of(field)), *graph.objects(subject, "dct:coverage")]
    by_code = [(term, _by_code(graph, term, context)) for term in terms]
    sure = [place for _, place in by_code if place]
    named = [found for term, place in by_code if not place for found in _by_name(graph, term, context)]
    home = context.vocabulary.pack.country
    countries = {_country(place, context) for place in (*sure, *(p for p in named if _is_country(p)))}
    if countries and home not in countries:
        named = [place for place in named if _is_country(place)]
    return [place.id for place in (*sure, *named)] or None


def _by_code(graph: Graph, term: Object, context: Context) -> Concept | None:
    """By what can mean one place only: its address, or that of the same place elsewhere, or a code of ISO 3166 or UBIGEO."""
    scheme = context.vocabulary.scheme("territory")
    texts = [value_of(term)] if not isinstance(term, Literal) else []
    texts += [value_of(other) for predicate in SAME for other in graph.objects(term, predicate)]
    found = next((place for text in texts if text and (place := find(scheme, text))), None)
    return found or next(
        (p for text in texts_of(graph, term, CODES) if (p := _iso(text.value, context))), None
    )


def _iso(code: str, context: Context) -> Concept | None:
    """By a code that bears the country in itself; bare numbers are codes of many countries."""
    place = context.vocabulary.scheme("territory").resolve(code)
    return place if place and (code in place.aliases or (_is_country(place) and code == place.id)) else None


def _by_name(graph: Graph, term: Object, context: Context) -> Iterator[Concept]:
    texts = [term.value] if isinstance(term, Literal) else [text.value for text in texts_of(graph, term)]
    found = [_of_name(text, context) for text in texts]
    nodes = (term, *(node for name in ADDRESSES for node in graph.objects(term, name)))
    for unit in (unit for node in nodes for name in UNITS for unit in graph.objects(node, name)):
        names = [value_of(unit), *(text.value for text in texts_of(graph, unit))]
        yield from islice((place for name in names if (place := _of_name(name, context))), 1)
    yield from islice(filter(None, found), 1)


def _of_name(text: str, context: Context) -> Concept | None:
    """The place of a name. One that a country far away shares with a place of ours means ours: San Martín is a region before it is an island."""
    scheme = context.vocabulary.scheme("territory")
    place = find(scheme, text)
    if place is None or not _is_country(place) or place.id == context.vocabulary.pack.country:
        return place
    ours = [other for other in scheme.candidates(text) if not _is_country(other)]
    depths = [len(scheme.ancestors(other.id)) for other in ours]
    highest = [other for other, depth in zip(ours, depths, strict=True) if depth == min(depths)]
    return highest[0] if len(highest) == 1 else place if not ours else None


def _is_country(place: Concept) -> bool:
    return place.attributes.get("level") == "country"


def _country(place: Concept, context: Context) -> str:
    above = context.vocabulary.scheme("territory").ancestors(place.id)
    return above[-1].id if above else place.id
