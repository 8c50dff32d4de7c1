"""Pages and feeds of vocabularies: what uses a concept, what took its place, and nothing that somebody may not see."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import yaml
from bs4 import BeautifulSoup
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from ckan.lib.search import common
from lxml import etree

from ckanext.culturape.logic import indexing

Make = Callable[..., dict[str, Any]]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
PACK = Path(__file__).parents[2] / "ckanext" / "culturape" / "vocab" / "data" / "packs" / "pe"


class Page:
    """The page of a concept or scheme, read as somebody sees it."""

    def __init__(self, app: Any, address: str, **more: Any) -> None:
        self.soup = BeautifulSoup(app.get(address, **more).body, "html.parser")
        self.text = self.soup.select_one("[role=main]").get_text(" ", strip=True)

    def datasets(self) -> list[str]:
        """Titles of the listed datasets."""
        return [a.get_text() for a in self.soup.select(".culturape-latest li > a")]

    def total(self) -> str:
        """The number beside the heading of the datasets."""
        found = self.soup.select_one("#conjuntos .culturape-count")
        return found.get_text() if found else ""

    def links(self, kind: str) -> dict[str, str]:
        """Addresses in the head by media type."""
        return {a["type"]: a["href"] for a in self.soup.select(f"head link[rel={kind}][type]")}


def feed(app: Any, address: str, **more: Any) -> Any:
    """The Atom feed, parsed strictly."""
    answer = app.get(address, **more)
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    return etree.fromstring(answer.body.encode())


def titles(root: Any) -> list[str]:
    return root.xpath("a:entry/a:title/text()", namespaces=ATOM)


@pytest.fixture
def make(make_dataset: Make) -> Make:
    """Creates datasets with names of their own."""

    def create(name: str, **changes: Any) -> dict[str, Any]:
        return make_dataset(name=name, **{"title_translated": {"es": name}, **changes})

    return create


def test_a_concept_shows_the_datasets_of_any_field_the_newest_first(make: Make, app: Any) -> None:
    make("uno", language=["es"], frequency="ANNUAL")
    make("dos", subject_language=["quechua-chanka"], frequency="MONTHLY")
    make("tres", resources=[{"url": "https://example.org/a", "format": "CSV", "language": ["qu"]}])
    page = Page(app, "/en/vocabulario/language/qu")
    assert (page.datasets(), page.total()) == (["tres", "dos"], "2")
    assert "Biblioteca de prueba" in page.text
    assert "Datasets of what is more precise are counted here too." in page.text
    assert Page(app, "/vocabulario/language/quechua-chanka").datasets() == ["dos"]
    assert Page(app, "/vocabulario/frequency/MONTHLY").datasets() == ["dos"]
    assert Page(app, "/vocabulario/file-type/CSV").datasets() == ["tres"]
    assert Page(app, "/vocabulario/institution-type/biblioteca").total() == "3"
    assert Page(app, "/vocabulario/country/PE").total() == "3"


def test_ten_are_shown_and_the_rest_is_a_search_that_finds_the_same(make: Make, app: Any) -> None:
    for number in range(12):
        make(f"conjunto-{number:02}")
    page = Page(app, "/en/vocabulario/territory/15")
    assert (len(page.datasets()), page.datasets()[0], page.total()) == (10, "conjunto-11", "12")
    search = BeautifulSoup(app.get(page.soup.select_one("a.btn-primary")["href"]).body, "html.parser")
    assert "12" in search.select_one("h1").get_text()
    assert [pill.get_text(" ", strip=True) for pill in search.select(".filter-list .pill")] == ["Lima"]


def test_a_concept_that_nobody_uses_and_one_that_records_never_choose(make: Make, app: Any) -> None:
    assert "No dataset uses this concept yet." in Page(app, "/en/vocabulario/sector/musica").text
    page = Page(app, "/en/vocabulario/theme/EDUC")
    assert page.soup.select("#conjuntos") == []
    assert "application/atom+xml" not in page.links("alternate")
    assert titles(feed(app, "/vocabulario/theme/EDUC/novedades.atom")) == []


def test_the_index_word_search_does_not_find_names_of_schemes(make: Make) -> None:
    make("uno")
    for word in ("licence", "territory", "frequency", "concepts"):
        assert helpers.call_action("package_search", q=word)["count"] == 0


def test_who_may_not_see_a_dataset_sees_it_neither_in_page_count_nor_feed(
    make: Make, editor: dict[str, Any], app: Any
) -> None:
    make("abierto", title_translated={"es": "A la vista"})
    make("reservado", title_translated={"es": "Reservado"}, private=True)
    make("borrador", title_translated={"es": "Borrador"}, state="draft")
    erased = make("borrado", title_translated={"es": "Borrado"})
    helpers.call_action("package_delete", {"user": editor["name"]}, id=erased["id"])
    seen = Page(app, "/vocabulario/sector/bibliotecas")
    assert (seen.datasets(), seen.total()) == (["A la vista"], "1")
    own = {"Authorization": editor["token"]}
    page = Page(app, "/en/vocabulario/sector/bibliotecas", headers=own)
    assert (page.datasets(), page.total()) == (["Reservado", "A la vista"], "2")
    assert page.soup.select_one(".culturape-latest .culturape-retired").get_text() == "private"
    other = {"Authorization": factories.UserWithToken()["token"]}
    assert Page(app, "/vocabulario/sector/bibliotecas", headers=other).datasets() == ["A la vista"]
    for headers in ({}, own, {"Authorization": factories.SysadminWithToken()["token"]}):
        root = feed(app, "/vocabulario/sector/bibliotecas/novedades.atom", headers=headers)
        assert titles(root) == ["A la vista"]


def write_past_validation(name: str, **extras: Any) -> None:
    """Change stored values as no door of ours would let, and index the record."""
    package = model.Package.get(name)
    for key, value in extras.items():
        package.extras[key] = json.dumps(value)
    model.Session.commit()
    indexing.ckan_search.rebuild(package.id)
    indexing.ckan_search.commit()


def test_what_the_rules_of_care_withhold_is_found_at_no_place(make: Make, app: Any) -> None:
    make("uno", territory=["25"])
    make("dos", territory=["250401"])
    write_past_validation("uno", sensitivity=["piaci"], territory=["250401"])
    for code in ("25", "2504", "250401"):
        assert Page(app, f"/vocabulario/territory/{code}").datasets() == ["dos"]
        assert titles(feed(app, f"/vocabulario/territory/{code}/novedades.atom")) == ["dos"]
        found = helpers.call_action("package_search", fq=f'vocab_territory_concepts:"{code}"')
        assert [record["name"] for record in found["results"]] == ["dos"]
    assert Page(app, "/vocabulario/territory/PE").total() == "2"
    fields = helpers.call_action("package_search", fq="name:uno", fl=["vocab_territory_concepts"])
    assert "25" not in json.dumps(fields["results"])


def test_nobody_fills_the_index_of_concepts_with_an_extra(make: Make, app: Any) -> None:
    make("uno", extras=[{"key": "vocab_territory_concepts", "value": "08"}])
    assert Page(app, "/vocabulario/territory/08").datasets() == []


HOSTILE = "<script>alert('x')</script> & \"]]> ñ"


def test_a_feed_is_valid_atom_whatever_titles_hold(make: Make, app: Any) -> None:
    make("uno", title_translated={"es": HOSTILE}, notes_translated={"es": f"**{HOSTILE}**"})
    dataset = make("dos")
    package = model.Package.get("dos")
    package.title = "con\x01trol\x0b\ufffe"
    package.extras["title_translated"] = json.dumps({"es": "con\x01trol\x0b\ufffe"})
    model.Session.commit()
    indexing.ckan_search.rebuild("dos")
    indexing.ckan_search.commit()
    root = feed(app, "/es/vocabulario/sector/bibliotecas/novedades.atom")
    assert titles(root) == ["control", HOSTILE]
    assert root.findtext("a:title", namespaces=ATOM).startswith("Bibliotecas · ")
    ids = root.xpath("//a:id/text()", namespaces=ATOM)
    assert len(ids) == len(set(ids)) == 3
    assert ids[1].endswith(f"/dataset/{dataset['id']}")
    updated = root.xpath("a:entry/a:updated/text()", namespaces=ATOM)
    assert root.findtext("a:updated", namespaces=ATOM) == max(updated)
    links = {a.get("rel"): a.get("href") for a in root.findall("a:link", ATOM)}
    assert links["self"].endswith("/vocabulario/sector/bibliotecas/novedades.atom")
    assert app.get(links["alternate"]).status_code == 200
    assert [a.get("href") for a in root.findall("a:entry/a:link", ATOM)][0].endswith("/dataset/dos")
    assert all(entry.findtext("a:author/a:name", namespaces=ATOM) for entry in root.findall("a:entry", ATOM))


def test_an_unchanged_feed_is_not_sent_again_and_a_new_dataset_changes_it(make: Make, app: Any) -> None:
    address = "/vocabulario/sector/bibliotecas/novedades.atom"
    assert titles(feed(app, address)) == []
    make("uno")
    etag = app.get(address).headers["ETag"]
    assert app.get(address, headers={"If-None-Match": etag}).status_code == 304
    make("dos")
    assert app.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_pages_lead_to_what_programs_read(clean: None, app: Any) -> None:
    places = {"": 4, "/sector": 4, "/sector/museos": 5, "/licence/CC-BY-4.0": 5}
    for path, number in places.items():
        page = Page(app, f"/vocabulario{path}")
        links = page.links("alternate")
        assert len(links) == number
        assert [a["href"] for a in page.soup.select(".culturape-formats a")] == list(links.values())[:4]
        for media_type, address in links.items():
            assert app.get(address).headers["Content-Type"].startswith(media_type)


def test_a_feed_reader_finds_the_feed_and_the_address_is_shown(clean: None, app: Any) -> None:
    page = Page(app, "/en/vocabulario/cultural-right/identidad")
    address = page.links("alternate")["application/atom+xml"]
    assert page.soup.select(f'[role=main] a[href="{address}"]')
    assert page.soup.select_one(".culturape-address code").get_text().endswith("/cultural-right/identidad")
    assert page.soup.select_one(".culturape-other [lang=es]").get_text() == "Identidad cultural"
    assert "Nearly the same" in [title.get_text() for title in page.soup.select(".culturape-matches dt")]


@pytest.mark.ckan_config("ckan.plugins", "culturape scheming_datasets scheming_organizations activity")
@pytest.mark.usefixtures("with_plugins")
def test_without_the_catalogue_pages_promise_no_formats(app: Any) -> None:
    for path in ("/", "/sector", "/sector/museos"):
        page = Page(app, f"/vocabulario{path}")
        assert set(page.links("alternate")) <= {"application/atom+xml"}
        assert page.soup.select(".culturape-formats") == []


def test_a_long_vocabulary_is_searched_without_accents_and_script(clean: None, app: Any) -> None:
    page = Page(app, "/en/vocabulario/territory?q=canete")
    assert "Cañete" in page.text
    assert page.soup.select_one("form.culturape-find input")["value"] == "canete"
    assert "These are the first 100" in Page(app, "/en/vocabulario/territory?q=san").text
    assert Page(app, "/vocabulario/sector").soup.select("form.culturape-find") == []
    assert "Nothing found" in Page(app, "/en/vocabulario/territory?q=xyzzy").text
    assert "Nothing found" in Page(app, "/en/vocabulario/territory?q=%21%3F").text
    first = Page(app, "/vocabulario/territory").soup.select_one(".culturape-concepts > li")
    assert first.select_one("a").get_text() == "Perú"
    assert len(first.select(".culturape-below li")) == 25


@pytest.mark.parametrize(
    "question",
    ["%3Cscript%3Ealert(1)%3C/script%3E", "%00%01%0b", "%ff%fe", "%22%3E%3Cimg", "a" * 3000, "%5C%22"],
)
def test_questions_of_any_kind_do_no_harm(clean: None, app: Any, question: str) -> None:
    for path in ("/vocabulario/people", "/vocabulario/sector"):
        answer = app.get(f"{path}?q={question}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.body
        assert "<img" not in BeautifulSoup(answer.body, "html.parser").select_one("[role=main]").decode()


@pytest.mark.parametrize(
    "path",
    [
        "nada", "nada/novedades.atom", "sector/nada", "sector/nada/novedades.atom", "nada/nada/novedades.atom", "Sector",
        "sector/Museos", "sector/a%2Fb", "sector/a%2Fb/novedades.atom", "%00", "sector/%00", "sector/%00/novedades.atom",
        "sector/..%2f..", "licence/CC-BY-4.0.foo", f"sector/{'a' * 3000}", "sector/%3Cscript%3E", "sector/museos/otra",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_says_so(clean: None, app: Any, path: str) -> None:
    answer = app.get(f"/vocabulario/{path}", expect_errors=True)
    assert answer.status_code == 404
    said = BeautifulSoup(answer.body, "html.parser").select_one("#content")
    assert said.select("script") == []
    assert "a" * 100 not in said.get_text()


def test_a_search_that_does_not_answer_leaves_the_page_and_asks_readers_of_feeds_to_wait(
    clean: None, app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "http://127.0.0.1:9/solr/nothing"
    monkeypatch.setitem(ckan_config, "solr_url", nowhere)
    # CKAN 2.11 keeps the address here.
    if hasattr(common, "SolrSettings"):
        monkeypatch.setattr(common.SolrSettings, "_url", nowhere)
    assert "The search does not answer now." in Page(app, "/en/vocabulario/sector/museos").text
    answer = app.get("/vocabulario/sector/museos/novedades.atom", expect_errors=True)
    assert answer.status_code == 503


# Retired concepts


@pytest.fixture
def retire(tmp_path: Path, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Brings the site a pack like that of Peru in which concepts of a scheme are changed, from one moment on."""
    packs = iter(range(9))

    def change(scheme: str, concepts: str) -> None:
        folder = tmp_path / str(next(packs))
        shutil.copytree(PACK, folder)
        own = folder / f"{scheme}.yaml"
        content = (
            yaml.safe_load(own.read_text(encoding="utf-8"))
            if own.exists()
            else {"id": scheme, "concepts": []}
        )
        listed = {concept["id"]: concept for concept in content["concepts"]}
        for changed in yaml.safe_load(concepts):
            listed[changed["id"]] = {**listed.get(changed["id"], {}), **changed}
        content["concepts"] = list(listed.values())
        own.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        monkeypatch.setitem(ckan_config, "ckanext.culturape.pack", str(folder))

    return change


def migrate(cli: Any, *options: str) -> Any:
    return cli.invoke(ckan_command, ["culturape", "vocab", "migrate", *options])


def rows(result: Any) -> list[str]:
    """The lines for records; the click of CKAN 2.11 mixes both streams."""
    return [line for line in result.output.splitlines() if "\t" in line]


ROLES = """- {id: custodio, deprecated: true, replaced_by: usuario}
- {id: usuario, deprecated: true, replaced_by: publicador}
- {id: observador, deprecated: true}"""
ATTRIBUTIONS = [
    {"agent": "Comunidad de prueba", "role": "custodio"},
    {"agent": "Comunidad de prueba", "role": "publicador"},
    {"agent": "Museo de prueba", "role": "usuario"},
]


def test_successors_are_written_only_when_asked_and_once(make: Make, cli: Any, app: Any, retire: Any) -> None:
    before = make("uno", qualified_attribution=ATTRIBUTIONS)
    make("dos", qualified_attribution=ATTRIBUTIONS[1:2])
    assert rows(migrate(cli)) == []
    retire("role", ROLES)
    dry = migrate(cli)
    assert dry.exit_code == 0, dry.output
    assert rows(dry) == [
        "uno\tqualified_attribution[0].role\tcustodio → publicador",
        "uno\tqualified_attribution[2].role\tusuario → publicador",
    ]
    assert "2 value(s) would be replaced" in dry.output
    assert helpers.call_action("package_show", id="uno") == before
    app.get("/dataset/uno.nt")
    written = migrate(cli, "--write")
    assert (written.exit_code, rows(written)) == (0, rows(dry))
    after = helpers.call_action("package_show", id="uno")
    assert after["qualified_attribution"] == [
        {"agent": "Comunidad de prueba", "role": "publicador"},
        {"agent": "Museo de prueba", "role": "publicador"},
    ]
    kept = {key for key in before if key not in {"metadata_modified", "qualified_attribution"}}
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
    assert "role/publicador" in app.get("/dataset/uno.nt").body
    assert "role/custodio" not in app.get("/dataset/uno.nt").body
    assert Page(app, "/vocabulario/role/publicador").total() == "2"
    assert Page(app, "/vocabulario/role/custodio").total() == "0"
    again = migrate(cli, "--write")
    assert (again.exit_code, rows(again)) == (0, [])


def test_values_of_lists_resources_drafts_and_organisations(make: Make, cli: Any, retire: Any) -> None:
    files = [
        {"url": "https://example.org/a", "format": "CSV", "name": "a", "status": "DEVELOP"},
        {"url": "https://example.org/b", "format": "CSV", "name": "b", "status": "COMPLETED"},
    ]
    make("uno", sector=["archivos", "bibliotecas"], resources=files)
    make("borrador", sector=["archivos"], state="draft")
    retire("sector", "- {id: archivos, deprecated: true, replaced_by: bibliotecas}")
    found = migrate(cli, "--write")
    assert found.exit_code == 0, found.output
    assert helpers.call_action("package_show", id="uno")["sector"] == ["bibliotecas"]
    draft = helpers.call_action("package_show", id="borrador")
    assert (draft["sector"], draft["state"]) == (["bibliotecas"], "draft")
    retire("status", "- {id: DEVELOP, deprecated: true, replaced_by: COMPLETED}")
    assert rows(migrate(cli)) == ["uno\tresources[0].status\tDEVELOP → COMPLETED"]
    before = helpers.call_action("package_show", id="uno")["resources"]
    assert migrate(cli, "--write").exit_code == 0
    after = helpers.call_action("package_show", id="uno")["resources"]
    assert [(r["id"], r["name"], r["url"], r["status"]) for r in after] == [
        (r["id"], r["name"], r["url"], "COMPLETED") for r in before
    ]
    retire("institution-type", "- {id: biblioteca, deprecated: true, replaced_by: museo}")
    assert rows(migrate(cli, "--write")) == ["organization/biblioteca\tinstitution_type\tbiblioteca → museo"]
    organization = helpers.call_action("organization_show", id="biblioteca")
    assert (organization["institution_type"], organization["package_count"]) == ("museo", 1)


def test_what_has_no_successor_is_left_for_people(make: Make, cli: Any, app: Any, retire: Any) -> None:
    make("uno", qualified_attribution=[{"agent": "Museo de prueba", "role": "observador"}])
    retire("role", ROLES)
    for options in ((), ("--write",)):
        found = migrate(cli, *options)
        assert found.exit_code == 1
        assert rows(found) == ["uno\tqualified_attribution[0].role\tobservador → ?"]
        assert "1 value(s) retired without successor" in found.output
    record = helpers.call_action("package_show", id="uno")
    assert record["qualified_attribution"] == [{"agent": "Museo de prueba", "role": "observador"}]
    page = Page(app, "/en/vocabulario/role/observador")
    assert "This concept is retired" in page.text
    assert "In its place" not in page.text
    assert page.datasets() == ["uno"]


def test_a_record_that_refuses_the_change_is_named_and_loses_nothing(
    make: Make, cli: Any, retire: Any
) -> None:
    make("uno", sector=["archivos"])
    make("dos", sector=["archivos"])
    write_past_validation("dos", sector=["archivos", "nada de eso"])
    retire("sector", "- {id: archivos, deprecated: true, replaced_by: bibliotecas}")
    found = migrate(cli, "--write")
    assert found.exit_code == 1
    assert "dos\tsector\tarchivos → bibliotecas\t" in found.output
    assert "nada de eso" in found.output
    assert "1 value(s) replaced" in found.output
    assert helpers.call_action("package_show", id="dos")["sector"] == ["archivos", "nada de eso"]
    assert helpers.call_action("package_show", id="uno")["sector"] == ["bibliotecas"]


def test_vocab_check_names_retirements_that_lead_nowhere(clean: None, cli: Any, retire: Any) -> None:
    retire("role", ROLES)
    assert cli.invoke(ckan_command, ["culturape", "vocab", "check"]).exit_code == 0
    retire("role", "- {id: custodio, deprecated: true, replaced_by: custodio}")
    found = cli.invoke(ckan_command, ["culturape", "vocab", "check"])
    assert found.exit_code == 1
    assert "role/custodio: replaced in a circle: custodio → custodio" in found.output


def test_pages_say_that_a_concept_is_retired_and_what_follows(clean: None, app: Any, retire: Any) -> None:
    retire("role", ROLES)
    page = Page(app, "/en/vocabulario/role/custodio")
    assert "This concept is retired" in page.text
    notice = page.soup.select_one("[role=note] a")
    assert (notice.get_text(), notice["href"]) == ("Publisher", "/en/vocabulario/role/publicador")
    items = Page(app, "/en/vocabulario/role").soup.select(".culturape-concepts > li")
    marked = [item.a.get_text() for item in items if item.select_one(".culturape-retired")]
    assert sorted(marked) == sorted(["Custodian", "User", "Observer"])
    assert items[-1].select_one(".culturape-retired")
    assert "owl#deprecated" in app.get("/vocabulario/role/custodio.nt").body
    names = helpers.call_action("culturape_concept_search", scheme="role", q="cust")
    assert names == []


def test_a_form_shows_what_is_stored_with_a_hint_and_offers_no_retired_concept(
    make: Make, editor: dict[str, Any], app: Any, retire: Any
) -> None:
    make("uno", sector=["archivos"], frequency="ANNUAL")
    make("dos", sector=["museos"], frequency="MONTHLY")
    retire("sector", "- {id: archivos, deprecated: true, replaced_by: bibliotecas}")
    own = {"Authorization": editor["token"]}
    form = BeautifulSoup(app.get("/en/dataset/edit/uno", headers=own).body, "html.parser")
    box = form.select_one("input[name=sector][value=archivos]")
    assert box.has_attr("checked")
    assert "(retired)" in box.parent.get_text()
    hint = form.select_one("#campo-sector > .culturape-suggestion").get_text(" ", strip=True)
    assert "is retired and stays until you change it" in hint
    assert "Libraries" in hint
    other = BeautifulSoup(app.get("/en/dataset/edit/dos", headers=own).body, "html.parser")
    assert other.select("input[name=sector][value=archivos]") == []
    assert other.select_one("input[name=sector][value=bibliotecas]") is not None
    helpers.call_action(
        "package_patch", {"user": editor["name"]}, id="uno", notes_translated={"es": "Otra descripción."}
    )
    assert helpers.call_action("package_show", id="uno")["sector"] == ["archivos"]
    retire("frequency", "- {id: ANNUAL, deprecated: true}")
    form = BeautifulSoup(app.get("/en/dataset/edit/uno", headers=own).body, "html.parser")
    chosen = form.select_one("select[name=frequency] option[selected]")
    assert (chosen["value"], "(retired)" in chosen.get_text()) == ("ANNUAL", True)
    assert "Choose what fits instead." in form.select_one("#campo-frequency").get_text()
    other = BeautifulSoup(app.get("/en/dataset/edit/dos", headers=own).body, "html.parser")
    assert other.select("select[name=frequency] option[value=ANNUAL]") == []
