"""Whatever strangers send: an adapter raises nothing but Fault, and what it says is well-formed RDF without scripts."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from adapted import HERE, adapted
from ending import ending
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters import data_json, dkan, schema_org
from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.adapters.markup import plain_text, scripts
from ckanext.culturape.intake.jsonld import depth

ODD = [
    "", " ", "javascript:alert(1)", "JaVaScript:alert(1)", "data:text/html,<script>", "vbscript:x", "http://[", "http://", "https://e.org/a b",
    "//e.org", "file:///etc/passwd", "\x00\x01\x1b", "\ud800", "\ufffe", "<p>x</p>", "<script>alert(1)</script>", "&lt;p&gt;x", "R/P1Y",
    "2020-99-99", "Lun, 08/05/2024 - 12:47", "1,2,3,4", "1,2", '{"type": "Point", "coordinates": []}', "[" * 50, '[["a"', "9" * 5000,
    "a@b.c", "mailto:a@b.c", "tel:1", "_:b0", "#x", "P1Y/2020", "../..", "1.5 GB", "x - [y - z]", "1a_x", "urn:x:y", "en-a-b-c-d", "💥",
]  # fmt: skip
NAMES = sorted({
    *data_json.KNOWN["catalog"], *data_json.KNOWN["dataset"], *data_json.KNOWN["distribution"], *schema_org.KNOWN, *schema_org.FILE_NAMES,
    *dkan.KNOWN, "name", "fn", "mbox", "email", "url", "uri", "geo", "box", "polygon", "latitude", "longitude", "type", "coordinates",
    "startDate", "endDate", "title", "label", "id", "key", "value", "@value", "@language", "@graph", "@list", "@vocab", "es", "\ud800",
    "contactPoint", "parentOrganization", "subOrganizationOf", "roleName", "termCode", "propertyID", "containedInPlace",
})  # fmt: skip
leaves = st.one_of(
    st.sampled_from(ODD), st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["Dataset", "DataCatalog", "Role", "Place", "GeoShape", "https://schema.org/", "http://e.org/x"]),
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=25,
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=12)


def is_sound(document: Any, address: str = HERE) -> None:
    """An adapter reads it, or says with a fault why not; what it says is strict RDF that leads to no script."""
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    try:
        result = to_dcat(content, "", address)
    except Fault:
        return
    for quad in parse(result.ntriples, format=RdfFormat.N_TRIPLES):
        for term in (quad.subject, quad.object):
            scheme = term.value.partition(":")[0].lower() if isinstance(term, NamedNode) else ""
            assert scheme not in {"javascript", "data", "vbscript"}
    for refused in result.errors:
        json.dumps([refused.uri, refused.field, refused.value, str(refused.fault)]).encode()
        assert len(refused.value) <= 200
    for page in result.next:
        assert page.startswith(("http://", "https://")) and page != address


@given(st.one_of(objects, values), objects)
def test_data_json(dataset: Any, catalog: dict[str, Any]) -> None:
    is_sound(
        {
            **catalog,
            "@context": None,
            "dataset": [dataset, {"title": "A", "distribution": dataset, "publisher": dataset}],
        }
    )


@given(values)
def test_data_json_of_version_1_0(given_: Any) -> None:
    is_sound([{"title": "A", "keyword": given_, "publisher": given_}, given_])


@given(objects, st.sampled_from(["https://schema.org/", {"@vocab": "http://schema.org/"}]))
def test_schema_org(node: dict[str, Any], context: Any) -> None:
    is_sound(
        {
            "@context": context,
            "@graph": [{"@type": "Dataset", "name": "A", **node}, {"@type": "DataCatalog", "dataset": node}],
        }
    )


@given(objects)
def test_each_property_of_schema_org_at_its_place(node: dict[str, Any]) -> None:
    for name in ("publisher", "spatialCoverage", "distribution", "contributor", "keywords", "license"):
        is_sound({"@context": "https://schema.org/", "@type": "Dataset", "name": "A", name: node})


@given(st.one_of(objects, values), objects)
def test_answers_of_an_api(result: Any, dataset: dict[str, Any]) -> None:
    address = "https://e.org/api/3/action/package_search?start=x&rows=y"
    is_sound({"success": True, "result": result}, address)
    is_sound({"success": True, "result": [{"id": "1", **dataset}]}, address)
    is_sound(
        {
            "success": True,
            "result": {
                "count": result,
                "results": [dataset, {"id": "1", "resources": [dataset], "extras": [dataset]}],
            },
        },
        address,
    )


SHAPES = [
    None,
    True,
    5,
    -1.5,
    float("inf"),
    [],
    {},
    [[]],
    [None, 1, ["x"]],
    {"a": {"b": []}},
    {"@value": {}},
    {"@id": 5},
]


@pytest.mark.parametrize(
    "odd", [*ODD, *SHAPES], ids=lambda odd: repr(odd)[:25].encode("unicode_escape").decode()
)
def test_one_odd_value_under_every_name(odd: Any) -> None:
    """What the random examples hit seldom: each name of each family, with each kind of oddity, at every level."""
    inner = {name: [odd, odd] for name in NAMES if name not in {"@value", "@graph"}}
    agent = {"name": odd, "email": odd, "url": odd, "@id": odd}
    below = {
        "distribution": [inner],
        "publisher": agent,
        "contactPoint": agent,
        "spatial": inner,
        "temporal": inner,
    }
    is_sound({"@context": None, "dataset": [inner, {**inner, **below, "title": "A"}]})
    node = {
        **inner,
        **below,
        "@type": "Dataset",
        "spatialCoverage": inner,
        "keywords": agent,
        "contributor": inner,
        "name": "A",
    }
    is_sound(
        {
            "@context": "https://schema.org/",
            "@graph": [node, {"@type": "DataCatalog", "dataset": odd, "publisher": agent}],
        }
    )
    records = [
        inner,
        {
            **inner,
            "id": "1",
            "resources": [inner],
            "private": False,
            "state": "active",
            "url": odd,
            "extras": odd,
        },
    ]
    is_sound({"success": True, "result": records}, "https://e.org/api/3/action/package_show")
    is_sound(
        {"success": True, "result": {"count": odd, "results": [odd]}},
        "https://e.org/api/3/action/package_search",
    )


@given(values)
def test_any_json(document: Any) -> None:
    is_sound(document)


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
def test_any_bytes(content: bytes) -> None:
    is_sound(content)


@given(st.lists(st.sampled_from([
    "<html>", "<!DOCTYPE html>", "<![CDATA[", "<![x[", "<!--", "-->", "<script type='application/ld+json'>", "</script>", "{", "}", "<p", ">",
    '{"@context":"https://schema.org","@type":"Dataset","name":"A"}', "<?xml", "<csw:GetRecordsResponse>", "&x;", "\x00", "<rdf:RDF>", "<svg/>",
]), max_size=15))  # fmt: skip
def test_any_markup(parts: list[str]) -> None:
    is_sound("".join(parts).encode())


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<br/>",
                "<![x[",
                "<!--",
                "&lt;b&gt;",
                "a",
                " ",
                "\n",
                "<",
                ">",
                "<style>",
                "\x00",
                "&#0;",
                "é",
            ]
        ),
        max_size=20,
    )
)
def test_any_text_of_html(parts: list[str]) -> None:
    text = plain_text("".join(parts))
    assert isinstance(text, str)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("sin etiquetas, 2 < 3", "sin etiquetas, 2 < 3"),
        ("<p>Uno</p><p>Dos<br>tres</p>", "Uno\n\nDos\n\ntres"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("a <b>b</b>\n c", "a b c"),
        ("<p>x</p><script>alert(1)</script><style>p{}</style>", "x"),
        ("&lt;p&gt;R&amp;D&lt;/p&gt;", "R&D"),
        ("<p></p>", ""),
    ],
)
def test_the_words_of_html(html: str, text: str) -> None:
    assert plain_text(html) == text


DEEP = {
    "lists": "[" * 50_000, "objects": '{"dataset":' * 50_000, "closed": '{"dataset":' + "[" * 5_000 + "]" * 5_000 + "}",
    "turtle": "[" + "(" * 50_000,
}  # fmt: skip


@pytest.mark.parametrize("document", DEEP.values(), ids=DEEP)
def test_what_is_nested_too_deep_is_refused(document: str) -> None:
    with pytest.raises(Fault):
        adapted(document)


@pytest.mark.parametrize("levels", [300, 3_000, 100_000])
def test_also_where_the_operator_allows_any_depth(levels: int) -> None:
    inner = "[" * levels + "]" * levels
    for document in (
        f'{{"dataset": {inner}}}',
        f'{{"@context": "https://schema.org", "@type": "Dataset", "name": {inner}}}',
    ):
        with contextlib.suppress(Fault):
            adapted(document, depth=10**9)


def test_a_web_page_without_end_tags_takes_no_time() -> None:
    with ending():
        for piece in ("<a", "<!--", "<script>", "<div>", "<![CDATA[", "&"):
            scripts("<html>" + piece * 100_000, "application/ld+json")


def test_references_in_a_circle_end() -> None:
    nodes = [
        {
            "@type": "Organization",
            "@id": f"#{n}",
            "name": "x",
            "parentOrganization": [{"@id": f"#{m}"} for m in range(50)],
        }
        for n in range(50)
    ]
    data = {"@type": "Dataset", "name": "A", "publisher": [{"@id": f"#{n}"} for n in range(50)]}
    with ending():
        adapted({"@context": "https://schema.org", "@graph": [*nodes, data]})


def test_no_control_character_comes_through() -> None:
    result = adapted(
        {
            "dataset": [
                {
                    "title": "a\x00\x07b",
                    "identifier": "i\x1b",
                    "keyword": ["k\x0b"],
                    "publisher": {"name": "p\x01"},
                }
            ]
        }
    )
    assert (
        not any(f"\\u00{code:02X}".encode() in result.ntriples for code in range(9))
        and b'"ab"' in result.ntriples
    )


def test_scripts_in_rdf_are_dropped_and_named() -> None:
    result = adapted(
        '<https://e.org/a> <http://www.w3.org/ns/dcat#landingPage> <JavaScript:alert(1)> ; <https://e.org/p> "x" .'
    )
    assert (
        b"alert" not in result.ntriples
        and "“javascript:” are not kept" in str(result.errors[0].fault)
        and result.is_whole
    )


def test_many_nodes_with_one_id_take_linear_time() -> None:
    nodes = [
        {
            "@type": "Dataset",
            "@id": "https://e.org/a",
            "name": "A",
            "keywords": [f"{n}-{m}" for m in range(20)],
        }
        for n in range(5_000)
    ]
    with ending():
        adapted({"@context": "https://schema.org/", "@graph": nodes})


@pytest.mark.parametrize(
    "text", ['["a\\"[", "\\\\", [1]]', '{"a": "[[[[", "b": {}}', '"[[[', '"\\', "]][[", ""]
)
def test_the_depth_of_json_is_that_of_its_brackets(text: str) -> None:
    outside, is_string, is_escaped = "", False, False
    for character in text:
        if not is_string and character != '"':
            outside += character
        is_string = (is_string and (is_escaped or character != '"')) or (not is_string and character == '"')
        is_escaped = is_string and character == "\\" and not is_escaped
    levels = [0]
    for character in outside:
        levels.append(levels[-1] + (character in "[{") - (character in "]}"))
    assert depth(text) == max(levels)
