"""Every dataset of catalogues by others comes through its adapter, and our own pages are read back as they were written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS
from test_official_shapes import BASE, VOCABULARY, records
from test_schemaorg import described

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import Adapted, to_dcat
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.mapping import dataset_from_rdf
from ckanext.culturape.rdf.terms import Context

AT = "https://source.example.org/catalogs/"

#: Datasets of each file of JSON, as the README of the catalogues tells.
JSON = {
    "json/ar_bad_publisher_type.json": 1, "json/ar_catalogo_justicia.json": 16, "json/ar_full_data.json": 2,
    "json/ar_perfil_data.json": 1, "json/us_dcatus.json": 7, "json/us_dcatus_no_identifier.json": 1,
    "real/fr_evian_arcgishub.json": 8,
}  # fmt: skip

#: Where two readers of RDF count statements in another way than the README: a name that no context explains may be read as relative
#: address, and nodes without address are told apart by each.
COUNTED_OTHERWISE = {"ckan_catalog_pod.jsonld"}


def adapted(path: Path) -> Adapted:
    return to_dcat(path.read_bytes(), "", AT + path.name)


def graph_of(result: Adapted) -> rdflib.Graph:
    return rdflib.Graph().parse(data=result.ntriples, format="nt")


def rows(shared: Path, folder: str) -> dict[str, tuple[str, str]]:
    """Statements and datasets of each file, from the README."""
    found = {}
    for line in (shared / "catalogs/README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].startswith(f"{folder}/"):
            found[cells[0]] = (cells[1], cells[2])
    return found


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["real", "paging"])
def test_every_statement_and_dataset_of_rdf_comes_through(folder: str, shared: Path) -> None:
    given = {name: row for name, row in rows(shared, folder).items() if name not in JSON}
    assert len(given) >= 4
    for name, (statements, datasets) in given.items():
        result = adapted(shared / "catalogs" / name)
        graph = graph_of(result)
        assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == int(datasets), name
        assert result.is_whole, name
        if Path(name).name not in COUNTED_OTHERWISE:
            assert len(graph) == int(statements), name


@pytest.mark.shared
@pytest.mark.parametrize("name", JSON)
def test_every_dataset_of_data_json_comes_through(name: str, shared: Path) -> None:
    path = shared / "catalogs" / name
    source: list[dict[str, Any]] = json.loads(path.read_text())["dataset"]
    result = adapted(path)
    graph = graph_of(result)
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert (result.family, len(datasets)) == ("data.json", JSON[name]) and result.is_whole
    assert sorted(str(graph.value(node, DCTERMS.title)) for node in datasets) == sorted(
        d["title"].strip() for d in source
    )
    assert all(graph.value(graph.value(node, DCTERMS.publisher), FOAF.name) for node in datasets)
    assert len(list(graph.objects(None, DCAT.distribution))) == sum(len(d["distribution"]) for d in source)


@pytest.mark.shared
def test_themes_of_argentina_have_the_names_of_their_taxonomy(shared: Path) -> None:
    graph = graph_of(adapted(shared / "catalogs/json/ar_perfil_data.json"))
    labels = {
        str(label)
        for theme in graph.objects(None, DCAT.theme)
        for label in graph.objects(theme, SKOS.prefLabel)
    }
    assert len(labels) == 3 and not labels & {"contrataciones", "compras", "convocatorias"}


@pytest.mark.shared
@pytest.mark.parametrize("way", ["paged-collection", "partial-collection"])
def test_pages_lead_to_the_next_and_end(way: str, shared: Path) -> None:
    pages = [adapted(shared / f"catalogs/paging/hydra_{way}-{number}.jsonld").next for number in (1, 2)]
    assert pages == [("http://data.test.org/catalog.jsonld?page=2",), ()]


REFUSED = {
    "14_truncated.rdf",
    "16_jsonld_remote_context_ssrf.jsonld",
    "22_billion_laughs_depth5.rdf",
    "22_billion_laughs_depth6.rdf",
    "24_deep_json_nesting.jsonld",
}
BROKEN = {"ckan_dataset_bad_datatype.ttl", "de_uag_no_prefixes.ttl"}


@pytest.mark.shared
def test_bad_catalogues_are_refused_or_read_as_far_as_they_go(shared: Path) -> None:
    refused, broken = set(), set()
    for path in sorted((shared / "catalogs/bad").iterdir()):
        try:
            result = adapted(path)
        except Fault:
            refused.add(path.name)
            continue
        broken |= {path.name} - ({path.name} if result.is_whole else set())
        assert all(page.startswith("https://") for page in result.next), path.name
    assert (refused, broken) == (REFUSED, BROKEN)


SAME = (
    "title_translated", "notes_translated", "identifier", "alternate_identifier", "version", "issued", "modified", "language",
    "territory", "temporal_coverage", "cultural_right", "sector", "cultural_domain", "people", "subject_language", "documentation",
    "in_series",
)  # fmt: skip
SAME_OF_FILES = (
    "name_translated",
    "description_translated",
    "size",
    "mimetype",
    "download_url",
    "issued",
    "modified",
    "data_dictionary_url",
)


@pytest.fixture(scope="module")
def original() -> dict[str, Any]:
    return records()[0]


@pytest.fixture(scope="module", params=["JSON-LD", "page"])
def read_back(request: pytest.FixtureRequest, original: dict[str, Any]) -> dict[str, Any]:
    """The first record after our own description of it for search engines was read by the adapter."""
    page = json.dumps(described(original))
    if request.param == "page":
        page = f'<!DOCTYPE html><html><script type="application/ld+json">{page}</script></html>'
    result = to_dcat(page.encode(), "", f"{BASE}/dataset/todo")
    assert result.errors == () and result.is_whole
    graph = Graph(quad.triple for quad in parse(result.ntriples, format=RdfFormat.N_TRIPLES))
    (subject,) = graph.subjects_of_type("dcat:Dataset")
    record, _ = dataset_from_rdf(graph, subject, Context(VOCABULARY, "https://otro.example.org"))
    return record


def in_spanish(value: Any) -> Any:
    """What a page in Spanish says of a text in several languages."""
    return {"es": value["es"]} if isinstance(value, dict) and "es" in value else value


@pytest.mark.parametrize("name", SAME)
def test_our_own_page_is_read_back(name: str, original: dict[str, Any], read_back: dict[str, Any]) -> None:
    expected, found = in_spanish(original[name]), in_spanish(read_back.get(name))
    if isinstance(expected, list) and isinstance(expected[0], str):
        expected, found = sorted(expected), sorted(found)
    assert found == expected


def test_keywords_of_all_languages_are_read_back(original: dict[str, Any], read_back: dict[str, Any]) -> None:
    words = {word for tags in original["tags_translated"].values() for word in tags}
    assert set(read_back["tags_translated"]["es"]) == words


def test_agents_are_read_back(read_back: dict[str, Any]) -> None:
    assert [(a["name"], a["uri"], a["email"]) for a in read_back["publisher"]] == [
        ("A", "https://x.pe/a", "a@x.pe")
    ]
    assert sorted(a["name"] for a in read_back["creator"]) == ["B", "C"]
    assert [(c["name"], c["email"]) for c in read_back["contact"]] == [("M", "m@x.pe")]


def test_the_licence_is_read_back_as_its_address(original: dict[str, Any]) -> None:
    result = to_dcat(json.dumps(described(original)).encode())
    graph = graph_of(result)
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert str(graph.value(dataset, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize("name", SAME_OF_FILES)
def test_files_are_read_back(name: str, original: dict[str, Any], read_back: dict[str, Any]) -> None:
    one = next(
        file
        for file in read_back["resources"]
        if file.get("download_url") == original["resources"][0]["download_url"]
    )
    assert one.get(name) == original["resources"][0][name]


def test_all_files_are_read_back(original: dict[str, Any], read_back: dict[str, Any]) -> None:
    assert len(read_back["resources"]) == len(original["resources"])
