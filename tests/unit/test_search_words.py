"""Words that mean the same to somebody who searches."""

from __future__ import annotations

from itertools import product

import pytest

from ckanext.culturape.search.words import MARK, MAX_READ, MAX_STEMS, stem, stems
from ckanext.culturape.vocab.fold import fold


@pytest.mark.parametrize(
    "forms",
    [
        "luz luces",
        "arqueológico arqueologico arqueológicas arqueologicas ARQUEOLÓGICOS",
        "arte artes",
        "obra obras",
        "país países paises",
        "exposición exposiciones exposicion",
        "francés francesa franceses",
        "asháninka asháninkas ashaninkas",
        "q'ero q'eros q’eros qeros",
        "museo museos",
        "museum museums",
        "house houses",
    ],
)
def test_forms_of_a_word_meet(forms: str) -> None:
    assert len({stem(fold(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words", ["casa caso", "mes mesa", "museo musa", "puerto puente", "arte arco", "país paso"]
)
def test_other_words_do_not_meet(words: str) -> None:
    one, other = words.split()
    assert stem(fold(one)) != stem(fold(other))


def test_a_short_word_and_a_double_s_stay() -> None:
    assert [stem(word) for word in ("mes", "dos", "gas", "glass")] == ["mes", "dos", "gas", "glass"]


def test_stems_are_marked_and_given_once() -> None:
    assert stems(["Luces de Lima", "luz 2019", ""]) == f"{MARK}luz {MARK}lima"


def test_a_hostile_text_costs_little() -> None:
    words = map("".join, product("bcdfghjklmnpqrt", repeat=4))
    assert len(stems([" ".join(words)]).split()) == MAX_STEMS
    assert stems(["á" * MAX_READ + " museo"]).count("muse") == 0
