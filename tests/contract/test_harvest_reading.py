"""Catalogues by others lose nothing on their way through our records: what they state is exported again, in the same or in an equivalent form.

How they are compared: ``comparing``.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from comparing import BASE, VOCABULARY, Export, Said, nodes_of, walk
from pyoxigraph import RdfFormat, parse, serialize

from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.preview import LIMITS, Site, exported, preview
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.residue import seal
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.terms import Context

SHARED = Path(__file__).parents[3] / "shared/catalogs"
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
    yield from zip(nodes_of(graph), readings, strict=True)


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
