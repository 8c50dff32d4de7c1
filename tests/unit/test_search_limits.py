"""What Solr would refuse is left out."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.culturape.search.limits import MAX_TERM, MAX_TEXT, MAX_TITLE, fit_document

LONG = "á" * 20_000


@pytest.mark.parametrize("name", ["url", "version", "need_statement", "spatial", "vocab_sector", "res_url"])
def test_a_string_too_long_for_a_term_is_left_out(name: str) -> None:
    assert fit_document({name: LONG, "id": "x"}) == {"id": "x"}
    assert fit_document({name: [LONG, "short"]}) == {name: ["short"]}


@pytest.mark.parametrize("name", ["notes", "text", "extras_need_statement", "res_extras_hash"])
def test_a_text_that_is_cut_into_words_stays(name: str) -> None:
    assert fit_document({name: LONG}) == {name: LONG}
    assert fit_document({name: "a" * 5_000_000}) == {name: "a" * MAX_TEXT}
    assert fit_document({name: ["a" * 5_000_000, None, 3]}) == {name: ["a" * MAX_TEXT, 3]}


@pytest.mark.parametrize("name", ["data_dict", "validated_data_dict"])
def test_what_is_only_stored_stays(name: str) -> None:
    assert fit_document({name: LONG}) == {name: LONG}


@pytest.mark.parametrize("name", ["title", "title_string"])
def test_titles_are_cut(name: str) -> None:
    assert fit_document({name: LONG}) == {name: "á" * MAX_TITLE}


@pytest.mark.parametrize(("text", "stays"), [("a" * MAX_TERM, True), ("a" * (MAX_TERM + 1), False)])
def test_the_limit_counts_bytes(text: str, stays: bool) -> None:
    assert ("url" in fit_document({"url": text})) is stays
    assert "url" not in fit_document({"url": "ñ" * (MAX_TERM // 2 + 1)})


def test_half_a_character_does_no_harm() -> None:
    assert fit_document({"url": "\ud800" * 9_000}) == {"url": "\ud800" * 9_000}
    assert fit_document({"url": "\ud800" * 11_000}) == {}


@pytest.mark.parametrize("value", [{"a": 1}, [{"a": 1}], [["a"]]])
def test_objects_do_not_become_documents_within_the_document(value: Any) -> None:
    assert not fit_document({"publisher": value}).get("publisher")


def test_an_extra_with_the_name_of_a_typed_field_is_left_out_but_counters_stay() -> None:
    document = {"_version_": "abc", "views_total": "many", "views_recent": 3, "title_ngram": "x"}
    assert fit_document(document) == {"views_recent": 3}


def test_what_is_no_text_stays() -> None:
    document = {"private": False, "num_resources": 3, "organization": None, "groups": []}
    assert fit_document(document) == document
