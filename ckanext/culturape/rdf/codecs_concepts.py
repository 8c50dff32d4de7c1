"""Codecs of values that come from vocabularies: concepts, languages, places, access, licences, formats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from pyoxigraph import Literal, NamedNode

from ckanext.culturape.fields import RECORD_TYPES, Field, load_schema
from ckanext.culturape.namespaces import AUTHORITY
from ckanext.culturape.rdf.codecs import predicate_of
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.likeness import find, name_of, recognise
from ckanext.culturape.rdf.terms import (
    CLASS,
    Context,
    Triples,
    concept_link,
    describe,
    iri,
    is_a,
    link,
    literal,
    triple,
    typed,
)  # fmt: skip
from ckanext.culturape.vocab.concept import Concept

#: Classes of the concepts of a scheme, beside skos:Concept.
CLASSES = {
    "frequency": ("dct:Frequency",), "access-right": ("dct:RightsStatement",), "role": ("dcat:Role",),
    "local-contexts-notice": ("dct:RightsStatement",), "local-contexts-label": ("dct:RightsStatement",),
    "legal-basis": ("eli:LegalResource",), "file-type": ("dct:MediaTypeOrExtent",),
}  # fmt: skip
#: Marks, in a key of ``Context.later``, the concept of an authority table in place of ours.
OFFICIAL = "#official"
CONTENT_LANGUAGE = "culturape:language"
FORMAT_TEXT = "culturape:format"
ACCESS_LEVEL = "culturape:accessLevel"
_TAG = re.compile(r"[A-Za-z]{2,3}[-_][A-Za-z0-9]{2,8}")


def concepts_to_rdf(subject: Subject, field: Field, value: Any, context: Context) -> Triples:
    """A link to each concept, which is described."""
    for concept_id in cast("list[str]", value if isinstance(value, list) else [value]):
        concept = context.vocabulary.concept(field.vocabulary, concept_id)
        if concept:
            yield from concept_link(
                subject, predicate_of(field), concept, context, *CLASSES.get(field.vocabulary, ())
            )


def concepts_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> Any:
    """The concepts of the field's scheme among all objects, by address, code or name; other fields share the predicate."""
    scheme, is_shared = (
        context.vocabulary.scheme(field.vocabulary),
        predicate_of(field) in shared_predicates(),
    )
    found = [
        concept.id
        for term in graph.objects(subject, predicate_of(field))
        if (concept := recognise(graph, term, scheme, context.vocabulary, shared=is_shared))
    ]
    return (found if field.is_list else found[0]) if found else None


@cache
def shared_predicates() -> frozenset[str]:
    """Predicates under which several fields of a type of record stand."""
    schemas = map(load_schema, RECORD_TYPES)
    counts = [Counter(field.rdf.predicate for field in schema.fields if field.rdf) for schema in schemas]
    return frozenset(predicate for found in counts for predicate, count in found.items() if count > 1)


def languages_to_rdf(subject: Subject, field: Field, value: list[str], context: Context) -> Triples:
    """Languages of the EU table where they stand in it, our own statement for the others."""
    for concept_id in value:
        concept = context.vocabulary.concept("language", concept_id)
        address = official(concept) if concept else ""
        if concept and address:
            yield from _official_concept(
                subject, predicate_of(field), address, concept, context, "dct:LinguisticSystem"
            )
        elif concept:
            yield from concept_link(subject, CONTENT_LANGUAGE, concept, context)


def official(concept: Concept) -> str:
    """The address of a concept in the EU authority tables, empty when it has none."""
    return next(
        (address for address in concept.matches.get("exactMatch", ()) if address.startswith(AUTHORITY)), ""
    )


def _official_concept(
    subject: Subject, predicate: str, address: str, concept: Concept, context: Context, *classes: str
) -> Triples:
    """A link to the concept of an authority table, with its scheme and the labels that we have for it."""
    node = iri(address)
    if node is None:
        return
    yield triple(subject, predicate, node)
    if context.later is None:
        yield from is_a(node, *classes)
        yield from describe_official(concept, context)
    else:
        context.later.add(CLASS.join((f"{concept.scheme}/{concept.id}{OFFICIAL}", *classes)))


def describe_official(concept: Concept, context: Context) -> Triples:
    """What a reader must be told of the concept of an authority table that is the same as one of ours."""
    address = official(concept)
    node = iri(address)
    if node is None:
        return
    yield from is_a(node, "skos:Concept")
    home = NamedNode(address.rsplit("/", 1)[0])
    yield triple(node, "skos:inScheme", home)
    yield from is_a(home, "skos:ConceptScheme")
    for language, title in context.vocabulary.scheme(concept.scheme).titles.items():
        yield triple(home, "dct:title", literal(title, language))
    for language, label in concept.labels.items():
        yield triple(node, "skos:prefLabel", literal(label, language))


def languages_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[str] | None:
    """Languages of both statements, by address, tag (``es-PE`` is ``es``) or name."""
    terms = [*graph.objects(subject, predicate_of(field)), *graph.objects(subject, CONTENT_LANGUAGE)]
    return [c.id for term in terms if (c := _language(graph, term, context))] or None


def _language(graph: Graph, term: Object, context: Context) -> Concept | None:
    scheme = context.vocabulary.scheme("language")
    found = recognise(graph, term, scheme, context.vocabulary)
    is_tag = found is None and isinstance(term, Literal) and _TAG.fullmatch(term.value)
    return scheme.get(term.value.replace("_", "-").split("-")[0].lower()) if is_tag else found


def places_to_rdf(subject: Subject, field: Field, value: list[str], context: Context) -> Triples:
    """The chosen places, described, and their country; never all that lies above."""
    scheme = context.vocabulary.scheme("territory")
    for code in value:
        place = scheme.get(code)
        if place:
            for concept in (place, *scheme.ancestors(code)[-1:]):
                yield from _place(subject, predicate_of(field), concept, context)


def _place(subject: Subject, predicate: str, place: Concept, context: Context) -> Triples:
    known = place.uri in context.described or context.later is not None
    yield from concept_link(subject, predicate, place, context, "dct:Location")
    if not known:
        yield from describe_place(place, context)


def describe_place(place: Concept, context: Context) -> Triples:
    """Where a place lies."""
    node = iri(place.uri)
    if node is None:
        return
    above = context.vocabulary.scheme("territory").ancestors(place.id)
    if above:
        yield from link(node, "skos:broader", above[0].uri)
    if place.attributes.get("centroid"):
        yield triple(node, "dcat:centroid", typed(f"POINT({place.attributes['centroid']})", "gsp:wktLiteral"))
    if place.attributes.get("bbox"):
        yield triple(node, "dcat:bbox", typed(box(str(place.attributes["bbox"])), "gsp:wktLiteral"))


def box(bounds: str) -> str:
    """A rectangle as WKT, from ``west south east north`` in CRS84."""
    west, south, east, north = bounds.split()
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"POLYGON(({','.join(f'{x} {y}' for x, y in corners)}))"


def access_level_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """The exact level in a statement of ours, and the access right of the EU table that it comes to."""
    level = context.vocabulary.concept(field.vocabulary, value)
    if level is None:
        return
    yield from concept_link(subject, ACCESS_LEVEL, level, context)
    right = context.vocabulary.concept("access-right", str(level.attributes.get("access_right", "")))
    if right:
        yield from concept_link(subject, predicate_of(field), right, context, "dct:RightsStatement")


def access_level_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """Our level, or the one that an access right comes to; a restriction that nobody explained stays not reviewed."""
    own = context.vocabulary.by_uri(graph.text(subject, ACCESS_LEVEL))
    return own.id if own and own.scheme == field.vocabulary else None


def licence_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """The exact licence in a statement of ours; files also carry the standard one, see ``mapping``."""
    concept = context.vocabulary.concept("licence", value)
    if concept:
        yield from concept_link(subject, predicate_of(field), concept, context)


def licence_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """Our own statement of the licence."""
    own = context.vocabulary.by_uri(graph.text(subject, predicate_of(field)))
    return own.id if own and own.scheme == "licence" else None


def standard_licence_from_rdf(graph: Graph, subject: Subject, context: Context) -> str | None:
    """The licence of the standard statement, as address, name or node; or of a statement of rights that is the address of one.

    Gives back the text of what is no known licence, so that whoever makes values canonical can say so.
    """
    scheme = context.vocabulary.scheme("licence")
    terms = graph.objects(subject, "dct:license")
    found = (recognise(graph, term, scheme, context.vocabulary) for term in terms)
    rights = (
        find(scheme, value_of(term)) for term in graph.objects(subject, "dct:rights") if _is_address(term)
    )
    known = next(filter(None, (*found, *rights)), None)
    return known.id if known else next((value_of(term) for term in terms if value_of(term)), None)


def _is_address(term: Object) -> bool:
    return value_of(term).startswith(("http://", "https://"))


def standard_licence(subject: Subject, value: str, context: Context) -> Triples:
    """``dct:license`` with the EU address where it is exact, or the address of the licence."""
    concept = context.vocabulary.concept("licence", value)
    address = (official(concept) or str(concept.attributes.get("url") or "")) if concept else ""
    if concept is None or not address:
        return
    yield from link(subject, "dct:license", address, "dct:LicenseDocument")
    node = iri(address)
    for type_id in concept.attributes.get("type", ()):
        kind = context.vocabulary.concept("licence-type", type_id)
        if node and kind:
            yield from concept_link(node, "dct:type", kind, context)


def file_format_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """A known format as concept of the EU table; an unknown one in a statement of ours."""
    # By any of its names: CKAN spells formats in its own way, GeoJSON for GEOJSON.
    concept = find(context.vocabulary.scheme(field.vocabulary), value)
    if concept:
        yield from concept_link(subject, predicate_of(field), concept, context, *CLASSES["file-type"])
    else:
        yield triple(subject, FORMAT_TEXT, literal(value))


def file_format_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """The format by address, label or any text; one that nobody knows by its text."""
    known = concepts_from_rdf(graph, subject, field, context)
    texts = (name_of(graph, term) for term in graph.objects(subject, predicate_of(field)))
    return known or graph.text(subject, FORMAT_TEXT) or next(filter(None, texts), None)


def describe_later(keys: Iterable[str], context: Context) -> Triples:
    """The descriptions that were left out under ``Context.later``, each once; a concept that is gone has none."""
    for key in sorted(keys):
        marked, *classes = key.split(CLASS)
        name, mark, _ = marked.partition(OFFICIAL)
        concept = context.vocabulary.concept(*name.split("/", 1))
        if concept is None:
            continue
        node = iri(official(concept) if mark else concept.uri)
        if node is not None:
            yield from is_a(node, *classes)
        yield from describe_official(concept, context) if mark else describe(concept, context)
        if concept.scheme == "territory":
            yield from describe_place(concept, context)
