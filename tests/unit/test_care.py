"""The rules of care, one by one, and the net below them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape import care
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
CLEAN: dict[str, Any] = {"sensitivity": ["ninguna"], "access_level": "abierto", "territory": ["080101"]}
FILE = {"url": "https://x.pe/a.csv", "url_type": "upload"}
PAGE = {"url": "https://x.pe/norma"}


def wrong(record: dict[str, Any], **keys: Any) -> set[tuple[str, int | None]]:
    return {(fault.field, fault.resource) for fault in care.faults(record, VOCABULARY, **keys)}


def test_a_clean_record():
    assert wrong({**CLEAN, "resources": [FILE]}, becomes_public=True) == set()


REFUSED = [
    ("piaci: place", {"sensitivity": ["piaci"], "access_level": "solo-metadatos", "access_reason": "x", "territory": ["16"]}, ("territory", None)),
    ("piaci: open", {"sensitivity": ["piaci"], "territory": ["PE"]}, ("access_level", None)),
    ("piaci: file", {"sensitivity": ["piaci"], "access_level": "solo-metadatos", "access_reason": "x", "territory": ["PE"], "resources": [PAGE, FILE]}, ("url", 1)),
    ("piaci: geometry", {"sensitivity": ["piaci"], "access_level": "solo-metadatos", "access_reason": "x", "territory": ["PE"], "extras": [{"key": "spatial", "value": "{}"}]}, ("territory", None)),
    ("people in isolation", {"people": ["mashco-piro"]}, ("sensitivity", None)),
    ("language of a people in isolation only", {"subject_language": ["isc"]}, ("sensitivity", None)),
    ("language of some groups in isolation", {"subject_language": ["mcf"], "sensitivity": []}, ("sensitivity", None)),
    ("some groups in isolation", {"people": ["matses"], "sensitivity": []}, ("sensitivity", None)),
    ("sacred place: place", {"sensitivity": ["lugar-sagrado"], "community_authority": "c"}, ("territory", None)),
    ("sacred place: authority", {"sensitivity": ["lugar-sagrado"], "territory": ["0801"]}, ("community_authority", None)),
    ("sacred place: geometry", {"sensitivity": ["lugar-sagrado"], "territory": ["0801"], "community_authority": "c", "spatial": "{}"}, ("territory", None)),
    ("site: note", {"sensitivity": ["ubicacion-arqueologica"], "access_level": "abierto-generalizado", "access_reason": "x"}, ("generalisation_note", None)),
    ("site: geometry", {"sensitivity": ["ubicacion-arqueologica"], "extras": [{"key": "spatial_bbox", "value": "x"}]}, ("territory", None)),
    ("knowledge: consent", {"sensitivity": ["conocimiento-tradicional"]}, ("consent_reference", None)),
    ("ritual", {"sensitivity": ["ritual-restringido"], "access_level": "con-protocolo", "access_reason": "x"}, ("access_level", None)),
    ("personal: not aggregated", {"sensitivity": ["personal"], "personal_data": "identifiable"}, ("access_level", None)),
    ("sensitive: not aggregated", {"sensitivity": ["personal-sensible"]}, ("access_level", None)),
    ("children: open", {"sensitivity": ["menores"], "personal_data": "aggregated"}, ("access_level", None)),
    ("copyright: rights", {"sensitivity": ["derechos-autor"], "resources": [FILE]}, ("rights", 0)),
    ("trafficking", {"sensitivity": ["trafico-ilicito"], "access_level": "abierto-generalizado", "access_reason": "x"}, ("access_level", None)),
    ("reason", {"access_level": "con-protocolo"}, ("access_reason", None)),
    ("protocol: upload", {"access_level": "con-protocolo", "access_reason": "x", "resources": [FILE]}, ("url", 0)),
    ("metadata: download", {"access_level": "solo-metadatos", "access_reason": "x", "resources": [{**PAGE, "download_url": "https://x.pe/d"}]}, ("url", 0)),
    ("metadata: table", {"access_level": "solo-metadatos", "access_reason": "x", "resources": [{**PAGE, "datastore_active": True}]}, ("url", 0)),
    ("contradiction", {"sensitivity": ["ninguna", "personal"], "personal_data": "aggregated"}, ("sensitivity", None)),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "at"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(changes, at):
    assert at in wrong({**CLEAN, **changes})


ACCEPTED = [
    ("piaci", {"sensitivity": ["piaci"], "access_level": "solo-metadatos", "access_reason": "x", "territory": ["PE"], "resources": [PAGE]}),
    ("some groups, answered", {"people": ["matses"], "sensitivity": ["ninguna"]}),
    ("sacred place", {"sensitivity": ["lugar-sagrado"], "access_level": "con-protocolo", "access_reason": "x", "territory": ["0801"], "community_authority": "c"}),
    ("site by district", {"sensitivity": ["ubicacion-arqueologica"], "access_level": "abierto-generalizado", "access_reason": "x", "generalisation_note": "por distrito"}),
    ("knowledge with consent", {"sensitivity": ["conocimiento-tradicional"], "consent_reference": "Acta"}),
    ("knowledge with protocol", {"sensitivity": ["conocimiento-tradicional"], "community_protocol_url": "https://x.pe"}),
    ("knowledge, metadata only", {"sensitivity": ["conocimiento-tradicional"], "access_level": "solo-metadatos", "access_reason": "x"}),
    ("aggregated", {"sensitivity": ["personal"], "personal_data": "aggregated"}),
    ("copyright with rights", {"sensitivity": ["derechos-autor"], "resources": [{**FILE, "rights": "De la autora"}]}),
]  # fmt: skip


@pytest.mark.parametrize("changes", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_accepted(changes):
    assert wrong({**CLEAN, **changes}, becomes_public=True) == set()


def test_not_reviewed_comes_from_harvest_only():
    record = {"sensitivity": ["no-revisado"], "access_level": "no-revisado"}
    assert wrong(record, becomes_public=True) == {("sensitivity", None)}
    assert wrong(record, becomes_public=True, imported=True) == set()


def test_a_message_says_rule_reason_and_what_is_accepted():
    record = {**CLEAN, "sensitivity": ["ritual-restringido"]}
    text = " ".join(str(fault) for fault in care.faults(record, VOCABULARY))
    assert "Contenido ritual restringido" in text
    assert "Solo metadatos" in text
    assert "because" in text


def test_every_sensitivity_has_a_rule_and_every_rule_a_concept():
    assert set(care.RULES) == set(VOCABULARY.scheme("sensitivity").concepts)


def test_reduce_generalises_places_and_drops_geometry_and_files():
    record = {
        "sensitivity": ["lugar-sagrado"], "territory": ["080101", "16"], "scope_level": "distrital", "spatial": "{}", "access_level": "con-protocolo",
        "extras": [{"key": "spatial", "value": "x"}, {"key": "otro", "value": "y"}], "resources": [{**FILE, "size": 3}, PAGE],
    }  # fmt: skip
    reduced = care.reduce(record, VOCABULARY)
    assert reduced["territory"] == ["0801", "16"]
    assert "spatial" not in reduced
    assert reduced["extras"] == [{"key": "otro", "value": "y"}]
    assert reduced["resources"] == [{"url": "", "url_type": ""}, PAGE]
    assert record["territory"] == ["080101", "16"]


@pytest.mark.parametrize(
    "subject",
    [
        {"people": ["mashco-piro"]},
        {"people": '["mashco-piro"]'},
        {"subject_language": ["isc"]},
        {"subject_language": ["es", "isc"]},
        {"subject_language": "isc"},
    ],
    ids=str,
)
def test_a_people_in_isolation_is_never_located_whatever_was_said(subject):
    record = {
        **subject,
        "sensitivity": ["ninguna"],
        "access_level": "abierto",
        "territory": ["17"],
        "resources": [FILE],
    }
    reduced = care.reduce(record, VOCABULARY)
    assert reduced["territory"] == ["PE"]
    assert reduced["resources"][0]["url"] == ""


def test_a_language_that_others_speak_as_well_may_have_places():
    record = {**CLEAN, "subject_language": ["pib"], "territory": ["17"]}
    assert wrong(record) == set()
    assert care.reduce(record, VOCABULARY)["territory"] == ["17"]


junk = st.recursive(
    st.none() | st.text(max_size=8) | st.sampled_from(["piaci", "16", "080101", "mashco-piro"]),
    lambda s: st.lists(s, max_size=3),
    max_leaves=5,
)
dirty = st.fixed_dictionaries(
    {},
    optional={
        "sensitivity": junk, "people": st.lists(st.sampled_from(["mashco-piro", "matses", "no existe"]), max_size=2) | st.text(max_size=5),
        "territory": st.lists(st.sampled_from(["080101", "16", "PE", "999999"]), max_size=3) | st.text(max_size=6), "spatial": st.just("{}"),
        "access_level": junk, "resources": st.lists(st.sampled_from([FILE, PAGE]), max_size=2),
        "extras": st.just([{"key": "spatial", "value": "x"}]),
    },
)  # fmt: skip


@given(record=dirty)
def test_reduce_never_fails_and_is_idempotent(record):
    once = care.reduce(record, VOCABULARY)
    assert care.reduce(once, VOCABULARY) == once
    fields = {fault.field for fault in care.faults(once, VOCABULARY, imported=True)}
    assert not fields & {"territory", "url"}


@given(
    record=st.fixed_dictionaries(
        {"territory": st.lists(st.sampled_from(["0801", "PE"]), max_size=2), "resources": st.just([FILE])}
    )
)
def test_a_record_without_sensitivity_is_unchanged(record):
    assert care.reduce(record, VOCABULARY) == record


def test_tightened():
    old = {**CLEAN, "resources": [FILE]}
    assert care.tightened(old, {**old, "sensitivity": ["piaci"]}, VOCABULARY)
    assert not care.tightened(old, {**old, "title": "x"}, VOCABULARY)


@pytest.mark.parametrize(
    ("chosen", "level"),
    [(["ninguna"], "abierto"), (["piaci", "ninguna"], "solo-metadatos"), (["lugar-sagrado", "ubicacion-arqueologica"], "con-protocolo"), ([], "abierto")],
)  # fmt: skip
def test_suggestion(chosen, level):
    suggested, reason = care.suggest_access(chosen)
    assert suggested == level
    assert reason
