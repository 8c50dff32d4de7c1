"""The classes and properties of our own namespace, and how they are told to programs.

Sources: RDF Schema 1.1, OWL 2 (W3C). Which terms others have, and why these are ours: docs/decisions/0022-agenda-rdf.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.culturape.namespaces import PREFIXES, RDF_TYPE, node
from ckanext.culturape.vocab.concept import best_text
from ckanext.culturape.vocab.load import read_yaml

FILE = Path(__file__).parent / "terms.yaml"
PREFIX = "culturape"

#: The namespace as a thing of its own: without the mark that ends its addresses.
HOME = PREFIXES[PREFIX].rstrip("#")


@dataclass(frozen=True, slots=True)
class Term:
    """A class or a property.

    Attributes:
        id: its name in the namespace.
        is_class: whether it is a class.
        labels, comments: by language.
        wider: prefixed names of the standard terms that it narrows.
        of, to: prefixed names of the classes that a property is said of and leads to; empty when it is not bound.
    """

    id: str
    is_class: bool
    labels: Mapping[str, str]
    comments: Mapping[str, str]
    wider: tuple[str, ...]
    of: str
    to: str

    @property
    def name(self) -> str:
        """Its prefixed name."""
        return f"{PREFIX}:{self.id}"

    def label(self, language: str) -> str:
        """What it is called in a language."""
        return best_text(self.labels, language)

    def comment(self, language: str) -> str:
        """What it means, in a language."""
        return best_text(self.comments, language)


@dataclass(frozen=True, slots=True)
class Terms:
    """The namespace: its titles and descriptions by language, its date, and its terms in the order of the file."""

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    date: str
    terms: tuple[Term, ...]

    def title(self, language: str) -> str:
        """What it is called in a language."""
        return best_text(self.titles, language)

    def description(self, language: str) -> str:
        """What it is for, in a language."""
        return best_text(self.descriptions, language)

    @property
    def classes(self) -> tuple[Term, ...]:
        """Its classes."""
        return tuple(term for term in self.terms if term.is_class)

    @property
    def properties(self) -> tuple[Term, ...]:
        """Its properties."""
        return tuple(term for term in self.terms if not term.is_class)


@cache
def load_terms() -> Terms:
    """The namespace. Raises: VocabularyFault, KeyError for a file that says too little."""
    raw = read_yaml(FILE)
    terms = [_term(entry, kind == "classes") for kind in ("classes", "properties") for entry in raw[kind]]
    return Terms(raw["title"], raw["description"], raw["date"], tuple(terms))


def _term(raw: Mapping[str, Any], is_class: bool) -> Term:
    return Term(
        id=raw["id"],
        is_class=is_class,
        labels=raw["label"],
        comments=raw["comment"],
        wider=tuple(raw.get("wider", ())),
        of=raw.get("of", ""),
        to=raw.get("to", ""),
    )


def terms_to_rdf(found: Terms) -> Iterator[Triple]:
    """The namespace with all its terms."""
    home = NamedNode(HOME)
    yield Triple(home, RDF_TYPE, node("owl:Ontology"))
    yield Triple(home, node("dct:issued"), Literal(found.date, datatype=node("xsd:gYear")))
    yield from _texts(home, "dct:title", found.titles)
    yield from _texts(home, "dct:description", found.descriptions)
    for term in found.terms:
        yield from _term_to_rdf(term, home)


def _term_to_rdf(term: Term, home: NamedNode) -> Iterator[Triple]:
    subject = node(term.name)
    for kind in ("rdfs:Class", "owl:Class") if term.is_class else ("rdf:Property",):
        yield Triple(subject, RDF_TYPE, node(kind))
    yield Triple(subject, node("rdfs:isDefinedBy"), home)
    yield from _texts(subject, "rdfs:label", term.labels)
    yield from _texts(subject, "rdfs:comment", term.comments)
    for wider in term.wider:
        yield Triple(subject, node("rdfs:subClassOf" if term.is_class else "rdfs:subPropertyOf"), node(wider))
    for predicate, class_ in (("rdfs:domain", term.of), ("rdfs:range", term.to)):
        if class_:
            yield Triple(subject, node(predicate), node(class_))


def _texts(subject: NamedNode, predicate: str, texts: Mapping[str, str]) -> Iterator[Triple]:
    for language, text in texts.items():
        yield Triple(subject, node(predicate), Literal(text, language=language))
