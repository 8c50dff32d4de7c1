"""Care holds for what comes from others: through every door, and also when the source changes its mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import pytest
from bs4 import BeautifulSoup
from sources import Catalogue, serve
from test_harvest import harvest, record, sql

SENSITIVITY = "https://w3id.org/culturape/ns#sensitivity"
PLACE = 'dct:spatial [ a dct:Location ; dcat:centroid "POINT(-74.1 -11.2)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> ] ;'


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """Three datasets."""
    with serve(Catalogue({n: f"Registro {n}" for n in range(1, 4)})) as served:
        monkeypatch.setitem(tk.config, "ckanext.culturape.allowed_sources", [f"{served.base}/"])
        yield served


def shown(app: Any, number: int, catalogue: Catalogue) -> str:
    """All that anybody may see of a dataset: page, API, RDF, search."""
    name = record(catalogue, number)["name"]
    paths = (
        f"/dataset/{name}",
        f"/api/3/action/package_show?id={name}",
        f"/dataset/{name}.ttl",
        "/catalog.nt",
        "/api/3/action/package_search",
    )
    return "\n".join(app.get(path, expect_errors=True).get_data(as_text=True) for path in paths)


def test_a_people_in_isolation_is_never_located(
    app: Any,
    catalogue: Catalogue,
    make_source: Callable[..., str],
    vocabulary: Any,
) -> None:
    people = next(c for c in vocabulary.scheme("people") if c.attributes.get("isolation") == "piaci")
    catalogue.more[1] = (
        f"dct:subject <{people.uri}> ; dct:spatial <{vocabulary.concept('territory', '2501').uri}> ; {PLACE}"
    )
    source = make_source(catalogue.address)
    harvest(source)
    stored = record(catalogue, 1)
    assert stored["sensitivity"] == ["piaci"]
    assert stored["access_level"] == "solo-metadatos"
    assert stored.get("territory", []) in ([], ["PE"])
    page = shown(app, 1, catalogue)
    assert "-74.1" not in page
    # As a code: the same digits may stand in an id, a moment or a port.
    assert not re.search(r"(?<![\w.:-])2501(?![\w-])", page)
    assert vocabulary.concept("territory", "2501").label("es") not in page


def test_what_the_source_said_word_for_word_is_for_those_who_manage_it(
    app: Any,
    catalogue: Catalogue,
    make_source: Callable[..., str],
    editor: dict[str, Any],
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    [(object_id,)] = sql("SELECT id FROM harvest_object WHERE guid = :u", u=catalogue.uri(1))
    other = factories.UserWithToken()
    for path in (f"/harvest/object/{object_id}", f"/api/3/action/harvest_object_show?id={object_id}"):
        for headers in ({}, {"Authorization": other["token"]}):
            assert "Registro 1" not in app.get(path, headers=headers, expect_errors=True).get_data(
                as_text=True
            )
        assert "Registro 1" in app.get(path, headers={"Authorization": editor["token"]}).get_data(
            as_text=True
        )


def test_a_record_that_becomes_sensitive_and_invalid_is_hidden(
    app: Any,
    catalogue: Catalogue,
    make_source: Callable[..., str],
    vocabulary: Any,
) -> None:
    source = make_source(catalogue.address)
    place = vocabulary.concept("territory", "150101").uri
    catalogue.more[2] = f"dct:spatial <{place}> ;"
    harvest(source)
    assert record(catalogue, 2)["territory"] == ["150101"]
    sacred = vocabulary.concept("sensitivity", "lugar-sagrado").uri
    catalogue.more[2] = f"dct:spatial <{place}> ; <{SENSITIVITY}> <{sacred}> ;"
    run = harvest(source)
    after = record(catalogue, 2)
    assert run.counts == {"stale": 1, "unchanged": 2} or after.get("territory") != ["150101"]
    if run.counts.get("stale"):
        assert after["private"]
        assert "Registro 2" not in shown(app, 2, catalogue)


def test_the_default_of_a_source_is_never_less_careful(
    catalogue: Catalogue,
    make_source: Callable[..., str],
) -> None:
    source = make_source(
        catalogue.address,
        config='{"sensitivity": ["conocimiento-tradicional"], "access_level": "solo-metadatos"}',
    )
    run = harvest(source)
    assert run.counts == {"added": 3}
    stored = record(catalogue, 1)
    assert (stored["sensitivity"], stored["access_level"]) == (["conocimiento-tradicional"], "solo-metadatos")
    assert not stored["resources"][0].get("download_url")


def test_scripts_of_strangers_do_not_run(
    app: Any, catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    catalogue.datasets[1] = "<script>alert(1)</script>"
    catalogue.more[1] = (
        'dcat:landingPage <javascript:alert(2)> ; dct:description "<img src=x onerror=alert(3)>"@es ;'
    )
    source = make_source(catalogue.address)
    harvest(source)
    name = record(catalogue, 1)["name"]
    page = BeautifulSoup(app.get(f"/dataset/{name}").get_data(as_text=True), "html.parser")
    assert not page.find_all(onerror=True)
    assert not page.find_all(href=re.compile("^javascript:"))
    assert not [
        s for s in page.find_all("script") if "alert(1)" in s.text and s.get("type") != "application/ld+json"
    ]
