"""data.json of DCAT-US 1.1 and 1.0, and of Argentina's profile. All institutions are invented."""

from __future__ import annotations

from typing import Any

import pytest
from adapted import HERE, Said, adapted, said
from ending import ending

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import DATA_JSON, RDF

FILE = {
    "@type": "dcat:Distribution", "title": "Visitas 2024", "downloadURL": "https://museo.example.org/visitas 2024.csv",
    "accessURL": "https://museo.example.org/visitas", "mediaType": "text/csv", "format": "CSV", "byteSize": "1.5 KB",
    "describedBy": "https://museo.example.org/diccionario.pdf",
}  # fmt: skip
US: dict[str, Any] = {
    "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld", "@type": "dcat:Catalog",
    "@id": "https://museo.example.org/data.json", "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
    "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
    "dataset": [{
        "@type": "dcat:Dataset", "title": "Visitas", "description": "<p>Visitas <b>por mes</b></p><p>Desde 2010</p>",
        "identifier": "https://museo.example.org/id/visitas", "keyword": ["museos", "visitas; público"], "accessLevel": "public",
        "publisher": {"name": "Museo de Prueba", "subOrganizationOf": {"name": "Ministerio de Prueba"}},
        "contactPoint": {"@type": "vcard:Contact", "fn": "Mesa de datos", "hasEmail": "mailto:datos@museo.example.org"},
        "modified": "R/P1W", "issued": "2020-03", "temporal": "2010-01-01/2024-12-31", "spatial": "-77.2,-12.3,-76.8,-11.9",
        "license": "https://creativecommons.org/licenses/by/4.0/", "rights": "Cite al museo", "language": ["es"],
        "landingPage": "https://museo.example.org/visitas", "references": ["https://museo.example.org/metodo.pdf"],
        "describedBy": "https://museo.example.org/dic", "bureauCode": ["1:2"], "theme": ["Visitas"],
        "isPartOf": "https://museo.example.org/id/serie", "distribution": [FILE],
    }],
}  # fmt: skip
AR: dict[str, Any] = {
    "title": "Datos de Prueba", "description": "Catálogo inventado", "publisher": {"name": "Organismo", "mbox": "o@example.org"},
    "superThemeTaxonomy": "https://example.org/superThemeTaxonomy.json", "spatial": "ARG", "homepage": "https://example.org/",
    "themeTaxonomy": [{"id": "espacios", "label": "Espacios culturales", "description": "Lugares"}],
    "dataset": [{
        "title": "Museos", "identifier": "m-1", "publisher": {"name": "Dirección", "mbox": "d@example.org"}, "superTheme": ["educ"],
        "theme": ["espacios", "otros"], "accrualPeriodicity": "R/P1Y", "modified": "2024-04-19T19:48:05.433640-0300",
        "spatial": ["ARG", "06"], "license": "Open Data Commons Open Database License 1.0", "temporal": "2015",
        "contactPoint": {"fn": "Mesa", "hasEmail": "a@example.org; b@example.org"},
        "distribution": [{
            "identifier": "m-1.1", "downloadURL": "https://example.org/m.csv", "accessURL": "https://example.org/m", "byteSize": 5120,
            "field": [{"title": "nombre", "type": "string", "description": "Nombre del museo"}, {"title": "codigo", "type": "integer"}],
        }],
    }],
}  # fmt: skip


@pytest.fixture(scope="module")
def us() -> Said:
    return said(US)


@pytest.fixture(scope="module")
def argentine() -> Said:
    return said(AR)


DATASET = {
    "dct:title": ["Visitas"], "dct:description": ["Visitas por mes\n\nDesde 2010"],
    "dct:identifier": ["https://museo.example.org/id/visitas"], "dcat:keyword": ["museos", "público", "visitas"],
    "dct:publisher/foaf:name": ["Museo de Prueba"], "dcat:contactPoint/vcard:fn": ["Mesa de datos"],
    "dcat:contactPoint/vcard:hasEmail": ["mailto:datos@museo.example.org"], "dct:modified": [], "dct:issued": ["2020-03"],
    "dct:accrualPeriodicity": ["R/P1W"], "dct:temporal/dcat:startDate": ["2010-01-01"], "dct:temporal/dcat:endDate": ["2024-12-31"],
    "dct:spatial/dcat:bbox": ["POLYGON((-77.2 -12.3,-76.8 -12.3,-76.8 -11.9,-77.2 -11.9,-77.2 -12.3))"],
    "dct:license": ["https://creativecommons.org/licenses/by/4.0/"], "dct:rights/rdfs:label": ["Cite al museo"],
    "dct:language": ["es"], "dcat:landingPage": ["https://museo.example.org/visitas"],
    "foaf:page": ["https://museo.example.org/dic", "https://museo.example.org/metodo.pdf"],
    "dct:accessRights": ["http://publications.europa.eu/resource/authority/access-right/PUBLIC"],
    "dcat:theme/skos:prefLabel": ["Visitas"], "dct:isPartOf": ["https://museo.example.org/id/serie"],
    "dcat:distribution/dct:title": ["Visitas 2024"], "dcat:distribution/dcat:byteSize": ["1536"],
    "dcat:distribution/dcat:downloadURL": ["https://museo.example.org/visitas%202024.csv"],
    "dcat:distribution/dcat:accessURL": ["https://museo.example.org/visitas"], "dcat:distribution/dct:format": ["CSV"],
    "dcat:distribution/dcat:mediaType": ["text/csv"], "dcat:distribution/foaf:page": ["https://museo.example.org/diccionario.pdf"],
}  # fmt: skip


@pytest.mark.parametrize("path", DATASET)
def test_dcat_us(path: str, us: Said) -> None:
    assert us.values(path) == DATASET[path]


def test_a_dataset_is_named_by_the_address_that_identifies_it(us: Said) -> None:
    assert us.datasets[0].value == "https://museo.example.org/id/visitas"
    assert us.result.family == DATA_JSON and us.result.errors == () and us.result.is_whole


def test_terms_that_dcat_lacks_keep_their_own(us: Said) -> None:
    for name in ('schema#bureauCode> "1:2"', "org#subOrganizationOf>", '"Ministerio de Prueba"'):
        assert name.encode() in us.result.ntriples


def test_the_record_of_ours(us: Said) -> None:
    record = us.record()
    assert record["frequency"] == "WEEKLY" and record["language"] == ["es"]
    assert record["temporal_coverage"] == [{"start": "2010-01-01", "end": "2024-12-31"}]
    assert record["publisher"] == [{"name": "Museo de Prueba"}]
    assert record["resources"][0]["size"] == 1536


ARGENTINE = {
    "dct:publisher/foaf:mbox": ["mailto:d@example.org"], "dct:accrualPeriodicity": ["R/P1Y"],
    "dcat:theme/skos:prefLabel": ["Espacios culturales", "otros"], "dcat:theme/skos:notation": ["espacios"],
    "dct:modified": ["2024-04-19T19:48:05.433640-03:00"], "dct:license": ["Open Data Commons Open Database License 1.0"],
    "dct:spatial/skos:prefLabel": ["ARG"], "dct:spatial/dct:identifier": ["06"], "dct:temporal/dcat:endDate": ["2015"],
    "dcat:contactPoint/vcard:hasEmail": ["mailto:a@example.org", "mailto:b@example.org"],
    "dcat:distribution/dcat:byteSize": ["5120"],
}  # fmt: skip


@pytest.mark.parametrize("path", ARGENTINE)
def test_the_profile_of_argentina(path: str, argentine: Said) -> None:
    assert argentine.values(path) == ARGENTINE[path]


def test_its_global_themes_are_those_of_the_eu(argentine: Said) -> None:
    assert "http://publications.europa.eu/resource/authority/data-theme/EDUC" in argentine.values(
        "dcat:theme"
    )


def test_a_code_of_argentina_is_no_place_of_peru(argentine: Said) -> None:
    assert argentine.record()["territory"] == ["AR"]


def test_elsewhere_a_code_of_digits_is_a_name_of_the_place() -> None:
    assert said({"dataset": [{"title": "A", "spatial": "06"}]}).record()["territory"] == ["06"]


def test_columns_keep_order_type_and_words(argentine: Said) -> None:
    text = argentine.result.ntriples.decode()
    assert text.count("ns/csvw#column>") == 2 and 'csvw#number> "2"' in text and '"Nombre del museo"' in text


def test_version_1_0_is_a_bare_list_with_one_file_a_dataset() -> None:
    found = said([{
        "title": "Antiguo", "keyword": "uno, dos", "publisher": "Biblioteca de Prueba", "contactPoint": "Mesa", "mbox": "m@example.org",
        "identifier": "v1", "accessURL": "https://example.org/a.csv", "format": "text/csv", "accessLevelComment": "Libre",
        "dataDictionary": "https://example.org/d",
    }])  # fmt: skip
    assert found.result.family == DATA_JSON
    assert found.values("dcat:keyword") == ["dos", "uno"] and found.values("dct:publisher/foaf:name") == [
        "Biblioteca de Prueba"
    ]
    assert found.values("dcat:contactPoint/vcard:hasEmail") == ["mailto:m@example.org"]
    assert found.values("dcat:distribution/dcat:accessURL") == ["https://example.org/a.csv"]
    assert found.values("foaf:page") == ["https://example.org/d"] and found.values(
        "dct:rights/rdfs:label"
    ) == ["Libre"]


def test_json_ld_with_a_context_of_its_own_is_rdf() -> None:
    context = {"dataset": "http://www.w3.org/ns/dcat#dataset", "title": "http://purl.org/dc/terms/title"}
    assert adapted({"@context": context, "dataset": {"title": "x"}}).family == RDF


WRONG: dict[str, tuple[str, Any]] = {
    "publisher": ("publisher.0", {"role": "x"}), "keyword": ("keyword.a", [{"a": 1}]), "landingPage": ("landingPage", "javascript:alert(1)"),
    "contactPoint": ("contactPoint.0", {"role": "x"}), "temporal": ("temporal.0", {"a": 1}), "spatial": ("spatial.0", True),
    "license": ("license", {"a": 1}), "title": ("title", True), "issued": ("issued", {"year": 2020}), "accessLevel": ("accessLevel", 3),
    "distribution": ("distribution.0", "a.csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_value_of_the_wrong_type_is_named_and_the_rest_goes_on(name: str) -> None:
    where, value = WRONG[name]
    found = said(
        {"dataset": [{"title": "A", "identifier": "a", "description": "queda", name: value}, {"title": "B"}]}
    )
    assert list(found.refused()) == [where]
    assert found.result.errors[0].uri == "a" and len(found.datasets) == 2
    assert "queda" in [text for node in found.datasets for text in found.values("dct:description", node)]


def test_texts_stand_for_lists_and_objects() -> None:
    found = said(
        {"dataset": {"title": "A", "publisher": "Museo", "keyword": "uno", "contactPoint": "m@example.org"}}
    )
    assert found.values("dct:publisher/foaf:name") == ["Museo"] and found.values("dcat:keyword") == ["uno"]
    assert (
        found.values("dcat:contactPoint/vcard:hasEmail") == ["mailto:m@example.org"]
        and not found.result.errors
    )


def test_a_name_that_no_field_takes_is_told_once() -> None:
    found = said({"dataset": [{"title": str(n), "invento": n} for n in range(5)]})
    assert list(found.refused()) == ["invento"] and len(found.result.errors) == 1


def test_datasets_with_one_identifier_stay_apart() -> None:
    found = said({"dataset": [{"title": "A", "identifier": "x"}, {"title": "B", "identifier": "x"}]})
    assert [found.title(node) for node in found.datasets] == ["A", "B"]


def test_one_address_for_two_datasets_is_named() -> None:
    same = "https://example.org/id/1"
    found = said({"dataset": [{"title": "A", "identifier": same}, {"title": "B", "identifier": same}]})
    assert [found.title(node) for node in found.datasets] == ["A"]
    assert "several datasets" in str(found.result.errors[0].fault)


def test_nodes_keep_their_names_when_datasets_change_places() -> None:
    one, other = (
        {"title": "A", "identifier": "a", "publisher": "M"},
        {"title": "B", "identifier": "b", "publisher": "N"},
    )
    first, second = adapted({"dataset": [one, other]}), adapted({"dataset": [other, one]})
    assert sorted(first.ntriples.splitlines()) == sorted(second.ntriples.splitlines())


def test_what_is_no_dataset_is_lost_and_said_to_be() -> None:
    result = adapted({"dataset": [{"title": "A"}, "B", None]})
    assert not result.is_whole and "no description of a dataset" in str(result.errors[0].fault)


def test_a_catalogue_without_datasets_is_empty_and_whole() -> None:
    result = adapted({"title": "Vacío", "dataset": []})
    assert result.family == DATA_JSON and result.is_whole and b"Dataset" not in result.ntriples


def test_ten_thousand_datasets_in_time() -> None:
    many = [{**AR["dataset"][0], "identifier": f"m-{n}"} for n in range(10_000)]
    with ending():
        result = adapted({**AR, "dataset": many}, triples=2_000_000)
        assert result.ntriples.count(b"<http://www.w3.org/ns/dcat#Dataset>") == 10_000


def test_no_more_statements_than_allowed() -> None:
    with pytest.raises(Fault, match="more than 50 statements"):
        adapted({**AR, "dataset": AR["dataset"] * 20}, HERE, triples=50)
