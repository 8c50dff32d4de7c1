"""Concept schemes as SKOS."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from ckanext.culturape.vocab.pack import load_vocabulary
from ckanext.culturape.vocab.skos import scheme_to_rdf

DCT = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"


def lines_of(scheme_id: str) -> set[str]:
    return {str(triple) for triple in scheme_to_rdf(load_vocabulary().scheme(scheme_id))}


def test_a_retired_concept_names_its_successor() -> None:
    scheme = load_vocabulary().scheme("sector")
    old, new = list(scheme)[:2]
    retired = replace(old, deprecated=True, replaced_by=new.id)
    changed = replace(scheme, concepts=MappingProxyType({**scheme.concepts, old.id: retired}))
    lines = {str(triple) for triple in scheme_to_rdf(changed)}
    assert f"<{old.uri}> <{DCT}isReplacedBy> <{new.uri}>" in lines
    assert any(line.startswith(f"<{old.uri}> <{OWL}deprecated>") for line in lines)


def test_what_lies_above_and_below_is_said_both_ways() -> None:
    lines = lines_of("territory")
    base = "https://w3id.org/culturape/def/ubigeo-inei/"
    assert f"<{base}0801> <{SKOS}broader> <{base}08>" in lines
    assert f"<{base}08> <{SKOS}narrower> <{base}0801>" in lines


def test_both_definitions_are_told_apart() -> None:
    lines = lines_of("cultural-right")
    assert any("ns#openDataDefinition" in line for line in lines)
    assert any(f"<{SKOS}definition>" in line for line in lines)


def test_every_scheme_can_be_written_and_words_for_finding_stay_inside() -> None:
    for scheme in load_vocabulary().schemes.values():
        said = "\n".join(str(triple) for triple in scheme_to_rdf(scheme))
        assert "hiddenLabel" not in said
