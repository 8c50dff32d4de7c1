"""A concept scheme as SKOS: what a program is told of it. Words that only serve to find (``hidden``) are never said.

Source: SKOS Reference (W3C, 2009); ``owl:deprecated`` and ``dct:isReplacedBy`` for retired concepts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.culturape.namespaces import RDF_TYPE, node
from ckanext.culturape.vocab.concept import Concept, Scheme

#: The definition for readers of cultural rights is that of SKOS; the one for readers of open data stands beside it.
_DEFINITIONS = {"rights": node("skos:definition"), "open": node("culturape:openDataDefinition")}
_TRUE = Literal("true", datatype=node("xsd:boolean"))

Triples = Iterator[Triple]


def scheme_to_rdf(scheme: Scheme) -> Triples:
    """The scheme with all its concepts."""
    home = NamedNode(scheme.uri)
    yield Triple(home, RDF_TYPE, node("skos:ConceptScheme"))
    yield from _texts(home, node("dct:title"), scheme.titles)
    yield from _texts(home, node("dct:description"), scheme.descriptions)
    yield from _source(home, scheme.source, scheme.date)
    for concept in scheme:
        yield from concept_to_rdf(concept, scheme)


def concept_to_rdf(concept: Concept, scheme: Scheme) -> Triples:
    """A concept: names, both definitions, what lies above and below it, the same elsewhere, where it comes from."""
    subject = NamedNode(concept.uri)
    yield Triple(subject, RDF_TYPE, node("skos:Concept"))
    yield from _place(subject, concept, scheme)
    yield from _texts(subject, node("skos:prefLabel"), concept.labels)
    for language, names in concept.alt.items():
        for name in names:
            yield Triple(subject, node("skos:altLabel"), Literal(name, language=language))
    if concept.notation:
        yield Triple(subject, node("skos:notation"), Literal(concept.notation))
    for reader, predicate in _DEFINITIONS.items():
        yield from _texts(subject, predicate, concept.definitions.get(reader, {}))
    for relation, addresses in concept.matches.items():
        for address in addresses:
            yield Triple(subject, node(f"skos:{relation}"), NamedNode(address))
    yield from _source(subject, concept.source, concept.date)
    yield from _retirement(subject, concept, scheme)


def _place(subject: NamedNode, concept: Concept, scheme: Scheme) -> Triples:
    home = NamedNode(scheme.uri)
    yield Triple(subject, node("skos:inScheme"), home)
    if not concept.broader:
        yield Triple(subject, node("skos:topConceptOf"), home)
        yield Triple(home, node("skos:hasTopConcept"), subject)
    for parent in concept.broader:
        above = scheme.get(parent)
        if above:
            yield Triple(subject, node("skos:broader"), NamedNode(above.uri))
    for child in scheme.children(concept.id):
        yield Triple(subject, node("skos:narrower"), NamedNode(child.uri))


def _retirement(subject: NamedNode, concept: Concept, scheme: Scheme) -> Triples:
    if concept.deprecated:
        yield Triple(subject, node("owl:deprecated"), _TRUE)
    successor = scheme.get(concept.replaced_by) if concept.replaced_by else None
    if successor:
        yield Triple(subject, node("dct:isReplacedBy"), NamedNode(successor.uri))


def _texts(subject: NamedNode, predicate: NamedNode, texts: Mapping[str, str]) -> Triples:
    for language, text in texts.items():
        yield Triple(subject, predicate, Literal(text, language=language))


def _source(subject: NamedNode, source: str, date: str) -> Triples:
    if source:
        yield Triple(subject, node("dct:source"), Literal(source))
    if date:
        yield Triple(subject, node("dct:issued"), Literal(date))
