"""News of datasets as Atom: of all, of an organisation, of a keyword, and of any search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search import rebuild

Make = Callable[..., dict[str, Any]]
A = {"a": "http://www.w3.org/2005/Atom"}
SITE = "http://test.ckan.net"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def make(make_dataset: Make) -> Make:
    """Creates datasets with names of their own."""

    def create(name: str, **changes: Any) -> dict[str, Any]:
        return make_dataset(name=name, **{"title_translated": {"es": name}, **changes})

    return create


class Feed:
    """A feed as a reader of news sees it."""

    def __init__(self, app: Any, path: str, **query: Any) -> None:
        answer = app.get(path, query_string=query or None)
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        self.root = ET.fromstring(answer.body)

    def titles(self) -> list[str]:
        return [str(title.text) for title in self.root.iterfind("a:entry/a:title", A)]

    def links(self, path: str = "a:link") -> dict[str, str]:
        return {
            str(link.get("rel", "alternate")): str(link.get("href")) for link in self.root.iterfind(path, A)
        }


CUSTOM = "/feeds/custom.atom"


def test_the_feed_of_a_search_has_what_the_search_page_shows(app: Any, make: Make) -> None:
    make("uno", cultural_right=["identidad"], sector=["museos", "archivos"])
    make("dos", cultural_right=["identidad"], sector=["archivos"], people=["quechuas"])
    make("tres", cultural_right=["informacion"], notes_translated={"es": "Música de los Andes"})
    assert sorted(Feed(app, CUSTOM, vocab_cultural_right="identidad").titles()) == ["dos", "uno"]
    assert Feed(app, CUSTOM, q="quechua").titles() == ["dos"]
    assert Feed(app, CUSTOM, q="musica").titles() == ["tres"]
    both = {"vocab_cultural_right": "identidad", "vocab_sector": ["museos", "archivos"]}
    assert Feed(app, CUSTOM, **both).titles() == ["uno"]
    assert Feed(app, CUSTOM, organization="biblioteca", q="dos").titles() == ["dos"]
    assert Feed(app, CUSTOM, vocab_cultural_right="nada").titles() == []


def test_the_last_changed_comes_first(app: Any, make: Make) -> None:
    for name in ("uno", "dos", "tres"):
        make(name)
    context = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", context, id="uno", version="2")
    assert Feed(app, CUSTOM).titles() == ["uno", "tres", "dos"]
    assert Feed(app, CUSTOM, sort="title_string asc").titles() == ["dos", "tres", "uno"]


@pytest.mark.parametrize(
    "path", ["/feeds/dataset.atom", "/feeds/organization/biblioteca.atom", "/feeds/tag/libros.atom", CUSTOM]
)
def test_only_public_datasets_in_every_feed(app: Any, make: Make, editor: dict[str, Any], path: str) -> None:
    tags = {"tags_translated": {"es": ["libros"]}}
    make("uno", **tags)
    make("privado", private=True, **tags)
    make("borrador", state="draft", **tags)
    gone = make("borrado", **tags)
    helpers.call_action("package_delete", {"user": factories.Sysadmin()["name"]}, id=gone["id"])
    other = make("agenda", **tags)
    model.Package.get(other["id"]).type = "agenda"
    model.Session.commit()
    rebuild(other["id"])
    assert Feed(app, path).titles() == ["uno"]
    seen = app.get(path, headers={"Authorization": editor["token"]}).body
    assert "privado" not in seen and "borrador" not in seen


@pytest.mark.parametrize("path", ["/feeds/dataset.atom", CUSTOM])
def test_entries_lead_to_pages_in_the_language_of_the_portal(app: Any, make: Make, path: str) -> None:
    dataset = make("uno", title_translated={"es": "Música y danza", "en": "Music and dance"})
    feed = Feed(app, path)
    assert feed.titles() == ["Música y danza"]
    assert feed.root.get(XML_LANG) == "es"
    assert feed.links("a:entry/a:link")["alternate"] == f"{SITE}/dataset/{dataset['id']}"


@pytest.mark.parametrize("path", ["/feeds/dataset.atom", CUSTOM])
@pytest.mark.parametrize("title", ["<script>alert(1)</script> & ]]>", "a\x0bb\u2028c", "\"'><b>"])
def test_hostile_titles(app: Any, make: Make, path: str, title: str) -> None:
    dataset = make("uno", title_translated={"es": title}, notes_translated={"es": title})
    package = model.Package.get(dataset["id"])
    package.title = title
    model.Session.commit()
    rebuild(dataset["id"])
    found = Feed(app, path)
    assert len(found.titles()) == 1
    assert "<script" not in app.get(path).body


def test_pages_follow_each_other(app: Any, make: Make, ckan_config: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(ckan_config, "ckan.feeds.limit", 2)
    for n in range(5):
        make(f"numero-{n}", sector=["museos"])
    seen: list[str] = []
    path, pages = f"{CUSTOM}?vocab_sector=museos&vocab_cultural_right=informacion", 0
    while path:
        feed = Feed(app, path)
        links = feed.links()
        assert ("previous" in links or "prev" in links) == (pages > 0)
        assert links["alternate"] == f"{SITE}/dataset/?vocab_sector=museos&vocab_cultural_right=informacion"
        seen += feed.titles()
        path, pages = links.get("next", "").removeprefix(SITE), pages + 1
    assert (seen, pages) == ([f"numero-{n}" for n in reversed(range(5))], 3)
    second = Feed(app, Feed(app, "/feeds/dataset.atom").links()["next"].removeprefix(SITE))
    assert second.titles() == ["numero-2", "numero-1"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "title:["}, {"sort": "nada"}, {"metadata_created": "ayer"}, {"page": "0"}, {"page": "uno"}, {"page": "-1"},
        {"page": "9" * 30},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_told_in_a_sentence(app: Any, make: Make, query: dict[str, str]) -> None:
    make("uno")
    answer = app.get(CUSTOM, query_string=query, status=400)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert len(answer.body.strip().splitlines()) == 1


def test_a_filter_cannot_ask_for_what_is_hidden(app: Any, make: Make) -> None:
    make("uno")
    make("privado", private=True)
    for value in ('x" OR capacity:"private', 'x") OR (*:*', "\\"):
        assert Feed(app, CUSTOM, vocab_sector=value).titles() == []
    assert Feed(app, CUSTOM, capacity="private").titles() == []
    assert Feed(app, CUSTOM, **{"*:* OR vocab_sector": "x"}).titles() == ["uno"]


def test_the_feed_is_named_after_its_search(app: Any, make: Make) -> None:
    make("uno")
    feed = Feed(app, "/es" + CUSTOM, q="libros", vocab_cultural_right="identidad")
    assert feed.root.findtext("a:title", namespaces=A) == "Portal de pruebas - libros, Identidad cultural"


def test_the_search_page_leads_to_its_feed(app: Any, make: Make) -> None:
    make("uno", cultural_right=["identidad"])
    query = "?q=uno&vocab_cultural_right=identidad&vocab_sector=bibliotecas&page=1&_sector_limit=0"
    page = BeautifulSoup(app.get(f"/dataset/{query}").body, "html.parser")
    wanted = f"{SITE}{CUSTOM}?q=uno&vocab_cultural_right=identidad&vocab_sector=bibliotecas"
    assert [link["href"] for link in page.select('link[type="application/atom+xml"]')] == [wanted]
    (shown,) = page.select(".culturape-feed a")
    assert shown["href"] == wanted
    assert Feed(app, wanted.removeprefix(SITE)).titles() == ["uno"]
