"""Building blocks of triples, strict: what is not well formed does not get out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.namespaces import RDF_TYPE, expand, node
from ckanext.culturape.rdf.graph import Object, Subject
from ckanext.culturape.vocab.concept import Concept, Scheme
from ckanext.culturape.vocab.pack import Vocabulary
from ckanext.culturape.vocab.tags import tag_of

Triples = Iterator[Triple]

#: Stands, in a key of ``Context.later``, before each class of the concept.
CLASS = "|"

_ADDRESS = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`\x00-\x20]+')
#: Characters that no serialisation may hold.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DATES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}


def unknown(key: str) -> str:
    """Knows of no other record."""
    del key
    return ""


@dataclass(frozen=True, slots=True)
class Context:
    """What codecs must know beside the value.

    Attributes:
        vocabulary: the schemes of the site.
        base: address of the catalogue, without a slash at the end.
        dataset: key of the dataset, from which names of blank nodes are made, so that fragments can be joined.
        default_language: language of texts that do not say theirs.
        described: concepts that were described in this graph already.
        later: keys of concepts whose description is left to whoever joins several graphs; ``None`` to describe at once.
        problems: names of fields whose stored value has a shape that nobody can write.
        paths: filled, when given, with the place in the record that each name of a blank node was made from.
        address_of: gives the address of the record of an id; empty for one that not everybody may read.
        id_of: gives the id of the record at an address; empty when it is not known.
    """

    vocabulary: Vocabulary
    base: str
    dataset: str = ""
    default_language: str = "es"
    described: set[str] = field(default_factory=set[str])
    later: set[str] | None = None
    problems: set[str] = field(default_factory=set[str])
    paths: dict[str, tuple[str, ...]] | None = None
    address_of: Callable[[str], str] = unknown
    id_of: Callable[[str], str] = unknown

    def blank(self, *path: object) -> BlankNode:
        """A blank node whose name follows from the dataset and the place of the value in it."""
        steps = tuple(map(str, path))
        name = f"b{hashlib.sha256(chr(31).join((self.dataset, *steps)).encode()).hexdigest()[:24]}"
        if self.paths is not None:
            self.paths[name] = steps
        return BlankNode(name)


@lru_cache(maxsize=8192)
def iri(address: str) -> NamedNode | None:
    """The node of an address; ``None`` when it is none. Remembers: concepts and organisations come again and again."""
    if not _ADDRESS.fullmatch(address):
        return None
    try:
        return NamedNode(address)
    except ValueError:
        return None


def plain(text: object) -> str:
    """A text without what no serialisation may hold."""
    if isinstance(text, str) and text.isascii() and text.isprintable():
        return text
    return CONTROL.sub("", unicodedata.normalize("NFC", str(text)))


def literal(text: object, language: str = "") -> Literal:
    """A literal with its language; a tag that is none is left out."""
    if language and _LANGUAGE.fullmatch(language):
        return Literal(plain(text), language=language)
    return Literal(plain(text))


def text_in(language: str, text: object, context: Context) -> Literal:
    """A literal in a language of the vocabulary, under the tag that other catalogues read."""
    return literal(text, tag_of(language, context.vocabulary.scheme("language")) or language)


def typed(text: object, datatype: str) -> Literal:
    """A literal of a datatype given as a prefixed name."""
    return Literal(plain(text), datatype=NamedNode(expand(datatype)))


def date_literal(text: str) -> Literal:
    """A date in the precision that it has."""
    return typed(text, _DATES.get(len(text), "xsd:dateTime"))


def triple(subject: Subject, predicate: str, value: Object) -> Triple:
    """A triple with a prefixed predicate."""
    return Triple(subject, _predicate(predicate), value)


@lru_cache(maxsize=512)
def _predicate(name: str) -> NamedNode:
    return node(name)


def is_a(subject: Subject, *classes: str) -> Triples:
    """That a subject is of these classes."""
    for name in classes:
        yield Triple(subject, RDF_TYPE, _predicate(name))


def link(subject: Subject, predicate: str, address: str, *classes: str) -> Triples:
    """A link to an address, which is said to be of these classes; nothing when it is no address."""
    target = iri(address)
    if target is not None:
        yield triple(subject, predicate, target)
        yield from is_a(target, *classes)


def concept_link(
    subject: Subject, predicate: str, concept: Concept, context: Context, *classes: str
) -> Triples:
    """A link to a concept, described in the same graph."""
    target = iri(concept.uri)
    if target is None:
        return
    yield triple(subject, predicate, target)
    if context.later is not None:
        context.later.add(CLASS.join((f"{concept.scheme}/{concept.id}", *classes)))
        return
    yield from describe(concept, context)
    yield from is_a(target, *classes)


def describe(concept: Concept, context: Context) -> Triples:
    """What a reader must be told of a concept: class, scheme, labels. Once in a graph."""
    target = iri(concept.uri)
    if target is None or concept.uri in context.described:
        return
    context.described.add(concept.uri)
    scheme = context.vocabulary.schemes[concept.scheme]
    yield from is_a(target, "skos:Concept")
    for language, label in concept.labels.items():
        yield triple(target, "skos:prefLabel", literal(label, language))
    if concept.notation:
        yield triple(target, "skos:notation", literal(concept.notation))
    yield from _in_scheme(target, concept, scheme, context)


def _in_scheme(target: NamedNode, concept: Concept, scheme: Scheme, context: Context) -> Triples:
    """The scheme of a concept; places of a country and countries have schemes of their own addresses."""
    address = concept.uri.rsplit("/", 1)[0] if concept.scheme in {"territory", "country"} else scheme.uri
    home = iri(address)
    if home is None:
        return
    yield triple(target, "skos:inScheme", home)
    if address not in context.described:
        context.described.add(address)
        yield from is_a(home, "skos:ConceptScheme")
        for language, title in scheme.titles.items():
            yield triple(home, "dct:title", literal(title, language))
