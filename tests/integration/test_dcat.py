"""The endpoints of ckanext-dcat serve our profile."""

from __future__ import annotations

import json
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import rdflib
from ckanext.dcat.processors import RDFParser
from rdflib.namespace import DCAT, DCTERMS, RDF

FORMATS = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld", "rdf": "xml"}


def read(app: Any, path: str) -> rdflib.Graph:
    response = app.get(path)
    return rdflib.Graph().parse(
        data=response.body, format=FORMATS[path.split("?", maxsplit=1)[0].rsplit(".", 1)[1]]
    )


@pytest.mark.parametrize("extension", FORMATS)
def test_catalogue_and_dataset_in_every_format(app, make_dataset, extension):
    dataset = make_dataset(resources=[{"name": "a", "url": "https://x.pe/a.csv", "format": "CSV"}])
    subject = rdflib.URIRef(f"http://test.ckan.net/dataset/{dataset['id']}")
    for path in (f"/catalog.{extension}", f"/dataset/{dataset['name']}.{extension}"):
        graph = read(app, path)
        assert (subject, RDF.type, DCAT.Dataset) in graph
        assert (subject, DCTERMS.title, rdflib.Literal("Loans of the public library", lang="en")) in graph
        assert len(list(graph.objects(subject, DCAT.distribution))) == 1
    catalogue = next(read(app, f"/catalog.{extension}").subjects(RDF.type, DCAT.Catalog))
    assert str(catalogue) == "http://test.ckan.net"


def test_what_is_exported_can_be_read_again(app, make_dataset):
    dataset = make_dataset(
        people=["wampis"], temporal_coverage=[{"start": "2017", "end": "2020"}], contact=[{"name": "Mesa"}]
    )
    parser = RDFParser(profiles=["culturape_dcat_ap_3"])
    parser.parse(app.get(f"/dataset/{dataset['name']}.ttl").body, "turtle")
    (again,) = parser.datasets()
    for key in (
        "title_translated",
        "people",
        "temporal_coverage",
        "contact",
        "territory",
        "license_id",
        "sensitivity",
        "access_level",
    ):
        assert again[key] == dataset[key]


def test_private_and_deleted_datasets_are_not_in_the_catalogue(app, make_dataset, editor):
    private = make_dataset(private=True, name="privado")
    gone = make_dataset(name="borrado")
    helpers.call_action("package_delete", {"user": editor["name"]}, id=gone["id"])
    body = app.get("/catalog.ttl").body
    assert private["id"] not in body
    assert gone["id"] not in body
    assert app.get("/dataset/privado.ttl", expect_errors=True).status_code in {403, 404}


def test_pages_are_linked_as_addresses(app, make_dataset):
    make_dataset()
    graph = read(app, "/catalog.ttl")
    page = rdflib.URIRef("http://www.w3.org/ns/hydra/core#first")
    assert all(isinstance(node, rdflib.URIRef) for node in graph.objects(None, page))
    assert list(graph.objects(None, page))


def test_organisations_stand_in_for_publisher_and_contact(app, make_dataset, organization):
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action(
        "organization_patch", user, id=organization["id"], contact_name="Mesa", contact_email="mesa@x.pe"
    )
    dataset = make_dataset()
    body = app.get(f"/dataset/{dataset['name']}.ttl").body
    assert "mailto:mesa@x.pe" in body
    assert f"organization/{organization['id']}" in body


def test_schema_org_on_the_dataset_page(app, make_dataset):
    dataset = make_dataset()
    body = app.get(f"/dataset/{dataset['name']}").body
    block = body.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(block)
