"""What a source said last is what the next version is compared with, so that an edit stays an edit however often the source changes."""

from __future__ import annotations

from typing import Any

from ckanext.culturape.harvest.basing import edited_fields, next_base
from ckanext.culturape.harvest.merging import declared, merge


def resource(key: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "url": f"https://x.example.org/{key}.csv", "name_translated": {"es": name}, **more}


def record(*resources: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title_translated": {"es": "Museo"}, "resources": list(resources), **fields}


def runs(stored: dict[str, Any], base: dict[str, Any], *versions: dict[str, Any]) -> tuple[Any, Any]:
    """The record and its base after a source has had these versions, one after the other."""
    for there in versions:
        merged = merge(base, stored, there)
        base, stored = next_base(base, stored, there, merged.record), merged.record
    return stored, base


def test_a_new_record_is_its_own_base() -> None:
    stored = record(resource("a", "Uno"), name="museo")
    assert next_base(None, None, record(resource("a", "Uno")), stored) == declared(stored)


def test_an_edit_stays_however_often_the_source_changes() -> None:
    first = record(notes_translated={"es": "De la fuente"})
    edited = {**first, "notes_translated": {"es": "Revisado aquí"}, "sensitivity": ["ninguna"]}
    stored, base = runs(
        edited,
        declared(first),
        record(notes_translated={"es": "Segunda"}, sector=["museos"]),
        record(notes_translated={"es": "Tercera"}, sector=["archivos"]),
    )
    assert stored["notes_translated"] == {"es": "Revisado aquí"}
    assert (stored["sensitivity"], stored["sector"]) == (["ninguna"], ["archivos"])
    assert edited_fields(base, stored) == ["notes_translated", "sensitivity"]


def test_an_edit_that_the_source_takes_over_is_none_any_more() -> None:
    edited = record(sector=["museos"])
    stored, base = runs(edited, declared(record()), record(sector=["museos"]), record(sector=["archivos"]))
    assert stored["sector"] == ["archivos"]
    assert edited_fields(base, stored) == []


def test_a_field_emptied_here_stays_empty() -> None:
    first = record(sector=["museos"])
    stored, base = runs(record(), declared(first), first, record(sector=["archivos"]))
    assert not stored.get("sector")
    assert edited_fields(base, stored) == ["sector"]


def test_files_added_and_deleted_here_stay_so() -> None:
    first = record(resource("a", "Uno"), resource("b", "Dos"))
    here = record(resource("a", "Uno aquí"), resource("mine", "Propio"))
    stored, base = runs(
        here,
        declared(first),
        first,
        record(resource("a", "Uno nuevo"), resource("b", "Dos"), resource("c", "Tres")),
        first,
    )
    names = {r["id"]: r["name_translated"]["es"] for r in stored["resources"]}
    assert names == {"a": "Uno aquí", "mine": "Propio"}
    assert edited_fields(base, stored) == ["resources"]


def test_what_is_ours_to_decide_is_no_edit() -> None:
    stored = record(name="otro-nombre", owner_org="otra")
    assert edited_fields(declared(record(name="museo", owner_org="una")), stored) == []
