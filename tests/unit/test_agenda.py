"""States of commitments, overdue answers, and what may not be said of an agenda."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape.agenda import commitments, needs, rules
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
TODAY = "2026-06-15"
STATE = {"name": "M", "actor_type": "gobierno-regional"}
SOCIETY = {"name": "C", "actor_type": "punto-de-cultura"}


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ({}, "sin-iniciar"),
        ({"due_date": "2026-06-15"}, "sin-iniciar"),
        ({"due_date": "2026-06"}, "sin-iniciar"),
        ({"due_date": "2026"}, "sin-iniciar"),
        ({"due_date": "2026-06-14"}, "vencido"),
        ({"due_date": "2026-05"}, "vencido"),
        ({"due_date": "2025"}, "vencido"),
        ({"due_date": "2027", "milestones": [{"title": "a", "due_date": "2026"}]}, "sin-iniciar"),
        ({"due_date": "2027", "milestones": [{"title": "a", "done_date": "2026"}]}, "en-curso"),
        ({"due_date": "2027", "fulfilled_by": ["privado"]}, "en-curso"),
        ({"due_date": "2025", "fulfilled_by": ["privado", "uno"]}, "vencido"),
        ({"due_date": "2025", "fulfilled_by": ["uno", "dos"]}, "cumplido"),
        ({"due_date": "2025", "fulfilled_by": ["uno"], "withdrawn_reason": "No hay datos."}, "retirado"),
        ({"fulfilled_by": "uno", "milestones": 7, "due_date": None}, "sin-iniciar"),
    ],
)
def test_the_state_of_a_commitment_follows_from_what_is_there(record: dict[str, Any], state: str) -> None:
    assert commitments.state_of(record, {"uno", "dos"}, TODAY) == state


def test_every_state_is_a_concept() -> None:
    assert set(commitments.STATES) == set(VOCABULARY.scheme("commitment-status").concepts)
    assert {needs.RECEIVED, *needs.CLOSED} <= set(VOCABULARY.scheme("need-status").concepts)
    assert rules.IN_FORCE in VOCABULARY.scheme("agenda-status").concepts


@given(st.dictionaries(st.sampled_from(["fulfilled_by", "milestones", "due_date", "withdrawn_reason", "actors", "validity"]), st.one_of(st.none(), st.text(), st.lists(st.one_of(st.text(), st.dictionaries(st.text(), st.text()))))))  # fmt: skip
def test_records_of_any_shape_have_a_state_and_no_error(record: dict[str, Any]) -> None:
    assert commitments.state_of(record, set(), TODAY) in commitments.STATES
    for kind in ("agenda", "compromiso", "necesidad", "dataset"):
        assert isinstance(rules.faults({**record, "type": kind}, VOCABULARY), list)


def test_milestones_come_in_the_order_of_their_dates() -> None:
    given_ones = [{"title": "b", "due_date": "2027"}, {"title": "a", "due_date": "2026-05"}, "x"]
    assert [one["title"] for one in commitments.milestones_of({"milestones": given_ones})] == ["a", "b"]


@pytest.mark.parametrize(
    ("record", "overdue"),
    [
        ({}, False),
        ({"response_due": "2026-06-15"}, False),
        ({"response_due": "2026-06-01"}, True),
        ({"response_due": "2026-06-01", "need_status": "aceptada"}, True),
        ({"response_due": "2026-06-01", "need_status": "atendida"}, False),
        ({"response_due": "2026-06-01", "need_status": "no-procede"}, False),
    ],
)
def test_an_answer_is_overdue_after_its_date(record: dict[str, Any], overdue: bool) -> None:
    assert needs.is_overdue(record, TODAY) is overdue


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({"type": "agenda"}, []),
        ({"type": "agenda", "agenda_status": "en-consulta", "actors": [STATE]}, []),
        ({"type": "agenda", "agenda_status": "vigente", "actors": [STATE, SOCIETY], "purpose": ["educacion"]}, []),
        ({"type": "agenda", "agenda_status": "vigente", "actors": [STATE, SOCIETY]}, ["purpose"]),
        ({"type": "agenda", "agenda_status": "vigente", "actors": [STATE], "purpose": ["educacion"]}, ["actors"]),
        ({"type": "agenda", "agenda_status": "vigente"}, ["actors", "actors", "purpose"]),
        ({"type": "agenda", "validity": [{"start": "1000-01-01", "end": "2030"}]}, ["validity"]),
        ({"type": "compromiso", "due_date": "1000-01-01"}, ["due_date"]),
        ({"type": "compromiso", "due_date": "2027", "milestones": [{"title": "a", "due_date": "2027-12-31"}]}, []),
        ({"type": "compromiso", "due_date": "2027-06", "milestones": [{"title": "a", "due_date": "2027-07-01"}]}, ["milestones"]),
        ({"type": "compromiso", "resources": [{"url": "x"}]}, ["notes_translated"]),
        ({"type": "necesidad", "need_status": "atendida"}, ["answered_by"]),
        ({"type": "necesidad", "need_status": "atendida", "answered_by": ["uno"]}, []),
        ({"type": "dataset", "due_date": "1000-01-01"}, []),
    ],
)  # fmt: skip
def test_what_may_not_be_said(record: dict[str, Any], fields: list[str]) -> None:
    assert [fault.field for fault in rules.faults(record, VOCABULARY)] == fields
