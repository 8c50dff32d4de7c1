"""Catalogues by others lose nothing on their way through our records: what they state is exported again, in the same or in an equivalent form.

The comparison here knows nothing of the code that keeps the residue: it walks both graphs from the nodes that have addresses, and compares
paths and values. Rules of equivalence: docs/decisions/0015-harvest-reading.md.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse, serialize

from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.preview import LIMITS, Site, exported, preview
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.residue import seal
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.namespaces import node
from ckanext.culturape.rdf.codecs_concepts import official
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.likeness import find
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.vocab.pack import load_vocabulary

SHARED = Path(__file__).parents[3] / "shared/catalogs"
BASE = "https://datos.example.org"
VOCABULARY = load_vocabulary()
CONTEXT = Context(VOCABULARY, BASE)
SITE = Site(BASE, VOCABULARY.base, "pe", "es", "es")

#: A JSON of DCAT-US, which an adapter of its own reads.
NOT_RDF = {"fr_evian_arcgishub.json"}
REAL = sorted(path for path in (SHARED / "real").glob("*") if path.name not in NOT_RDF)
BAD = sorted((SHARED / "bad").glob("*"))

#: Datasets and series that a file describes, where there are any.
DATASETS = {
    "ch_1894.xml": 1, "ch_catalog.xml": 2, "ch_dataset_rights.xml": 1, "ckan_catalog.rdf": 2, "ckan_catalog_at_graph.jsonld": 1,
    "ckan_catalog_pod.jsonld": 1, "ckan_dataset_gob_es.ttl": 1, "ckan_dataset_gov_de.rdf": 1, "ckan_dataset_multilingual.ttl": 1,
    "ckan_dataset_sweden.rdf": 1, "es_catalog_hvd_full.ttl": 1, "es_catalog_nsip.ttl": 3, "es_full_optional.rdf": 4,
    "es_full_optional.ttl": 4, "es_iso19139_to_dcat.ttl": 1, "es_minimal.ttl": 1, "es_nti_risp_dataset.ttl": 1, "fr_bnodes.jsonld": 3,
    "fr_bnodes.xml": 3, "fr_catalog.xml": 4, "fr_datara1.rdf": 1, "fr_datara2.rdf": 1, "fr_flat.jsonld": 3, "fr_geonetwork.xml": 1,
    "fr_nested.jsonld": 1, "fr_ods_draft_catalog.ttl": 186, "fr_series.xml": 1, "fr_sig.oreme.rdf": 1, "fr_udata.xml": 2,
    "sk_dataset1.ttl": 1, "sk_hvd.ttl": 1, "w3c_basic-example.rdf": 1, "w3c_conformance-standards.trig": 2, "w3c_csiro-dap.ttl": 9,
    "w3c_ga-courts.jsonld": 1, "w3c_ga-courts.ttl": 1, "w3c_genoa-busstop.jsonld": 1, "w3c_series-releases.ttl": 4,
    "w3c_series-versions.ttl": 6,
}  # fmt: skip

APART = [node(name) for name in ("dcat:Dataset", "dcat:DatasetSeries", "dcat:Catalog", "dcat:CatalogRecord")]
TYPE, DISTRIBUTION = node("rdf:type"), node("dcat:distribution")
NAMES = tuple(
    node(name)
    for name in ("foaf:name", "rdfs:label", "vcard:fn", "skos:notation", "dcat:startDate", "dcat:endDate")
)
#: Where we say what the standard property cannot hold.
OWN = {node("dct:format"): node("culturape:format"), node("dct:language"): node("culturape:language")}

Path_ = tuple[NamedNode, ...]
Said = tuple[str, Path_, Any]


class Walk:
    """What a graph says of one dataset: values by the nearest node with an address and the path from there."""

    def __init__(self, graph: Graph, dataset: Any, parts: dict[Any, str]) -> None:
        self.graph, self.dataset, self.parts = graph, dataset, parts
        self.said: list[Said] = []
        self._done: set[Any] = set()
        self._walk(dataset, "dataset", ())

    def _walk(self, subject: Any, name: str, path: Path_) -> None:
        if subject in self._done and isinstance(subject, NamedNode):
            return
        self._done.add(subject)
        for triple in self.graph.about(subject):
            value, steps = triple.object, (*path, triple.predicate)
            label = BlankNode("part" if value in self.parts else "any")
            self.said.append(
                (name, steps, label if value in self.parts or isinstance(value, BlankNode) else value)
            )
            if triple.predicate != TYPE and value != self.dataset:
                self._go_on(value, name, steps)

    def _go_on(self, value: Any, name: str, steps: Path_) -> None:
        if value in self.parts:
            self._walk(value, self.parts[value], ())
        elif isinstance(value, NamedNode) and not self._is_apart(value):
            self._walk(value, value.value, ())
        elif isinstance(value, BlankNode) and len(steps) < 12 and not self._is_apart(value):
            self._walk(value, name, steps)

    def walk_rest(self) -> None:
        """Go on from all other nodes with addresses."""
        for subject in self.graph.subjects():
            if isinstance(subject, NamedNode):
                self._walk(subject, subject.value, ())

    def _is_apart(self, subject: Any) -> bool:
        return any(kind in self.graph.objects(subject, "rdf:type") for kind in APART)


def walk(graph: Graph, dataset: Any) -> Walk:
    """The distributions are compared by the address of their data, since those without an address get one."""
    parts: dict[Any, str] = {}
    for part in graph.objects(dataset, "dcat:distribution"):
        named = isinstance(part, NamedNode) and not part.value.startswith(BASE)
        if not isinstance(part, Literal):
            parts[part] = part.value if named else "part"
    return Walk(graph, dataset, parts)


def plain(value: Any) -> str:
    text = value.value.strip().removeprefix("mailto:").replace(" ", "%20").rstrip("/")
    text = re.sub(r"^https?://(www\.)?", "", text)
    text = text.removeprefix("iana.org/assignments/media-types/")
    text = re.sub(r"^(\d{4}-\d\d-\d\dT.*)(?:Z|\+00:00)$", r"\1", text)
    return re.sub(r"^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:Z|[+-]\d\d:\d\d)$", r"\1", text)


def pieces(value: Literal) -> list[Literal]:
    """Beginning and end of a period in one text."""
    return [Literal(part) for part in value.value.split("/")]


@cache
def meanings(text: str) -> frozenset[str]:
    """Addresses of all concepts that a text may mean."""
    found = [find(scheme, text) for scheme in VOCABULARY.schemes.values()] + [
        VOCABULARY.scheme("language").get(text.split("-", 1)[0].lower())
    ]
    return frozenset(a for concept in found if concept for a in (concept.uri, official(concept)) if a)


class Export:
    """What an export says, for look-ups by place."""

    def __init__(self, walked: Walk) -> None:
        self.at: dict[tuple[str, Path_], list[Any]] = {}
        walked.walk_rest()
        for name, path, value in walked.said:
            self.at.setdefault((name, path), []).append(value)

    def judge(self, said: Said) -> str:
        name, path, value = said
        there = self.at.get((name, path), [])
        if value in there:
            return "same"
        if isinstance(value, BlankNode):
            return (
                "equivalent"
                if there or self.at.get((name, (*path[:-1], OWN.get(path[-1], path[-1]))))
                else "lost"
            )
        return "equivalent" if self._is_equivalent(name, path, value, there) else "lost"

    def _is_equivalent(self, name: str, path: Path_, value: Any, there: list[Any]) -> bool:
        texts = [plain(other) for other in there if not isinstance(other, BlankNode)]
        if isinstance(value, Literal) and value.language:
            same = [
                o
                for o in there
                if isinstance(o, Literal) and (o.language or "").lower() == value.language.lower()
            ]
            if any(plain(value) == plain(other) for other in same):
                return True
        elif plain(value) in texts or _number(value) in [_number(other) for other in there if _number(other)]:
            return True
        own = there + self.at.get((name, (*path[:-1], OWN.get(path[-1], path[-1]))), [])
        if meanings(value.value) & {getattr(other, "value", "") for other in own}:
            return True
        if isinstance(value, Literal) and any(
            plain(value) == plain(o) for o in own if isinstance(o, Literal)
        ):
            return not value.language
        below = [o for step in NAMES for o in self.at.get((name, (*path, step)), [])]
        if isinstance(value, Literal) and any(
            plain(o) in (*map(plain, pieces(value)), plain(value)) for o in below
        ):
            return True
        return self._is_name_of_concept(name, path, value)

    def _is_name_of_concept(self, name: str, path: Path_, value: Any) -> bool:
        """A node that was no more than a name became the concept of that name."""
        above = self.at.get((name, path[:-1]), []) if len(path) > 1 else []
        addresses = {o.value for o in above if isinstance(o, NamedNode)}
        return bool(addresses and (path[-1] == TYPE or meanings(value.value) & addresses))


def _number(value: Any) -> str:
    try:
        return "" if isinstance(value, BlankNode) else repr(float(value.value))
    except ValueError:
        return ""


def read_file(path: Path) -> tuple[Graph, list[Reading]]:
    adapted = to_dcat(path.read_bytes(), "", f"https://example.invalid/{path.name}")
    triples = [quad.triple for quad in parse(adapted.ntriples, format=RdfFormat.N_TRIPLES)]
    return Graph(respell(triples)), list(read_document(adapted.ntriples, CONTEXT))


def export_of(reading: Reading, **changes: Any) -> tuple[Graph, Any]:
    record = {**reading.record, **changes}
    sealed = replace(reading, record=record, residue=seal(reading.residue, record))
    written = serialize(list(dict.fromkeys(exported(sealed, CONTEXT))), format=RdfFormat.N_TRIPLES)
    graph = Graph(quad.triple for quad in parse(written, format=RdfFormat.N_TRIPLES))
    datasets = [
        s
        for s in graph.subjects()
        if graph.has_type(s, "dcat:Dataset") and graph.has_type(s, "dcat:Resource")
    ]
    return graph, datasets[0]


def subjects_of(graph: Graph, readings: list[Reading]) -> Iterator[tuple[Any, Reading]]:
    """The nodes of the datasets, in the order in which they are read."""
    named = {o for s in graph.subjects() for o in graph.objects(s, "dcat:dataset")}
    kinds = (node("dcat:Dataset"), node("dcat:DatasetSeries"))
    nodes = [
        s for s in graph.subjects() if s in named or any(k in graph.objects(s, "rdf:type") for k in kinds)
    ]
    yield from zip(nodes, readings, strict=True)


def measure(path: Path) -> tuple[Counter[str], list[Said]]:
    """How much of a file is exported again, and what of it is not."""
    graph, readings = read_file(path)
    counts: Counter[str] = Counter(datasets=len(readings))
    lost: list[Said] = []
    for dataset, reading in subjects_of(graph, readings):
        if reading.is_refused:
            counts["refused"] += 1
            continue
        said = walk(graph, dataset).said
        reviewed = Export(
            walk(
                *export_of(reading, sensitivity=["ninguna"], access_level=reading.record.get("access_level"))
            )
        )
        as_it_is = Export(walk(*export_of(reading)))
        for one in said:
            verdict = reviewed.judge(one)
            if verdict != "lost" and as_it_is.judge(one) == "lost":
                verdict = "withheld"
            counts[verdict] += 1
            if verdict == "lost":
                lost.append(one)
    return counts, lost


@pytest.mark.shared
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_nothing_is_lost(path):
    counts, lost = measure(path)
    total = sum(counts[name] for name in ("same", "equivalent", "withheld", "lost"))
    sys.stdout.write(f"{path.name:36} {total:6} said, {counts['same']:6} the same, {counts['equivalent']:4} equivalent, "
          f"{counts['withheld']:4} withheld, {counts['lost']:3} lost\n")  # fmt: skip
    assert lost == []
    assert counts["datasets"] == DATASETS.get(path.name, 0)


@pytest.mark.shared
@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_what_is_bad_is_answered(path):
    found = preview(
        SITE, content=path.read_bytes(), name=f"https://example.invalid/{path.name}", limits=LIMITS
    )
    assert set(found) >= {"datasets", "refused", "error", "export"}
    assert "javascript:" not in found["export"].replace('"javascript:', "")
    list(parse(found["export"].encode(), format=RdfFormat.N_TRIPLES))
