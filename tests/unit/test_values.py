"""Any input of a field becomes its one canonical value, or a message that helps to mend it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.culturape.fields import KINDS, RECORD_TYPES, Field, load_schema
from ckanext.culturape.values import canonical_record, canonical_value, core_texts
from ckanext.culturape.values.reader import READERS
from ckanext.culturape.values.record import core_tags
from ckanext.culturape.vocab.pack import load_vocabulary

SCHEMA = load_schema()
VOCABULARY = load_vocabulary()


def read(name: str, raw: Any) -> tuple[Any, list[str]]:
    field = next((f for f in SCHEMA.fields if f.name == name), None) or SCHEMA.resource_field(name)
    value, faults = canonical_value(field, raw, VOCABULARY)
    assert all(fault.field == name for fault in faults)
    return value, [str(fault) for fault in faults]


def of_kind(kind: str, raw: Any, **keys: Any) -> tuple[Any, list[str]]:
    value, faults = canonical_value(Field("f", kind, "L", "H.", **keys), raw, VOCABULARY)
    return value, [str(fault) for fault in faults]


def test_every_kind_has_a_reader():
    schemas = [load_schema(name) for name in RECORD_TYPES]
    composite = {
        f.kind for schema in schemas for f in (*schema.fields, *schema.resource_fields) if f.subfields
    }
    assert set(READERS) | composite == set(KINDS)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Identidad cultural", ["identidad"]),
        ("IDENTIDAD CULTURAL\npatrimonio\n", ["identidad", "patrimonio"]),
        (["patrimonio", "identidad", "patrimonio"], ["identidad", "patrimonio"]),
        ('["patrimonio", "identidad"]', ["identidad", "patrimonio"]),
        ("https://w3id.org/culturape/def/cultural-right/identidad", ["identidad"]),
        ("Cultural identity", ["identidad"]),
        (["", None], None),
        (None, None),
    ],
)
def test_concepts_are_recognised(raw, value):
    assert read("cultural_right", raw) == (value, [])


def test_an_unknown_concept_names_value_and_closest_terms():
    value, faults = read("cultural_right", ["identidd", "patrimonio", "zzzzzzzz"])
    assert value == ["patrimonio"]
    assert "identidd" in faults[0]
    assert "identidad" in faults[0]
    assert "zzzzzzzz" in faults[1]


def test_peoples_are_found_by_variants_and_older_names_which_are_never_said():
    assert read("people", ["Huambisa"]) == (["wampis"], [])
    assert read("people", "campa")[0] == ["ashaninka"]
    assert "ampa" not in str(read("people", "capma")[1])


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (["PE", "08", "080101"], ["080101"]),
        (["0801", "0802"], ["0801", "0802"]),
        ("Cusco", ["08"]),
        ("PE-CUS", ["08"]),
        ("Perú", ["PE"]),
        (["AR", "PE"], ["AR", "PE"]),
    ],
)
def test_territory_has_no_ancestors(raw, value):
    assert read("territory", raw) == (value, [])


def test_a_group_of_places_gives_its_members():
    assert read("territory", "lima-provincias")[0] == [f"15{n:02}" for n in range(2, 11)]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2023", "2023"), ("2023-02", "2023-02"), ("2023-02-28", "2023-02-28"), ("28/2/2023", "2023-02-28"),
        (2023, "2023"), ("2023-02-28T10:20:30Z", "2023-02-28T10:20:30+00:00"), ("", None),
        ("2023-02-28T10:20:30.5", "2023-02-28T10:20:30.500000"),
    ],
)  # fmt: skip
def test_dates_keep_their_precision(raw, value):
    assert read("issued", raw) == (value, [])


@pytest.mark.parametrize(
    "raw", ["ayer", "2023-02-30", "2023-13", "31/02/2023", "20233", "0000", "2023-1-1T", "٢٠٢٣"]
)
def test_what_is_no_date_is_said_so(raw):
    value, faults = read("issued", raw)
    assert value is None
    assert raw in faults[0]


@pytest.mark.parametrize(
    "raw",
    ["javascript:alert(1)", "data:text/html,x", "example.org", "http://", "http:///x", "http://a b", "//x.org",
     "http://x.org/<script>", "file:///etc/passwd", "mailto:", "http://[::1", "x" * 50, "http://x/" + "y" * 2000],
)  # fmt: skip
def test_addresses_that_are_none_or_dangerous(raw):
    value, faults = read("url", raw)
    assert value is None
    assert "address" in faults[0]


@pytest.mark.parametrize(
    "raw", ["https://x.pe/ñandú?a=b#c", "http://127.0.0.1:8000/", "mailto:datos@x.pe", "ftp://x.pe/a"]
)
def test_addresses(raw):
    assert read("url", f"  {raw} ") == (raw, [])


def test_uri_accepts_urn_but_no_mail():
    assert read("uri", "urn:uuid:1")[0] == "urn:uuid:1"
    assert read("uri", "mailto:a@b.pe")[1]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"es": " Hola ", "en": ""}, {"es": "Hola"}),
        ('{"es": "Hola"}', {"es": "Hola"}),
        ("Hola", {"es": "Hola"}),
        ({"es-PE": "Hola"}, {"es": "Hola"}),
        ({"es-PE": "Hola", "es": "Hola ", "spa": ""}, {"es": "Hola"}),
        ({"qu": "Allin", "cni": "Kametsa"}, {"cni": "Kametsa", "qu": "Allin"}),
        ({}, None),
    ],
)
def test_texts_by_language(raw, value):
    assert read("title_translated", raw) == (value, [])


def test_an_unknown_language_is_said_and_the_rest_kept():
    value, faults = read("title_translated", {"klingon": "x", "es": "Hola"})
    assert value == {"es": "Hola"}
    assert "klingon" in faults[0]


def test_a_structure_where_a_text_is_expected():
    assert read("title_translated", {"es": ["a"]})[1] == ["A text is expected here, not a list or an object."]
    assert read("identifier", ["a"])[1]


def test_tags_by_language():
    assert read("tags_translated", {"es": "música, danza,, música"}) == ({"es": ["danza", "música"]}, [])
    assert read("tags_translated", {"qu": ["taki"], "es": []}) == ({"qu": ["taki"]}, [])


def test_control_characters_go_and_unicode_is_composed():
    assert read("identifier", "a\x00b\x1f e\u0301\n") == ("ab é", [])


def test_a_text_beyond_the_limit_is_refused():
    assert "too long" in read("identifier", "x" * 1_000_001)[1][0]


@pytest.mark.parametrize(("raw", "value"), [("12", 12), (12.5, 12.5), ("12,5", 12.5), (0, 0), ("", None)])
def test_numbers(raw, value):
    assert read("spatial_resolution_in_meters", raw) == (value, [])


@pytest.mark.parametrize("raw", ["-1", "nan", "inf", "1e300", "x", [1]])
def test_what_is_no_number(raw):
    assert read("spatial_resolution_in_meters", raw)[1]


def test_integers_have_no_fraction():
    assert read("size", "12.5")[1]
    assert read("size", "12")[0] == 12


@pytest.mark.parametrize("raw", ["20131312955", "20100030595", "20-10003059-5"])
def test_valid_ruc(raw):
    assert of_kind("tax_id", raw) == (raw.replace("-", ""), [])


@pytest.mark.parametrize("raw", ["20131312954", "123", "2013131295a", "٢٠١٣١٣١٢٩٥٥"])
def test_invalid_ruc(raw):
    assert of_kind("tax_id", raw)[1]


@pytest.mark.parametrize("raw", ["a@b.pe", "A@B.PE"])
def test_email(raw):
    assert of_kind("email", raw) == (raw.lower(), [])


@pytest.mark.parametrize("raw", ["a", "a@b", "a b@c.pe", "<a@b.pe>", "a@b.pe,c@d.pe"])
def test_no_email(raw):
    assert of_kind("email", raw)[1]


def test_intervals_in_order():
    assert read("temporal_coverage", [{"start": "2017-05", "end": "2017"}]) == (
        [{"start": "2017-05", "end": "2017"}],
        [],
    )
    assert "before" in read("temporal_coverage", [{"start": "2018", "end": "2017-12-31"}])[1][0]
    assert read("temporal_coverage", [{"start": "", "end": ""}]) == (None, [])


def test_composites():
    value, faults = read(
        "publisher", {"name": "Museo", "email": "", "type": "NationalAuthority", "department": "x"}
    )
    assert value == [{"name": "Museo", "type": "NationalAuthority", "department": "x"}]
    assert not faults
    assert "missing" in read("publisher", [{"email": "a@b.pe"}])[1][0]
    assert "At most 1" in read("publisher", [{"name": "a"}, {"name": "b"}])[1][0]
    assert "E-mail" in read("contact", [{"email": "x"}])[1][0]
    assert read("contact", "text")[1]
    assert read("contact", '[{"name": "Mesa"}]')[0] == [{"name": "Mesa"}]


def test_choice_boolean_duration_media_type_and_format():
    assert read("personal_data", "aggregated")[0] == "aggregated"
    assert "aggregated" in read("personal_data", "x")[1][0]
    assert read("sample_record", "sí")[0] is True
    assert read("sample_record", False)[0] is None
    assert read("temporal_resolution", "p1y")[0] == "P1Y"
    assert read("temporal_resolution", "P")[1]
    assert read("mimetype", "Text/CSV")[0] == "text/csv"
    assert read("mimetype", "csv")[1]
    assert read("format", "text/csv")[0] == "CSV"
    assert read("format", "Formato raro")[0] == "Formato raro"


def test_only_one_concept_where_one_is_meant():
    assert read("access_level", ["abierto", "con-protocolo"])[1] == ["Only one value can be chosen here."]


def test_a_record_with_resources():
    raw = {
        "title": "Museos", "license_id": "CC-BY-4.0", "unknown": 1,
        "resources": [{"name": "a", "license": "CC-BY-4.0"}, {"license": "cc-zero", "issued": "x"}],
    }  # fmt: skip
    record, faults = canonical_record(SCHEMA, raw, VOCABULARY)
    assert record == {
        "title_translated": {"es": "Museos"}, "license_id": "CC-BY-4.0",
        "resources": [{"name_translated": {"es": "a"}}, {"license": "cc-zero"}],
    }  # fmt: skip
    assert [(fault.field, fault.resource) for fault in faults] == [("issued", 1)]


def test_core_texts_and_tags():
    assert core_texts(
        {"title_translated": {"en": "A", "es": "B"}, "notes_translated": {"qu": "C"}}, "es"
    ) == {"title": "B", "notes": "C"}
    assert core_tags({"es": ["a", "música: vals", "x" * 101], "qu": ["taki"]}) == [
        {"name": "música vals"},
        {"name": "taki"},
    ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.sampled_from(["es", "PE", "08", "2017"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.sampled_from(["es", "name", "start"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("field", [*SCHEMA.fields, *SCHEMA.resource_fields], ids=lambda f: f.name)
@settings(max_examples=max(15, settings.default.max_examples // 7))
@given(raw=anything)
def test_no_input_breaks_a_reader_and_canonical_is_stable(field, raw):
    value, faults = canonical_value(field, raw, VOCABULARY)
    for fault in faults:
        assert str(fault)
    if not faults:
        assert canonical_value(field, value, VOCABULARY) == (value, [])
        assert canonical_value(field, json.loads(json.dumps(value)), VOCABULARY) == (value, [])


def test_a_uri_names_one_thing():
    agent = {"name": "Museo", "uri": "https://x.pe/museo"}
    raw = {
        "uri": "https://x.pe/d",
        "publisher": [agent],
        "creator": [
            agent,
            {"name": "Otro", "uri": "https://x.pe/museo"},
            {"name": "Tercero", "uri": "https://x.pe/d"},
        ],
        "resources": [
            {"url": "https://x.pe/1", "uri": "https://x.pe/r"},
            {"url": "https://x.pe/2", "uri": "https://x.pe/r"},
        ],
    }
    record, faults = canonical_record(load_schema(), raw, load_vocabulary())
    assert record["publisher"] == [agent]
    assert record["creator"] == [agent, {"name": "Otro"}, {"name": "Tercero"}]
    assert [resource.get("uri") for resource in record["resources"]] == ["https://x.pe/r", None]
    assert [(fault.field, fault.resource) for fault in faults] == [
        ("creator", None),
        ("creator", None),
        ("uri", 1),
    ]


@pytest.mark.parametrize("odd", [True, "x", ["x"], 1])
def test_a_key_of_ckan_that_holds_something_odd_is_left_out(odd):
    value, faults = canonical_value(SCHEMA.field("contact"), [{"name": "Mesa", "__extras": odd}], VOCABULARY)
    assert [item["name"] for item in value] == ["Mesa"]
    assert not faults
