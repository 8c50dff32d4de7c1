"""Questions of an evaluation, and what may be answered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape.agenda.evaluation import (
    BY_NAME,
    LONGEST,
    QUESTIONS,
    differing,
    key_of,
    read_answers,
    read_name,
)
from ckanext.culturape.errors import Fault

LEVELS = [(question.name, level.name) for question in QUESTIONS for level in question.levels]


def test_there_are_the_five_questions_of_the_reviews() -> None:
    assert [question.name for question in QUESTIONS] == [
        "specific", "relevant", "ambitious", "completed", "opened",
    ]  # fmt: skip
    assert [level.name for level in BY_NAME["completed"].levels] == [
        "not-started", "limited", "substantial", "complete",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_every_level_can_be_answered_to_its_question_alone(name: str, level: str) -> None:
    assert read_answers({name: {"level": f" {level} "}}) == ({name: {"level": level}}, [])
    for other in QUESTIONS:
        if other.level(level) is None:
            assert [fault.field for fault in read_answers({other.name: {"level": level}})[1]] == [other.name]


def test_what_is_empty_is_left_out_and_texts_are_cleaned() -> None:
    raw = {
        "opened": {"level": "major", "explanation": " a\x00b\r\nc ", "evidence": ""},
        "specific": {"level": ""},
    }
    assert read_answers(raw) == ({"opened": {"level": "major", "explanation": "ab\nc"}}, [])
    assert read_answers(None) == read_answers({}) == ({}, [])


def test_limits_hold_to_the_character() -> None:
    whole = {"opened": {"level": "major", "explanation": "x" * LONGEST}}
    assert not read_answers(whole)[1]
    whole["opened"]["explanation"] += "x"
    assert read_answers(whole)[1][0].params == {"limit": LONGEST}


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.text()), lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.one_of(st.sampled_from([*BY_NAME, "level", "explanation", "evidence"]), st.text()), inner))))  # fmt: skip
def test_input_of_any_shape_gives_answers_or_faults_and_no_error(raw: Any) -> None:
    answers, faults = read_answers(raw)
    assert all(isinstance(fault, Fault) and fault.field for fault in faults)
    for name, answer in answers.items():
        assert BY_NAME[name].level(answer["level"]) is not None and all(answer.values())
    assert read_answers(answers) == (answers, [])


def test_actors_differ_where_they_say_different_things_and_silence_is_no_disagreement() -> None:
    yes, no, more = ({"specific": {"level": level}} for level in ("yes", "no", "yes"))
    assert differing([yes, no]) == {"specific"}
    assert differing([yes, more]) == differing([yes, {}]) == differing([]) == frozenset()
    assert differing([{**yes, "opened": {"level": "major"}}, {**no, "opened": {"level": "major"}}]) == {
        "specific"
    }


def test_names_are_compared_without_capitals_and_spaces() -> None:
    assert key_of(" Ministerio  de\nCULTURA ") == key_of("ministerio de cultura")
    assert read_name(" a \n b ") == "a b"
    with pytest.raises(Fault):
        read_name("x" * 501)
