"""The law: ``from_rdf(to_rdf(d)) == d`` for every declared field and every canonical record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lawful import BASE, LAW_OF_A_FIELD, ORGANIZATION, VOCABULARY, at_ease, values_of
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from ckanext.culturape.fields import RECORD_TYPES, Field, load_schema
from ckanext.culturape.rdf.declared import PAIRS, SUBJECT
from ckanext.culturape.rdf.fragment import to_ntriples
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.mapping import (
    dataset_from_rdf,
    dataset_iri,
    dataset_to_rdf,
)
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.values import canonical_record, canonical_value

SCHEMA = load_schema()


def record_of(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    declared = [field for field in fields if field.rdf]
    return st.fixed_dictionaries({}, optional={field.name: values_of(field) for field in declared})


# Two files that are the same in all, their URI as well, are one thing in RDF.
files = st.lists(
    record_of(SCHEMA.resource_fields),
    max_size=2,
    unique_by=lambda file: str(sorted(file.items(), key=str)) if "uri" in file else str(id(file)),
)
records = st.tuples(record_of(SCHEMA.fields), files)


def canonical(raw: dict[str, Any], resources: list[dict[str, Any]]) -> dict[str, Any]:
    # The rules of care change what is sensitive on purpose; here nothing is.
    raw = {**at_ease(raw), "sensitivity": ["ninguna"]}
    raw["access_level"] = (
        "abierto"
        if raw.get("access_level") in {"con-protocolo", "solo-metadatos"}
        else raw.get("access_level")
    )
    resources = [{"url": f"https://x.pe/{n}", **resource} for n, resource in enumerate(resources)]
    record, faults = canonical_record(SCHEMA, {**raw, "resources": resources}, VOCABULARY)
    return {key: value for key, value in record.items() if key not in {fault.field for fault in faults}}


def round_trip(record: dict[str, Any]) -> dict[str, Any]:
    stored = {**record, "id": "dataset-1", "owner_org": "org-1", "metadata_modified": "2026-01-02T03:04:05"}
    stored["resources"] = [
        {**res, "id": f"resource-{n}"} for n, res in enumerate(record.get("resources", []))
    ]
    context = Context(VOCABULARY, BASE, "dataset-1")
    subject = dataset_iri(stored, context)
    written = serialize(list(dataset_to_rdf(stored, context, ORGANIZATION)), format=RdfFormat.N_TRIPLES)
    graph = Graph(quad.triple for quad in parse(written, format=RdfFormat.N_TRIPLES))
    read, faults = dataset_from_rdf(graph, subject, Context(VOCABULARY, BASE))
    assert [str(fault) for fault in faults] == []
    return read


def dataset_ntriples(*arguments: Any) -> bytes:
    return to_ntriples(dataset_to_rdf(*arguments))


def sorted_resources(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "resources": sorted(record.get("resources", []), key=str)}


@given(parts=records)
def test_law(parts):
    record = canonical(*parts)
    assert sorted_resources(round_trip(record)) == sorted_resources(record)


@pytest.mark.parametrize("field", [f for f in SCHEMA.fields if f.rdf], ids=lambda f: f.name)
@LAW_OF_A_FIELD
@given(data=st.data())
def test_law_of_each_field(field, data):
    record = canonical({field.name: data.draw(values_of(field))}, [])
    assert round_trip(record) == record


@pytest.mark.parametrize("field", [f for f in SCHEMA.resource_fields if f.rdf], ids=lambda f: f.name)
@LAW_OF_A_FIELD
@given(data=st.data())
def test_law_of_each_field_of_a_resource(field, data):
    record = canonical({}, [{field.name: data.draw(values_of(field))}])
    assert round_trip(record) == record


def test_every_codec_that_a_schema_names_exists():
    for name in RECORD_TYPES:
        schema = load_schema(name)
        for field in (*schema.fields, *schema.resource_fields):
            assert field.rdf is None or field.rdf.codec == SUBJECT or field.rdf.codec in PAIRS, field.name


def test_ntriples_are_stable():
    record = {
        "id": "d",
        "title_translated": {"es": "x"},
        "contact": [{"name": "a"}],
        "temporal_coverage": [{"start": "2017"}],
    }
    first = dataset_ntriples(record, Context(VOCABULARY, BASE, "d"), ORGANIZATION)
    assert first == dataset_ntriples(record, Context(VOCABULARY, BASE, "d"), ORGANIZATION)
    assert b"2017" in first


def test_blank_nodes_of_datasets_do_not_meet():
    record = {"id": "d", "title_translated": {"es": "x"}, "contact": [{"name": "a"}]}
    one = dataset_ntriples(record, Context(VOCABULARY, BASE, "d"))
    other = dataset_ntriples({**record, "id": "e"}, Context(VOCABULARY, BASE, "e"))
    blanks = lambda text: {word for word in text.split() if word.startswith(b"_:")}  # noqa: E731
    assert blanks(one) and not blanks(one) & blanks(other)


HOSTILE = {
    "id": "d", "title_translated": {"es": "a\x00b\x1f", "not a language!": "x"}, "url": "http://exa mple.org/<x>",
    "language": "es", "contact": [{"email": "a b@c"}], "territory": ["99999"], "sector": ["no existe"],
    "license_id": "no existe", "resources": [{"id": "r", "url": "javascript:alert(1) {}", "format": "\x00"}],
}  # fmt: skip


def test_what_is_not_well_formed_does_not_get_out():
    written = dataset_ntriples({**HOSTILE, "language": ["es"]}, Context(VOCABULARY, BASE, "d"))
    for quad in parse(written, format=RdfFormat.N_TRIPLES):
        assert "\x00" not in str(quad)
        assert " " not in getattr(quad.object, "value", "") or not isinstance(quad.object, NamedNode)
    assert b"no existe" not in written


@pytest.mark.parametrize("fmt", [RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD])
def test_other_formats_lose_nothing(fmt):
    value, _ = canonical_value(SCHEMA.field("temporal_coverage"), [{"start": "2017"}], VOCABULARY)
    record = {"id": "d", "title_translated": {"es": "x", "qu": "y"}, "temporal_coverage": value}
    triples = list(dict.fromkeys(dataset_to_rdf(record, Context(VOCABULARY, BASE, "d"))))
    again = Graph(quad.triple for quad in parse(serialize(triples, format=fmt), format=fmt))
    read, _ = dataset_from_rdf(
        again, dataset_iri(record, Context(VOCABULARY, BASE)), Context(VOCABULARY, BASE)
    )
    assert read == {
        "title_translated": record["title_translated"],
        "temporal_coverage": value,
        "resources": [],
    }


@pytest.mark.parametrize("spelled", ["GEOJSON", "GeoJSON", "geojson"])
def test_a_format_is_exported_as_its_concept_however_ckan_spells_it(spelled: str) -> None:
    record = {
        "id": "d",
        "name": "d",
        "resources": [{"id": "r", "url": "https://museo.pe/a", "format": spelled}],
    }
    graph = Graph(dataset_to_rdf(record, Context(VOCABULARY, BASE)))
    formats = [o.value for s in graph.subjects() for o in graph.objects(s, "dct:format")]
    assert formats == ["http://publications.europa.eu/resource/authority/file-type/GEOJSON"]
