"""Retired concepts: what follows them, in the vocabularies and in stored records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import RdfFormat, serialize
from rdflib.namespace import DCTERMS, OWL

from ckanext.culturape.fields import load_schema
from ckanext.culturape.values import canonical_record
from ckanext.culturape.values.succession import replace_retired
from ckanext.culturape.vocab.check import check
from ckanext.culturape.vocab.pack import Vocabulary, load_vocabulary
from ckanext.culturape.vocab.retired import successor
from ckanext.culturape.vocab.skos import scheme_to_rdf

FOLDER = Path(__file__).parents[1] / "data" / "packs" / "isla"
BASE = "https://isla.example.org/def/"
ISLAND = load_vocabulary(BASE, str(FOLDER))
SECTOR = ISLAND.scheme("sector")


def pack_with(folder: Path, concepts: str) -> Vocabulary:
    """The fictional pack with these concepts beside ``uno`` in its scheme of roles."""
    for file in FOLDER.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "role.yaml").write_text(f"id: role\nconcepts:\n{concepts}", encoding="utf-8")
    return load_vocabulary(BASE, str(folder))


@pytest.mark.parametrize(
    ("concept", "following"), [("viejo", "uno"), ("medio", "uno"), ("uno", None), ("sin-sucesor", None)]
)
def test_what_follows_a_concept(concept: str, following: str | None) -> None:
    found = successor(SECTOR.concepts[concept], SECTOR)
    assert (found.id if found else None) == following


def test_a_name_means_the_concept_in_use_and_an_id_the_retired_one() -> None:
    assert SECTOR.resolve("Uno sector") is SECTOR.get("uno")
    assert SECTOR.resolve("viejo") is SECTOR.get("viejo")
    assert [c.id for c in SECTOR.search("sector")][-2:] == ["medio", "viejo"]
    assert [c.id for c in SECTOR.search("")][-1] == "sin-sucesor"
    assert "medio" not in {c.id for c in SECTOR.closest("Medio secto")}


def test_a_pack_retires_a_concept_of_the_core_by_what_changes() -> None:
    core, ours = load_vocabulary().scheme("role"), ISLAND.scheme("role")
    old = ours.concepts["usuario"]
    assert (old.deprecated, old.replaced_by) == (True, "custodio")
    assert (old.labels, old.definitions, old.source) == (
        core.concepts["usuario"].labels,
        core.concepts["usuario"].definitions,
        core.concepts["usuario"].source,
    )
    assert ours.concepts.keys() == core.concepts.keys()


def test_a_place_is_retired_in_the_table_of_places() -> None:
    place = ISLAND.scheme("territory").concepts["A02"]
    assert (place.deprecated, place.replaced_by) == (True, "A01")
    assert not ISLAND.scheme("territory").concepts["A01"].deprecated


def test_programs_are_told_that_it_is_retired_and_what_follows() -> None:
    graph = rdflib.Graph().parse(
        data=serialize(scheme_to_rdf(SECTOR), format=RdfFormat.N_TRIPLES), format="nt"
    )
    node = {name: rdflib.URIRef(f"{BASE}sector/{name}") for name in SECTOR.concepts}
    retired = {node["viejo"], node["medio"], node["sin-sucesor"]}
    assert set(graph.subjects(OWL.deprecated, rdflib.Literal(True))) == retired
    assert set(graph.subject_objects(DCTERMS.isReplacedBy)) == {
        (node["viejo"], node["medio"]),
        (node["medio"], node["uno"]),
    }


@pytest.mark.parametrize(
    ("concepts", "fault"),
    [
        (
            "- {id: usuario, deprecated: true, replaced_by: nada}",
            "role/usuario: replaced by “nada”, which does not exist",
        ),
        (
            "- {id: usuario, replaced_by: observador}",
            "role/usuario: replaced by “observador”, but not marked as deprecated",
        ),
        (
            "- {id: usuario, deprecated: true, replaced_by: usuario}",
            "role/usuario: replaced in a circle: usuario → usuario",
        ),
        (
            "- {id: usuario, deprecated: true, replaced_by: observador}\n- {id: observador, deprecated: true, replaced_by: usuario}",
            "role/observador: replaced in a circle: observador → usuario → observador",
        ),
        (
            "- {id: usuario, deprecated: true, replaced_by: observador}\n- {id: observador, deprecated: true}",
            "role/usuario: replaced by “observador” in the end, which is retired without successor: usuario → observador",
        ),
    ],
)
def test_a_retirement_that_leads_nowhere_is_a_fault(concepts: str, fault: str, tmp_path: Path) -> None:
    vocabulary = pack_with(tmp_path, concepts)
    assert fault in check(vocabulary)
    role = vocabulary.scheme("role")
    assert successor(role.concepts["usuario"], role) is None


def test_a_sound_retirement_is_no_fault() -> None:
    assert check(ISLAND) == []


RECORD: dict[str, Any] = {
    "sector": ["dos", "medio", "uno", "viejo", "no such concept", "sin-sucesor"],
    "territory": ["A02"],
    "creator": [{"name": "Archivo de prueba", "type": "LocalAuthority"}],
    "qualified_attribution": [
        {"agent": "Comunidad de prueba", "role": "usuario"},
        {"agent": "Comunidad de prueba", "role": "custodio"},
        {"agent": "Otra", "role": "usuario", "note": "kept"},
        "odd",
    ],
    "resources": [{"id": "1", "format": "CSV"}],
}


def test_successors_take_the_place_in_lists_and_parts_and_nothing_else_changes() -> None:
    changes, found = replace_retired(load_schema(), RECORD, ISLAND)
    assert changes == {
        "sector": ["dos", "uno", "no such concept", "sin-sucesor"],
        "territory": ["A01"],
        "qualified_attribution": [
            {"agent": "Comunidad de prueba", "role": "custodio"},
            {"agent": "Otra", "role": "custodio", "note": "kept"},
            "odd",
        ],
    }
    assert sorted(found) == [
        ("qualified_attribution[0].role", "usuario", "custodio"),
        ("qualified_attribution[2].role", "usuario", "custodio"),
        ("sector", "medio", "uno"),
        ("sector", "sin-sucesor", ""),
        ("sector", "viejo", "uno"),
        ("territory", "A02", "A01"),
    ]


def test_a_second_time_there_is_nothing_left_to_replace() -> None:
    changes, _ = replace_retired(load_schema(), RECORD, ISLAND)
    again, found = replace_retired(load_schema(), {**RECORD, **changes}, ISLAND)
    assert again == {}
    assert found == [("sector", "sin-sucesor", "")]


def test_values_in_resources_and_of_one_concept(tmp_path: Path) -> None:
    vocabulary = pack_with(tmp_path, "- {id: usuario, label: {es: F, en: F}}")
    (tmp_path / "status.yaml").write_text(
        "id: status\nconcepts: [{id: DEVELOP, deprecated: true, replaced_by: COMPLETED}]", encoding="utf-8"
    )
    (tmp_path / "frequency.yaml").write_text(
        "id: frequency\nconcepts: [{id: ANNUAL, deprecated: true, replaced_by: MONTHLY}]", encoding="utf-8"
    )
    other = load_vocabulary("https://otra.example.org/def/", str(tmp_path))
    resources = [{"id": "1", "status": "COMPLETED"}, {"id": "2", "status": "DEVELOP", "name": "b"}]
    record = {"frequency": "ANNUAL", "resources": resources}
    changes, found = replace_retired(load_schema(), record, other)
    assert changes == {
        "frequency": "MONTHLY",
        "resources": [{"id": "1", "status": "COMPLETED"}, {"id": "2", "status": "COMPLETED", "name": "b"}],
    }
    assert found == [("frequency", "ANNUAL", "MONTHLY"), ("resources[1].status", "DEVELOP", "COMPLETED")]
    assert replace_retired(load_schema(), record, vocabulary) == ({}, [])
    assert replace_retired(load_schema("organization"), {"publisher_type": "LocalAuthority"}, other) == (
        {},
        [],
    )


@pytest.mark.parametrize(
    "value", [None, 3, "viejo viejo", {"a": "viejo"}, [["viejo"], {"viejo": 1}, None], True]
)
def test_values_of_another_shape_stay(value: Any) -> None:
    record = dict.fromkeys(("sector", "qualified_attribution", "resources", "frequency"), value)
    if isinstance(value, list):
        record["resources"] = []
    assert replace_retired(load_schema(), record, ISLAND) == ({}, [])


def test_a_stored_retired_concept_can_still_be_read() -> None:
    record, faults = canonical_record(load_schema(), {"sector": ["viejo"], "territory": "A02"}, ISLAND)
    assert faults == []
    assert record == {"sector": ["viejo"], "territory": ["A02"]}
