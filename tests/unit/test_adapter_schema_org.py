"""schema.org in JSON-LD and in web pages. All institutions are invented."""

from __future__ import annotations

import json
from typing import Any

import pytest
from adapted import Said, adapted, said

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import HTML, SCHEMA_ORG

PAGE = "https://museo.example.org/datos/visitas"
DATASET: dict[str, Any] = {
    "@context": "https://schema.org/", "@type": ["Dataset", "CreativeWork"], "@id": "/id/visitas", "url": PAGE, "name": "Visitas",
    "alternateName": "Visitantes", "description": "Visitas <b>por mes</b>", "identifier": ["v-1", {"@type": "PropertyValue", "value": "v-2"}],
    "keywords": "museos, visitas", "about": [{"@type": "DefinedTerm", "name": "Museos", "termCode": "m", "@id": "https://example.org/t/m"}],
    "license": {"@type": "CreativeWork", "name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "creator": [{"@type": "Organization", "name": "Museo de Prueba", "email": "m@museo.example.org"}],
    "publisher": {"@type": "Organization", "name": "Ministerio de Prueba", "url": "https://example.org/",
                  "contactPoint": {"@type": "ContactPoint", "email": "mesa@example.org"}, "parentOrganization": {"name": "Estado de Prueba"}},
    "maintainer": {"@type": "Organization", "name": "Mesa de datos", "telephone": "+51 1 555 0100"},
    "contributor": [{"@type": "Role", "roleName": "Custodia", "contributor": {"@type": "Organization", "name": "Archivo"}}, "Amigos"],
    "spatialCoverage": [
        {"@type": "Place", "name": "Lima", "geo": {"@type": "GeoShape", "box": "-12.3 -77.2 -11.9 -76.8"}},
        {"@type": "Place", "geo": {"@type": "GeoCoordinates", "latitude": -12.04, "longitude": -77.03}},
        {"@type": "Place", "geo": {"@type": "GeoShape", "polygon": "-12 -77 -12 -76 -11 -76 -12 -77"}},
        {"@type": "Place", "identifier": {"@type": "PropertyValue", "propertyID": "https://example.org/ubigeo-inei", "value": "0801"}},
        {"@type": "Place", "identifier": {"@type": "PropertyValue", "propertyID": "https://example.org/otro", "value": "15"}},
        "Puno",
    ],
    "temporalCoverage": ["2017/2020-05", "2021-01-01/..", "2010"], "inLanguage": ["es", {"@type": "Language", "name": "Quechua"}],
    "datePublished": "2020-01", "dateModified": "2024-02-03T04:05:06Z", "version": 2, "isAccessibleForFree": True,
    "sameAs": "https://example.org/doi", "isPartOf": {"@type": "Dataset", "@id": "https://example.org/serie"},
    "subjectOf": {"@type": "CreativeWork", "url": "https://example.org/doc.pdf"}, "variableMeasured": ["visitas"],
    "distribution": [{
        "@type": "DataDownload", "name": "Tabla", "contentUrl": "https://museo.example.org/v.csv", "encodingFormat": "text/csv",
        "contentSize": "1.5 KB", "license": "CC BY 4.0", "sha256": "ab" * 32, "dateModified": "2024-02-03",
        "subjectOf": {"@type": "CreativeWork", "url": "https://example.org/dic"},
    }],
}  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> Said:
    return said(DATASET, PAGE)


EXPECTED = {
    "dct:title": ["Visitas"], "dct:alternative": ["Visitantes"], "dct:description": ["Visitas por mes"], "dcat:landingPage": [PAGE],
    "dct:identifier": ["v-1"], "adms:identifier/skos:notation": ["v-2"], "dcat:keyword": ["museos", "visitas"],
    "dct:subject": ["https://example.org/t/m"], "dct:subject/skos:prefLabel": ["Museos"],
    "dct:license": ["https://creativecommons.org/licenses/by/4.0/"], "dct:creator/foaf:name": ["Museo de Prueba"],
    "dct:creator/foaf:mbox": ["mailto:m@museo.example.org"], "dct:publisher/foaf:name": ["Ministerio de Prueba"],
    "dct:publisher/foaf:mbox": ["mailto:mesa@example.org"], "dct:publisher/foaf:homepage": ["https://example.org/"],
    "dcat:contactPoint/vcard:fn": ["Mesa de datos"], "dcat:contactPoint/vcard:hasTelephone": ["tel:+5115550100"],
    "prov:qualifiedAttribution/prov:agent/foaf:name": ["Archivo"],
    "prov:qualifiedAttribution/dcat:hadRole/skos:prefLabel": ["Custodia"], "dct:contributor/foaf:name": ["Amigos"],
    "dct:spatial/skos:prefLabel": ["Lima", "Puno"], "dct:spatial/skos:notation": ["0801"], "dct:spatial/dct:identifier": ["15"],
    "dct:spatial/dcat:bbox": ["POLYGON((-77.2 -12.3,-76.8 -12.3,-76.8 -11.9,-77.2 -11.9,-77.2 -12.3))"],
    "dct:spatial/dcat:centroid": ["POINT(-77.03 -12.04)"], "dct:spatial/locn:geometry": ["POLYGON((-77 -12,-76 -12,-76 -11,-77 -12))"],
    "dct:temporal/dcat:startDate": ["2010", "2017", "2021-01-01"], "dct:temporal/dcat:endDate": ["2010", "2020-05"],
    "dct:language": ["Quechua", "es"], "dct:issued": ["2020-01"], "dct:modified": ["2024-02-03T04:05:06Z"], "dcat:version": ["2"],
    "rdfs:seeAlso": ["https://example.org/doi"], "dct:isPartOf": ["https://example.org/serie"], "foaf:page": ["https://example.org/doc.pdf"],
    "dcat:distribution/dcat:accessURL": ["https://museo.example.org/v.csv"], "dcat:distribution/dct:license": ["CC BY 4.0"],
    "dcat:distribution/dcat:downloadURL": ["https://museo.example.org/v.csv"], "dcat:distribution/dcat:mediaType": ["text/csv"],
    "dcat:distribution/dcat:byteSize": ["1536"], "dcat:distribution/spdx:checksum/spdx:checksumValue": ["ab" * 32],
    "dcat:distribution/foaf:page": ["https://example.org/dic"],
}  # fmt: skip


@pytest.mark.parametrize("path", EXPECTED)
def test_a_dataset(path: str, whole: Said) -> None:
    assert whole.values(path) == EXPECTED[path]


def test_it_is_named_by_its_id_read_against_the_page(whole: Said) -> None:
    assert [node.value for node in whole.datasets] == ["https://museo.example.org/id/visitas"]
    assert whole.result.family == SCHEMA_ORG and whole.result.errors == ()


def test_what_dcat_has_no_word_for_keeps_its_own(whole: Said) -> None:
    text = whole.result.ntriples.decode()
    assert (
        '<http://schema.org/variableMeasured> "visitas"' in text
        and "<http://schema.org/isAccessibleForFree>" in text
    )


SPELLINGS: dict[str, dict[str, Any]] = {
    "http": {"@context": "http://schema.org", "@type": "Dataset", "name": "A"},
    "vocab": {"@context": {"@vocab": "https://schema.org/"}, "@type": "Dataset", "name": "A"},
    "prefix": {"@context": {"sdo": "http://schema.org/"}, "@type": "sdo:Dataset", "sdo:name": "A"},
    "full": {"@type": "http://schema.org/Dataset", "https://schema.org/name": "A"},
    "alias": {"@context": ["https://schema.org", {"titulo": "name", "s": "http://schema.org/", "nombre": "s:name", "tipo": "@type"}],
              "tipo": "Dataset", "nombre": "A"},
    "list": {"@context": ["https://schema.org/", {"@language": "es"}], "@type": "Dataset", "name": "A"},
    "graph": {"@context": "https://schema.org/", "@graph": [{"@type": "WebPage"}, {"@type": "Dataset", "name": "A"}]},
    "main entity": {"@context": "https://schema.org/", "@type": "WebPage", "mainEntity": {"@type": "Dataset", "name": "A"}},
    "list item": {"@context": "https://schema.org/", "@type": "ItemList",
                  "itemListElement": [{"@type": "ListItem", "item": {"@type": "Dataset", "name": "A"}}]},
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_however_names_are_written(spelling: str) -> None:
    found = said(SPELLINGS[spelling])
    assert found.result.family == SCHEMA_ORG and [found.title(node) for node in found.datasets] == ["A"]


def test_the_language_of_the_context_is_that_of_the_texts() -> None:
    assert said(SPELLINGS["list"]).terms("dct:title") == ['"A"@es']


def test_nodes_elsewhere_in_the_graph_are_followed() -> None:
    graph = [
        {"@type": "Dataset", "@id": "#d", "name": "A", "publisher": {"@id": "#o"}, "distribution": [{"@id": "#f"}],
         "spatialCoverage": {"@id": "#p"}},
        {"@type": "Organization", "@id": "#o", "name": "Museo", "parentOrganization": {"@id": "#o"}},
        {"@type": "DataDownload", "@id": "#f", "contentUrl": "https://example.org/f.csv"}, {"@type": "Place", "@id": "#p", "name": "Lima"},
    ]  # fmt: skip
    found = said({"@context": "https://schema.org/", "@graph": graph}, PAGE)
    assert found.datasets[0].value == f"{PAGE}#d" and found.values("dct:publisher/foaf:name") == ["Museo"]
    assert found.values("dcat:distribution/dcat:downloadURL") == ["https://example.org/f.csv"]
    assert found.values("dct:spatial/skos:prefLabel") == ["Lima"]


def test_a_catalogue_holds_its_datasets() -> None:
    catalogue = {
        "@context": "https://schema.org/", "@type": "DataCatalog", "@id": "https://example.org/c", "name": "Catálogo",
        "publisher": {"name": "Museo"}, "dataset": [{"@type": "Dataset", "name": "A"}, {"@type": "Dataset", "name": "B", "@id": "b"}],
    }  # fmt: skip
    found = said(catalogue, PAGE)
    home = next(found.graph.subjects_of_type("dcat:Catalog"))
    assert [found.title(node) for node in found.datasets] == ["A", "B"] and found.title(home) == "Catálogo"
    assert len(found.graph.objects(home, "dcat:dataset")) == 2


def html(*blocks: Any) -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{b if isinstance(b, str) else json.dumps(b)}</script>'
        for b in blocks
    )
    return f"<!DOCTYPE html><html><head><title>x</title>{scripts}</head><body><p>Página</body></html>"


def test_a_web_page() -> None:
    found = said(
        html({"@context": "https://schema.org", "@type": "WebSite", "name": "x"}, DATASET),
        PAGE,
        content_type="text/html",
    )
    assert found.result.family == HTML and found.values("dct:title") == ["Visitas"]


def test_a_broken_block_is_named_and_the_others_are_read() -> None:
    found = said(html("{broken", {**DATASET, "@id": "x"}, "[" * 200), PAGE)
    assert found.values("dct:title") == ["Visitas"] and list(found.refused()) == ["script.0", "script.2"]
    assert not found.result.is_whole


@pytest.mark.parametrize(
    "page",
    [html(), html({"@context": "https://schema.org", "@type": "WebSite"}), "<html><body>Mantenimiento"],
)
def test_a_page_without_datasets_says_so(page: str) -> None:
    with pytest.raises(Fault, match="describes no dataset"):
        adapted(page, PAGE)


def test_a_licence_by_its_name_stays_a_name() -> None:
    assert said({**DATASET, "license": "Creative Commons"}).values("dct:license") == ["Creative Commons"]


def test_an_id_with_a_space_does_not_cost_the_dataset() -> None:
    assert (
        said({**DATASET, "@id": "https://example.org/a b"}).datasets[0].value == "https://example.org/a%20b"
    )


def test_one_dataset_told_twice_is_one() -> None:
    more = {"@context": "https://schema.org/", "@type": "Dataset", "@id": "/id/visitas", "keywords": "otra"}
    found = said([DATASET, more], PAGE)
    assert len(found.datasets) == 1 and "otra" in found.values("dcat:keyword")


def test_script_in_addresses_is_dropped_and_named() -> None:
    found = said({**DATASET, "url": "javascript:alert(1)", "sameAs": "data:text/html,x"}, PAGE)
    assert set(found.refused()) == {"url", "sameAs"} and b"javascript" not in found.result.ntriples


def test_a_reference_without_a_name_is_lost_and_said_to_be() -> None:
    result = adapted({"@context": "https://schema.org/", "@type": "Dataset", "@id": "https://example.org/x"})
    assert not result.is_whole and "has no name" in str(result.errors[0].fault)
