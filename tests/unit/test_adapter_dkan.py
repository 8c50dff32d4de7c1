"""Answers of DKAN, as the national portal of Peru serves them, and of ordinary CKAN. Datasets and institutions are invented."""

from __future__ import annotations

from typing import Any

import pytest
from adapted import Said, adapted, said

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import CKAN
from ckanext.culturape.harvest.adapters.literals import date_of, shown_date, size_of

API = "https://portal.example.org/api/3/action/"
SHOW = f"{API}package_show?id=museos"
DKAN: dict[str, Any] = {
    "help": "x", "success": True, "result": [{
        "id": "0001-aa", "name": "museos", "title": "Museos de prueba - [Biblioteca de Ejemplo - BDE]", "private": True, "state": "Active",
        "notes": '&lt;p paraid="1" paraeid="{a}{1}"&gt;Lista de &lt;b&gt;museos&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Desde 2010&lt;/p&gt;',
        "metadata_created": "Lun, 08/05/2024 - 12:47", "metadata_modified": "Mar, 08/06/2024 - 09:05",
        "license_title": "http://opendefinition.org/licenses/odc-by/", "url": "https://portal.example.org/dataset/museos",
        "maintainer": "Mesa de datos", "maintainer_email": "datos@example.org", "tags": [{"name": "museos"}, {"name": "cultura"}],
        "groups": [{"title": "Otra institución", "name": "otra"}], "log_message": "", "isopen": "",
        "resources": [
            {"id": "r1", "name": "1a_Museos", "url": "https://portal.example.org/1a_museos.csv", "format": "csv", "size": "1.23 GB",
             "created": "Lun, 08/05/2024 - 12:47", "description": "<p>Datos</p>"},
            {"id": "r2", "name": "1b_Metadatos", "url": "https://portal.example.org/1b.docx", "format": "docx"},
            {"id": "r3", "name": "Diccionario", "url": "https://portal.example.org/files/1c_dic.xlsx", "format": "xlsx"},
            {"id": "r4", "name": "Mapa", "url": "https://portal.example.org/mapa", "size": "640 KB"},
        ],
    }],
}  # fmt: skip


@pytest.fixture(scope="module")
def dkan() -> Said:
    return said(DKAN, SHOW)


EXPECTED = {
    "dct:title": ["Museos de prueba"], "dct:description": ["Lista de museos\n\nDesde 2010"], "dct:identifier": ["0001-aa"],
    "dct:publisher/foaf:name": ["Biblioteca de Ejemplo"], "dct:publisher/skos:altLabel": ["BDE"],
    "dct:license": ["http://opendefinition.org/licenses/odc-by/"], "dct:issued": ["2024-08-05T12:47:00"],
    "dct:modified": ["2024-08-06T09:05:00"], "dcat:keyword": ["cultura", "museos"], "dcat:theme": [],
    "dcat:landingPage": ["https://portal.example.org/dataset/museos"], "dcat:contactPoint/vcard:fn": ["Mesa de datos"],
    "dcat:contactPoint/vcard:hasEmail": ["mailto:datos@example.org"], "dcat:distribution/dct:title": ["1a_Museos", "Mapa"],
    "dcat:distribution/dcat:byteSize": ["1320702444", "655360"], "dcat:distribution/dct:description": ["Datos"],
    "dcat:distribution/foaf:page": ["https://portal.example.org/files/1c_dic.xlsx"], "foaf:page": ["https://portal.example.org/1b.docx"],
    "foaf:page/dct:title": ["1b_Metadatos"], "dcat:distribution/dct:issued": ["2024-08-05T12:47:00"],
}  # fmt: skip


@pytest.mark.parametrize("path", EXPECTED)
def test_the_national_portal(path: str, dkan: Said) -> None:
    assert dkan.values(path) == EXPECTED[path]


def test_things_have_the_addresses_of_their_portal(dkan: Said) -> None:
    assert [node.value for node in dkan.datasets] == ["https://portal.example.org/dataset/0001-aa"]
    assert "https://portal.example.org/dataset/0001-aa/resource/r1" in dkan.values("dcat:distribution")
    assert dkan.result.family == CKAN and dkan.result.errors == () and dkan.result.is_whole


def test_the_record_of_ours(dkan: Said) -> None:
    record = dkan.record()
    assert record["license_id"] == "odc-by" and record["issued"].startswith("2024-08-05")
    assert record["resources"][0]["data_dictionary_url"] == "https://portal.example.org/files/1c_dic.xlsx"


def test_without_the_institution_in_the_title_the_group_is_the_publisher() -> None:
    plain = {**DKAN["result"][0], "title": "Museos - de prueba"}
    found = said({**DKAN, "result": [plain]}, SHOW)
    assert found.title(found.datasets[0]) == "Museos - de prueba"
    assert found.values("dct:publisher/foaf:name") == ["Otra institución"]


@pytest.mark.parametrize(
    ("title", "name", "letters"),
    [
        ("A - [Museo - M]", "Museo", ["M"]),
        ("A - [Museo]", "Museo", []),
        ("A – [Museo de Arte - Sede - MA]", "Museo de Arte - Sede", ["MA"]),
    ],
)
def test_the_institution_in_a_title(title: str, name: str, letters: list[str]) -> None:
    found = said({"success": True, "result": [{"id": "x", "title": title}]}, SHOW)
    assert (
        found.values("dct:publisher/foaf:name") == [name]
        and found.values("dct:publisher/skos:altLabel") == letters
    )
    assert found.title(found.datasets[0]) == "A"


def test_a_list_of_names_leads_to_each_dataset() -> None:
    result = adapted({"help": "", "success": True, "result": ["a", "ñ b", "a"]}, f"{API}package_list")
    assert (
        result.next == (f"{API}package_show?id=a", f"{API}package_show?id=%C3%B1+b")
        and result.ntriples == b""
    )


def test_nested_lists_of_datasets_page_by_page() -> None:
    document = {"success": True, "result": [[{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]]}
    found = said(document, f"{API}current_package_list_with_resources?limit=2&offset=4")
    assert len(found.datasets) == 2 and found.result.next == (
        f"{API}current_package_list_with_resources?limit=2&offset=6",
    )
    assert said(document, f"{API}current_package_list_with_resources?limit=3").result.next == ()


ORDINARY: dict[str, Any] = {
    "id": "77", "name": "obras", "title": "Obras", "notes": "Texto con **énfasis**", "private": False, "state": "active",
    "organization": {"title": "Museo de Prueba", "name": "museo"}, "groups": [{"title": "Artes"}], "license_id": "cc-by",
    "license_title": "Creative Commons Attribution", "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "metadata_created": "2024-01-02T03:04:05.678901", "author": "Autoría", "author_email": "a@example.org",
    "extras": [{"key": "issued", "value": "2020"}, {"key": "theme", "value": '["https://example.org/t/1"]'}, {"key": "rareza", "value": "1"},
               {"key": "spatial", "value": '{"type": "Point", "coordinates": [-77, -12]}'}, {"key": "temporal_start", "value": "2010"}],
    "resources": [{"id": "r", "name": "Obras", "url": "https://example.org/o.csv", "format": "CSV", "mimetype": "text/csv", "size": 10}],
}  # fmt: skip


def test_ordinary_ckan() -> None:
    found = said({"help": "", "success": True, "result": ORDINARY}, SHOW)
    assert found.values("dct:publisher/foaf:name") == ["Museo de Prueba"] and found.values("dct:issued") == [
        "2020"
    ]
    assert found.values("dct:license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert found.values("dcat:theme") != [] and "https://example.org/t/1" in found.values("dcat:theme")
    assert found.values("dct:description") == ["Texto con **énfasis**"] and found.values(
        "dct:temporal/dcat:startDate"
    ) == ["2010"]
    assert found.values("dcat:landingPage") == ["https://portal.example.org/dataset/obras"]
    assert '"type": "Point"' in found.values("dct:spatial/locn:geometry")[0] and list(found.refused()) == [
        "rareza"
    ]


def test_pages_of_a_search() -> None:
    document = {"success": True, "result": {"count": 3, "results": [ORDINARY, {**ORDINARY, "id": "78"}]}}
    address = f"{API}package_search?q=cultura&rows=2"
    assert adapted(document, address).next == (f"{address}&start=2",)
    assert adapted(document, f"{address}&start=2").next == ()
    assert adapted({"success": True, "result": {"count": 9, "results": []}}, address).next == ()


@pytest.mark.parametrize(
    "change", [{"private": True}, {"private": "true"}, {"state": "deleted"}, {"state": "draft"}]
)
def test_what_is_not_public_is_not_taken(change: dict[str, Any]) -> None:
    result = adapted({"success": True, "result": {**ORDINARY, **change}}, SHOW)
    assert result.ntriples == b"" and "not public" in str(result.errors[0].fault) and result.is_whole


@pytest.mark.parametrize("licence", [{"license_id": "notspecified"}, {"license_title": "No especificada"}])
def test_an_absent_licence_stays_absent(licence: dict[str, str]) -> None:
    found = said({"success": True, "result": {"id": "1", "title": "A", **licence}}, SHOW)
    assert found.values("dct:license") == []


def test_an_answer_of_failure_is_told() -> None:
    with pytest.raises(Fault, match="No encontrado"):
        adapted({"help": "", "success": False, "error": {"message": "No encontrado"}, "result": None}, SHOW)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Lun, 08/05/2024 - 12:47", "2024-08-05T12:47:00"),  # 5 August 2024 was a Monday, 8 May a Wednesday
        ("Mié, 08/05/2024 - 12:47", "2024-05-08T12:47:00"),  # so this site puts the day first
        ("Wed, 08/05/2024", "2024-05-08"),
        ("Mar, 08/05/2024 - 12:47", ""),  # neither was a Tuesday
        ("08/05/2024", ""),  # nobody can tell
        ("25/12/2024 - 9:05", "2024-12-25T09:05:00"),
        ("12/25/2024", "2024-12-25"),
        ("08/08/2024", "2024-08-08"),
        ("31/31/2024", ""),
        ("Lunes, 08/05/2024 - 12:47", "2024-08-05T12:47:00"),
        ("ayer", ""),
    ],
)
def test_dates_shown_in_words(text: str, value: str) -> None:
    found = shown_date(text)
    assert (found.value if found else "") == value


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("2020", "2020", "gYear"), ("2020-02", "2020-02", "gYearMonth"), ("2020-02-29", "2020-02-29", "date"),
        ("2020-02-29 10:11", "2020-02-29T10:11:00", "dateTime"), ("2020-02-29T10:11:12.5Z", "2020-02-29T10:11:12.5Z", "dateTime"),
        ("2020-02-29T10:11:12-0500", "2020-02-29T10:11:12-05:00", "dateTime"), ("2021-02-29", "2021-02-29", "string"),
        ("2020-13", "2020-13", "string"), ("hoy", "hoy", "string"), ("0000", "0000", "string"),
    ],
)  # fmt: skip
def test_dates_of_iso(text: str, value: str, kind: str) -> None:
    found = date_of(text)
    assert found.value == value and found.datatype.value.endswith(f"#{kind}")


@pytest.mark.parametrize(
    ("text", "size"),
    [("5120", 5120), ("12 B", 12), ("1.23 GB", 1320702444), ("1,5 KB", 1536), ("2 bytes", 2), ("3MiB", 3145728), ("mucho", None),
     ("-1", None), ("9999999 TB", None), ("1e9", None)],
)  # fmt: skip
def test_sizes(text: str, size: int | None) -> None:
    assert size_of(text) == size
