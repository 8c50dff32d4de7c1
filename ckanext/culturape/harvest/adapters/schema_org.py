"""schema.org as DCAT: Dataset and DataCatalog, as JSON-LD or in a web page.

Source: https://schema.org/Dataset; the reading of Google Dataset Search is followed where texts may stand for things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from pyoxigraph import NamedNode

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters import schema_parts as own
from ckanext.culturape.harvest.adapters.agents import agents, contacts
from ckanext.culturape.harvest.adapters.coverage import periods
from ckanext.culturape.harvest.adapters.lenient import first, is_empty, listed, mapping, name_of, text_of
from ckanext.culturape.harvest.adapters.parts import (
    Triples,
    Writer,
    dates,
    described,
    documents,
    known_names,
    licences,
    links,
    prose,
    rights,
    rows,
    sizes,
    state,
    texts,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.harvest.adapters.schema_terms import (
    Node,
    Terms,
    by_id,
    everywhere,
    of_type,
    plain_names,
    walked,
)
from ckanext.culturape.rdf.graph import Subject
from ckanext.culturape.rdf.terms import is_a, triple, typed

SCHEMA = "http://schema.org/"
DATASETS, CATALOGS = ("Dataset", "DataFeed"), ("DataCatalog",)


def _each(write: Writer, change: Callable[[Any], Any]) -> Writer:
    """A writer of things that may be told as texts: each is changed first."""

    def written(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
        yield from write(subject, predicate, [change(item) or item for item in listed(value)], place)

    return written


pages = _each(documents, own.address)
names = _each(texts, own.named)

CATALOG = rows(
    ("name", "dct:title", texts), ("description", "dct:description", prose), ("url", "foaf:homepage", pages),
    ("license", "dct:license", _each(licences, own.address)), ("inLanguage", "dct:language", names),
    ("identifier", "dct:identifier", own.identifiers), ("datePublished", "dct:issued", dates),
    ("dateModified", "dct:modified", dates),
)  # fmt: skip

DATASET = rows(
    ("name", "dct:title", texts), ("alternateName", "dct:alternative", texts), ("description", "dct:description", prose),
    ("url", "dcat:landingPage", pages), ("identifier", "dct:identifier", own.identifiers),
    ("keywords", "dcat:keyword", own.keywords), ("about", "dct:subject", own.terms),
    ("license", "dct:license", _each(licences, own.address)), ("inLanguage", "dct:language", names),
    ("spatialCoverage spatial contentLocation", "dct:spatial", own.spatial),
    ("temporalCoverage temporal", "dct:temporal", periods), ("datePublished", "dct:issued", dates),
    ("dateCreated", "dct:created", dates), ("dateModified", "dct:modified", dates), ("version", "dcat:version", names),
    ("conditionsOfAccess", "dct:accessRights", rights), ("usageInfo", "dct:rights", _each(links, own.address)),
    ("copyrightNotice", "dct:rights", rights), ("sameAs", "rdfs:seeAlso", _each(links, own.address)),
    ("isBasedOn", "dct:source", _each(links, own.address)), ("isPartOf", "dct:isPartOf", _each(links, own.address)),
    ("subjectOf", "foaf:page", pages), ("mainEntityOfPage", "foaf:page", pages),
    ("encodingFormat fileFormat", f"{SCHEMA}encodingFormat", names),
    *((name, f"{SCHEMA}{name}", names) for name in (
        "citation", "measurementTechnique", "variableMeasured", "creditText", "creativeWorkStatus", "funder", "audience",
    )),
)  # fmt: skip

FILE = rows(
    ("name", "dct:title", texts), ("description", "dct:description", prose), ("url contentUrl", "dcat:accessURL", links),
    ("contentUrl", "dcat:downloadURL", links), ("encodingFormat fileFormat", "dct:format", own.encoding),
    ("contentSize", "dcat:byteSize", sizes), ("inLanguage", "dct:language", names),
    ("license", "dct:license", _each(licences, own.address)), ("copyrightNotice", "dct:rights", rights),
    ("datePublished uploadDate", "dct:issued", dates), ("dateModified", "dct:modified", dates),
    ("sha256", "spdx:checksum", own.sha256), ("subjectOf", "foaf:page", pages),
    ("identifier", "dct:identifier", own.identifiers), ("usageInfo", "dct:rights", _each(links, own.address)),
)  # fmt: skip

#: Who did what; the first of the names that says something counts.
AGENTS: tuple[tuple[tuple[str, ...], str, Writer], ...] = (
    (("publisher", "provider"), "dct:publisher", agents), (("creator", "author"), "dct:creator", agents),
    (("maintainer", "contactPoint"), "dcat:contactPoint", contacts),
)  # fmt: skip

#: Properties whose values may be nodes that stand elsewhere in the document.
_FOLLOWED = frozenset({"spatialCoverage", "spatial", "keywords", "about", "license", "subjectOf", "isPartOf"})

#: Read apart, or said of the description and not of the data.
_READ = {
    "contributor", "distribution", "dataset", "includedInDataCatalog", "isAccessibleForFree", "sdDatePublished", "sdLicense",
    "sdPublisher", "hasPart", "mainEntity", *(name for names, _, _ in AGENTS for name in names),
}  # fmt: skip
KNOWN = known_names(DATASET) | _READ
FILE_NAMES = known_names(FILE)


def nodes_of(document: Any, address: str = "") -> list[Node]:
    """All nodes of a document under plain names, if it describes datasets or catalogues; else none."""
    nodes = list(walked(plain_names(document, Terms(base=address))))
    return nodes if any(of_type(node, *DATASETS, *CATALOGS) for node in nodes) else []


def to_dcat(nodes: list[Node], place: Place) -> Triples:
    """The catalogues and datasets among nodes."""
    known = by_id(everywhere(cast("Any", nodes)))
    subjects: dict[str, Subject] = {}
    for position, given in enumerate(nodes):
        key = _key(given, position)
        if of_type(given, *DATASETS) and key not in subjects:
            node = known.get(text_of(given.get("@id")), given)
            if is_empty(first(node, "name", "description", "distribution")):
                place.at(position).lose(key, N_("This is no description of a dataset: it has no name."))
                continue
            subjects[key] = name_of(node, "@id", "url") or Place(place.report, key).blank()
            yield from _dataset(subjects[key], node, known, place)
    for position, given in enumerate(nodes):
        if of_type(given, *CATALOGS):
            yield from _catalog(given, subjects, place.at(position))


def _key(node: Mapping[str, Any], position: int = -1) -> str:
    """By what a dataset is known: its address, or else its page, or its name."""
    return text_of(first(node, "@id", "url")) or own.text_name(node) or str(position)


def _catalog(node: Mapping[str, Any], subjects: Mapping[str, Subject], place: Place) -> Triples:
    catalog = name_of(node, "@id", "url") or place.blank()
    yield from is_a(catalog, "dcat:Catalog")
    yield from described(catalog, CATALOG, node, place)
    yield from agents(
        catalog, "dct:publisher", [own.agent(item, {}) for item in listed(node.get("publisher"))], place
    )
    for item in map(mapping, listed(node.get("dataset"))):
        dataset = subjects.get(_key(item))
        if dataset:
            yield triple(catalog, "dcat:dataset", dataset)


def _dataset(subject: Subject, node: Node, known: Mapping[str, Node], place: Place) -> Triples:
    here = Place(place.report, subject.value if isinstance(subject, NamedNode) else _key(node))
    followed = {
        name: own.followed(value, known) if name in _FOLLOWED else value for name, value in node.items()
    }
    yield from is_a(subject, "dcat:Dataset")
    yield from described(subject, DATASET, followed, here)
    for keys, predicate, write in AGENTS:
        found = own.followed(first(node, *keys), known)
        yield from write(subject, predicate, [own.agent(item, known) for item in found], here.at(keys[0]))
    yield from own.contributors(subject, node.get("contributor"), known, here.at("contributor"))
    if isinstance(node.get("isAccessibleForFree"), bool):
        free = typed(str(node["isAccessibleForFree"]).lower(), "xsd:boolean")
        yield state(subject, f"{SCHEMA}isAccessibleForFree", free)
    for catalog in map(mapping, own.followed(node.get("includedInDataCatalog"), known)):
        home = name_of(catalog, "@id", "url")
        if home:
            yield triple(home, "dcat:dataset", subject)
            yield from is_a(home, "dcat:Catalog")
    for position, item in enumerate(own.followed(node.get("distribution"), known)):
        yield from _file(subject, item, here.at("distribution").at(position))
    here.unknown({name for name in node if name[:1] != "@"} - KNOWN)


def _file(dataset: Subject, item: Any, place: Place) -> Triples:
    facts = mapping(item) or {"url": text_of(item)}
    if not any(name in FILE_NAMES for name in facts if not is_empty(facts[name])):
        place.unfit(item, N_("a file with names and values"))
        return
    node = name_of(facts, "@id") or place.blank()
    yield triple(dataset, "dcat:distribution", node)
    yield from is_a(node, "dcat:Distribution")
    yield from described(node, FILE, facts, place)
    place.unknown({name for name in facts if name[:1] != "@"} - FILE_NAMES)
