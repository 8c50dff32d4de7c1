"""Options of a source: what is accepted and how it is kept, what is refused and how that is said, and what the form makes of both."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest import typed
from ckanext.culturape.harvest.checking import check
from ckanext.culturape.harvest.checking_values import Against, allowed_levels
from ckanext.culturape.harvest.kinds import FAMILIES, SERIALISATIONS, media_type_of
from ckanext.culturape.harvest.legacy import DROPPED, RENAMED
from ckanext.culturape.harvest.options import DEFAULTS, NAMES, Options, read_options, write_options
from ckanext.culturape.harvest.source_address import check_address, is_allowed
from ckanext.culturape.intake.sniff import form_of
from ckanext.culturape.vocab.pack import load_vocabulary

MOST = {"size": 100_000_000, "pages": 10_000, "datasets": 500_000, "triples": 2_000_000}
AGAINST = Against(load_vocabulary(), MOST, "es")


def kept(given: Any) -> Any:
    found = check(given, AGAINST)
    assert found.faults == (), [str(fault) for fault in found.faults]
    return json.loads(write_options(found.options))


ACCEPTED: list[tuple[Any, dict[str, Any]]] = [
    (None, {}),
    ("", {}),
    (" ", {}),
    ("{}", {}),
    (b'{"private": true}', {"private": True}),
    ({"private": False, "verify": True, "pause": 0, "deletion_share": 0.2, "sensitivity": [], "format": ""}, {}),
    ({"sensitivity": None, "organizations": {}, "access_level": ""}, {}),
    ({"format": "ttl"}, {"format": "text/turtle"}),
    ({"format": "Text/Turtle; charset=utf-8"}, {"format": "text/turtle"}),
    ({"format": "RDF/XML"}, {"format": "application/rdf+xml"}),
    ({"profile": "Data.JSON"}, {"profile": "data.json"}),
    ({"default_language": "quechua"}, {"default_language": "qu"}),
    ({"default_language": "es-PE"}, {"default_language": "es"}),
    ({"private": True}, {"private": True}),
    ({"verify": False}, {"verify": False}),
    ({"sensitivity": "piaci"}, {"sensitivity": ["piaci"]}),
    ({"sensitivity": ["personal", "Obras protegidas por derechos de autor", "personal"]}, {"sensitivity": ["derechos-autor", "personal"]}),
    ({"sensitivity": ["piaci"], "access_level": "solo-metadatos"}, {"sensitivity": ["piaci"], "access_level": "solo-metadatos"}),
    ({"access_level": "Con protocolo comunitario o solicitud"}, {"access_level": "con-protocolo"}),
    ({"deletion_share": 0}, {"deletion_share": 0.0}),
    ({"deletion_share": 1}, {"deletion_share": 1.0}),
    ({"pause": 2.5}, {"pause": 2.5}),
    ({"size": 100_000_000, "pages": 1, "datasets": 0, "triples": 5}, {"size": 100_000_000, "pages": 1, "triples": 5}),
    ({"organizations": {" Museo ": "museo", "Archivo": "archivo"}}, {"organizations": {"Archivo": "archivo", "Museo": "museo"}}),
    (
        {"organizations": [{"publisher": "Museo", "organization": "museo"}, {"publisher": "", "organization": ""}, {"publisher": "Museo", "organization": "museo"}]},
        {"organizations": {"Museo": "museo"}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), ACCEPTED, ids=[str(row[0])[:60] for row in ACCEPTED])
def test_what_is_accepted_is_kept_in_one_form(raw: Any, value: dict[str, Any]) -> None:
    assert kept(raw) == value
    text = write_options(check(raw, AGAINST).options)
    assert write_options(read_options(text)) == text
    assert write_options(check(text, AGAINST).options) == text


REFUSED: list[tuple[Any, str, str]] = [
    ("{", "config", "The JSON cannot be read"),
    ("[" * 100_000, "config", "The JSON cannot be read"),
    ("[]", "config", "JSON object"),
    ("true", "config", "JSON object"),
    (7, "config", "JSON object"),
    ({"privat": True}, "config", "“private”"),
    ({"Sensitivity": []}, "config", "“sensitivity”"),
    ({"x" * 500: 1}, "config", "The options are: format, profile"),
    ({"rdf_format": "turtle"}, "config", "“format”"),
    ({"remote_orgs": "create"}, "config", "“organizations”"),
    ({"profiles": "euro_dcat_ap_3"}, "config", "not needed here"),
    ({"format": "pdf"}, "format", "Turtle, RDF/XML"),
    ({"format": ["ttl"]}, "format", "a text was expected"),
    ({"profile": "oai-pmh"}, "profile", "data.json"),
    ({"profile": 1}, "profile", "a text was expected"),
    ({"default_language": "klingon"}, "default_language", "“klingon”"),
    ({"private": "yes"}, "private", "yes or no"),
    ({"private": 1}, "private", "yes or no"),
    ({"verify": None, "private": []}, "private", "yes or no"),
    ({"sensitivity": ["ninguna"]}, "sensitivity", "Choose “No revisado”"),
    ({"sensitivity": ["Ninguna restricción cultural"]}, "sensitivity", "Choose “No revisado”"),
    ({"sensitivity": ["https://w3id.org/culturape/def/sensitivity/ninguna"]}, "sensitivity", "Choose “No revisado”"),
    ({"sensitivity": ["persona"]}, "sensitivity", "Datos personales (personal)"),
    ({"sensitivity": [["personal"]]}, "sensitivity", "a text was expected"),
    ({"sensitivity": {"personal": True}}, "sensitivity", "a text was expected"),
    ({"access_level": "abierto"}, "access_level", "Choose “No revisado”"),
    ({"access_level": "abierto-generalizado"}, "access_level", "Choose “No revisado”"),
    ({"access_level": "Abierto"}, "access_level", "Choose “No revisado”"),
    ({"access_level": ["solo-metadatos"]}, "access_level", "a text was expected"),
    ({"sensitivity": ["piaci"], "access_level": "con-protocolo"}, "access_level", "Solo metadatos"),
    ({"sensitivity": ["piaci", "trafico-ilicito"], "access_level": "con-protocolo"}, "access_level", "Solo metadatos"),
    ({"deletion_share": 1.01}, "deletion_share", "between 0 and 100 percent"),
    ({"deletion_share": -0.1}, "deletion_share", "between 0 and 100 percent"),
    ('{"deletion_share": NaN}', "deletion_share", "between 0 and 100 percent"),
    ({"deletion_share": True}, "deletion_share", "a number was expected"),
    ({"deletion_share": "20 %"}, "deletion_share", "a number was expected"),
    ({"pause": 61}, "pause", "between 0 and 60"),
    ({"pause": -1}, "pause", "between 0 and 60"),
    ('{"pause": Infinity}', "pause", "between 0 and 60"),
    ({"size": 100_000_001}, "size", "at most 100 MB"),
    ({"pages": 10_001}, "pages", "limit of this site is 10000"),
    ({"datasets": 10**30}, "datasets", "limit of this site is 500000"),
    ({"triples": -1}, "triples", "less than zero"),
    ({"triples": 1.5}, "triples", "a whole number was expected"),
    ({"pages": "9"}, "pages", "a whole number was expected"),
    ({"organizations": "museo"}, "organizations", "publishers, each with"),
    ({"organizations": {"Museo": ""}}, "organizations", "Row 1 needs both"),
    ({"organizations": {"Museo": None}}, "organizations", "Row 1 needs both"),
    ({"organizations": {"": "museo"}}, "organizations", "Row 1 needs both"),
    ({"organizations": ["museo"]}, "organizations", "Row 1 needs both"),
    ({"organizations": [{"publisher": "M", "organization": "a"}, {"publisher": "M", "organization": "b"}]}, "organizations", "stands twice"),
    ({"organizations": {"x" * 2001: "museo"}}, "organizations", "Row 1 needs both"),
    ({"organizations": {str(n): "museo" for n in range(2001)}}, "organizations", "At most 2000"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "place", "words"), REFUSED, ids=[str(row[0])[:60] for row in REFUSED])
def test_what_is_refused_is_said_at_its_option(raw: Any, place: str, words: str) -> None:
    faults = check(raw, AGAINST).faults
    assert [fault.field for fault in faults] == [place]
    assert words in str(faults[0])


def test_all_faults_are_told_at_once() -> None:
    raw = {"privat": 1, "format": "pdf", "sensitivity": ["ninguna", "persona"], "pages": -1, "organizations": {"": "x"}, "pause": "a"}  # fmt: skip
    faults = check(raw, AGAINST).faults
    assert [fault.field for fault in faults] == [
        "config",
        "format",
        "organizations",
        "sensitivity",
        "sensitivity",
        "pause",
        "pages",
    ]


def test_what_is_faulty_is_not_used() -> None:
    found = check({"sensitivity": ["ninguna"], "access_level": "abierto", "private": True}, AGAINST).options
    assert found == Options(private=True)


@pytest.mark.parametrize("name", [*RENAMED, *DROPPED])
def test_options_of_other_harvesters_are_known(name: str) -> None:
    (fault,) = check({name: 1}, AGAINST).faults
    assert "another harvester" in str(fault)
    assert name not in NAMES


def test_levels_that_stand_in_are_never_open() -> None:
    for concept in AGAINST.vocabulary.scheme("sensitivity"):
        levels = allowed_levels((concept.id,))
        assert levels
        assert not {"abierto", "abierto-generalizado"} & set(levels)
        for level in levels:
            assert (
                concept.id == "ninguna"
                or not check({"sensitivity": [concept.id], "access_level": level}, AGAINST).faults
            )


def test_names_of_serialisations_and_families_are_their_own() -> None:
    for media_type, name in SERIALISATIONS.items():
        assert form_of(media_type)
        assert media_type_of(media_type) == media_type_of(name) == media_type_of(name.upper()) == media_type
    for family in FAMILIES:
        assert kept({"profile": family}) == {"profile": family}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=12), values, max_size=6) | values)
def test_any_value_gives_options_or_faults(raw: Any) -> None:
    found = check(raw, AGAINST)
    assert all(str(fault) for fault in found.faults)
    assert "ninguna" not in found.options.sensitivity
    assert not found.options.access_level.startswith("abierto")
    text = write_options(found.options)
    assert write_options(check(text, AGAINST).options) == text


def form(**fields: Any) -> dict[str, Any]:
    return {typed.SENT: "1", **{f"{typed.PREFIX}{name}": value for name, value in fields.items()}}


TYPED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    (form(), {"private": False, "verify": False}),
    (form(verify="true", private="true"), {"private": True, "verify": True}),
    ({"option-private": "true"}, {"private": True}),
    ({"option-private": False}, {"private": False}),
    ({"option-deletion_share": "20"}, {"deletion_share": 0.2}),
    ({"option-deletion_share": "12,5 %"}, {"deletion_share": 0.125}),
    ({"option-deletion_share": "muchos"}, {"deletion_share": "muchos"}),
    ({"option-deletion_share": ""}, {}),
    ({"option-size": "1,5"}, {"size": 1_500_000}),
    ({"option-size": "1,500"}, {"size": 1_500_000_000}),
    ({"option-pages": "10,000"}, {"pages": 10_000}),
    ({"option-pages": "10.000"}, {"pages": 10_000}),
    ({"option-pages": "1 000 000"}, {"pages": 1_000_000}),
    ({"option-pages": "2.5"}, {"pages": 2.5}),
    ({"option-pages": True}, {"pages": True}),
    ({"option-pause": "0,5"}, {"pause": 0.5}),
    ({"option-sensitivity": "personal"}, {"sensitivity": "personal"}),
    ({"option-sensitivity": ["personal", "menores"]}, {"sensitivity": ["personal", "menores"]}),
    (
        {"option-organizations-1-publisher": " B ", "option-organizations-1-organization": "b", "option-organizations-0-publisher": "A", "option-organizations-2-publisher": ""},
        {"organizations": [{"publisher": "A"}, {"publisher": "B", "organization": "b"}]},
    ),
    ({"option-formato": "ttl"}, {"formato": "ttl"}),
    ({"title": "x", "url": "http://x.pe"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "options"), TYPED, ids=[str(row[0])[:60] for row in TYPED])
def test_what_is_typed_becomes_options(fields: dict[str, Any], options: dict[str, Any]) -> None:
    assert typed.options_of(fields) == options


@pytest.mark.parametrize(("raw", "value"), ACCEPTED, ids=[str(row[0])[:60] for row in ACCEPTED])
def test_the_form_shows_what_is_stored_and_sends_it_back(raw: Any, value: dict[str, Any]) -> None:
    del value
    options = check(raw, AGAINST).options
    shown = typed.fields_of({name: getattr(options, name) for name in NAMES})
    fields = {name: text for name, text in shown.items() if name != "organizations"}
    sent = form(
        **{name: "true" if text is True else text for name, text in fields.items() if text is not False}
    )
    for number, row in enumerate(shown["organizations"]):
        sent |= {f"option-organizations-{number}-{key}": text for key, text in row.items()}
    found = check(typed.options_of(sent), AGAINST)
    assert found.faults == ()
    assert found.options == options


def test_a_limit_of_the_site_is_shown_as_nothing() -> None:
    shown = typed.fields_of({name: getattr(DEFAULTS, name) for name in NAMES})
    assert [shown[name] for name in ("size", "pages", "datasets", "triples")] == [""] * 4
    assert (shown["deletion_share"], shown["pause"], shown["sensitivity"]) == ("20", "0", ["no-revisado"])


@given(st.dictionaries(st.sampled_from(NAMES), values | st.integers(min_value=10**300), max_size=6))
def test_the_form_shows_whatever_is_stored(raw: Any) -> None:
    shown = typed.fields_of(raw)
    assert set(shown) == set(NAMES)
    typed.options_of({f"{typed.PREFIX}{name}": value for name, value in shown.items()})


@pytest.mark.parametrize(
    "address",
    [
        "https://datos.example.org/catalog.ttl",
        " http://datos.example.org:8080/a?b=c#d ",
        "HTTPS://DATOS.EXAMPLE.ORG",
        "http://[2001:db8::1]/x",
        "https://museo.pe/catálogo",
    ],
)
def test_addresses_that_can_be_fetched(address: str) -> None:
    assert check_address(address) == address.strip()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Give the address"),
        (None, "Give the address"),
        (["http://x.pe"], "Give the address"),
        ("datos.example.org/catalog.ttl", "http://"),
        ("ftp://datos.example.org/catalog.ttl", "http://"),
        ("file:///etc/passwd", "http://"),
        ("javascript:alert(1)", "http://"),
        ("http://", "http://"),
        ("http://[::1", "http://"),
        ("http://x.pe:99999/", "http://"),
        ("http://x.pe:0/", "http://"),
        ("http://x.pe/a b", "http://"),
        ("http://x.pe/\nHost: y", "http://"),
        ("http://x.pe/<script>", "http://"),
        ("http://x.pe/" + "a" * 2000, "http://"),
        ("https://usuario:clave@datos.example.org/", "password"),
        ("https://usuario@datos.example.org/", "password"),
        ("https://:clave@datos.example.org/", "password"),
        ("https://@datos.example.org/", "password"),
    ],
)  # fmt: skip
def test_addresses_that_are_refused(address: Any, words: str) -> None:
    with pytest.raises(Fault) as caught:
        check_address(address)
    assert words in str(caught.value)
    assert "clave" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "beginning", "is_inside"),
    [
        ("http://10.0.0.5/x", "http://10.0.0.5", True),
        ("http://10.0.0.5", "http://10.0.0.5/", True),
        ("HTTP://10.0.0.5/x", "http://10.0.0.5/", True),
        ("http://10.0.0.5.example.org/x", "http://10.0.0.5", False),
        ("http://10.0.0.5:8080/x", "http://10.0.0.5", False),
        ("http://10.0.0.5/privado", "http://10.0.0.5/catalogo/", False),
        ("https://10.0.0.5/x", "http://10.0.0.5/", False),
    ],
)
def test_what_the_operator_allows(address: str, beginning: str, is_inside: bool) -> None:
    assert is_allowed(address, [beginning]) is is_inside
