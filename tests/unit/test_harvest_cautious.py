"""A record of a stranger is never more open than the rules of care allow."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.culturape import care
from ckanext.culturape.harvest.cautious import make_cautious
from ckanext.culturape.harvest.options import Options
from ckanext.culturape.vocab.pack import Vocabulary


def cautious(
    vocabulary: Vocabulary, options: Options | None = None, **record: Any
) -> tuple[dict[str, Any], list[str]]:
    """The record, and the fields that were told of."""
    careful, told = make_cautious(record, options or Options(), vocabulary)
    return careful, [fault.field for fault in told]


def test_silence_is_not_reviewed(vocabulary: Vocabulary) -> None:
    record, told = cautious(vocabulary, territory=["150101"])
    assert (record["sensitivity"], record["access_level"]) == (["no-revisado"], "no-revisado")
    assert record["territory"] == ["150101"]
    assert told == []


def test_what_the_source_says_counts_more_than_the_default(vocabulary: Vocabulary) -> None:
    options = Options(sensitivity=("ritual-restringido",), access_level="solo-metadatos")
    record, _ = cautious(vocabulary, options, sensitivity=["ninguna"], access_level="abierto")
    assert (record["sensitivity"], record["access_level"]) == (["ninguna"], "abierto")
    record, _ = cautious(vocabulary, options)
    assert (record["sensitivity"], record["access_level"]) == (["ritual-restringido"], "solo-metadatos")


def test_a_people_in_isolation_is_recognised_whatever_the_source_says(vocabulary: Vocabulary) -> None:
    people = next(c.id for c in vocabulary.scheme("people") if c.attributes.get("isolation") == "piaci")
    for said in ([], ["ninguna"], ["no-revisado"], ["personal"]):
        record, told = cautious(
            vocabulary, people=[people], sensitivity=said, territory=["2501"], access_level="abierto"
        )
        assert "piaci" in record["sensitivity"]
        assert "ninguna" not in record["sensitivity"]
        assert record["access_level"] == "solo-metadatos"
        assert record["territory"] == ["PE"]
        assert "territory" in told


@pytest.mark.parametrize(
    "level", ["abierto", "abierto-generalizado", "con-protocolo", "solo-metadatos", "no-revisado"]
)
def test_the_access_level_is_one_that_every_sensitivity_allows(vocabulary: Vocabulary, level: str) -> None:
    for first in vocabulary.scheme("sensitivity"):
        for second in vocabulary.scheme("sensitivity"):
            record, _ = cautious(vocabulary, sensitivity=sorted({first.id, second.id}), access_level=level)
            for rule in care.rules_of(record, vocabulary):
                assert record["access_level"] in rule.access, (first.id, second.id, level)


def test_files_of_what_is_closed_are_left_out_and_told(vocabulary: Vocabulary) -> None:
    resource = {"url": "https://x.example.org/pagina", "download_url": "https://x.example.org/1.csv"}
    record, told = cautious(vocabulary, sensitivity=["ritual-restringido"], resources=[resource])
    assert "download_url" not in record["resources"][0]
    assert told == ["download_url"]
