"""As it was taken over, as it stands here, as the source has it now: edits win, all else follows the source."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.culturape.harvest.merging import declared, merge, resource_id, with_ids

PACKAGE = "b0c9a0e6-2d1f-4bb5-9df2-1a4a7f0f6d11"


def record(**fields: Any) -> dict[str, Any]:
    """A record with one resource."""
    resources = [{"id": "r1", "url": "https://x.example.org/1.csv", "name_translated": {"es": "Uno"}}]
    return {
        "name": "museo",
        "owner_org": "o",
        "title_translated": {"es": "Museo"},
        "resources": resources,
        **fields,
    }


def theirs(**fields: Any) -> dict[str, Any]:
    """The same as a source has it: it knows neither names nor organisations of ours."""
    return {key: value for key, value in record(**fields).items() if key not in ("name", "owner_org")}


def test_what_nobody_edited_follows_the_source() -> None:
    base = declared(record(sector=["museos"]))
    merged = merge(base, record(sector=["museos"]), theirs(title_translated={"es": "Otro"}))
    assert merged.is_changed
    assert merged.kept == ()
    assert merged.record["title_translated"] == {"es": "Otro"}
    assert "sector" not in merged.record
    assert (merged.record["name"], merged.record["owner_org"]) == ("museo", "o")


def test_what_was_edited_here_stays_and_is_named_when_the_source_changes_it_too() -> None:
    ours = record(title_translated={"es": "Aquí"}, sector=["archivos"])
    there = theirs(title_translated={"es": "Allá"})
    merged = merge(declared(record()), ours, there)
    assert merged.record["title_translated"] == {"es": "Aquí"}
    assert merged.record["sector"] == ["archivos"]
    assert merged.kept == ("title_translated",)
    assert not merged.is_changed


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_nothing_is_nothing_in_whatever_form(empty: Any) -> None:
    merged = merge(declared(record()), record(sector=empty), theirs(sector=empty))
    assert not merged.is_changed
    assert merged.kept == ()


def test_a_value_emptied_here_stays_empty() -> None:
    merged = merge(declared(record(sector=["museos"])), record(), theirs(sector=["museos"]))
    assert not merged.record.get("sector")
    assert merged.kept == ()


def test_both_made_the_same_change() -> None:
    merged = merge(declared(record()), record(sector=["museos"]), theirs(sector=["museos"]))
    assert merged.kept == ()
    assert not merged.is_changed


def test_resources_added_here_stay_and_those_deleted_here_do_not_come_back() -> None:
    base = declared(record())
    added = {"id": "mine", "url": "https://here.example.org/guia.pdf"}
    ours = {**record(), "resources": [added]}
    merged = merge(base, ours, theirs())
    assert [resource["id"] for resource in merged.record["resources"]] == ["mine"]
    assert merged.kept == ("resources",)


def test_resources_that_the_source_drops_go() -> None:
    merged = merge(declared(record()), record(), {**theirs(), "resources": []})
    assert merged.record["resources"] == []
    assert merged.is_changed


def test_fields_of_resources_are_merged_one_by_one_and_what_ckan_keeps_of_them_stays() -> None:
    ours = record()
    ours["resources"] = [{**ours["resources"][0], "rights": "Revisado", "datastore_active": True}]
    there = theirs()
    there["resources"] = [{**there["resources"][0], "name_translated": {"es": "Dos"}}]
    [resource] = merge(declared(record()), ours, there).record["resources"]
    assert (resource["rights"], resource["name_translated"]) == ("Revisado", {"es": "Dos"})
    assert resource["datastore_active"] is True


def test_without_a_base_all_that_stands_here_is_the_sources() -> None:
    merged = merge(None, record(), theirs(title_translated={"es": "Otro"}))
    assert merged.record["title_translated"] == {"es": "Otro"}


def test_the_ids_of_resources_follow_from_their_addresses() -> None:
    given = {"resources": [{"url": "https://x.example.org/1"}, {"url": "https://x.example.org/2"}]}
    first = with_ids(given, PACKAGE)
    again = with_ids({"resources": given["resources"][::-1]}, PACKAGE)
    ids = [resource["id"] for resource in first["resources"]]
    assert ids == [resource["id"] for resource in again["resources"]][::-1]
    assert ids[0] == resource_id(PACKAGE, "https://x.example.org/1")


def test_a_file_under_a_new_address_stays_the_same_resource() -> None:
    stored = [
        {
            "id": "r1",
            "url": "https://x.example.org/2023.csv",
            "name_translated": {"es": "Datos"},
            "format": "CSV",
        }
    ]
    moved = {"url": "https://x.example.org/2024.csv", "name_translated": {"es": "Datos"}, "format": "CSV"}
    assert with_ids({"resources": [moved]}, PACKAGE, stored)["resources"][0]["id"] == "r1"
    two = [moved, {**moved, "url": "https://x.example.org/2025.csv"}]
    assert "r1" not in [r["id"] for r in with_ids({"resources": two}, PACKAGE, stored)["resources"]]


def test_equal_addresses_get_ids_of_their_own() -> None:
    twice = {"resources": [{"url": "https://x.example.org/1"}, {"url": "https://x.example.org/1"}]}
    ids = {resource["id"] for resource in with_ids(twice, PACKAGE)["resources"]}
    assert len(ids) == 2
