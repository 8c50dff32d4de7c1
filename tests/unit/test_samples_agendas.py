"""The sample agendas are canonical, say that they are fictional, show every state, and link to what is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.culturape import care
from ckanext.culturape.agenda import commitments, needs, rules
from ckanext.culturape.fields import load_schema
from ckanext.culturape.values import canonical_record
from ckanext.culturape.vocab.pack import load_vocabulary

FOLDER = Path(__file__).parents[2] / "portal" / "samples"
VOCABULARY = load_vocabulary()
FILES = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
SECTIONS = {"organizations": "organization", "datasets": "dataset", "agendas": "agenda", "commitments": "compromiso", "needs": "necesidad"}  # fmt: skip
ALL = [(kind, record) for content in FILES for section, kind in SECTIONS.items() for record in content.get(section, [])]  # fmt: skip
KIND_OF = {record["name"]: kind for kind, record in ALL}
OURS = [(kind, record) for kind, record in ALL if kind in ("agenda", "compromiso", "necesidad")]
PUBLISHED = {name for name, kind in KIND_OF.items() if kind == "dataset"}

#: The states hold from when the samples were written until long after.
DAYS = ("2026-07-01", "2033-12-31")


def of(kind: str) -> list[dict[str, Any]]:
    return [record for found, record in OURS if found == kind]


def last_status(need: dict[str, Any]) -> str:
    steps = need.get("steps", [])
    return steps[-1]["status"] if steps else needs.RECEIVED


def test_how_many() -> None:
    assert len(KIND_OF) == len(ALL)
    assert len(of("agenda")) == 5
    assert 20 <= len(of("compromiso")) <= 25
    assert 20 <= len(of("necesidad")) <= 25


@pytest.mark.parametrize(("kind", "record"), OURS, ids=lambda value: value if isinstance(value, str) else value["name"])  # fmt: skip
def test_a_record_is_canonical_careful_and_says_that_it_is_fictional(
    kind: str, record: dict[str, Any]
) -> None:
    schema = load_schema(kind)
    given = {name: value for name, value in record.items() if name != "steps"}
    canonical, faults = canonical_record(schema, given, VOCABULARY)
    assert [str(fault) for fault in faults] == []
    assert set(given) <= {field.name for field in schema.fields}
    full = {**canonical, "type": kind, "need_status": last_status(record) if kind == "necesidad" else None}
    assert rules.faults(full, VOCABULARY) == []
    assert [str(fault) for fault in care.faults(canonical, VOCABULARY, becomes_public=True)] == []
    assert record["sample_record"] is True
    for field in ("title_translated", "notes_translated"):
        assert set(record[field]) == {"es", "en"}
        assert "fictici" in record[field]["es"].lower()
        assert "fictional" in record[field]["en"].lower()
    missing = [field.name for field in schema.fields if field.needed and not record.get(field.name)]
    assert missing == []


@pytest.mark.parametrize("record", of("agenda") + of("compromiso") + of("necesidad"), ids=lambda r: r["name"])
def test_nobody_real_promises_anything(record: dict[str, Any]) -> None:
    named = [actor["name"] for actor in record.get("actors", [])]
    named += [record[name] for name in ("lead_actor", "requester_name") if name in record]
    named += record.get("support_actors", [])
    assert all("(fictici" in name for name in named), named
    assert "fictici" in record["owner_org"]
    assert "legal_basis" not in record
    assert "http" not in yaml.safe_dump(record)


@pytest.mark.parametrize(("kind", "record"), OURS, ids=lambda value: value if isinstance(value, str) else value["name"])  # fmt: skip
def test_links_lead_to_what_is_there(kind: str, record: dict[str, Any]) -> None:
    for field in load_schema(kind).fields:
        if field.is_link:
            given = record.get(field.name, [])
            names = [given] if isinstance(given, str) else given
            assert {KIND_OF[name] for name in names} <= set(field.record_types)


@pytest.mark.parametrize("today", DAYS)
def test_every_state_of_commitments_for_years(today: str) -> None:
    states = Counter(commitments.state_of(record, PUBLISHED, today) for record in of("compromiso"))
    assert set(states) == set(commitments.STATES)
    assert min(states.values()) >= 2


def test_every_status_of_needs_and_answers_that_are_late() -> None:
    assert {last_status(need) for need in of("necesidad")} == set(VOCABULARY.scheme("need-status").concepts)
    steps = [step for need in of("necesidad") for step in need.get("steps", [])]
    assert all(len(step["comment"]) > 10 for step in steps)
    for today in DAYS:
        late = [
            need
            for need in of("necesidad")
            if needs.is_overdue({**need, "need_status": last_status(need)}, today)
        ]
        assert len(late) >= 3


def test_what_the_agendas_show() -> None:
    agendas = of("agenda")
    assert {agenda["agenda_status"] for agenda in agendas} >= {
        "borrador",
        "en-consulta",
        "vigente",
        "concluida",
    }
    assert {agenda["agenda_stage"] for agenda in agendas} == set(VOCABULARY.scheme("agenda-stage").concepts)
    assert len({agenda["participation_level"] for agenda in agendas}) >= 4
    assert any(rules.sides(agenda, VOCABULARY) >= {"state", "civil"} for agenda in agendas)
    assert any(actor["role"] == "convocante" and actor["actor_type"] == "punto-de-cultura" for agenda in agendas for actor in agenda["actors"])  # fmt: skip
    assert any("about_dataset" in need for need in of("necesidad"))
    assert any("done_date" in one for record in of("compromiso") for one in record.get("milestones", []))
