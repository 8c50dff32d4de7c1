"""What CKAN and DKAN say in ways of their own: extras, tags, institutions in titles, files told apart by their names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.culturape.harvest.adapters.lenient import (
    first,
    is_empty,
    listed,
    mapping,
    name_of,
    text_of,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.parts import Triples, Writer, described, documents, rows, texts
from ckanext.culturape.harvest.adapters.parts import keywords as words
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.rdf.graph import Subject
from ckanext.culturape.rdf.terms import is_a, triple

#: «Bibliotecas - [Biblioteca Nacional - BNP]»: the institution, and perhaps its letters.
_INSTITUTION = re.compile(r"(?P<title>.*\S)\s+[-–]\s+\[(?P<name>[^\[\]]*[^\[\]\s])\]\s*", re.DOTALL)
_LETTERS = re.compile(r"(?P<name>.*\S)\s+[-–]\s+(?P<letters>[^\s-]+(?:\s[^\s-]+)?)", re.DOTALL)

#: «1a_museos.csv» data, «1b_…» metadata, «1c_…» dictionary; the number tells which belong together.
_KIND = re.compile(r"(\d{1,3})([abc])_", re.IGNORECASE)

DOCUMENT = rows(("name_translated name title", "dct:title", texts), ("format", "dct:format", texts))


def with_extras(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record with its extras among its own values, which count more."""
    extras = [mapping(item) for item in listed(facts.get("extras"))]
    return {
        **{text_of(item.get("key")): item.get("value") for item in extras if text_of(item.get("key"))},
        **facts,
    }


def with_institution(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record whose title names its institution: the title without it, and the institution as publisher."""
    match = _INSTITUTION.fullmatch(text_of(facts.get("title")))
    if match is None:
        return facts
    letters = _LETTERS.fullmatch(match["name"])
    name, acronym = (letters["name"], letters["letters"]) if letters else (match["name"], "")
    named = (
        {"publisher_name": name, "publisher_acronym": acronym}
        if is_empty(facts.get("publisher_name"))
        else {}
    )
    return {**facts, **named, "title": match["title"]}


def agent(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """An agent from values whose names begin with what it does; empty when nothing is known of it."""
    before = f"{prefix}_" if prefix else ""
    found = {
        name: facts.get(f"{before}{name}")
        for name in ("name", "email", "url", "uri", "identifier", "acronym")
    }
    return {name: value for name, value in found.items() if not is_empty(value)}


def tags(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Keywords, as texts or as objects."""
    for item in listed(value):
        facts = mapping(item)
        yield from words(subject, predicate, first(facts, "display_name", "name") if facts else item, place)


def many(write: Writer) -> Writer:
    """A writer of values that an extra may hold as a list in JSON."""

    def written(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
        yield from write(subject, predicate, _unpacked(value), place)

    return written


def _unpacked(value: Any) -> Any:
    if not isinstance(value, str) or value.strip()[:1] != "[":
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def provenance(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Where the data come from, in words."""
    node = place.blank()
    found = list(texts(node, "rdfs:label", value, place))
    if found:
        yield triple(subject, predicate, node)
        yield from is_a(node, "dct:ProvenanceStatement")
        yield from found


@dataclass(frozen=True, slots=True)
class File:
    """A resource, and what its name says of it.

    Attributes:
        position: among the resources.
        facts: the resource; empty for what is none.
        is_documentation: of the dataset: metadata, or the dictionary of no file.
        dictionaries: resources that explain the columns of this one.
    """

    position: int
    facts: Mapping[str, Any]
    is_documentation: bool = False
    dictionaries: tuple[Mapping[str, Any], ...] = ()


def sorted_files(resources: list[Any]) -> Iterator[File]:
    """The resources, with dictionaries at the files that they explain."""
    found = [mapping(item) for item in resources]
    kinds = [_kind(facts) for facts in found]
    dictionaries: dict[str, list[Mapping[str, Any]]] = {}
    for facts, (number, kind) in zip(found, kinds, strict=True):
        if kind == "c":
            dictionaries.setdefault(number, []).append(facts)
    data = {number for number, kind in kinds if kind == "a"}
    for position, (facts, (number, kind)) in enumerate(zip(found, kinds, strict=True)):
        if kind == "c" and number in data:
            continue
        explained = tuple(dictionaries.get(number, ())) if kind == "a" else ()
        yield File(position, facts, kind in {"b", "c"}, explained)


def _kind(facts: Mapping[str, Any]) -> tuple[str, str]:
    """Number and letter of a file, from its name or the name in its address; empty when it has none."""
    for text in (text_of(first(facts, "name", "title")), text_of(facts.get("url")).rpartition("/")[2]):
        match = _KIND.match(text)
        if match:
            return match[1], match[2].lower()
    return "", ""


def document(subject: Subject, facts: Mapping[str, Any], place: Place) -> Triples:
    """A file as documentation, with its name and format."""
    for found in documents(subject, "foaf:page", facts.get("url"), place.at("url")):
        yield found
        if found.subject == subject:
            yield from described(found.object, DOCUMENT, facts, place)  # type: ignore[arg-type]


def node_of(own: str, page: str, place: Place) -> Subject:
    """The node of a thing: its own address, or the one that its portal gives it, or one without address."""
    return name_of({"own": own}, "own") or name_of({"page": page}, "page") or place.blank()
