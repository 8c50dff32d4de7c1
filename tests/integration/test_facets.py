"""The facets of the search page and of organisations, as people see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def make(make_dataset: Make) -> Make:
    """Creates datasets with names of their own."""

    def create(name: str, **changes: Any) -> dict[str, Any]:
        return make_dataset(name=name, title_translated={"es": name}, **changes)

    return create


class Page:
    """A page of results, read as somebody sees it."""

    def __init__(self, app: Any, address: str, **query: Any) -> None:
        self.soup = BeautifulSoup(app.get(address, query_string=query or None).body, "html.parser")

    def facets(self) -> dict[str, dict[str, int]]:
        """The counts by label, by title of the facet."""
        found: dict[str, dict[str, int]] = {}
        for section in self.soup.select("section.module-shallow"):
            items = section.select("li.nav-item")
            if items:
                found[_text(section.select_one("h2"))] = {
                    _text(item.select_one(".item-label")): int(_text(item.select_one(".item-count")))
                    for item in items
                }
        return found

    def links(self, title: str) -> dict[str, str]:
        """The address behind each item of a facet."""
        for section in self.soup.select("section.module-shallow"):
            if section.select_one("h2") and _text(section.select_one("h2")) == title:
                return {_text(a.select_one(".item-label")): str(a["href"]) for a in section.select("li a")}
        return {}

    def pills(self) -> list[str]:
        """The chosen filters above the results."""
        return [_text(pill) for pill in self.soup.select(".filter-list .pill")]

    def titles(self) -> list[str]:
        """The titles of the results."""
        return sorted(_text(heading) for heading in self.soup.select(".dataset-heading"))


def _text(tag: Any) -> str:
    return re.sub(r"\s+", " ", tag.get_text()).strip() if tag else ""


def test_items_are_named_in_the_language_of_the_reader(make: Make, app: Any) -> None:
    make("uno", access_level="abierto", language=["es", "ay"], license_id="CC-BY-4.0")
    spanish, english = Page(app, "/es/dataset/").facets(), Page(app, "/en/dataset/").facets()
    assert {"Bibliotecas": 1} in spanish.values()
    assert {"Libraries": 1} in english.values()
    assert {"Aimara": 1, "Castellano": 1} in spanish.values()
    assert {"Creative Commons Atribución 4.0": 1} in spanish.values()
    assert {"Creative Commons Attribution 4.0": 1} in english.values()


def test_counts_are_right_and_a_link_leads_to_what_it_promises(make: Make, app: Any) -> None:
    make("uno", sector=["museos"])
    make("dos", sector=["museos", "archivos"])
    make("tres", sector=["archivos"])
    title = next(title for title, items in Page(app, "/es/dataset/").facets().items() if "Museos" in items)
    page = Page(app, "/es/dataset/")
    assert page.facets()[title] == {"Museos": 2, "Archivos": 2}
    chosen = Page(app, page.links(title)["Museos"])
    assert chosen.titles() == ["dos", "uno"]
    assert chosen.facets()[title] == {"Museos": 2, "Archivos": 1}
    assert chosen.pills() == ["Museos"]
    assert Page(app, chosen.links(title)["Museos"]).pills() == []


def test_a_region_opens_its_provinces_and_a_province_its_districts(make: Make, app: Any) -> None:
    make("uno", territory=["080901", "2101"])
    make("dos", territory=["0801"])
    make("tres", territory=["15"])
    facets = Page(app, "/en/dataset/").facets()
    assert facets["Region"] == {"Cusco": 2, "Lima": 1, "Puno": 1}
    assert not {"Province", "District", "Country"} & set(facets)
    region = Page(app, "/en/dataset/", vocab_region="08")
    assert region.titles() == ["dos", "uno"]
    assert region.facets()["Province"] == {"Cusco": 1, "La Convención": 1}
    assert "District" not in region.facets()
    assert region.pills() == ["Cusco"]
    province = Page(app, "/en/dataset/", vocab_region="08", vocab_province="0809")
    assert province.titles() == ["uno"]
    assert province.facets()["District"] == {"Santa Ana": 1}
    assert province.pills() == ["Cusco", "La Convención"]


def test_a_chosen_place_that_nothing_has_is_named_and_can_be_removed(make: Make, app: Any) -> None:
    make("uno", territory=["0801"])
    page = Page(app, "/en/dataset/", vocab_region="24", vocab_people="wampis")
    assert page.titles() == []
    assert page.pills() == ["Tumbes", "Wampis"]
    assert page.facets()["Region"] == {"Tumbes": 0}
    assert "vocab_region" not in page.links("Region")["Tumbes"]


def test_a_variety_stands_under_its_language(make: Make, app: Any) -> None:
    make("uno", language=["quechua-chanka"])
    make("dos", language=["quechua-collao", "es"])
    make("tres", language=["es"])
    make("cuatro", language=["es"])
    page = Page(app, "/en/dataset/")
    title = next(title for title, items in page.facets().items() if "Quechua" in items)
    assert list(page.facets()[title].items()) == [
        ("Spanish", 3),
        ("Quechua", 2),
        ("Quechua of Chanka", 1),
        ("Quechua of Collao", 1),
    ]
    indented = [_text(label) for label in page.soup.select(".item-label.ps-3")]
    assert indented == ["Quechua of Chanka", "Quechua of Collao"]


def test_more_than_fifty_values_are_listed_when_asked(make: Make, app: Any, vocabulary: Any) -> None:
    peoples = [
        concept.id for concept in vocabulary.scheme("people") if not concept.attributes.get("isolation")
    ]
    districts = [place.id for place in vocabulary.scheme("territory").descendants("15") if len(place.id) == 6]
    make("uno", people=peoples, territory=districts)
    make("dos", people=["wampis"], territory=["16"])
    query = {"facet.field": ["vocab_people", "vocab_district"]}
    found = helpers.call_action("package_search", **query)["search_facets"]
    assert len(found["vocab_district"]["items"]) == len(districts) > 50
    short, whole = Page(app, "/en/dataset/"), Page(app, "/en/dataset/", _vocab_people_limit="0")
    assert len(short.facets()["Peoples"]) == 10
    assert next(iter(short.facets()["Peoples"].items())) == ("Wampis", 2)
    assert len(whole.facets()["Peoples"]) == len(peoples)


def test_the_page_of_an_organisation_has_the_facets_that_differ(
    make: Make, app: Any, organization: dict[str, Any]
) -> None:
    make("uno", sector=["museos"])
    everywhere, here = Page(app, "/en/dataset/"), Page(app, f"/en/organization/{organization['name']}")
    assert here.titles() == ["uno"]
    assert {"Museums": 1} in here.facets().values()
    assert set(everywhere.facets()) - set(here.facets()) == {"Type of institution"}
    chosen = Page(app, f"/en/organization/{organization['name']}", vocab_sector="museos")
    assert chosen.pills() == ["Museums"]


def test_the_option_says_which_facets_and_in_which_order(
    make: Make, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.culturape.facets", "tags country sector organization no_such")
    make("uno", sector=["museos"], tags_translated={"es": ["colecciones"]})
    facets = Page(app, "/en/dataset/").facets()
    assert list(facets.values()) == [
        {"colecciones": 1},
        {"Peru": 1},
        {"Museums": 1},
        {"Biblioteca de prueba": 1},
    ]


def test_facets_of_other_extensions_stay(make: Make) -> None:
    from ckanext.culturape.logic.facets import offered_facets

    titles = {"organization": "Organizations", "tags": "Tags", "vocab_of_others": "Theirs"}
    assert list(offered_facets(titles).items())[-1] == ("vocab_of_others", "Theirs")
    assert "tags" not in offered_facets(titles)


def test_the_api_names_items_too(make: Make, app: Any) -> None:
    make("uno", sector=["museos"])
    query = {"facet.field": '["vocab_sector", "tags"]'}
    answer = app.get("/api/3/action/package_search", query_string=query).json["result"]
    items = answer["search_facets"]["vocab_sector"]["items"]
    assert [(item["name"], item["display_name"], item["count"]) for item in items] == [
        ("museos", "Museos", 1)
    ]
    assert answer["facets"]["vocab_sector"] == {"museos": 1}


def test_a_search_outside_of_a_request_names_items_in_the_language_of_the_catalogue(make: Make) -> None:
    make("uno", sector=["museos"])
    found = tk.get_action("package_search")({"ignore_auth": True}, {"facet.field": ["vocab_sector"]})
    assert found["search_facets"]["vocab_sector"]["items"][0]["display_name"] == "Museos"


def test_a_value_that_no_vocabulary_knows_is_shown_as_it_is(make: Make, app: Any) -> None:
    make("uno", resources=[{"url": "https://example.org/x", "format": "XYZZY"}])
    assert {"XYZZY": 1} in Page(app, "/en/dataset/").facets().values()


def test_an_editor_finds_drafts_and_private_datasets_counted(make: Make, app: Any) -> None:
    make("uno", sector=["museos"], private=True)
    user = factories.SysadminWithToken()
    answer = app.get("/dataset/", headers={"Authorization": user["token"]})
    assert "Museos" in answer.body
    assert "Museos" not in app.get("/dataset/").body


@pytest.mark.parametrize(
    "query",
    [
        "vocab_people=",
        "vocab_sector=&vocab_language=",
        "vocab_territory=",
        "vocab_cultural_right=%20",
        "vocab_people=nadie",
        "",
    ],
)
def test_a_facet_without_a_value_is_answered(app: Any, make_dataset: Any, query: str) -> None:
    make_dataset(resources=[{"url": "https://x.pe/sin-formato", "name": "Sin formato"}])
    assert app.get(f"/dataset/?{query}").status_code == 200
