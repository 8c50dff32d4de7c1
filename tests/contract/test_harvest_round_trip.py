"""What one portal of ours exports, another takes over and exports again: the same, in all languages, and as strictly."""

from __future__ import annotations

from typing import Any

import pytest
import test_official_shapes as official
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.residue import emit, seal
from ckanext.culturape.namespaces import node
from ckanext.culturape.rdf.fragment import beside, to_ntriples
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.mapping import dataset_iri, dataset_to_rdf
from ckanext.culturape.rdf.terms import Context

RECORDS = [
    {"sensitivity": ["no-revisado"], "access_level": "no-revisado", **record} for record in official.records()
]
DATES = {"metadata_created": "2026-01-01T00:00:00", "metadata_modified": "2026-02-01T00:00:00"}
OTHER = Context(official.VOCABULARY, "https://otro.example.org")


def first_export(record: dict[str, Any]) -> tuple[NamedNode, bytes]:
    context = Context(official.VOCABULARY, official.BASE, record["id"])
    return dataset_iri(record, context), to_ntriples(dataset_to_rdf(record, context, official.ORGANIZATION))


def taken_over(record: dict[str, Any]) -> tuple[Reading, dict[str, Any]]:
    """The reading at the other portal, and the record as it is stored there."""
    _, written = first_export(record)
    reading = next(iter(read_document(written, OTHER)))
    resources = [{**resource, "id": f"other-{n}"} for n, resource in enumerate(reading.record["resources"])]
    return reading, {**reading.record, **DATES, "id": "other", "resources": resources}


def again(record: dict[str, Any]) -> list[Triple]:
    reading, stored = taken_over(record)
    own = Context(official.VOCABULARY, OTHER.base, "other")
    kept = emit(seal(reading.residue, stored), stored, own)
    return list(dict.fromkeys(beside(dataset_to_rdf(stored, own), kept)))


def canonical(triples: Any, without: NamedNode) -> set[str]:
    """The statements with names of blank nodes that do not depend on the document, without those on the catalogue's entry."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples if t.subject != without)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_export_harvest_export_is_the_same_graph(record):
    subject, written = first_export(record)
    entry = NamedNode(f"{subject.value}#record")
    first = canonical((quad.triple for quad in parse(written, format=RdfFormat.N_TRIPLES)), entry)
    assert canonical(again(record), entry) == first


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_every_field_arrives(record):
    reading, _ = taken_over(record)
    assert reading.faults == ()
    fields = official.load_schema().fields
    # Labels are put by communities, here; those of a source are kept beside the record.
    for name in {field.name for field in fields if field.rdf and not field.community_only} & set(record):
        assert reading.record[name] == record[name], name


@pytest.mark.shared
@pytest.mark.parametrize("name", official.SHAPES)
def test_the_second_export_is_as_strict(name, shared):
    import rdflib

    graph = rdflib.Graph()
    for record in RECORDS:
        graph.parse(data=serialize(again(record), format=RdfFormat.N_TRIPLES), format="nt")
    found = official.violations(graph, shared / "shapes/dcat-ap-3.0.1" / name)
    assert found == {}


def test_a_second_export_holds_no_address_of_a_residue():
    for record in RECORDS:
        graph = Graph(again(record))
        assert not any(
            "residue" in str(triple) for subject in graph.subjects() for triple in graph.about(subject)
        )
        assert node("dcat:Dataset") in {o for s in graph.subjects() for o in graph.objects(s, "rdf:type")}
