"""The sample catalogue is canonical, careful, honest and covers what it should show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.culturape import care
from ckanext.culturape.fields import load_schema
from ckanext.culturape.values import canonical_record
from ckanext.culturape.vocab.pack import load_vocabulary

FOLDER = Path(__file__).parents[2] / "portal" / "samples"
VOCABULARY = load_vocabulary()
FILES = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
}
RECORDS: list[dict[str, Any]] = [
    record for content in FILES.values() for record in content.get("datasets", [])
]
ORGANIZATIONS = [record for content in FILES.values() for record in content.get("organizations", [])]


def chosen(field: str) -> set[str]:
    return {value for record in RECORDS for value in record.get(field, [])}


def test_how_many():
    assert 44 <= len(RECORDS) <= 56
    assert len({record["name"] for record in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r["name"])
def test_a_record_is_canonical_careful_and_marked(record):
    canonical, faults = canonical_record(load_schema(), record, VOCABULARY)
    assert [str(fault) for fault in faults] == []
    assert [str(fault) for fault in care.faults(canonical, VOCABULARY, becomes_public=True)] == []
    assert record["sample_record"] is True
    assert record["owner_org"] in {organization["name"] for organization in ORGANIZATIONS}
    assert record["provenance"]["es"].startswith("Ficha de demostración")
    assert all(resource["url"].startswith(("https://", "http://")) for resource in record["resources"])


@pytest.mark.parametrize("record", ORGANIZATIONS, ids=lambda r: r["name"])
def test_an_organisation_is_canonical(record):
    _, faults = canonical_record(load_schema("organization"), record, VOCABULARY)
    assert [str(fault) for fault in faults] == []
    assert "contact_email" not in record


def test_coverage():
    assert chosen("cultural_right") == set(VOCABULARY.scheme("cultural-right").concepts)
    assert chosen("cultural_domain") == set(VOCABULARY.scheme("cultural-domain").concepts)
    assert {record["access_level"] for record in RECORDS} == {
        "abierto",
        "abierto-generalizado",
        "con-protocolo",
        "solo-metadatos",
    }
    assert {"08", "21", "16", "25", "05", "20", "lima-provincias"} <= chosen("territory")
    assert {"quechuas", "aimara", "ashaninka", "shipibo-konibo", "afroperuano"} <= chosen("people")


def test_imperfect_where_reality_is():
    assert sum(record.get("license_id") in (None, "notspecified") for record in RECORDS) > 20
    assert any(resource["format"] == "PDF" for record in RECORDS for resource in record["resources"])
    assert any("frequency" not in record for record in RECORDS)


def test_peoples_in_isolation_are_not_located():
    for record in RECORDS:
        if "piaci" in record.get("sensitivity", []):
            assert record["territory"] == ["PE"]
