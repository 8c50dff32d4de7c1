"""What search engines find: one description on the page of a public dataset, and sitemaps of what anybody may read."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import ckan.plugins as p
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import rdflib
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search import rebuild
from rdflib.namespace import RDF

from ckanext.culturape.dcat import describing, sitemap
from ckanext.culturape.vocab.pack import load_vocabulary

Make = Callable[..., dict[str, Any]]
S = rdflib.Namespace("https://schema.org/")
SITE = "http://test.ckan.net"
LD = 'script[type="application/ld+json"]'
NS = {"s": sitemap.NAMESPACE}


def scripts(app: Any, path: str, **headers: str) -> list[str]:
    page = BeautifulSoup(app.get(path, headers=headers).body, "html.parser")
    return [str(script.string) for script in page.select(LD)]


def described(app: Any, path: str) -> dict[str, Any]:
    (script,) = scripts(app, path)
    return json.loads(script)


def graph_of(node: dict[str, Any]) -> rdflib.Graph:
    inlined = {**node, "@context": {"@vocab": str(S)}}
    return rdflib.Graph().parse(data=json.dumps(inlined), format="json-ld")


def write_past_ckan(dataset: dict[str, Any], **values: Any) -> None:
    """Store what no validator saw, and let the index take it up."""
    package = model.Package.get(dataset["id"])
    for key, value in values.items():
        package.extras[key] = json.dumps(value)
    model.Session.commit()
    rebuild(dataset["id"])


def test_exactly_one_description_and_it_is_ours(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset(
        territory=["16"], people=["ashaninka"], temporal_coverage=[{"start": "2020"}],
        resources=[{"name": "Tabla", "url": "https://x.pe/a.csv", "format": "CSV"}],
    )  # fmt: skip
    assert p.plugin_loaded("structured_data")
    graph = graph_of(described(app, f"/dataset/{dataset['name']}"))
    subject = rdflib.URIRef(f"{SITE}/dataset/{dataset['id']}")
    said = {
        S.url: f"{SITE}/dataset/{dataset['name']}", S.name: "Préstamos de la biblioteca pública",
        S.license: "https://creativecommons.org/licenses/by/4.0/", S.inLanguage: "es", S.temporalCoverage: "2020/..",
        S.sdLicense: "https://creativecommons.org/licenses/by/4.0/",
    }  # fmt: skip
    assert {key: str(graph.value(subject, key)) for key in said} == said
    assert (subject, RDF.type, S.Dataset) in graph
    assert (subject, S.isAccessibleForFree, rdflib.Literal(True)) in graph
    assert {str(graph.value(place, S.name)) for place in graph.objects(subject, S.spatialCoverage)} == {
        "Loreto"
    }
    about = {str(graph.value(term, S.name)) for term in graph.objects(subject, S.about)}
    assert about == {
        "Ashaninka",
        load_vocabulary().scheme("cultural-right").concepts["informacion"].label("es"),
    }
    file = graph.value(subject, S.distribution)
    assert str(graph.value(file, S.contentUrl)) == "https://x.pe/a.csv"
    catalogue = graph.value(subject, S.includedInDataCatalog)
    assert (catalogue, S.name, rdflib.Literal("Portal de pruebas")) in graph
    publisher = graph.value(subject, S.publisher)
    assert (publisher, S.name, rdflib.Literal("Biblioteca de prueba")) in graph


def test_the_language_of_the_page(app: Any, make_dataset: Make) -> None:
    make_dataset(name="uno", sector=["museos"])
    english = described(app, "/en/dataset/uno")
    assert english["name"] == "Loans of the public library"
    assert "Museums" in [word["name"] for word in english["keywords"]]
    # One dataset has one address, in whatever language it is read.
    assert english["url"] == f"{SITE}/dataset/uno" == described(app, "/es/dataset/uno")["url"]


def test_a_change_of_the_organisation_is_seen(
    app: Any, make_dataset: Make, organization: dict[str, Any]
) -> None:
    make_dataset(name="uno")
    assert described(app, "/dataset/uno")["publisher"][0]["name"] == "Biblioteca de prueba"
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action(
        "organization_patch", user, id=organization["id"], title_translated={"es": "Otro nombre"}
    )
    assert described(app, "/dataset/uno")["publisher"][0]["name"] == "Otro nombre"


def test_what_only_some_may_see_is_not_described(
    app: Any, make_dataset: Make, editor: dict[str, Any]
) -> None:
    make_dataset(name="privado", private=True)
    assert scripts(app, "/dataset/privado", Authorization=editor["token"]) == []
    assert "Préstamos" in app.get("/dataset/privado", headers={"Authorization": editor["token"]}).body


def test_only_the_page_of_the_dataset_describes_it(app: Any, make_dataset: Make) -> None:
    make_dataset(name="uno")
    assert len(scripts(app, "/dataset/uno")) == 1
    assert scripts(app, "/dataset/groups/uno") == []
    assert scripts(app, "/dataset/activity/uno") == []


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "a\u2028b\u2029c",
        "\"'&amp; ]]>",
        "{{ 7*7 }} </SCRIPT >",
    ],
)
def test_no_title_breaks_out(app: Any, make_dataset: Make, title: str) -> None:
    make_dataset(name="uno", title_translated={"es": title}, notes_translated={"es": f"x {title}"})
    body = app.get("/dataset/uno").body
    (raw,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    assert not set("<>&\u2028\u2029") & set(raw)
    stored = helpers.call_action("package_show", id="uno")["title_translated"]["es"]
    assert json.loads(raw)["name"] == stored
    assert described(app, "/dataset/uno")["name"] == stored
    assert "<script>alert(1)" not in body


def test_a_broken_record_has_a_page_without_description(
    app: Any, make_dataset: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset(name="uno")
    write_past_ckan(dataset, alternate_identifier=[{"no es": "un texto"}])
    told: list[str] = []
    # CKAN's own set-up of logs stands between us and pytest's.
    handler = logging.Handler(logging.ERROR)
    monkeypatch.setattr(handler, "emit", lambda line: told.append(line.getMessage()))
    describing.log.addHandler(handler)
    monkeypatch.setattr(describing.log, "disabled", False)
    answer = app.get("/dataset/uno")
    describing.log.removeHandler(handler)
    assert answer.status_code == 200
    assert scripts(app, "/dataset/uno") == []
    assert [line for line in told if dataset["id"] in line]


def test_peoples_in_isolation_are_not_located(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset(name="uno", territory=["250103"])
    write_past_ckan(dataset, sensitivity=["piaci"])
    found = described(app, "/dataset/uno")
    assert [place["name"] for place in found["spatialCoverage"]] == ["Perú"]
    assert "250103" not in json.dumps(found)
    assert "isAccessibleForFree" not in found


def test_the_endpoint_of_ckanext_dcat_keeps_its_schemaorg(app: Any, make_dataset: Make) -> None:
    make_dataset(name="uno")
    graph = rdflib.Graph().parse(data=app.get("/dataset/uno.ttl?profiles=schemaorg").body, format="turtle")
    assert [str(o) for o in graph.objects(None, RDF.type) if str(o).endswith("schema.org/Dataset")]
    assert "schema.org" in app.get("/dataset/uno.jsonld?profiles=schemaorg").body


def test_the_home_page_names_the_site_its_search_and_its_catalogue(app: Any, make_dataset: Make) -> None:
    make_dataset()
    site, catalogue = described(app, "/")["@graph"]
    assert site["potentialAction"]["target"]["urlTemplate"].endswith("/dataset/?q={search_term_string}")
    assert (catalogue["@id"], catalogue["publisher"]["name"]) == (SITE, "Institución de prueba")
    assert [place["name"] for place in catalogue["spatialCoverage"]] == ["Perú"]
    assert scripts(app, "/dataset/") == []


def test_an_organisation_is_looked_up_once(app: Any, make_dataset: Make, monkeypatch: Any) -> None:
    make_dataset(name="uno")
    described(app, "/dataset/uno")
    asked: list[str] = []
    monkeypatch.setattr(
        describing.building, "organization_of", lambda record: asked.append("organization") or {}
    )
    assert described(app, "/dataset/uno")["publisher"][0]["name"] == "Biblioteca de prueba"
    assert asked == []


def locations(answer: Any) -> list[str]:
    root = ET.fromstring(answer.body)
    assert root.tag in {f"{{{sitemap.NAMESPACE}}}urlset", f"{{{sitemap.NAMESPACE}}}sitemapindex"}
    return [str(node.text) for node in root.iterfind("*/s:loc", NS)]


def visit_all(app: Any) -> dict[str, list[str]]:
    return {
        address: locations(app.get(address.removeprefix(SITE)))
        for address in locations(app.get("/sitemap.xml"))
    }


def test_all_public_datasets_and_no_other(app: Any, make_dataset: Make) -> None:
    shown = {make_dataset(name=f"numero-{n}")["name"] for n in range(3)}
    make_dataset(name="privado", private=True)
    make_dataset(name="borrador", state="draft")
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_delete", user, id=make_dataset(name="borrado")["id"])
    files = visit_all(app)
    assert list(files) == [f"{SITE}/sitemap-portal.xml", f"{SITE}/sitemap-1.xml"]
    assert files[f"{SITE}/sitemap-1.xml"] == [f"{SITE}/dataset/{name}" for name in sorted(shown)]
    portal = files[f"{SITE}/sitemap-portal.xml"]
    assert {f"{SITE}/", f"{SITE}/organization/biblioteca", f"{SITE}/vocabulario/cultural-right"} <= set(
        portal
    )
    assert all(app.get(address.removeprefix(SITE) or "/").status_code == 200 for address in portal)


def test_other_types_and_organisations_that_went(
    app: Any, make_dataset: Make, organization: dict[str, Any]
) -> None:
    dataset = make_dataset(name="agenda-uno")
    model.Package.get(dataset["id"]).type = "agenda"
    model.Group.get(organization["id"]).state = "deleted"
    model.Session.commit()
    files = visit_all(app)
    assert list(files) == [f"{SITE}/sitemap-portal.xml"]
    assert f"{SITE}/organization/biblioteca" not in files[f"{SITE}/sitemap-portal.xml"]


def test_an_index_of_several_files(app: Any, make_dataset: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr(sitemap, "PER_FILE", 2)
    names = [make_dataset(name=f"numero-{n}")["name"] for n in range(5)]
    files = visit_all(app)
    assert [len(places) for address, places in files.items() if "portal" not in address] == [2, 2, 1]
    listed = [place for address, places in files.items() if "portal" not in address for place in places]
    assert listed == [f"{SITE}/dataset/{name}" for name in names]


@pytest.mark.parametrize("number", ["0", "2", "999", "9" * 40])
def test_a_part_that_is_not_there(app: Any, make_dataset: Make, number: str) -> None:
    make_dataset()
    answer = app.get(f"/sitemap-{number}.xml", status=404)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert len(answer.body.strip().splitlines()) == 1


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-portal.xml", "/sitemap-1.xml"])
def test_what_did_not_change_is_not_sent_again(app: Any, make_dataset: Make, path: str) -> None:
    dataset = make_dataset()
    first = app.get(path)
    assert first.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = app.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.body) == (304, "")
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", user, id=dataset["id"], name="otro-nombre")
    model.Session.execute(sitemap.text("UPDATE package SET metadata_modified = now() + interval '1 hour'"))
    model.Session.commit()
    changed = app.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == (304 if "portal" in path else 200)


def test_moments_are_those_of_the_change(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()
    root = ET.fromstring(app.get("/sitemap-1.xml").body)
    moment = str(root.findtext("s:url/s:lastmod", namespaces=NS))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", moment)
    assert moment[:19] == dataset["metadata_modified"][:19]


@pytest.mark.ckan_config("ckan.root_path", "/datos/{{LANG}}")
def test_addresses_follow_the_site(app: Any, make_dataset: Make, ckan_config: Any, monkeypatch: Any) -> None:
    make_dataset(name="uno")
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://portal.example.org")
    assert locations(app.get("/sitemap-1.xml")) == ["https://portal.example.org/datos/dataset/uno"]


def test_texts_are_escaped() -> None:
    written = sitemap.write("urlset", "url", [("https://x.pe/?a=1&b=<c>", None)])
    assert b"a=1&amp;b=&lt;c&gt;" in written
    assert ET.fromstring(written).findtext("s:url/s:loc", namespaces=NS) == "https://x.pe/?a=1&b=<c>"


@pytest.mark.usefixtures("clean")
def test_robots_are_told_of_the_sitemap_beside_what_ckan_tells_them(app: Any) -> None:
    lines = app.get("/robots.txt").body.splitlines()
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert "User-agent: *" in lines and "Disallow: /api/" in lines
