"""A dataset as schema.org says it: every mapped field, nothing that the record does not say, nothing that care keeps back.

The oracle is rdflib, which reads the description as JSON-LD with a context of one line in place of the one on the web.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import rdflib
from rdflib.namespace import RDF
from test_official_shapes import BASE, FULL, LEAST, ORGANIZATION, VOCABULARY, records

from ckanext.culturape.dcat.schemaorg import LONGEST, dataset_to_schemaorg
from ckanext.culturape.dcat.schemaorg_parts import Reader, geo, languages, licence, period, text
from ckanext.culturape.rdf.terms import Context

S = rdflib.Namespace("https://schema.org/")
PLACES = "https://w3id.org/culturape/def/ubigeo-inei/"
CATALOGUE = {"@type": "DataCatalog", "@id": BASE, "name": "Catálogo", "url": f"{BASE}/"}
ABOUT = {"sdLicense": "https://creativecommons.org/licenses/by/4.0/", "sdPublisher": {"@type": "Organization", "name": "Ministerio"}}  # fmt: skip
READER = Reader(VOCABULARY, "es", f"{BASE}/dataset/todo", CATALOGUE, ABOUT)


def described(
    record: dict[str, Any], reader: Reader = READER, organization: Any = ORGANIZATION
) -> dict[str, Any]:
    return dataset_to_schemaorg({"id": "d", **record}, Context(VOCABULARY, BASE), organization, reader)


def graph_of(node: dict[str, Any]) -> rdflib.Graph:
    inlined = {**node, "@context": {"@vocab": str(S)}}
    return rdflib.Graph().parse(data=json.dumps(inlined), format="json-ld")


@pytest.fixture(scope="module")
def full() -> dict[str, Any]:
    return described(records()[0])


@pytest.fixture(scope="module")
def graph(full: dict[str, Any]) -> rdflib.Graph:
    return graph_of(full)


EXPECTED: dict[str, Any] = {
    "@context": "https://schema.org/", "@type": "Dataset", "@id": "https://x.pe/id/1", "url": f"{BASE}/dataset/todo",
    "name": "Todo", "description": "Todo lo declarado", "identifier": ["T-1", "a"], "version": "2",
    "datePublished": "2020", "dateModified": "2021-02", "sdDatePublished": "2026-02-01", "inLanguage": ["es", "qu", "shp"],
    "license": "https://creativecommons.org/licenses/by/4.0/", "isAccessibleForFree": True,
    "conditionsOfAccess": "Abierto. r", "temporalCoverage": ["2017/2020-05", "2021-01-01/.."],
    "isBasedOn": ["https://x.pe/p"], "isPartOf": ["https://x.pe/serie"],
    "subjectOf": [{"@type": "CreativeWork", "url": "https://x.pe/doc.pdf"}],
    "publisher": [{
        "@type": "Organization", "@id": "https://x.pe/a", "name": "A", "email": "a@x.pe", "url": "https://x.pe",
    }],
    "maintainer": [{"@type": "Organization", "name": "M", "email": "m@x.pe", "url": "https://x.pe/c"}],
    "contributor": [
        {"@type": "Role", "roleName": "Cocreación", "contributor": {"@type": "Organization", "name": "Comunidad"}},
        {"@type": "Organization", "name": "Otra"},
    ],
    "usageInfo": [
        "https://x.pe/protocolo", "https://localcontexts.org/notice/attribution-incomplete/",
        "https://localcontexts.org/notice/tk-notice/", "https://localcontexts.org/label/tk-attribution/",
    ],
    "includedInDataCatalog": CATALOGUE, **ABOUT,
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_property(name: str, full: dict[str, Any]) -> None:
    assert full[name] == EXPECTED[name]


def test_no_property_goes_untested(full: dict[str, Any]) -> None:
    elsewhere = {"alternateName", "keywords", "about", "creator", "spatialCoverage", "distribution"}
    assert set(full) == set(EXPECTED) | elsewhere


def test_what_has_no_order(full: dict[str, Any]) -> None:
    assert set(full["alternateName"]) == {"All", "x"}
    assert {(c["name"], c.get("identifier")) for c in full["creator"]} == {("B", None), ("C", "1")}


def test_themes_are_keywords_and_subjects_are_what_it_is_about(full: dict[str, Any]) -> None:
    words = [word if isinstance(word, str) else word["name"] for word in full["keywords"]]
    assert {"música", "taki", "Museos", "Música", "Libros y prensa", "Identidad cultural"} <= set(words)
    subjects = {term["@id"]: term for term in full["about"]}
    right = subjects["https://w3id.org/culturape/def/cultural-right/identidad"]
    assert right["inDefinedTermSet"] == "https://w3id.org/culturape/def/cultural-right"
    assert {"Ashaninka", "Quechuas", "Afroperuano", "Quechua Chanka", "Mujeres"} <= {
        t["name"] for t in full["about"]
    }
    assert all(term["@type"] == "DefinedTerm" for term in full["about"])


def test_places(full: dict[str, Any]) -> None:
    places = {place["@id"]: place for place in full["spatialCoverage"]}
    cusco, loreto = places[f"{PLACES}0801"], places[f"{PLACES}16"]
    assert cusco["name"] == "Cusco, Cusco"
    assert cusco["identifier"] == {
        "@type": "PropertyValue", "propertyID": PLACES.rstrip("/"), "value": "0801",
    }  # fmt: skip
    assert cusco["containedInPlace"]["name"] == "Perú"
    south, west, north, east = map(float, loreto["geo"]["box"].split())
    assert -10 < south < north < 1
    assert -79 < west < east < -69
    assert {p["name"] for p in full["spatialCoverage"]} == {"Cusco, Cusco", "Loreto", "Argentina"}


def test_files_and_pages(full: dict[str, Any]) -> None:
    table, nowhere, upload = full["distribution"]
    assert table == {
        "@type": "DataDownload", "@id": f"{BASE}/dataset/d-0/resource/r-0-0", "name": "Tabla", "description": "d",
        "contentUrl": "https://x.pe/d.csv", "url": "https://x.pe/a%20b.csv", "encodingFormat": "text/csv",
        "contentSize": "12 B", "inLanguage": ["cni", "es"],
        "license": "https://creativecommons.org/publicdomain/zero/1.0/", "copyrightNotice": "De todos",
        "datePublished": "2020-01-01", "dateModified": "2021-01-01T10:00:00",
        "subjectOf": {"@type": "CreativeWork", "url": "https://x.pe/dic"},
    }  # fmt: skip
    assert (nowhere["url"], "contentUrl" in nowhere) == (f"{BASE}/dataset/d-0/resource/r-0-1", False)
    assert (upload["contentUrl"], "url" in upload) == ("https://x.pe/u.csv", False)


def test_a_page_is_no_download_and_a_format_tells_its_media_type() -> None:
    page, table, sums = described({
        **LEAST,
        "resources": [
            {"id": "1", "url": "https://x.pe/p", "format": "HTML"}, {"id": "2", "url": "https://x.pe/t", "format": "XLSX"},
            {"id": "3", "url": "https://x.pe/s", "hash": "0f" * 32, "hash_algorithm": "SHA-256"},
        ],
    })["distribution"]  # fmt: skip
    assert (page["url"], "contentUrl" in page) == ("https://x.pe/p", False)
    assert table["contentUrl"] == "https://x.pe/t"
    assert table["encodingFormat"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert sums["sha256"] == "0f" * 32


def test_an_oracle_reads_what_was_meant(graph: rdflib.Graph) -> None:
    subject = rdflib.URIRef("https://x.pe/id/1")
    assert (subject, RDF.type, S.Dataset) in graph
    assert (subject, S.name, rdflib.Literal("Todo")) in graph
    assert (subject, S.isAccessibleForFree, rdflib.Literal(True)) in graph
    assert {str(graph.value(place, S.name)) for place in graph.objects(subject, S.spatialCoverage)} == {
        "Cusco, Cusco", "Loreto", "Argentina",
    }  # fmt: skip
    rights = rdflib.URIRef("https://w3id.org/culturape/def/cultural-right/identidad")
    assert (subject, S.about, rights) in graph and (subject, S.keywords, rights) in graph
    assert (rights, RDF.type, S.DefinedTerm) in graph
    files = list(graph.objects(subject, S.distribution))
    assert len(files) == 3 and all((file, RDF.type, S.DataDownload) in graph for file in files)
    assert (rdflib.URIRef(BASE), RDF.type, S.DataCatalog) in graph


def test_the_organisation_stands_in_for_publisher_and_contact() -> None:
    found = described(LEAST)
    assert found["publisher"] == [{
        "@type": "Organization", "@id": f"{BASE}/organization/org-1", "name": "Museo", "url": "https://museo.example.org/",
        "sameAs": "https://example.org/id/museo",
    }]  # fmt: skip
    assert found["maintainer"] == [{
        "@type": "Organization", "@id": f"{BASE}/organization/org-1#contact", "name": "Mesa de datos",
        "email": "datos@example.org",
    }]  # fmt: skip
    assert "creator" not in found


def test_what_the_record_does_not_say_is_not_said() -> None:
    found = described({"title": "Solo un título"}, Reader(VOCABULARY, "es"), {})
    assert found == {
        "@context": "https://schema.org/", "@type": "Dataset", "@id": f"{BASE}/dataset/d", "name": "Solo un título",
    }  # fmt: skip


def test_the_reader_s_language_or_what_there_is() -> None:
    english = Reader(VOCABULARY, "en")
    found = described(
        {**LEAST, "title_translated": {"es": "Museos", "en": "Museums"}, "sector": ["museos"]}, english
    )
    assert (found["name"], found["alternateName"], found["keywords"][0]["name"]) == (
        "Museums",
        ["Museos"],
        "Museums",
    )
    assert described(LEAST, english)["name"] == "Poco"


@pytest.mark.parametrize(
    ("record", "free"),
    [
        ({"access_level": "abierto"}, True),
        ({"access_level": "abierto-generalizado", "license_id": "CC-BY-NC-4.0"}, True),
        ({"access_level": "abierto", "license_id": "other-closed"}, None),
        ({"access_level": "abierto", "sensitivity": ["piaci"]}, None),
        ({"access_level": "abierto", "people": ["mashco-piro"]}, None),
        ({"access_level": "con-protocolo"}, None),
        ({"access_level": "solo-metadatos"}, None),
        ({"access_level": "no-revisado", "license_id": "CC-BY-4.0"}, None),
        ({"license_id": "CC-BY-4.0"}, None),
    ],
)
def test_free_only_when_anybody_may_have_it(record: dict[str, Any], free: bool | None) -> None:
    assert described({**LEAST, **record}).get("isAccessibleForFree") is free


def test_peoples_in_isolation_are_never_located() -> None:
    record = {
        **FULL, "sensitivity": ["piaci"], "territory": ["250103", "16"], "access_level": "solo-metadatos",
        "resources": [{"id": "r", "url": "https://x.pe/mapa.zip", "url_type": "upload", "download_url": "https://x.pe/z.zip"}],
    }  # fmt: skip
    found = described(record)
    assert [place["name"] for place in found["spatialCoverage"]] == ["Perú"]
    written = json.dumps(found)
    assert not [
        word for word in ("ubigeo", "geo", "box", "mapa.zip", "z.zip", "contentUrl") if word in written
    ]


def test_where_geometry_is_forbidden_places_have_no_numbers() -> None:
    record = {**LEAST, "territory": ["16"], "sensitivity": ["lugar-sagrado"], "access_level": "con-protocolo"}
    assert "geo" not in described(record)["spatialCoverage"][0]
    assert "geo" in described({**record, "sensitivity": ["ninguna"]})["spatialCoverage"][0]


def test_only_addresses_of_the_web() -> None:
    bad = "javascript:alert(1)"
    record = {
        **LEAST, "uri": bad, "url": bad, "documentation": [bad], "in_series": [bad], "community_protocol_url": bad,
        "publisher": [{"name": "P", "uri": bad, "url": bad}], "contact": [{"name": "C", "url": bad}],
        "resources": [{"id": "r", "url": bad, "download_url": bad, "data_dictionary_url": bad, "uri": bad, "format": "CSV"}],
    }  # fmt: skip
    assert "javascript" not in json.dumps(described(record))
    assert described({**LEAST, "uri": "urn:uuid:1"})["@id"] == "urn:uuid:1"


def test_a_description_is_cut_where_google_refuses_it() -> None:
    assert len(described({**LEAST, "notes_translated": {"es": "a" * LONGEST}})["description"]) == LONGEST
    cut = described({**LEAST, "notes_translated": {"es": "a" * (LONGEST + 1)}})["description"]
    assert (len(cut), cut[-1]) == (LONGEST, "…")


@pytest.mark.parametrize(
    "broken",
    [
        {"title_translated": ["a"]}, {"notes_translated": ["a"]}, {"version": ["1"]}, {"publisher": ["P"]},
        {"temporal_coverage": ["2020"]}, {"resources": ["r"]}, {"contact": [{"name": {"es": "C"}}]}, {"issued": {"year": 2020}},
    ],
)  # fmt: skip
def test_values_of_a_wrong_shape_are_refused_not_invented(broken: dict[str, Any]) -> None:
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
        described({**LEAST, **broken})


def test_what_it_is_given_stays_as_it_is() -> None:
    record = records()[0]
    before = copy.deepcopy(record)
    described(record)
    assert record == before


@pytest.mark.parametrize(
    ("ids", "tags"),
    [
        (["es", "cni"], ["es", "cni"]), ("qu", ["qu"]), (["quechua-chanka", "qu"], ["qu"]), (["asheninka"], []),
        (None, []), (["nada"], []),
    ],
)  # fmt: skip
def test_tags_of_languages(ids: Any, tags: list[str]) -> None:
    assert languages(ids, READER) == tags


@pytest.mark.parametrize(
    ("item", "interval"),
    [
        ({"start": "2017"}, "2017/.."),
        ({"end": "2020-05"}, "../2020-05"),
        ({}, ""),
        ({"start": "1", "end": "2"}, "1/2"),
    ],
)
def test_periods(item: dict[str, str], interval: str) -> None:
    assert period(item) == interval


def test_small_parts() -> None:
    assert geo({"centroid": "-73.2 -3.7"}) == {
        "@type": "GeoCoordinates",
        "latitude": -3.7,
        "longitude": -73.2,
    }
    assert geo({}) == {}
    assert text("a\x00b\ud800 ") == "ab"
    assert licence("notspecified", READER) == "" == licence(None, READER)
