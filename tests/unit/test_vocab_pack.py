"""All schemes are sound, and another country is another folder of data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape import care
from ckanext.culturape.fields import load_schema
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.mapping import dataset_from_rdf, dataset_iri, dataset_to_rdf
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.search import index_document
from ckanext.culturape.values import canonical_record
from ckanext.culturape.vocab.check import check
from ckanext.culturape.vocab.fold import fold
from ckanext.culturape.vocab.load import VocabularyFault
from ckanext.culturape.vocab.pack import load_vocabulary

ISLAND = str(Path(__file__).parents[1] / "data" / "packs" / "isla")
PERU = load_vocabulary()


def test_the_vocabularies_have_no_fault():
    assert check(PERU) == []


def test_peru_counts():
    levels = [place.attributes.get("level") for place in PERU.scheme("territory")]
    assert {level: levels.count(level) for level in ("region", "province", "district")} == {
        "region": 25,
        "province": 196,
        "district": 1891,
    }
    peoples = PERU.scheme("people")
    assert sum(concept.date == "2015-11-15" for concept in peoples) == 55
    assert {c.id for c in peoples if c.attributes.get("isolation") == "piaci"} == {
        "amahuaca", "chitonahua", "isconahua", "mashco-piro", "mastanahua", "nahua", "nanti",
    }  # fmt: skip
    assert len([c for c in PERU.scheme("language") if c.attributes.get("family")]) == 48


def test_peoples_in_isolation_have_no_place():
    for people in PERU.scheme("people"):
        if people.attributes.get("isolation"):
            assert "regions" not in people.attributes


def test_hidden_names_find_and_are_never_among_the_shown():
    ashaninka = PERU.scheme("people").resolve("CAMPA")
    assert ashaninka is not None
    assert ashaninka.id == "ashaninka"
    assert "Campa" not in str((ashaninka.labels, ashaninka.alt))


@pytest.mark.parametrize(
    ("value", "code"),
    [("Cusco", "08"), ("cuzco", "08"), ("PE-LMA", "1501"), ("Lima Metropolitana", "1501"), ("080101", "080101"), ("PER", "PE"), ("Wanchaq, Cusco, Cusco", "080108")],
)  # fmt: skip
def test_places_are_recognised(value, code):
    assert PERU.scheme("territory").resolve(value).id == code


def test_places_of_the_same_name_are_asked_about():
    same = PERU.scheme("territory").candidates("San Juan")
    assert len(same) > 1
    assert PERU.scheme("territory").resolve("Santa Rosa") is None


def test_reniec_codes_are_not_ubigeo():
    assert PERU.scheme("territory").get("240101").label("es") == "Tumbes"


def test_search_ignores_accents_and_ranks_beginnings_first():
    found = [concept.id for concept in PERU.scheme("territory").search("junin")]
    assert found[0] == "12"
    assert PERU.scheme("people").search("shipibo")[0].id == "shipibo-konibo"


def test_an_unknown_scheme_names_those_there_are():
    with pytest.raises(KeyError, match="sector"):
        PERU.scheme("nada")


@given(text=st.text(max_size=40))
def test_fold_is_idempotent_and_lookups_never_fail(text):
    assert fold(fold(text)) == fold(text)
    scheme = PERU.scheme("cultural-right")
    scheme.resolve(text)
    scheme.closest(text)
    scheme.search(text)


def test_a_fictional_country_from_end_to_end():
    island = load_vocabulary("https://isla.example.org/def/", ISLAND)
    assert check(island) == []
    raw = {
        "title": "Faros",
        "territory": "costas",
        "sector": "Uno sector",
        "language": "es",
        "access_level": "abierto",
        "sensitivity": "ninguna",
    }
    record, faults = canonical_record(load_schema(), raw, island)
    assert [str(fault) for fault in faults] == []
    assert record["territory"] == ["A01", "B01"]
    assert care.faults(record, island) == []
    context = Context(island, "https://isla.example.org", "d")
    graph = Graph(dataset_to_rdf({**record, "id": "d"}, context))
    read, _ = dataset_from_rdf(graph, dataset_iri({"id": "d"}, context), context)
    assert read["territory"] == ["A01", "B01"]
    assert "https://isla.example.org/def/codigo-isla/A01" in str(
        list(dataset_to_rdf({**record, "id": "d"}, Context(island, "https://x", "d")))
    )
    document = index_document(record, island)
    assert "A" in document["vocab_territory"]


FAULTY = {
    "cycle": "concepts: [{id: a, label: {es: A, en: A}, broader: b}, {id: b, label: {es: B, en: B}, broader: a}]",
    "broader": "concepts: [{id: a, label: {es: A, en: A}, broader: nada}]",
    "label": "concepts: [{id: a, label: {es: A}}]",
    "several": "concepts: [{id: a, label: {es: A, en: A}}, {id: b, label: {es: a, en: B}}]",
    "hidden": "concepts: [{id: a, label: {es: Ñ, en: A}, hidden: [ñ]}]",
    "id": "concepts: [{id: 'A b', label: {es: A, en: A}}]",
    "exactMatch": "concepts: [{id: a, label: {es: A, en: A}, exactMatch: ['sector:nada']}]",
}


@pytest.mark.parametrize("word", FAULTY)
def test_each_fault_is_named(word, tmp_path):
    for file in Path(ISLAND).iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    head = "id: sector\ntitle: {es: S, en: S}\nsource: s\ndefinition: {open: {es: a, en: a}, rights: {es: a, en: a}}\n"
    (tmp_path / "sector.yaml").write_text(head + FAULTY[word], encoding="utf-8")
    faults = check(load_vocabulary("https://isla.example.org/def/", str(tmp_path)))
    assert any(word in fault or (word == "cycle" and "itself" in fault) for fault in faults), faults


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sector.yaml", "id: [1"),
        ("sector.yaml", "- a"),
        ("sector.yaml", "id: sector\nconcepts: [{label: {es: x}}]"),
        ("pack.yaml", ""),
    ],
)
def test_files_that_cannot_be_read_are_named(name, text, tmp_path):
    for file in Path(ISLAND).iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyFault, match=name.split(".")[0]):
        load_vocabulary("https://isla.example.org/def/", str(tmp_path))


def test_a_pack_that_is_not_there():
    with pytest.raises(VocabularyFault, match="atlantida"):
        load_vocabulary(pack="atlantida")
