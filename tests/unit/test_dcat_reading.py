"""Other catalogues write the same things in many ways; we read them all, and invent nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.likeness import find
from ckanext.culturape.rdf.mapping import dataset_from_rdf
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix locn: <http://www.w3.org/ns/locn#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix time: <http://www.w3.org/2006/time#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix culturape: <https://w3id.org/culturape/ns#> .
"""
DATASET = "https://museo.example.org/ds/1"


def graph_of(text: str) -> Graph:
    return Graph(
        quad.triple
        for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE, base_iri="https://museo.example.org/")
    )


def read(statements: str, more: str = "") -> dict[str, Any]:
    """The record of a dataset with these statements."""
    record, _ = faulty(statements, more)
    return record


def faulty(statements: str, more: str = "") -> tuple[dict[str, Any], list[Any]]:
    graph = graph_of(f'<{DATASET}> a dcat:Dataset ; dct:title "T"@es ; {statements} . {more}')
    return dataset_from_rdf(graph, NamedNode(DATASET), Context(VOCABULARY, "https://datos.example.org"))


def resource(statements: str, dataset: str = "") -> dict[str, Any]:
    """The first resource of a dataset whose distribution has these statements."""
    return read(f"dcat:distribution [ a dcat:Distribution ; {statements} ] {dataset}")["resources"][0]


@pytest.mark.parametrize(
    "publisher",
    [
        '"Museo de Sitio"', '"Museo de Sitio"@es', '[ foaf:name "Museo de Sitio" ]', '[ skos:prefLabel "Museo de Sitio"@es ]',
        '[ rdfs:label "Museo de Sitio" ]', '[ vcard:fn "Museo de Sitio" ]', '[ vcard:organization-name "Museo de Sitio" ]',
        '[ schema:name "Museo de Sitio" ]', '[ foaf:name "Site Museum"@en, "Museo de Sitio"@es-PE ]',
        '[ dct:title "Museo de Sitio" ; rdf:value "otro" ]',
    ],
)  # fmt: skip
def test_publishers_bear_their_name_in_any_vocabulary(publisher):
    assert read(f"dct:publisher {publisher}")["publisher"] == [{"name": "Museo de Sitio"}]


def test_a_publisher_without_a_name_gets_none():
    assert "publisher" not in read("dct:publisher <https://museo.example.org/org>")


@pytest.mark.parametrize(
    "mail",
    [
        "foaf:mbox <mailto:d@museo.example.org>", 'foaf:mbox "d@museo.example.org"', "foaf:mbox <d@museo.example.org>",
        'vcard:hasEmail [ vcard:value "d@museo.example.org" ]', 'schema:email "d@museo.example.org"',
    ],
)  # fmt: skip
def test_mail_of_an_agent(mail):
    assert read(f'dct:publisher [ foaf:name "M" ; {mail} ]')["publisher"] == [
        {"name": "M", "email": "d@museo.example.org"}
    ]


def test_the_type_of_an_agent_is_a_concept_of_its_scheme():
    kind = "<http://purl.org/adms/publishertype/LocalAuthority>"
    assert read(f'dct:publisher [ foaf:name "M" ; dct:type {kind} ]')["publisher"] == [
        {"name": "M", "type": "LocalAuthority"}
    ]
    record, faults = faulty(
        'dct:publisher [ foaf:name "M" ; dct:type <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ]'
    )
    assert (record["publisher"], faults) == ([{"name": "M"}], [])


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ('"Mesa de partes"', {"name": "Mesa de partes"}),
        ('[ vcard:fn "Mesa" ; vcard:hasEmail "m@x.pe" ]', {"name": "Mesa", "email": "m@x.pe"}),
        ('[ vcard:organization-name "Mesa" ; vcard:hasEmail <mailto:m@x.pe> ]', {"name": "Mesa", "email": "m@x.pe"}),
        ('[ foaf:name "Mesa" ; foaf:mbox <mailto:m@x.pe> ; foaf:page <https://x.pe/c> ]',
         {"name": "Mesa", "email": "m@x.pe", "url": "https://x.pe/c"}),
        ('[ vcard:fn "Desk"@en, "Mesa"@es ; vcard:hasURL <https://x.pe/c> ]', {"name": "Mesa", "url": "https://x.pe/c"}),
    ],
)  # fmt: skip
def test_contacts(contact, expected):
    assert read(f"dcat:contactPoint {contact}")["contact"] == [expected]


@pytest.mark.parametrize(
    "licence",
    [
        "<https://creativecommons.org/licenses/by/4.0/>", "<http://creativecommons.org/licenses/by/4.0>",
        "<http://www.creativecommons.org/licenses/by/4.0/legalcode>", "<https://creativecommons.org/licenses/by/4.0/deed.es>",
        "<https://spdx.org/licenses/CC-BY-4.0.html>", "<http://publications.europa.eu/resource/authority/licence/CC_BY_4_0>",
        '"CC BY 4.0"', '"https://creativecommons.org/licenses/by/4.0/"', '"Creative Commons Attribution 4.0"@en',
        '[ rdfs:label "CC BY 4.0" ]', '[ dct:identifier "CC-BY-4.0" ]',
    ],
)  # fmt: skip
def test_licences_of_datasets_and_files(licence):
    assert read(f"dct:license {licence}")["license_id"] == "CC-BY-4.0"
    assert resource(f"dct:license {licence}")["license"] == "CC-BY-4.0"


def test_a_licence_given_as_right_is_one_only_when_it_is_an_address_of_one():
    assert resource("dct:rights <http://creativecommons.org/licenses/by/4.0/>")["license"] == "CC-BY-4.0"
    assert "license" not in resource('dct:rights "CC BY 4.0"')


def test_an_absent_licence_stays_absent_and_an_unknown_one_is_told():
    assert "license_id" not in read('dct:identifier "1"')
    record, faults = faulty("dct:license <https://x.pe/condiciones>")
    assert "license_id" not in record
    assert [(f.field, f.params["value"]) for f in faults] == [("license_id", "https://x.pe/condiciones")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('"csv"', "CSV"), ('".csv"', "CSV"), ("<http://publications.europa.eu/resource/authority/file-type/CSV>", "CSV"),
        ("<https://www.iana.org/assignments/media-types/text/csv>", "CSV"), ('[ rdfs:label "CSV" ; rdf:value "text/csv" ]', "CSV"),
        ('"Tabla propia"', "Tabla propia"), ('[ rdfs:label "Tabla propia" ]', "Tabla propia"),
    ],
)  # fmt: skip
def test_formats(given, expected):
    assert resource(f"dct:format {given}")["format"] == expected


@pytest.mark.parametrize("given", ['"text/csv"', '"text/csv; charset=utf-8"', "<https://www.iana.org/assignments/media-types/text/csv>", '[ rdfs:label "text/csv" ]'])  # fmt: skip
def test_media_types(given):
    assert resource(f"dcat:mediaType {given}")["mimetype"] == "text/csv"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("<https://w3id.org/culturape/def/ubigeo-inei/0801>", ["0801"]),
        ("<https://sws.geonames.org/3941583/>", ["08"]), ("<http://www.geonames.org/3941583/cusco.html>", ["08"]),
        ("<http://publications.europa.eu/resource/authority/country/PER>", ["PE"]),
        ("<https://www.iso.org/obp/ui/#iso:code:3166:PE-CUS>", ["08"]), ("<urn:iso:std:iso:3166:-2:PE-CUS>", ["08"]),
        ('"PE-CUS"', ["08"]), ('"Cusco"', ["08"]), ('"Cuzco"@es', ["08"]), ('"Peru"@en', ["PE"]),
        ('[ a dct:Location ; skos:prefLabel "Cusco"@es ]', ["08"]), ('[ rdfs:label "Puno" ]', ["21"]),
        ('[ locn:geographicName "Puno" ]', ["21"]), ('[ skos:notation "PE-PUN" ]', ["21"]),
        ('[ owl:sameAs <https://sws.geonames.org/3931275/> ]', ["21"]),
        ('[ locn:adminUnitL1 "PE" ; locn:adminUnitL2 "Puno" ]', ["21"]),
        ('[ locn:address [ locn:adminUnitL1 "Perú" ; locn:adminUnitL2 "Puno" ] ]', ["21"]),
        ('[ locn:adminUnitL2 [ skos:prefLabel "Puno"@es ] ]', ["21"]),
        ('"San Martín"', ["22"]), ('"Puno", "Cusco"', ["08", "21"]),
    ],
)  # fmt: skip
def test_places(place, expected):
    assert read(f"dct:spatial {place}")["territory"] == expected


@pytest.mark.parametrize(
    "place",
    [
        '"San Martín", <http://publications.europa.eu/resource/authority/country/ARG>',
        '[ locn:adminUnitL1 "AR" ; locn:adminUnitL2 "San Martín" ]', '[ rdfs:label "San Martín" ], "Argentina"',
    ],
)  # fmt: skip
def test_a_name_in_another_country_is_no_place_of_ours(place):
    assert read(f"dct:spatial {place}")["territory"] == ["AR"]


@pytest.mark.parametrize("place", ['[ skos:notation "15" ]', '[ dct:identifier "080101" ]', '"Narnia"', "<https://sws.geonames.org/1/>"])  # fmt: skip
def test_a_bare_code_of_whatever_country_is_no_place(place):
    assert "territory" not in read(f"dct:spatial {place}")


@pytest.mark.parametrize(
    "language",
    [
        "<http://publications.europa.eu/resource/authority/language/SPA>", '"es"', '"es-PE"', '"es_419"', '"spa"', '"Español"', '"Spanish"@en',
        "<http://id.loc.gov/vocabulary/iso639-1/es>", "<http://lexvo.org/id/iso639-3/spa>", '[ rdfs:label "Castellano" ]',
    ],
)  # fmt: skip
def test_languages(language):
    assert read(f"dct:language {language}")["language"] == ["es"]


def test_regional_tags_of_texts_count_for_their_language_and_the_plain_tag_goes_first():
    record = read(
        'dct:description "De Lima"@es-PE, "From Lima"@en ; dcat:keyword "danza"@es-419, "música"@es'
    )
    assert record["notes_translated"] == {"en": "From Lima", "es": "De Lima"}
    assert read('dct:description "regional"@es-PE, "plano"@es')["notes_translated"] == {"es": "plano"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<http://publications.europa.eu/resource/authority/frequency/ANNUAL>", "ANNUAL"), ('"Anual"', "ANNUAL"), ('"annual"', "ANNUAL"),
        ('"R/P1Y"', "ANNUAL"), ("<http://purl.org/cld/freq/annual>", "ANNUAL"), ('[ rdfs:label "Annual"@en ]', "ANNUAL"),
        ('[ a dct:Frequency ; rdf:value "R/P1Y" ]', "ANNUAL"),
    ],
)  # fmt: skip
def test_frequencies(given, expected):
    assert read(f"dct:accrualPeriodicity {given}")["frequency"] == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('"2020-01-01Z"^^xsd:date', "2020-01-01"), ('"2020-01-01+02:00"^^xsd:date', "2020-01-01"), ('"2020"^^xsd:gYear', "2020"),
        ('"31/12/2020"', "2020-12-31"), ('"ayer", "2020-01-01"', "2020-01-01"),
    ],
)  # fmt: skip
def test_dates(given, expected):
    assert read(f"dct:issued {given}")["issued"] == expected


def test_a_bad_date_is_the_fault_of_that_value_only():
    record, faults = faulty('dct:issued "ayer" ; dct:modified "2020-01-01"')
    assert record["modified"] == "2020-01-01"
    assert "issued" not in record
    assert [(fault.field, fault.params["value"]) for fault in faults] == [("issued", "ayer")]


@pytest.mark.parametrize(
    "period",
    [
        '[ dcat:startDate "2010"^^xsd:gYear ; dcat:endDate "2012"^^xsd:gYear ]', '[ schema:startDate "2010" ; schema:endDate "2012" ]',
        '[ time:hasBeginning [ time:inXSDDate "2010" ] ; time:hasEnd [ time:inXSDDateTime "2012" ] ]', '"2010/2012"',
    ],
)  # fmt: skip
def test_periods(period):
    assert read(f"dct:temporal {period}")["temporal_coverage"] == [{"start": "2010", "end": "2012"}]


@pytest.mark.parametrize(
    "right",
    [
        "<https://w3id.org/culturape/def/cultural-right/patrimonio>",
        '[ skos:inScheme <https://w3id.org/culturape/def/cultural-right> ; skos:notation "patrimonio" ]',
    ],
)
def test_cultural_rights_by_address_and_notation(right):
    assert read(f"dcat:theme {right}")["cultural_right"] == ["patrimonio"]


@pytest.mark.parametrize(
    ("statement", "field", "expected"),
    [
        ('dct:subject "Asháninka"', "people", ["ashaninka"]), ('dct:subject "campa"', "people", None),
        ('dcat:theme "Museos"@es', "sector", ["museos"]), ('dcat:theme "Museums"@en', "sector", ["museos"]),
        ('dct:subject [ skos:prefLabel "Asháninka" ]', "people", ["ashaninka"]),
        ('dct:subject [ skos:prefLabel "X" ; skos:altLabel "Ashaninka" ]', "people", ["ashaninka"]),
        ('dct:subject [ skos:prefLabel "Museos" ; skos:inScheme <http://eurovoc.europa.eu/100141> ]', "sector", None),
        ('dct:subject "2"', "culture2030_indicator", None), ('dct:subject [ skos:notation "2" ]', "culture2030_indicator", None),
    ],
)  # fmt: skip
def test_cultural_fields_by_name(statement, field, expected):
    found = read(statement).get(field)
    assert found == expected if expected or field != "people" else "campa" not in (found or [])


def test_a_file_with_a_download_only_can_be_reached():
    assert resource("dcat:downloadURL <https://x.pe/f.csv>") == {"url": "https://x.pe/f.csv"}


def test_versions_series_and_statements_by_other_names():
    record = read(
        'owl:versionInfo "2" ; dcat:inSeries <https://x.pe/serie> ; dct:provenance [ dct:description "Del archivo"@es ] ; '
        'dct:identifier [ skos:notation "A-1" ]'
    )
    assert (record["version"], record["in_series"], record["identifier"]) == (
        "2",
        ["https://x.pe/serie"],
        "A-1",
    )
    assert record["provenance"] == {"es": "Del archivo"}
    assert resource('dct:rights [ rdfs:label "De todos" ]')["rights"] == "De todos"


def test_roles_by_name():
    given = '[ prov:agent [ rdfs:label "Comunidad" ] ; dcat:hadRole [ skos:prefLabel "Custodio" ] ]'
    found = read(f"prov:qualifiedAttribution {given}")["qualified_attribution"]
    role = VOCABULARY.scheme("role").resolve("Custodio")
    assert found == [{"agent": "Comunidad", **({"role": role.id} if role else {})}]


def test_every_region_is_known_to_geonames():
    regions = [place for place in VOCABULARY.scheme("territory") if place.attributes.get("level") == "region"]
    assert len(regions) == 25
    for region in regions:
        address = next(alias for alias in region.aliases if "geonames" in alias)
        assert find(VOCABULARY.scheme("territory"), address) is region


def test_what_stands_apart_is_not_taken_for_another():
    assert find(VOCABULARY.scheme("licence"), "https://creativecommons.org/licenses/by/3.0/") is None
    assert find(VOCABULARY.scheme("territory"), "https://sws.geonames.org/39415830/") is None
    assert find(VOCABULARY.scheme("language"), "http://lexvo.org/id/iso639-3/xyz") is None
