"""From a record to the fields of the index."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from ckanext.culturape.search import index_document, use_field
from ckanext.culturape.search.document import facet_fields
from ckanext.culturape.vocab.concept import Concept, Scheme

if TYPE_CHECKING:
    from ckanext.culturape.vocab.pack import Vocabulary


def words_of(document: dict[str, Any]) -> set[str]:
    return {word for text in document["text"] for word in text.split()}


def test_a_district_is_found_by_all_places_above_it(vocabulary: Vocabulary) -> None:
    document = index_document({"territory": ["080901"]}, vocabulary)
    assert document["vocab_country"] == ["PE"]
    assert document["vocab_region"] == ["08"]
    assert document["vocab_province"] == ["0809"]
    assert document["vocab_district"] == ["080901"]
    assert document["vocab_territory"] == ["08", "0809", "080901", "PE"]
    assert {"Cusco", "Convención,"} <= words_of(document)


def test_a_country_has_no_region(vocabulary: Vocabulary) -> None:
    document = index_document({"territory": ["AR"]}, vocabulary)
    assert {name for name in document if name.startswith("vocab_")} == {
        "vocab_country", "vocab_territory", "vocab_territory_concepts",
    }  # fmt: skip


def test_a_variety_is_found_by_its_language(vocabulary: Vocabulary) -> None:
    document = index_document({"language": ["quechua-chanka"]}, vocabulary)
    assert document["vocab_language"] == ["qu", "quechua-chanka"]


def test_all_names_of_a_people_find_it_but_only_its_id_is_stored(vocabulary: Vocabulary) -> None:
    document = index_document({"people": ["wampis"]}, vocabulary)
    assert "Huambisa" in document["text"]
    assert {name: value for name, value in document.items() if name != "text"} == {
        "vocab_people": ["wampis"],
        "vocab_people_concepts": ["wampis"],
    }


def test_variants_of_a_people_and_of_its_language_are_the_same(vocabulary: Vocabulary) -> None:
    of_people = index_document({"people": ["shipibo-konibo"]}, vocabulary)["text"]
    of_language = index_document({"subject_language": ["shp"]}, vocabulary)["text"]
    assert {"Shipibo-Conibo", "Shipibo"} <= set(of_people) & set(of_language)


def test_hidden_names_go_to_the_words_alone(vocabulary: Vocabulary) -> None:
    hidden = {word for concept in vocabulary.scheme("people") for word in concept.hidden}
    assert hidden, "the vocabulary has no hidden names to test with"
    record = {"people": [concept.id for concept in vocabulary.scheme("people")]}
    document = index_document(record, vocabulary)
    assert hidden <= set(document.pop("text"))
    assert not [word for word in hidden if word in json.dumps(document)]


def test_texts_of_all_languages_agents_and_resources_are_words(vocabulary: Vocabulary) -> None:
    record = {
        "title": "Préstamos",
        "title_translated": {"es": "Préstamos", "en": "Loans"},
        "tags_translated": {"es": ["lectura (pública)"]},
        "creator": [{"name": "Archivo Regional", "email": "oficina@example.org"}],
        "qualified_attribution": [{"agent": "Comunidad de prueba", "role": "custodian"}],
        "resources": [{"name_translated": {"en": "Table of loans"}, "format": "CSV"}, "odd"],
        "organization": {"title": "Biblioteca Municipal"},
    }
    texts = index_document(record, vocabulary)["text"]
    for text in ("Loans", "lectura (pública)", "Archivo Regional", "Comunidad de prueba", "Table of loans"):
        assert text in texts
    assert "Biblioteca Municipal" in texts
    assert not [text for text in texts if "oficina@" in text]


def test_stems_are_made_of_core_texts_too(vocabulary: Vocabulary) -> None:
    record = {"title": "Luces", "tags": [{"name": "danzas"}], "resources": [{"description": "Artes"}]}
    extras = {"extras": [{"key": "note", "value": "voces"}]}
    assert {"xqluz", "xqdanz", "xqart", "xqvoz"} <= words_of(index_document({**record, **extras}, vocabulary))


def test_the_type_of_the_institution_comes_from_the_organisation(vocabulary: Vocabulary) -> None:
    organization = {"institution_type": "museo", "title": "Museo de Prueba"}
    document = index_document({}, vocabulary, organization)
    assert document["vocab_institution_type"] == ["museo"]
    assert "Museo de Prueba" in document["text"]


@pytest.mark.parametrize(
    "value", ["sin-lista", 3, None, {"a": 1}, [None, 3, {"a": 1}, "no-such-concept"], '["museos"]', [["x"]]]
)
def test_a_value_of_another_shape_is_passed_over(vocabulary: Vocabulary, value: Any) -> None:
    names = ("sector", "territory", "title_translated", "creator", "resources", "tags", "organization")
    record = dict.fromkeys(names, value)
    document = index_document(record, vocabulary)
    assert not [name for name in document if name.startswith("vocab_")]


def test_no_field_is_read_as_a_date_and_only_declared_ones_are_filled(vocabulary: Vocabulary) -> None:
    record = {"territory": ["080901"], "sector": ["museos"], "issued": "2020", "access_level": "abierto"}
    document = index_document(record, vocabulary, {"institution_type": "museo"})
    assert not [name for name in document if name.endswith("_date")]
    assert set(document) - {"text"} <= set(facet_fields())


def test_a_scheme_with_levels_is_indexed_with_those_above(vocabulary: Vocabulary) -> None:
    top = Concept("sector", "letras", "https://example.org/letras", {"es": "Letras"})
    below = replace(top, id="poesia", labels={"es": "Poesía"}, broader=("letras",))
    sector = replace(vocabulary.scheme("sector"), concepts=MappingProxyType({c.id: c for c in (top, below)}))
    schemes: dict[str, Scheme] = {**vocabulary.schemes, "sector": sector}
    document = index_document({"sector": ["poesia"]}, replace(vocabulary, schemes=schemes))
    assert document["vocab_sector"] == ["letras", "poesia"]
    assert {"Letras", "Poesía"} <= set(document["text"])


def test_concepts_of_all_fields_are_indexed_by_scheme(vocabulary: Vocabulary) -> None:
    record = {
        "language": ["es"],
        "subject_language": ["quechua-chanka"],
        "frequency": "ANNUAL",
        "creator": [{"name": "Archivo de prueba", "type": "LocalAuthority"}],
        "qualified_attribution": [{"agent": "Comunidad de prueba", "role": "custodio"}, "odd", {"role": 3}],
        "resources": [
            {"format": "CSV", "language": ["ay"], "license": "CC-BY-4.0"},
            {"format": "no such"},
            None,
        ],
    }
    document = index_document(record, vocabulary, {"institution_type": "museo"})
    assert document["vocab_language_concepts"] == ["ay", "es", "qu", "quechua-chanka"]
    assert document["vocab_frequency_concepts"] == ["ANNUAL"]
    assert document["vocab_publisher_type_concepts"] == ["LocalAuthority"]
    assert document["vocab_role_concepts"] == ["custodio"]
    assert document["vocab_file_type_concepts"] == ["CSV"]
    assert document["vocab_licence_concepts"] == ["CC-BY-4.0"]
    assert document["vocab_institution_type_concepts"] == ["museo"]


def test_a_country_is_looked_for_where_records_choose_it_and_other_schemes_nowhere() -> None:
    assert use_field("country") == use_field("territory") == "vocab_territory_concepts"
    assert use_field("theme") == use_field("nada") == use_field("") == ""
