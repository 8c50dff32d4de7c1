"""Coverage: what anybody can read, by two axes, each cell with the search that finds what it counts."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pysolr
import pytest
from agendas import Make, maker
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import search
from ckan.lib.search.common import make_connection

from ckanext.culturape.coverage import charting, counting

pytestmark = pytest.mark.usefixtures("clean")

HOSTILE = ("nada", "<script>alert(1)</script>", '" OR *:*', "{!func}x", "x" * 5000, "~", "🐍", "\x00")


@pytest.fixture
def make(make_dataset: Make) -> Make:
    """Creates datasets with names of their own."""

    def create(name: str, **changes: Any) -> dict[str, Any]:
        return make_dataset(name=name, title_translated={"es": name}, **changes)

    return create


@pytest.fixture
def ask(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


class Sheet:
    """The table of the page, as somebody reads it."""

    def __init__(
        self, app: Any, query: str = "", user: dict[str, Any] | None = None, status: int = 200
    ) -> None:
        headers = {"Authorization": user["token"]} if user else {}
        answer = app.get(f"/cobertura{query}", headers=headers, status=status)
        self.soup = BeautifulSoup(answer.body, "html.parser")
        table = self.soup.select_one(".cov-table")
        self.columns = [plain(head) for head in table.select("thead th")][1:]
        self.cells = {
            plain(row.select_one("th")): dict(zip(self.columns, row.select("td"), strict=True))
            for row in table.select("tbody tr, tfoot tr")
        }

    def number(self, row: str, column: str) -> int:
        """The datasets of a cell."""
        links = self.cells[row][column].select("a:not(.cov-needs):not(.cov-add)")
        return int(plain(links[0])) if links else 0

    def needs(self, row: str, column: str) -> int:
        """The needs of a cell."""
        link = self.cells[row][column].select_one(".cov-needs")
        return int(re.sub(r"\D", "", plain(link))) if link else 0

    def full(self) -> dict[tuple[str, str], int]:
        """The cells with datasets."""
        found = {(row, column): self.number(row, column) for row in self.cells for column in self.columns}
        return {place: number for place, number in found.items() if number}


def plain(tag: Any) -> str:
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def found_by(app: Any, address: str) -> list[str]:
    """The names of what a search finds, without logging in."""
    page = BeautifulSoup(app.get(address).body, "html.parser")
    return sorted(a["href"].rpartition("/")[2] for a in page.select(".dataset-heading a"))


def links_of(sheet: Sheet) -> dict[str, int]:
    """What each link of a cell promises to find."""
    links = sheet.soup.select(".cov-table td a:not(.cov-add)")
    return {link["href"]: int(re.sub(r"\D", "", plain(link))) for link in links}


def test_a_region_has_what_its_districts_have_and_the_country_is_none(app: Any, make: Make) -> None:
    make("distrito", territory=["080901"], cultural_right=["patrimonio"])
    make("dos", territory=["0801", "21"], cultural_right=["patrimonio", "identidad"])
    make("pais", territory=["PE"], cultural_right=["patrimonio"])
    make("vecino", territory=["BO"], cultural_right=["patrimonio"])
    sheet = Sheet(app)
    assert len(sheet.columns) == 8 and len(sheet.cells) == 25 + 1 + 1 + 1
    assert sheet.full() == {
        ("Cusco", "Patrimonio cultural"): 2, ("Cusco", "Identidad cultural"): 1, ("Cusco", "Total"): 2,
        ("Puno", "Patrimonio cultural"): 1, ("Puno", "Identidad cultural"): 1, ("Puno", "Total"): 1,
        ("Todo el país", "Patrimonio cultural"): 1, ("Todo el país", "Total"): 1,
        ("Solo otros países", "Patrimonio cultural"): 1, ("Solo otros países", "Total"): 1,
        ("Total", "Patrimonio cultural"): 4, ("Total", "Identidad cultural"): 1, ("Total", "Total"): 4,
    }  # fmt: skip
    assert plain(sheet.cells["Tumbes"]["Patrimonio cultural"]) == "–"


def test_every_cell_leads_to_what_it_counts(app: Any, make: Make, ask: Make) -> None:
    make("cusco", territory=["08"], sector=["museos"])
    make("pais", territory=["PE"])
    make("vecino", territory=["BO", "CL"])
    make("ambos", territory=["PE", "CL"])
    for number, places in enumerate((["08"], ["PE"], None)):
        ask("necesidad", name=f"necesidad-{number}", territory=places, cultural_right=["informacion"])
    for query in ("", "?rows=sector&columns=access_level", "?rows=language&columns=region", "?sector=museos", "?region=~todo-el-pais"):  # fmt: skip
        links = links_of(Sheet(app, query))
        assert links
        for address, number in links.items():
            assert len(found_by(app, address)) == number, (query, address)


def test_only_what_anybody_can_read_counts(app: Any, make: Make, editor: dict[str, Any]) -> None:
    make("abierto", territory=["08"])
    make("privado", territory=["08"], private=True)
    make("borrador", territory=["08"], state="draft")
    gone = make("borrado", territory=["08"])
    helpers.call_action("package_delete", {"user": factories.Sysadmin()["name"]}, id=gone["id"])
    wanted = {("Cusco", "Información y comunicación"): 1, ("Cusco", "Total"): 1, ("Total", "Información y comunicación"): 1, ("Total", "Total"): 1}  # fmt: skip
    other = factories.UserWithToken()
    factories.Organization(users=[{"name": other["name"], "capacity": "editor"}], institution_type="museo")
    for user in (None, editor, other, factories.SysadminWithToken()):
        assert Sheet(app, user=user).full() == wanted
    lines = rows(app, user=factories.SysadminWithToken())
    assert (
        sum(
            int(line["conjuntos_de_datos"])
            for line in lines
            if line["columna_id"] == "total" == line["fila_id"]
        )
        == 1
    )


def test_the_index_of_another_site_is_not_counted(app: Any, make: Make) -> None:
    make("abierto", territory=["08"])
    index_again("abierto", index_id="otro", site_id="otro")
    try:
        assert Sheet(app).number("Total", "Total") == 1
    finally:  # CKAN empties the index of its own site only
        make_connection().delete(q='site_id:"otro"', commit=True)


def test_needs_count_until_somebody_answers(app: Any, make: Make, ask: Make) -> None:
    place = {"territory": ["0801"], "cultural_right": ["patrimonio"]}
    dataset, agenda = make("dato", territory=["21"]), ask("agenda", name="agenda-x")
    open_one = ask("necesidad", name="abierta", **place)
    ask("necesidad", name="con-dato", answered_by=[dataset["id"]], **place)
    promised = ask("necesidad", name="con-compromiso", **place)
    ask("necesidad", name="privada", private=True, **place)
    admin = factories.Sysadmin()["name"]
    refused = ask("necesidad", name="negada", **place)
    helpers.call_action("culturape_need_status_set", {"user": admin}, id=refused["id"], status="no-procede", comment="No es de cultura.")  # fmt: skip
    cell = ("Cusco", "Patrimonio cultural")
    assert Sheet(app).needs(*cell) == 2
    promise = ask(
        "compromiso", name="promesa", agenda=agenda["id"], answers_needs=[promised["id"]], private=True
    )
    assert Sheet(app).needs(*cell) == 2
    helpers.call_action("package_patch", {"user": admin}, id=promise["id"], private=False)
    sheet = Sheet(app)
    assert sheet.needs(*cell) == 1 and "cov-asked" in sheet.cells[cell[0]][cell[1]]["class"]
    address = sheet.cells[cell[0]][cell[1]].select_one(".cov-needs")["href"]
    assert found_by(app, address) == [open_one["name"]]
    page = BeautifulSoup(app.get(address).body, "html.parser")
    assert "Necesidades que nadie ha respondido" in plain(page.select_one(".filter-list"))
    assert page.select_one("input[type=hidden][name=ext_need]")
    helpers.call_action(
        "package_patch", {"user": admin}, id=promise["id"], withdrawn_reason="Sin presupuesto."
    )
    assert Sheet(app).needs(*cell) == 2
    assert Sheet(app, "?columns=access_level").soup.select(".cov-needs") == []


def test_without_agendas_there_are_datasets_alone(app: Any, make: Make, ask: Make, monkeypatch: Any) -> None:
    make("dato", territory=["08"])
    ask("necesidad", territory=["08"])
    monkeypatch.setattr(counting, "NEEDS_PAGE", "nadie.search")
    sheet = Sheet(app)
    assert sheet.number("Cusco", "Total") == 1
    assert "necesidad" not in plain(sheet.soup.select_one(".cov-intro")).lower() and not sheet.soup.select(
        ".cov-needs"
    )
    assert {line["necesidades_sin_respuesta"] for line in rows(app)} == {""}


def test_peoples_in_isolation_are_never_located(app: Any, make: Make) -> None:
    closed = {"access_level": "solo-metadatos", "access_reason": "Se cuida.", "sensitivity": ["piaci"]}
    make("piaci", people=["mashco-piro"], territory=["PE"], **closed)
    # Written past the validators: what the index gets is reduced.
    package = model.Package.get("piaci")
    package.extras["territory"] = '["170301"]'
    model.repo.commit()
    search.rebuild("piaci", force=True)
    assert not [place for place in Sheet(app).full() if place[0] == "Madre de Dios"]
    sheet = Sheet(app, ISOLATED)
    assert {plain(sheet.cells["Mashco Piro"][name]) for name in sheet.columns[:25]} == {"⊘no se ubica"}
    assert sheet.number("Mashco Piro", "Todo el país") == 1
    # An index from before the people was known to live in isolation.
    index_again("piaci", vocab_region=["17"])
    assert Sheet(app).number("Madre de Dios", "Total") == 1
    sheet = Sheet(app, ISOLATED)
    assert {plain(sheet.cells["Mashco Piro"][name]) for name in sheet.columns[:25]} == {"⊘no se ubica"}
    assert not Sheet(app, "?people=mashco-piro").number("Madre de Dios", "Total")
    isolated = [
        line
        for line in rows(app, ISOLATED)
        if line["fila_id"] == "mashco-piro" and line["columna_id"].isdigit()
    ]
    assert {(line["conjuntos_de_datos"], line["situacion"]) for line in isolated} == {("0", "reservado")}
    search.rebuild("piaci", force=True)
    filtered = Sheet(app, "?people=mashco-piro")
    assert not filtered.soup.select(".cov-map") and filtered.number("Todo el país", "Total") == 1


ISOLATED = "?rows=people&columns=region&all=1"


def index_again(name: str, **changes: Any) -> None:
    """Put a document of the index there once more, with other values."""
    kept = ("id", "index_id", "site_id", "name", "entity_type", "dataset_type", "state", "capacity", "vocab_people", "vocab_country", "vocab_cultural_right")  # fmt: skip
    [own] = make_connection().search("*:*", fq=f"name:{name}").docs
    document = {key: own[key] for key in kept if key in own}
    make_connection().add([{**document, "permission_labels": ["public"], **changes}], commit=True)


def rows(app: Any, query: str = "", user: dict[str, Any] | None = None) -> list[dict[str, str]]:
    headers = {"Authorization": user["token"]} if user else {}
    text = app.get(f"/cobertura.csv{query}", headers=headers).get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_the_table_says_the_same_as_the_page(app: Any, make: Make) -> None:
    make("uno", territory=["08"], people=["wampis"])
    make("dos", territory=["PE"], people=["wampis", "aimara"])
    lines = rows(app, "?rows=people&columns=region")
    found = {
        (line["fila"], line["columna_id"]): int(line["conjuntos_de_datos"])
        for line in lines
        if line["conjuntos_de_datos"] != "0"
    }
    assert found == {
        ("Wampis", "08"): 1, ("Wampis", "todo-el-pais"): 1, ("Wampis", "total"): 2,
        ("Aimara", "todo-el-pais"): 1, ("Aimara", "total"): 1,
        ("", "08"): 1, ("", "todo-el-pais"): 1, ("", "total"): 2,
    }  # fmt: skip
    assert len({line["fila_id"] for line in lines}) >= 60
    [cusco] = [line for line in lines if (line["fila_id"], line["columna_id"]) == ("wampis", "08")]
    assert cusco["situacion"] == "existe" and found_by(
        app, cusco["busqueda"].replace("http://test.ckan.net", "")
    ) == ["uno"]
    assert {line["situacion"] for line in lines if line["fila_id"] == "mashco-piro" and line["columna_id"].isdigit()} == {"reservado"}  # fmt: skip
    answer = app.get("/cobertura.csv")
    assert app.get("/cobertura.csv", headers={"If-None-Match": answer.headers["ETag"]}, status=304)


def test_long_axes_show_what_has_something_and_the_rest_when_asked(app: Any, make: Make) -> None:
    make("uno", people=["wampis"])
    sheet = Sheet(app, "?rows=people&columns=cultural_right")
    assert [row for row in sheet.cells if row != "Total"] == ["Wampis"]
    address = next(a["href"] for a in sheet.soup.select(".cov-matrix > p a") if "all=1" in a["href"])
    whole = Sheet(app, address.replace("/cobertura", ""))
    assert len(whole.cells) == 60 + 1 and whole.number("Wampis", "Total") == 1


def test_the_news_of_such_a_search_are_of_that_search(app: Any, make: Make) -> None:
    make("uno", territory=["08"])
    make("pais", territory=["PE"])
    page = BeautifulSoup(app.get("/dataset/?ext_region=todo-el-pais").body, "html.parser")
    assert [plain(pill).split(" ×")[0] for pill in page.select(".filter-list .pill")] == [
        "Región: Todo el país"
    ]
    feed = app.get(
        page.select_one("link[type='application/atom+xml']")["href"].replace("http://test.ckan.net", "")
    )
    assert feed.body.count("<entry>") == 1 and "pais" in feed.body
    removed = page.select_one(".filter-list .remove")["href"]
    assert found_by(app, f"/dataset/{removed}") == ["pais", "uno"]


def test_filters_narrow_and_can_be_removed(app: Any, make: Make) -> None:
    make("uno", territory=["08"], sector=["museos"])
    make("dos", territory=["08"], sector=["archivos"])
    sheet = Sheet(app, "?sector=museos")
    assert sheet.number("Cusco", "Total") == 1
    [chip] = sheet.soup.select(".cov-chips li")
    assert "Museos" in plain(chip)
    assert Sheet(app, chip.select_one("a")["href"].replace("/cobertura", "")).number("Cusco", "Total") == 2
    assert sheet.soup.select_one("#cov-only-sector option[selected]")["value"] == "museos"
    narrow = Sheet(app, "?language=quechua-chanka&region=~todo-el-pais").soup
    assert narrow.select_one("#cov-only-language option[selected]")["value"] == "quechua-chanka"
    assert narrow.select_one("#cov-only-region option[selected]")["value"] == "~todo-el-pais"
    assert "vocab_sector=museos" in sheet.cells["Cusco"]["Total"].select_one("a")["href"]


@pytest.mark.parametrize("value", HOSTILE)
def test_what_makes_no_sense_is_said_and_nothing_breaks(app: Any, make: Make, value: str) -> None:
    make("uno", territory=["08"])
    for name in ("rows", "columns", "sector", "people", "region", "all", "otra"):
        answer = app.get("/cobertura", query_string={name: value}, status=200)
        page = BeautifulSoup(answer.body, "html.parser")
        assert len(page.select(".culturape-banner")) == (name not in {"all", "otra"}) or value == "\x00", (
            name,
            value,
        )
        assert "<script>alert(1)" not in answer.body and len(answer.body) < 300_000
        app.get("/cobertura.csv", query_string={name: value}, status=200)
    for name in ("ext_region", "ext_need", "ext_cultural_right"):
        app.get("/dataset/", query_string={name: value}, status=200)
        assert found_by(app, f"/dataset/?{name}=nada") == ["uno"]


def test_the_same_axis_twice_and_many_values(app: Any, make: Make) -> None:
    make("uno", territory=["08"])
    sheet = Sheet(app, "?rows=region&columns=region")
    assert "Patrimonio cultural" in sheet.columns and sheet.soup.select(".culturape-banner")
    many = "&".join(f"region={number:02}" for number in range(1, 26))
    assert "solo cuentan los primeros 5" in plain(Sheet(app, f"?{many}").soup.select_one(".culturape-banner"))
    assert (
        "cultural_right"
        in Sheet(app, "?rows=cultural_right").soup.select_one("#cov-rows option[selected]")["value"]
    )


def test_the_map_has_all_regions_with_links_and_names(app: Any, make: Make) -> None:
    make("uno", territory=["07"])
    page = Sheet(app).soup
    regions = page.select(".cov-map svg > a")
    assert len(regions) == 25
    callao = next(region for region in regions if region.select_one("title").text.startswith("Callao"))
    assert found_by(app, callao["href"]) == ["uno"]
    lima = next(region for region in regions if region.select_one("title").text.startswith("Lima"))
    assert page.select_one(f"[id='{lima['href'].lstrip('#')}']").text == "Lima"
    assert "Natural Earth" in page.select_one(".cov-map figcaption").text
    assert not Sheet(app, "?rows=sector&columns=people").soup.select(".cov-map")


def test_a_pack_without_outlines_has_no_map(app: Any, make: Make, monkeypatch: Any) -> None:
    make("uno", territory=["07"])
    monkeypatch.setattr(charting.config, "pack", lambda: "tests/data/packs/isla")
    assert not Sheet(app).soup.select(".cov-map")


def test_a_need_is_asked_for_only_where_a_form_is(app: Any, make: Make, monkeypatch: Any) -> None:
    make("uno", territory=["07"])
    monkeypatch.setitem(tk.config, "ckanext.culturape.needs.from", "nobody")
    closed = Sheet(app)
    assert not closed.soup.select(".cov-add")
    assert plain(closed.cells["Tumbes"]["Patrimonio cultural"]) == "–nada"
    monkeypatch.setitem(tk.config, "ckanext.culturape.needs.from", "people")
    sheet = Sheet(app, "?sector=museos")
    address = sheet.cells["Cusco"]["Patrimonio cultural"].select_one(".cov-add")["href"]
    assert address.endswith("?sector=museos&territory=08&cultural_right=patrimonio")
    assert (
        sheet.cells["Todo el país"]["Patrimonio cultural"]
        .select_one(".cov-add")["href"]
        .count("territory=PE")
        == 1
    )
    form = app.get(address, headers={"Authorization": factories.UserWithToken()["token"]}).body
    assert BeautifulSoup(form, "html.parser").select_one("textarea[name=territory]").text.strip() == "08"
    located = Sheet(app, ISOLATED).cells["Mashco Piro"]
    assert not located["Cusco"].select("a")


def test_the_search_that_does_not_answer_is_said(app: Any, monkeypatch: Any) -> None:
    nobody = pysolr.Solr("http://127.0.0.1:9/solr/nada")
    monkeypatch.setattr(counting, "make_connection", lambda **_: nobody)
    assert "La búsqueda no responde" in app.get("/cobertura", status=503).body


def test_the_page_is_in_the_navigation_and_reads_in_english(app: Any, make: Make) -> None:
    home = BeautifulSoup(app.get("/").body, "html.parser")
    assert home.select_one("li a[href$='/cobertura']").text.strip() == "Cobertura"
    assert "Whole country" in app.get("/en/cobertura").body
