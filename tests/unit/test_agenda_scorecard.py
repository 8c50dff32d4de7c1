"""Five bars, each from checks that can be looked at, and no total."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape.agenda import openness
from ckanext.culturape.agenda.scorecard import BARS, Bar, Facts, score
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
TODAY = "2026-06-15"
OPEN: dict[str, Any] = {
    "id": "d", "access_level": "abierto", "license_id": "CC-BY-4.0", "frequency": "ANNUAL", "modified": "2026-01-10",
    "notes_translated": {"es": "x"}, "contact": [{"name": "Oficina"}], "uri": "https://x.pe/d", "sensitivity": ["ninguna"],
    "resources": [{"url": "https://x.pe/a.csv", "format": "CSV"}],
}  # fmt: skip


def bars(**given_facts: Any) -> dict[str, Bar]:
    agenda = given_facts.pop("agenda", {"id": "a"})
    facts: dict[str, Any] = {"agendas": (agenda,), "commitments": (), "needs": (), "datasets": ()}
    return {
        bar.name: bar for bar in score(Facts(**{**facts, **given_facts}, vocabulary=VOCABULARY, today=TODAY))
    }


def lacking(bar: Bar) -> set[tuple[str, str]]:
    return {(check.name, check.about) for check in bar.missing}


def answers(**changes: Any) -> dict[str, bool]:
    return {name: holds for name, _, holds in openness.answers({**OPEN, **changes}, VOCABULARY, TODAY)}


def test_an_empty_agenda_has_bars_without_a_share() -> None:
    found = bars()
    assert list(found) == [name for name, _, _ in BARS] and len(found) == 5
    assert {name: bar.share for name, bar in found.items()} == {
        "pertinence": None, "cocreation": 0, "openness": None, "diversity": None, "care": None,
    }  # fmt: skip


def test_pertinence_counts_needs_with_answers_and_commitments_with_needs() -> None:
    needs = (
        {"id": "waits"}, {"id": "promised"}, {"id": "by-data", "answered_by": ["d"]}, {"id": "refused", "need_status": "no-procede"},
    )  # fmt: skip
    promises = ({"id": "one", "answers_needs": ["promised"]}, {"id": "two"})
    found = bars(needs=needs, commitments=promises)["pertinence"]
    assert lacking(found) == {("answered", "waits"), ("asked", "two")}
    assert found.share == pytest.approx(4 / 6)


def test_cocreation_asks_who_decides() -> None:
    state = {"name": "M", "actor_type": "gobierno-nacional", "role": "convocante"}
    watcher = {"name": "C", "actor_type": "organizacion-cultural", "role": "observador"}
    agenda = {
        "id": "a",
        "participation_level": "consultar",
        "actors": [state, watcher],
        "people": ["ashaninka"],
    }
    assert lacking(bars(agenda=agenda)["cocreation"]) == {
        ("level", "a"),
        ("voice", "a"),
        ("peoples", "a"),
        ("minutes", "a"),
    }
    people = {"name": "O", "actor_type": "organizacion-indigena", "role": "corresponsable"}
    whole = {
        **agenda,
        "participation_level": "colaborar",
        "actors": [state, people],
        "resources": [{"url": "x"}],
    }
    assert bars(agenda=whole)["cocreation"].share == 1


def test_ten_questions_on_openness() -> None:
    assert len(answers()) == 10 and all(answers().values())
    pdf = [{"url": "https://x.pe/a.pdf", "format": "PDF"}]
    assert {name for name, holds in answers(resources=pdf).items() if not holds} == {
        "readable",
        "format",
        "whole",
    }
    assert {name for name, holds in answers(resources=[]).items() if not holds} == {
        "online",
        "readable",
        "format",
        "whole",
    }
    excel = [{"url": "https://x.pe/a.xlsx", "format": "XLSX"}]
    assert {name for name, holds in answers(resources=excel).items() if not holds} == {"format"}
    assert {name for name, holds in answers(license_id="CC-BY-NC-4.0").items() if not holds} == {"licence"}
    assert {name for name, holds in answers(modified="2024-01-10").items() if not holds} == {"current"}
    assert {name for name, holds in answers(frequency=None).items() if not holds} == {"current", "regular"}
    assert answers(modified="2025")["current"] and not answers(modified="2020")["current"]


def test_what_is_withheld_for_care_is_not_asked_to_be_open() -> None:
    closed = {
        **OPEN,
        "access_level": "solo-metadatos",
        "sensitivity": ["ritual-restringido"],
        "people": ["ashaninka"],
    }
    found = bars(datasets=(closed,))
    assert found["openness"].share is None
    assert lacking(found["care"]) == {("reason", "d"), ("consent", "d"), ("authority", "d"), ("labels", "d")}


def test_diversity_and_care_of_what_was_opened() -> None:
    plain = {**OPEN, "territory": ["PE"], "language": ["es"]}
    assert bars(datasets=(plain,))["diversity"].share == 0
    rich = {
        **OPEN,
        "territory": ["16"],
        "language": ["es", "shp"],
        "people": ["shipibo-konibo"],
        "disaggregation": ["edad"],
    }
    assert bars(datasets=(rich,))["diversity"].share == 1
    assert lacking(bars(datasets=({**plain, "sensitivity": ["no-revisado"]},))["care"]) == {("reviewed", "d")}


@given(
    st.dictionaries(
        st.sampled_from([*OPEN, "territory", "people", "language", "actors", "answers_needs", "disaggregation"]),
        st.one_of(st.none(), st.text(max_size=12), st.lists(st.one_of(st.text(max_size=5), st.dictionaries(st.text(max_size=5), st.text(max_size=5))))),
    )
)  # fmt: skip
def test_records_of_any_shape_have_bars(record: dict[str, Any]) -> None:
    found = bars(agenda=record, commitments=(record,), needs=(record,), datasets=(record,))
    assert all(bar.share is None or 0 <= bar.share <= 1 for bar in found.values())
