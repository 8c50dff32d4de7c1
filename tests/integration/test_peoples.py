"""Pages of peoples and languages: everything that is catalogued about them, and nothing that care withholds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.helpers as helpers
import pytest
from agendas import Make, maker
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search import common
from ckan.lib.search.query import PackageSearchQuery
from sqlalchemy import event
from werkzeug.routing import Rule

from ckanext.culturape.logic import indexing
from ckanext.culturape.vocab.communities import isolation

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


@pytest.fixture
def named(make_dataset: Make) -> Make:
    """Creates datasets with titles of their own."""

    def create(title: str, **changes: Any) -> dict[str, Any]:
        return make_dataset(title_translated={"es": title}, **changes)

    return create


class Page:
    """A page of ours, read as somebody sees it."""

    def __init__(self, app: Any, address: str, **more: Any) -> None:
        self.soup = BeautifulSoup(app.get(address, **more).body, "html.parser")
        self.text = self.soup.select_one("[role=main]").get_text(" ", strip=True)

    def titles(self, section: str = "conjuntos") -> list[str]:
        """Titles in the section with the heading of this id."""
        return [
            a.get_text()
            for a in self.soup.select(
                f"section[aria-labelledby={section}] ul:not(.culturape-pills):not(.pagination) > li > a:first-child"
            )
        ]

    def count(self, heading: str = "conjuntos") -> str:
        found = self.soup.select_one(f"#{heading} .culturape-count")
        return found.get_text() if found else ""

    def canonical(self) -> list[str]:
        return [link["href"] for link in self.soup.select("head link[rel=canonical]")]

    def hrefs(self) -> set[str]:
        return {a["href"] for a in self.soup.select("[role=main] a[href]")}


def write_past_validation(name: str, **extras: Any) -> None:
    """Change stored values as no door of ours would let, and index the record."""
    package = model.Package.get(name)
    for key, value in extras.items():
        package.extras[key] = value if isinstance(value, str) else json.dumps(value)
    model.Session.commit()
    indexing.ckan_search.rebuild(package.id)
    indexing.ckan_search.commit()


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """How many questions the database and the index are asked."""
    asked = {"database": 0, "index": 0}
    run = PackageSearchQuery.run

    def count(*_: Any) -> None:
        asked["database"] += 1

    def search(*given: Any, **named: Any) -> Any:
        asked["index"] += 1
        return run(*given, **named)

    engine = model.ensure_engine()
    event.listen(engine, "before_cursor_execute", count)
    PackageSearchQuery.run = search  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        PackageSearchQuery.run = run  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", count)


def test_a_people_shows_all_that_is_catalogued_level_by_level(app: Any, named: Make, make: Make) -> None:
    named("Abierto", people=["awajun"], territory=["01"])
    named(
        "Con protocolo", people=["awajun"], territory=["010205"], access_level="con-protocolo", access_reason="Acuerdo.",
        community_authority="Organización de prueba", community_protocol_url="https://example.org/protocolo",
        notices=["bc-notice"], sensitivity=["ninguna"],
    )  # fmt: skip
    named("De la lengua", subject_language=["agr"])
    named("De otro", people=["wampis"])
    make("necesidad", people=["awajun"])
    agenda = make("agenda", people=["awajun"], agenda_status="vigente")
    make("compromiso", agenda=agenda["name"])
    make("compromiso", agenda=agenda["name"], private=True)
    page = Page(app, "/en/pueblo/awajun")
    assert (page.titles(), page.count()) == (["Abierto", "Con protocolo"], "2")
    assert [h.get_text() for h in page.soup.select("section[aria-labelledby=conjuntos] h3")] == [
        "Open",
        "By community protocol or on request",
    ]
    assert page.titles("segunda") == ["De la lengua"]
    assert (page.titles("de-necesidad"), page.count("de-necesidad")) == (["Hablantes por distrito"], "1")
    assert page.titles("de-agenda") == page.titles("de-compromiso") == ["Agenda of languages"]
    states = [
        state.get_text()
        for state in page.soup.select("section[aria-labelledby=de-compromiso] .culturape-state")
    ]
    assert states == ["Not started: 1"]
    for words in (
        "Aguaruna",
        "Aents",
        "BDPI",
        "Organización de prueba",
        "Received",
        "In force",
        "Amazonas",
        "BC Notice",
    ):
        assert words in page.text, words
    assert {
        "/en/lengua/agr",
        "https://example.org/protocolo",
        "/en/vocabulario/people/awajun",
    } <= page.hrefs()
    assert {
        "/en/vocabulario/people/awajun/novedades.atom",
        "/en/dataset/?vocab_people=awajun&vocab_region=01",
    } <= page.hrefs()
    assert any(href.endswith(".ttl") for href in page.hrefs())
    assert Page(app, "/pueblo/awajun?acceso=con-protocolo").titles() == ["Con protocolo"]
    assert Page(app, "/pueblo/awajun?ver=lenguas").titles() == ["De la lengua"]


def test_a_language_shows_what_is_about_it_and_what_is_in_it(app: Any, named: Make, make: Make) -> None:
    named("Sobre una variedad", subject_language=["quechua-chanka"])
    named("Escrito en ella", language=["qu"])
    make("necesidad", subject_language=["qu"])
    page = Page(app, "/en/lengua/qu")
    assert (page.titles(), page.titles("segunda")) == (["Sobre una variedad"], ["Escrito en ella"])
    assert page.count("de-necesidad") == "1"
    assert {"/en/pueblo/quechuas", "/en/pueblo/kichwa", "/en/lengua/quechua-chanka"} <= page.hrefs()
    assert "Runasimi" in page.text and "que" in page.text
    assert Page(app, "/lengua/quechua-chanka").titles() == ["Sobre una variedad"]
    assert Page(app, "/lengua/qu?ver=escritos").titles() == ["Escrito en ella"]
    achuar = Page(app, "/lengua/acu")
    assert "en peligro" in achuar.text and "Jíbaro" in achuar.text
    pills = BeautifulSoup(app.get("/dataset/?vocab_subject_language=qu").body, "html.parser").select(
        ".filter-list .pill"
    )
    assert [pill.get_text(" ", strip=True) for pill in pills] == ["Quechua"]


def test_who_may_see_more_sees_no_more_here(
    app: Any, named: Make, make: Make, editor: dict[str, Any]
) -> None:
    named("A la vista", people=["awajun"])
    named("Reservado", people=["awajun"], private=True)
    named("Borrador", people=["awajun"], state="draft")
    erased = named("Borrado", people=["awajun"])
    make("necesidad", people=["awajun"], private=True)
    helpers.call_action("package_delete", {"user": editor["name"]}, id=erased["id"])
    for headers in ({}, {"Authorization": editor["token"]}):
        page = Page(app, "/pueblo/awajun", headers=headers)
        assert (page.titles(), page.count(), page.titles("de-necesidad")) == (["A la vista"], "1", [])
        row = Page(app, "/pueblos?q=awajun", headers=headers).soup.select(".culturape-communities > li")
        assert ["1 conjunto de datos" in row[0].text, "necesidad" in row[0].text] == [True, False]


@pytest.mark.parametrize(
    "path", ["/pueblo/mashco-piro", "/pueblo/nanti", "/lengua/cox", "/lengua/pib", "/pueblo/matses"]
)
def test_of_peoples_in_isolation_no_place_is_named(app: Any, named: Make, make: Make, path: str) -> None:
    """Whatever stands in records, also in those that were written past the rules, and in those about their languages."""
    people = ["mashco-piro", "nanti", "matses"]
    named("Publicado", people=["awajun"])
    named("De la lengua", territory=["080906"])
    need = make("necesidad", people=["awajun"])
    agenda = make("agenda", people=["awajun"])
    name = helpers.call_action("package_search", q='title:"Publicado"')["results"][0]["name"]
    write_past_validation(
        name, people=people, territory=["170101"], community_authority="Comunidad de Fitzcarrald",
        community_protocol_url="https://example.org/fitzcarrald",
    )  # fmt: skip
    language = helpers.call_action("package_search", q='title:"De la lengua"')["results"][0]["name"]
    write_past_validation(language, subject_language=["cox", "pib"])
    for record in (need, agenda):
        write_past_validation(
            record["name"], people=people, territory=["170102"], subject_language=["cox", "pib"]
        )
    page = Page(app, f"/en{path}")
    assert "names no place" in page.text
    wanted = ["De la lengua"] if "lengua" in path else ["Publicado"]
    assert page.titles() == wanted
    assert (
        page.titles("segunda") == []
        and len(page.titles("de-necesidad")) == len(page.titles("de-agenda")) == 1
    )
    assert Page(app, f"/en{path}?vocab_region=17&vocab_district=170101&page=1").text == page.text
    body = app.get(path).body
    places = (
        "Madre de Dios",
        "Tambopata",
        "Inambari",
        "Fitzcarrald",
        "Cusco",
        "Echarati",
        "Megantoni",
        "Amazónica",
        "vocab_region",
        "1701",
        "0809",
    )
    assert [place for place in places if place in body or place in page.text] == []
    if "pueblo" in path:
        tk_found = helpers.call_action(
            "package_search",
            fq=f"+vocab_people:{path.rsplit('/', 1)[1]}",
            **{"facet.field": ["vocab_region", "vocab_district"]},
        )
        if path != "/pueblo/matses":
            assert tk_found["facets"] == {"vocab_region": {}, "vocab_district": {}}
        assert app.get(f"{path}?ver=lenguas", status=404)


def test_the_vocabulary_flags_those_whose_places_are_withheld(vocabulary: Any) -> None:
    flagged = [people.id for people in vocabulary.scheme("people") if isolation(people, vocabulary)]
    assert {"mashco-piro", "nanti", "nahua", "isconahua", "mastanahua", "chitonahua", "amahuaca"} <= set(
        flagged
    )
    assert "awajun" not in flagged


def test_many_datasets_come_in_pages_and_with_as_many_questions_as_one(app: Any, named: Make) -> None:
    named("Uno", people=["awajun"])
    app.get("/pueblo/awajun")
    with counted() as one:
        app.get("/pueblo/awajun")
    for number in range(24):
        named(
            f"Conjunto {number:02}",
            people=["awajun"],
            access_level="abierto" if number % 2 else "abierto-generalizado",
            access_reason="Por cuidado.",
        )
    with counted() as many:
        first = Page(app, "/pueblo/awajun")
    assert many == one and many["index"] == 5
    second = Page(app, "/pueblo/awajun?page=2")
    assert (len(first.titles()), len(second.titles()), first.count()) == (20, 5, "25")
    assert not set(first.titles()) & set(second.titles())
    assert "/pueblo/awajun?page=2" in first.hrefs()
    filtered = Page(app, "/pueblo/awajun?acceso=abierto-generalizado")
    assert len(filtered.titles()) == 12
    assert (
        first.canonical()[0].endswith("/pueblo/awajun"),
        second.canonical()[0].endswith("/pueblo/awajun?page=2"),
    ) == (True, True)
    assert filtered.canonical() == first.canonical()
    app.get("/pueblo/awajun?page=3", status=404)
    app.get("/pueblo/awajun?page=99999999999999999999", status=404)


@pytest.mark.parametrize(
    "name",
    [
        "nadie",
        "..",
        "%2e%2e%2fetc",
        "%00",
        "a" * 3000,
        "%22%20OR%20*:*",
        "<script>",
        "{!func}1",
        "%F0%9F%92%A9",
    ],
)
def test_what_is_no_name_is_not_found(app: Any, name: str) -> None:
    for kind in ("pueblo", "lengua"):
        answer = app.get(f"/{kind}/{name}", expect_errors=True)
        assert answer.status_code == 404, name
        assert "<script>alert" not in answer.body


def test_wrong_questions_of_a_page_are_not_found(app: Any) -> None:
    for query in ("acceso=nada", "ver=nada", "ver=escritos", "acceso=%22+OR+*"):
        app.get(f"/pueblo/awajun?{query}", status=404)
    app.get("/pueblo/awajun?page=0", status=400)
    assert app.get("/pueblos?q=" + "a" * 5000).status_code == 200


def test_any_form_of_a_name_finds_and_the_offensive_one_is_never_shown(app: Any) -> None:
    for typed in ("aguaruna", "AWAJÚN", "awajun", "Aents"):
        found = [
            a["href"] for a in Page(app, f"/pueblos?q={typed}").soup.select(".culturape-communities > li > a")
        ]
        assert found[0] == "/pueblo/awajun", typed
    page = Page(app, "/pueblos?q=campa")
    assert "/pueblo/ashaninka" in page.hrefs() and "Campa," not in page.text
    assert "Campa" not in Page(app, "/pueblo/ashaninka").text
    assert "Nothing found" in Page(app, "/en/lenguas?q=klingon").text
    answer = app.get("/pueblo/Aguaruna", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].endswith("/pueblo/awajun")) == (302, True)
    assert "&lt;b&gt;" in app.get("/pueblos?q=<b>").body


def test_lists_lead_to_all_and_concepts_to_and_fro(app: Any, vocabulary: Any) -> None:
    peoples = Page(app, "/pueblos").hrefs()
    assert {f"/pueblo/{one.id}" for one in vocabulary.scheme("people")} <= peoples
    assert {f"/lengua/{one.id}" for one in vocabulary.scheme("language") if not one.deprecated} <= Page(
        app, "/lenguas"
    ).hrefs()
    for path, page in (("people/awajun", "pueblo/awajun"), ("language/qu", "lengua/qu")):
        concept = Page(app, f"/vocabulario/{path}")
        assert f"/{page}" in concept.hrefs()
        assert (
            concept.canonical()
            == Page(app, f"/{page}").canonical()
            == [tk.url_for("home.index", _external=True).rstrip("/") + f"/{page}"]
        )
    assert Page(app, "/vocabulario/sector/musica").canonical() == []
    assert (
        "/pueblo/awajun" in app.get("/sitemap-portal.xml").body
        or "/pueblo/awajun" in app.get("/sitemap/portal.xml").body
    )


def test_texts_of_records_are_texts(app: Any, named: Make) -> None:
    named(
        "<script>alert(1)</script>", people=["awajun"], community_authority="<img src=x onerror=alert(1)>",
    )  # fmt: skip
    name = helpers.call_action("package_search")["results"][0]["name"]
    write_past_validation(name, community_protocol_url="javascript:alert(1)")
    body = app.get("/pueblo/awajun").body
    assert "<script>alert" not in body and "<img src=x" not in body and "javascript:alert" not in body


def test_a_need_can_be_stated_where_the_site_has_a_form_for_it(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    flask = app.flask_app
    if "culturape_needs.new" not in flask.view_functions:
        assert "/necesidad/nueva" not in app.get("/pueblo/awajun").body
        monkeypatch.setitem(flask.view_functions, "culturape_needs.new", lambda: "")
        flask.url_map.add(Rule("/necesidad/nueva", endpoint="culturape_needs.new"))
    assert "/necesidad/nueva?people=awajun" in Page(app, "/pueblo/awajun").hrefs()


def test_pages_stand_without_the_search(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise common.SearchError("down")

    monkeypatch.setattr(PackageSearchQuery, "run", fail)
    assert "does not answer" in Page(app, "/en/pueblo/awajun").text
    assert "Awajún" in Page(app, "/en/pueblos").text


@pytest.mark.ckan_config("ckan.plugins", "culturape scheming_datasets scheming_organizations")
def test_without_agendas_the_page_is_of_datasets(app: Any, named: Make) -> None:
    named("A la vista", people=["awajun"])
    assert Page(app, "/pueblo/awajun").titles() == ["A la vista"]
