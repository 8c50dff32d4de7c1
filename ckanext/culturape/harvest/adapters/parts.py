"""Writers that several families share: each takes a value of JSON, in any of its usual shapes, and yields triples of DCAT.

All have one signature, ``(subject, predicate, value, place)``; what they cannot use they name at the place, and go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.lenient import (
    NAMES,
    address_of,
    is_empty,
    listed,
    literals,
    tagged,
    text_of,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.literals import date_of, shown_date, size_of
from ckanext.culturape.harvest.adapters.markup import plain_text
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.namespaces import AUTHORITY
from ckanext.culturape.rdf.graph import Object, Subject
from ckanext.culturape.rdf.terms import is_a, literal, triple, typed

Triples = Iterator[Triple]
Writer = Callable[[Subject, str, Any, Place], Triples]


class Row(NamedTuple):
    """One line of a mapping.

    Attributes:
        names: in the source; the first that says something counts.
        predicate: prefixed name.
        write: what makes triples of the value.
    """

    names: tuple[str, ...]
    predicate: str
    write: Writer


def rows(*lines: tuple[str, str, Writer]) -> tuple[Row, ...]:
    """A mapping; names are separated by spaces."""
    return tuple(Row(tuple(names.split()), predicate, write) for names, predicate, write in lines)


def described(subject: Subject, mapping: tuple[Row, ...], values: Mapping[str, Any], place: Place) -> Triples:
    """All that a mapping says of an object."""
    for row in mapping:
        for name in row.names:
            if not is_empty(values.get(name)):
                yield from row.write(subject, row.predicate, values[name], place.at(name))
                break


def known_names(*mappings: tuple[Row, ...]) -> frozenset[str]:
    """All names that mappings take."""
    return frozenset(name for mapping in mappings for row in mapping for name in row.names)


def texts(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Literals, with languages where they are told."""
    for found in literals(value, place):
        yield state(subject, predicate, found)


def prose(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Literals without the tags of HTML."""
    for found in literals(value, place):
        words = plain_text(found.value)
        if words:
            yield state(subject, predicate, tagged(words, found.language or ""))


def keywords(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A literal for each word; several may stand in one text, separated by commas or semicolons."""
    for found in literals(value, place):
        for word in found.value.replace(";", ",").split(","):
            if word.strip():
                yield state(subject, predicate, tagged(word.strip(), found.language or ""))


def dates(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Dates in their precision; those that a portal shows in words are read, what is no date stays a text."""
    for item in listed(value):
        text = text_of(item)
        if text:
            yield state(subject, predicate, shown_date(text) or date_of(text))
        else:
            place.unfit(item, N_("a date"))


def links(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Links to addresses of the web."""
    for item in listed(value):
        target = address_of(item, place)
        if target:
            yield state(subject, predicate, target)


def documents(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Links to pages and documents."""
    for found in links(subject, predicate, value, place):
        yield found
        yield from is_a(found.object, "foaf:Document")  # type: ignore[arg-type]


def standards(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Links to standards, which may have any kind of address."""
    for item in listed(value):
        target = address_of(item, place, NAMES)
        if target:
            yield state(subject, predicate, target)
            yield from is_a(target, "dct:Standard")


def sizes(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """The size in bytes."""
    size = size_of(text_of(value))
    if size is None:
        place.unfit(value, N_("a size in bytes"))
    else:
        yield state(subject, predicate, typed(size, "xsd:nonNegativeInteger"))


def licences(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A licence by its address, or by its name; an object may give both."""
    for item in listed(value):
        text = plain_text(text_of(item))
        if text.lower().startswith(("http://", "https://")):
            target = address_of(text, place)
            if target:
                yield state(subject, predicate, target)
                yield from is_a(target, "dct:LicenseDocument")
        elif text:
            yield state(subject, predicate, literal(text))
        else:
            place.unfit(item, N_("the name or address of a licence"))


def rights(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A statement of rights with its words."""
    for found in literals(value, place):
        words = plain_text(found.value)
        node = place.at(words).blank()
        yield state(subject, predicate, node)
        yield from is_a(node, "dct:RightsStatement")
        yield state(node, "rdfs:label", tagged(words, found.language or ""))


def concepts(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A concept for each text, or each address."""
    for found in literals(value, place):
        yield from concept(subject, predicate, found, place)


def concept(
    subject: Subject, predicate: str, label: Literal, place: Place, notation: str = "", words: str = ""
) -> Triples:
    """A concept that has a label, and perhaps a code and a definition."""
    node = None
    if label.value.startswith(("http://", "https://")):
        node = address_of(label.value, place)
        if node is None:
            return
    target = node or place.at(label.value).blank()
    yield state(subject, predicate, target)
    yield from is_a(target, "skos:Concept")
    if node is None:
        yield state(target, "skos:prefLabel", label)
    if notation:
        yield state(target, "skos:notation", literal(notation))
    if words:
        yield state(target, "skos:definition", literal(words))


def authority(subject: Subject, predicate: str, table: str, code: str) -> Triples:
    """A link to a concept of an authority table of the European Union."""
    target = NamedNode(f"{AUTHORITY}{table}/{code}")
    yield state(subject, predicate, target)
    yield from is_a(target, "skos:Concept")


def state(subject: Subject, predicate: str, value: Object) -> Triple:
    """A triple whose predicate is a prefixed name, or an address for what has no prefix here."""
    known = "://" not in predicate
    return triple(subject, predicate, value) if known else Triple(subject, NamedNode(predicate), value)
