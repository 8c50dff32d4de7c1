"""A concept scheme as SKOS: what a program is told of it. Words that only serve to find (``hidden``) are never said.

Source: SKOS Reference (W3C, 2009); ``owl:deprecated`` and ``dct:isReplacedBy`` for retired concepts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.culturape.vocab.concept import Concept, Scheme

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCT = "http://purl.org/dc/terms/"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_OURS = "https://w3id.org/culturape/ns#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

#: The definition for readers of cultural rights is that of SKOS; the one for readers of open data stands beside it.
_DEFINITIONS = {"rights": f"{_SKOS}definition", "open": f"{_OURS}openDataDefinition"}
_TRUE = Literal("true", datatype=NamedNode(f"{_XSD}boolean"))

Triples = Iterator[Triple]


def scheme_to_rdf(scheme: Scheme) -> Triples:
    """The scheme with all its concepts."""
    home = NamedNode(scheme.uri)
    yield Triple(home, _TYPE, NamedNode(f"{_SKOS}ConceptScheme"))
    yield from _texts(home, f"{_DCT}title", scheme.titles)
    yield from _texts(home, f"{_DCT}description", scheme.descriptions)
    yield from _source(home, scheme.source, scheme.date)
    for concept in scheme:
        yield from concept_to_rdf(concept, scheme)


def concept_to_rdf(concept: Concept, scheme: Scheme) -> Triples:
    """A concept: names, both definitions, what lies above and below it, the same elsewhere, where it comes from."""
    node = NamedNode(concept.uri)
    yield Triple(node, _TYPE, NamedNode(f"{_SKOS}Concept"))
    yield from _place(node, concept, scheme)
    yield from _texts(node, f"{_SKOS}prefLabel", concept.labels)
    for language, names in concept.alt.items():
        for name in names:
            yield Triple(node, NamedNode(f"{_SKOS}altLabel"), Literal(name, language=language))
    if concept.notation:
        yield Triple(node, NamedNode(f"{_SKOS}notation"), Literal(concept.notation))
    for reader, predicate in _DEFINITIONS.items():
        yield from _texts(node, predicate, concept.definitions.get(reader, {}))
    for relation, addresses in concept.matches.items():
        for address in addresses:
            yield Triple(node, NamedNode(_SKOS + relation), NamedNode(address))
    yield from _source(node, concept.source, concept.date)
    yield from _retirement(node, concept, scheme)


def _place(node: NamedNode, concept: Concept, scheme: Scheme) -> Triples:
    home = NamedNode(scheme.uri)
    yield Triple(node, NamedNode(f"{_SKOS}inScheme"), home)
    if not concept.broader:
        yield Triple(node, NamedNode(f"{_SKOS}topConceptOf"), home)
        yield Triple(home, NamedNode(f"{_SKOS}hasTopConcept"), node)
    for parent in concept.broader:
        above = scheme.get(parent)
        if above:
            yield Triple(node, NamedNode(f"{_SKOS}broader"), NamedNode(above.uri))
    for child in scheme.children(concept.id):
        yield Triple(node, NamedNode(f"{_SKOS}narrower"), NamedNode(child.uri))


def _retirement(node: NamedNode, concept: Concept, scheme: Scheme) -> Triples:
    if concept.deprecated:
        yield Triple(node, NamedNode(f"{_OWL}deprecated"), _TRUE)
    successor = scheme.get(concept.replaced_by) if concept.replaced_by else None
    if successor:
        yield Triple(node, NamedNode(f"{_DCT}isReplacedBy"), NamedNode(successor.uri))


def _texts(node: NamedNode, predicate: str, texts: Mapping[str, str]) -> Triples:
    for language, text in texts.items():
        yield Triple(node, NamedNode(predicate), Literal(text, language=language))


def _source(node: NamedNode, source: str, date: str) -> Triples:
    if source:
        yield Triple(node, NamedNode(f"{_DCT}source"), Literal(source))
    if date:
        yield Triple(node, NamedNode(f"{_DCT}issued"), Literal(date))
