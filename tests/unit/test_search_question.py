"""From what somebody typed to a query."""

from __future__ import annotations

import pytest

from ckanext.culturape.search import expand_question
from ckanext.culturape.search.question import MAX_FORMS, MAX_LENGTH


def test_each_word_comes_with_its_stem() -> None:
    assert expand_question("museos arqueológicos") == "(museos OR xqmuse) OR (arqueológicos OR xqarqueologiz)"


def test_a_compound_finds_its_parts_too() -> None:
    expected = "(shipibo-conibo OR shipibo OR conibo OR xqshipib OR xqconib)"
    assert expand_question("shipibo-conibo") == expected


def test_words_of_the_query_language_are_words() -> None:
    assert expand_question("pan AND vino") == "(pan OR xqpan) OR (and OR xqand) OR (vino OR xqvino)"


def test_numbers_have_no_stem() -> None:
    assert expand_question("censo 2017") == "(censo OR xqcens) OR (2017)"


@pytest.mark.parametrize("text", ["¿museos?", "museos!", "(museos)", "museos*", "[museos", "museos && ||"])
def test_signs_that_mean_nothing_in_a_plain_question_are_left_out(text: str) -> None:
    assert expand_question(text) == "(museos OR xqmuse)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "...",
        "*:*",
        "title:luz",
        '"museo de arte"',
        "luz -arte",
        "+luz arte",
        "{!lucene}luz",
        "a\\:b",
        "x " * MAX_LENGTH,
        "-".join(f"a{n}" for n in range(MAX_FORMS)),
    ],
)
def test_what_only_the_query_language_can_say_stays_as_it_is(text: str) -> None:
    assert expand_question(text) == ""
