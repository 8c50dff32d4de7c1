"""Datasets of other catalogues: which there are, what identifies them, and what is told of what cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.preview import LIMITS, Site, preview
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.harvest.told import tell
from ckanext.culturape.intake.parse import parse_document
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
CONTEXT = Context(VOCABULARY, "https://datos.example.org")
SITE = Site("https://datos.example.org", VOCABULARY.base, "pe", "es", "es")
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix culturape: <https://w3id.org/culturape/ns#> . @prefix x: <https://museo.example.org/> .
"""


def readings(text: str, **options: Any) -> list[Reading]:
    adapted = to_dcat((PREFIXES + text).encode(), "text/turtle")
    return list(read_document(adapted.ntriples, CONTEXT, **options))


def test_datasets_series_and_members_of_catalogues_are_found_and_services_are_not():
    found = readings("""
        x:cat a dcat:Catalog ; dct:title "Catálogo" ; dcat:dataset x:1, x:elsewhere ; dcat:service x:s .
        x:1 dct:title "Uno" . x:2 a dcat:Dataset ; dct:title "Dos" . x:3 a dcat:DatasetSeries ; dct:title "Serie" .
        x:s a dcat:DataService ; dct:title "API" .
    """)
    assert [(r.uri[-1], r.title()) for r in found] == [("1", "Uno"), ("2", "Dos"), ("3", "Serie")]


def test_datasets_without_an_address_are_known_by_identifier_page_or_content():
    text = """
        [] a dcat:Dataset ; dct:title "A" ; dct:identifier "A-1" ; dcat:landingPage <https://x.pe/a> .
        [] a dcat:Dataset ; dct:title "B" ; dcat:landingPage <https://x.pe/b> .
        [] a dcat:Dataset ; dct:title "C" ; dcat:distribution [ dcat:accessURL <https://x.pe/c.csv> ] .
        [] a dcat:Dataset ; dct:title "D" ; dct:identifier "A-1" .
    """
    uris = [reading.uri for reading in readings(text)]
    assert uris[:2] == ["A-1", "https://x.pe/b"]
    assert all(uri.startswith("urn:sha256:") for uri in uris[2:])
    assert len(set(uris)) == 4
    assert [r.uri for r in readings(text)] == uris
    assert "uri" not in readings(text)[0].record


def test_the_key_of_content_changes_with_the_content_only():
    one = '[] a dcat:Dataset ; dct:title "C" ; dcat:distribution [ dcat:accessURL <https://x.pe/%s> ] .'
    first, second, other = (readings(one % name)[0].uri for name in ("c", "c", "d"))
    assert first == second != other


def test_a_dataset_without_a_title_is_refused_and_the_rest_go_on():
    refused, taken = readings(
        'x:1 a dcat:Dataset ; dct:issued "2020" . x:2 a dcat:Dataset ; dct:title "Dos" .'
    )
    assert refused.is_refused
    assert [(f.field, str(f)) for f in refused.faults] == [
        ("title_translated", "A dataset without a title is not taken over.")
    ]
    assert taken.title() == "Dos"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('dct:title "Título"@es-PE', {"es": "Título"}), ('rdfs:label "Nombre"@es', {"es": "Nombre"}),
        ('dct:title "Titulus"@la', {"es": "Titulus"}), (f'dct:title "{"x" * 2000}"', {"es": "x" * 999 + "…"}),
        ('dct:title " ", "Sí"@es', {"es": "Sí"}),
    ],
)  # fmt: skip
def test_titles(title, expected):
    assert readings(f"x:1 a dcat:Dataset ; {title} .")[0].record["title_translated"] == expected


def test_what_nobody_reviewed_is_not_reviewed():
    record = readings(
        'x:1 a dcat:Dataset ; dct:title "T" ; dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> .'
    )[0].record
    assert (record["sensitivity"], record["access_level"]) == (["no-revisado"], "no-revisado")
    said = "culturape:sensitivity <https://w3id.org/culturape/def/sensitivity/menores>"
    own = readings(f'x:1 a dcat:Dataset ; dct:title "T" ; {said} .')[0].record
    assert (own["sensitivity"], own["access_level"]) == (["menores"], "no-revisado")


def test_faults_of_values_say_field_and_value():
    reading = readings("""x:1 a dcat:Dataset ; dct:title "T" ; dct:issued "ayer" ;
        dcat:distribution [ dcat:downloadURL "no es una" ; dcat:byteSize "mucho" ] .""")[0]
    assert {(f.field, f.resource, f.params.get("value")) for f in reading.faults} == {
        ("issued", None, "ayer"), ("download_url", 0, "no es una"), ("size", 0, "mucho"),
    }  # fmt: skip


def test_one_publisher_is_taken_and_the_other_is_kept_beside():
    reading = readings(
        'x:1 a dcat:Dataset ; dct:title "T" ; dct:publisher [ foaf:name "A" ], [ foaf:name "B" ] .'
    )[0]
    assert len(reading.record["publisher"]) == 1
    assert (
        sum('"B"' in line or '"A"' in line for group in reading.residue.groups for line in group.lines) == 1
    )


def test_mended_addresses_are_told():
    reading = readings(
        '<https://x.pe/a b> a dcat:Dataset ; dct:title "T" ; dcat:landingPage <https://x.pe/p q> .'
    )[0]
    assert reading.uri == "https://x.pe/a%20b"
    assert reading.record["url"] == "https://x.pe/p%20q"
    told = to_dcat(b"<https://x.pe/1> <http://purl.org/dc/terms/relation> <https://x.pe/p q> .").errors
    assert any("https://x.pe/p q" in error.fault.text() for error in told)


def respelled(text: str) -> str:
    triples = respell(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def test_old_terms_are_read_as_those_of_today():
    text = respelled("""
        @prefix d: <https://www.w3.org/ns/dcat#> . @prefix old: <http://vocab.deri.ie/dcat#> . @prefix t: <https://purl.org/dc/terms/> .
        <https://x.pe/1> a d:Dataset ; t:title "T" ; old:keyword "k" ; <https://schema.org/name> "n" .
    """)
    assert "http://www.w3.org/ns/dcat#Dataset" in text
    assert "http://www.w3.org/ns/dcat#keyword" in text
    assert "http://purl.org/dc/terms/title" in text
    assert "http://schema.org/name" in text
    assert "<https://x.pe/1>" in text


def test_elements_of_dublin_core_stand_in_where_the_term_is_not_stated():
    text = respelled("""
        @prefix dc: <http://purl.org/dc/elements/1.1/> . @prefix dct: <http://purl.org/dc/terms/> .
        <https://x.pe/1> dc:title "T" ; dc:creator "A" ; dct:creator "B" .
    """)
    assert text.count("terms/title") == text.count("terms/creator") == text.count("elements/1.1/creator") == 1


def test_old_terms_give_a_record():
    text = """@prefix d: <https://www.w3.org/ns/dcat#> . @prefix dc: <http://purl.org/dc/elements/1.1/> .
        <https://x.pe/1> a d:Dataset ; dc:title "T" ; dc:publisher "Museo" ; d:keyword "k" ."""
    record = readings(text)[0].record
    assert record["publisher"] == [{"name": "Museo"}]
    assert record["tags_translated"] == {"es": ["k"]}


XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">
<dcat:Dataset rdf:about="https://x.pe/1"><dct:title>T</dct:title>
<dcat:theme rdf:resource="https://x.pe/tema">un texto que no va aquí</dcat:theme><dct:issued>2020</dct:issued></dcat:Dataset></rdf:RDF>"""


def test_rdf_xml_with_text_where_none_may_stand_is_read_by_who_forgives_more():
    strict = parse_document(XML.encode())
    assert strict.errors
    adapted = to_dcat(XML.encode())
    assert adapted.is_whole
    assert next(iter(read_document(adapted.ntriples, CONTEXT))).record["issued"] == "2020"


@pytest.mark.parametrize("name", ["title", "license"])
def test_json_ld_with_a_bad_address_is_mended(name):
    text = '{"@id":"https://x.pe/a b","@type":"http://www.w3.org/ns/dcat#Dataset","http://purl.org/dc/terms/title":"T"}'
    parsed = parse_document(text.encode(), mend=True)
    assert next(iter(read_document(parsed.ntriples, CONTEXT))).uri == "https://x.pe/a%20b"


def test_a_preview_answers_in_one_shape():
    text = (
        PREFIXES
        + 'x:1 a dcat:Dataset ; dct:title "T" ; dct:issued "ayer" ; dct:relation x:r . x:2 a dcat:Dataset .'
    )
    found = preview(SITE, content=text.encode())
    assert [(d["uri"], d["title"]) for d in found["datasets"]] == [("https://museo.example.org/1", "T")]
    assert found["datasets"][0]["fields"]["sensitivity"] == ["no-revisado"]
    assert found["datasets"][0]["residue"] == [
        '<https://museo.example.org/1> <http://purl.org/dc/terms/issued> "ayer" .',
        "<https://museo.example.org/1> <http://purl.org/dc/terms/relation> <https://museo.example.org/r> .",
    ]
    assert {(r["uri"][-1], r["field"], r["value"]) for r in found["refused"]} == {
        ("1", "issued", "ayer"),
        ("2", "title_translated", ""),
    }
    assert "«ayer» no es una fecha" in next(r["reason"] for r in found["refused"] if r["field"] == "issued")
    assert "<http://purl.org/dc/terms/relation>" in found["export"]
    assert found["error"] is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vac"),
        (b"<html><body>Mantenimiento</body></html>", "web"),
        (b'{"a": 1}', "JSON-LD"),
        (b"<!DOCTYPE x><rdf:RDF/>", "DTD"),
    ],
)
def test_what_cannot_be_read_is_an_error(content, words):
    found = preview(SITE, content=content)
    assert (found["datasets"], found["refused"], found["export"]) == ([], [], "")
    assert words in found["error"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x.pe/a", "http://127.0.0.1:9/cat.ttl", "http://[::1]/"]
)
def test_addresses_that_are_not_of_the_internet_are_not_fetched(address):
    assert preview(SITE, address=address)["error"]


def test_a_document_that_needs_too_much_memory_is_answered():
    found = preview(SITE, content=b"x" * 2_000_000, limits=replace(LIMITS, memory=40_000_000))
    assert found["error"]


def test_a_preview_is_told_in_words():
    text = (
        PREFIXES
        + """x:1 a dcat:Dataset ; dct:title "Museos del Cusco" ; dct:spatial "Cusco" ; dct:publisher "Museo" ; dct:issued "ayer" ;
        dcat:keyword "a", "b" ; dcat:distribution [ dct:title "Tabla" ; dct:format "CSV" ; dcat:accessURL <https://x.pe/t.csv> ] ."""
    )
    lines = "\n".join(tell("fuente.ttl", preview(SITE, content=text.encode()), VOCABULARY, "es", str))
    for words in (
        "=== fuente.ttl",
        "Museos del Cusco  <https://museo.example.org/1>",
        "Cusco",
        "Museo",
        "a, b",
        "Tabla CSV https://x.pe/t.csv",
        "issued: «ayer»",
    ):
        assert words in lines
    assert "It could not be read" in "\n".join(tell("x", preview(SITE, content=b""), VOCABULARY, "es", str))
