"""A harvest source: its form, who may save it, what is checked through which door, and what it would give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckanext.harvest.model import HarvestSource
from sources import Answer, Catalogue, serve
from sqlalchemy import text

ADDRESS = "https://datos.example.org/catalog.ttl"
FORM = {"source_type": "culturape_dcat", "option-sent": "1", "option-verify": "true", "save": "save"}


@pytest.fixture(autouse=True)
def portal(clean: None, reset_redis: Any) -> None:
    """An empty portal where nobody has asked yet."""
    reset_redis()


@pytest.fixture
def other(organization: dict[str, Any]) -> dict[str, Any]:
    """Another organisation."""
    return helpers.call_action(
        "organization_create",
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
        name="archivo",
        title_translated={"es": "Archivo de prueba"},
        institution_type="archivo",
    )


@pytest.fixture
def stranger(other: dict[str, Any]) -> dict[str, Any]:
    """An editor of the other organisation."""
    user = factories.UserWithToken()
    helpers.call_action("organization_member_create", id=other["id"], username=user["name"], role="editor")
    return user


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """Twelve datasets on three pages, which the operator allows to be fetched from inside the house."""
    with serve(Catalogue({n: f"Museo {n}" for n in range(1, 13)})) as served:
        monkeypatch.setitem(tk.config, "ckanext.culturape.allowed_sources", [f"{served.base}/"])
        yield served


@pytest.fixture
def save(organization: dict[str, Any], editor: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Saves a source through the API as the editor."""

    def create(user: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
        given = {"title": "Fuente", "url": ADDRESS, "source_type": "culturape_dcat", "owner_org": organization["id"]}  # fmt: skip
        context = {"user": (user or editor)["name"], "ignore_auth": False}
        return helpers.call_action("harvest_source_create", context, **{**given, **data})

    return create


def refused(call: Callable[..., Any], *arguments: Any, **data: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as caught:
        call(*arguments, **data)
    return caught.value.error_dict


def headers(user: dict[str, Any] | None) -> dict[str, str]:
    return {"Authorization": user["token"]} if user else {}


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def stored(name: str) -> Any:
    model.Session.expire_all()
    return HarvestSource.get(model.Package.get(name).id)


# What is saved, through which door


def test_a_title_and_an_address_are_enough(save: Callable[..., Any]) -> None:
    source = save()
    assert (source["name"], source["frequency"], json.loads(source["config"])) == ("fuente", "MANUAL", {})
    assert save(url="https://datos.example.org/otro.ttl")["name"] == "fuente-2"


AS_JSON_OR_FIELDS: list[dict[str, Any]] = [
    {"config": '{"private": true, "pause": 2.5, "format": "ttl"}'},
    {"config": {"private": True, "pause": 2.5, "format": "ttl"}},
    {"option-private": "true", "option-pause": "2,5", "option-format": "Turtle"},
    {"config": '{"private": true}', "option-pause": 2.5, "option-format": "text/turtle"},
]


def test_options_come_as_json_as_fields_or_as_both(save: Callable[..., Any]) -> None:
    for number, given in enumerate(AS_JSON_OR_FIELDS):
        source = save(**given, url=f"{ADDRESS}?{number}")
        assert source["config"] == '{"format": "text/turtle", "pause": 2.5, "private": true}'
        assert stored(source["name"]).config == source["config"]


def test_options_do_not_stand_beside_the_fields_of_the_package(save: Callable[..., Any]) -> None:
    source = save(config={"private": True, "sensitivity": ["personal"]})
    for shown in (
        source,
        helpers.call_action("package_show", id=source["id"]),
        helpers.call_action("harvest_source_show", id=source["id"]),
        helpers.call_action("package_search", fq="+dataset_type:harvest")["results"][0],
    ):
        assert shown["private"] is False
        assert "sensitivity" not in shown
    # A source that anybody may see stays one when it is patched.
    context = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
    patched = helpers.call_action("harvest_source_patch", context, id=source["id"], title="Otra")
    assert (patched["private"], patched["title"], patched["config"]) == (False, "Otra", source["config"])


def test_what_is_not_said_stays(save: Callable[..., Any], editor: dict[str, Any]) -> None:
    source = save(config={"private": True, "sensitivity": ["personal"]})
    context = {"user": editor["name"], "ignore_auth": False}
    whole = {key: source[key] for key in ("id", "title", "url", "source_type", "owner_org")}
    changed = helpers.call_action("harvest_source_update", {**context}, **whole)
    assert changed["config"] == source["config"]
    changed = helpers.call_action("harvest_source_update", {**context}, **whole, **{"option-pause": "3"})
    assert json.loads(changed["config"]) == {"pause": 3.0, "private": True, "sensitivity": ["personal"]}
    changed = helpers.call_action("harvest_source_update", {**context}, **whole, config="{}")
    assert changed["config"] == "{}"
    assert stored(source["id"]).config == "{}"


def test_all_that_is_wrong_is_told_at_once(save: Callable[..., Any]) -> None:
    errors = refused(
        save,
        url="http://usuario:clave@datos.example.org/",
        name="Con Espacios",
        frequency="HOURLY",
        config={"privat": 1, "sensitivity": ["ninguna"], "organizations": {"Museo": "nadie"}, "pages": -1},
    )
    assert set(errors) == {"url", "name", "frequency", "config", "option-sensitivity", "option-organizations", "option-pages"}  # fmt: skip
    assert "nadie" in errors["option-organizations"][0]
    assert HarvestSource.filter().count() == 0


NO_OPTIONS: list[dict[str, Any]] = [
    {"config": "{"},
    {"config": ["private"]},
    {"config": 7},
    {"private_": True, "format": "ttl"},
    {"config": {"profiles": "euro_dcat_ap_3"}},
]


def test_what_is_no_option_is_refused(save: Callable[..., Any]) -> None:
    for given in NO_OPTIONS:
        assert refused(save, **given)["config"], given


def test_an_extra_is_no_door(save: Callable[..., Any]) -> None:
    assert "extras" in refused(save, extras=[{"key": "config", "value": '{"sensitivity": ["ninguna"]}'}])


INSIDE = (
    "http://127.0.0.1:5000/", "http://10.1.2.3/catalogo.ttl", "http://[::1]/", "http://localhost/", "http://2130706433/",
    "http://169.254.169.254/latest/meta-data",
)  # fmt: skip


def test_private_networks_need_the_operator(
    save: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in INSIDE:
        assert "allowed_sources" in refused(save, url=address)["url"][0], address
    monkeypatch.setitem(tk.config, "ckanext.culturape.allowed_sources", list(INSIDE))
    for address in INSIDE:
        assert save(url=address)["url"] == address


def test_a_name_that_cannot_be_looked_up_now_is_let_through(save: Callable[..., Any]) -> None:
    assert save(url="http://no-such-name.invalid/catalogo.ttl")["id"]


def test_the_same_source_twice_is_refused(save: Callable[..., Any]) -> None:
    save(url="https://datos.example.org/csw?request=GetRecords")
    for same in (
        "https://datos.example.org:443/csw/?request=GetRecords",
        "HTTPS://Datos.Example.org/csw?request=GetRecords",
    ):
        assert "“Fuente”" in refused(save, url=same)["url"][0]
    assert save(url="https://datos.example.org/csw?request=GetCapabilities")
    assert save(url="https://datos.example.org/csw?request=GetRecords", config={"profile": "csw"})


def test_limits_are_those_of_the_site(save: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, "ckanext.culturape.harvest.max_pages", 7)
    assert refused(save, config={"pages": 8})["option-pages"]
    assert save(config={"pages": 7})


def test_the_harvester_checks_by_itself(organization: dict[str, Any]) -> None:
    from ckanext.harvest.queue import get_harvester

    harvester: Any = get_harvester("culturape_dcat")
    assert harvester.validate_config('{"format": "ttl", "private": false}') == '{"format": "text/turtle"}'
    for empty in (None, "", "{}"):
        assert harvester.validate_config(empty) == "{}"
    with pytest.raises(ValueError, match=r"config: .*format: ") as caught:
        harvester.validate_config('{"format": "pdf", "nada": 1}')
    assert "nada" in str(caught.value)


# Who may


def test_organisations_are_those_of_who_saves(
    save: Callable[..., Any], other: dict[str, Any], stranger: dict[str, Any], editor: dict[str, Any]
) -> None:
    mapping = {"organizations": {"Archivo": "archivo"}}
    errors = refused(save, config=mapping)
    assert set(errors) == {"option-organizations"}
    assert "Archivo de prueba" in errors["option-organizations"][0]
    for name in (other["id"], "archivo"):
        source = save(
            factories.Sysadmin(), config={"organizations": {"Archivo": name}}, url=f"{ADDRESS}?{name}"
        )
        assert json.loads(source["config"]) == mapping
    helpers.call_action("organization_member_create", id=other["id"], username=editor["name"], role="editor")
    assert save(config=mapping, url=f"{ADDRESS}?ambas")


def test_who_may_not_write_to_all_organisations_leads_the_source_nowhere_else(
    save: Callable[..., Any], other: dict[str, Any], editor: dict[str, Any]
) -> None:
    source = save(factories.Sysadmin(), config={"organizations": {"Archivo": "archivo"}})
    whole = {key: source[key] for key in ("id", "url", "source_type", "owner_org", "config")}

    def change(**data: Any) -> Any:
        context = {"user": editor["name"], "ignore_auth": False}
        return helpers.call_action("harvest_source_update", context, **{"title": "Fuente", **whole, **data})

    assert change(title="Nuevo título")["title"] == "Nuevo título"
    assert refused(change, url="https://editor.example.org/")["option-organizations"]
    assert refused(change, config={"organizations": {"Biblioteca": "archivo"}})["option-organizations"]
    assert change(config={}, url="https://editor.example.org/")["url"] == "https://editor.example.org/"


def test_where_records_are_reviewed_datasets_come_in_private(
    save: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.culturape.review", True)
    assert set(refused(save)) == {"option-private"}
    assert save(config={"private": True})
    assert save(factories.Sysadmin(), url=f"{ADDRESS}?2")


def people(editor: dict[str, Any], stranger: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    return [
        ("anonymous", None),
        ("of no organisation", factories.UserWithToken()),
        ("editor of another organisation", stranger),
        ("editor", editor),
        ("sysadmin", factories.SysadminWithToken()),
    ]


def test_who_may_see_the_form_and_save_it(
    app: Any, organization: dict[str, Any], editor: dict[str, Any], stranger: dict[str, Any]
) -> None:
    seen, saved = {}, {}
    for number, (who, user) in enumerate(people(editor, stranger)):
        seen[who] = app.get("/harvest/new", headers=headers(user)).status_code
        data = {
            **FORM,
            "title": f"Fuente {number}",
            "url": f"{ADDRESS}?{number}",
            "owner_org": organization["id"],
        }
        answer = app.post(
            "/harvest/new",
            data=data,
            headers=headers(user),
            follow_redirects=False,
        )
        saved[who] = answer.status_code
    assert seen == {
        "anonymous": 403,
        "of no organisation": 403,
        "editor of another organisation": 200,
        "editor": 200,
        "sysadmin": 200,
    }
    assert saved["editor"] == saved["sysadmin"] == 302
    assert {saved[who] for who in ("anonymous", "of no organisation")} == {403}
    # CKAN answers 403, or the form again with what is wrong, by its version.
    assert saved["editor of another organisation"] in {200, 403}
    assert sorted(row.title for row in HarvestSource.filter()) == ["Fuente 3", "Fuente 4"]


def test_who_may_look_at_what_a_source_would_give(
    app: Any, save: Callable[..., Any], editor: dict[str, Any], stranger: dict[str, Any], catalogue: Catalogue
) -> None:
    source = save(url=catalogue.address)
    new, own = {}, {}
    for who, user in people(editor, stranger):
        data = {**FORM, "url": catalogue.address}
        new[who] = app.post("/harvest/vista-previa", data=data, headers=headers(user)).status_code
        path = f"/harvest/vista-previa/{source['name']}"
        own[who] = {app.post(path, data=sent, headers=headers(user)).status_code for sent in (data, {})}
    assert new == {
        "anonymous": 403,
        "of no organisation": 403,
        "editor of another organisation": 200,
        "editor": 200,
        "sysadmin": 200,
    }
    refusing = ("anonymous", "of no organisation", "editor of another organisation")
    assert [own[who] for who in refusing] == [{403}] * 3
    assert own["editor"] == own["sysadmin"] == {200}


def test_forged_forms_are_refused(
    app: Any, organization: dict[str, Any], catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "WTF_CSRF_ENABLED", True)
    person = factories.User(password="una-clave-larga-1")
    helpers.call_action("organization_member_create", id="biblioteca", username=person["name"], role="editor")
    client = app.flask_app.test_client()
    # CKAN 2.11 finds the language in front of Flask.
    where = {"base_url": tk.config["ckan.site_url"], "environ_overrides": {"CKAN_LANG": "es"}}
    login = {"login": person["name"], "password": "una-clave-larga-1"}
    assert client.post("/user/login", data=login, **where).status_code == 302
    data = {**FORM, "url": catalogue.address}
    for token in ({}, {"_csrf_token": "forged"}):
        assert client.post("/harvest/vista-previa", data={**data, **token}, **where).status_code == 400
    assert catalogue.asked == []
    form = soup(client.get("/harvest/new", **where)).select_one("form.culturape-source")
    assert form
    token = {"_csrf_token": typed_in(form)["_csrf_token"][0]}
    assert client.post("/harvest/vista-previa", data={**data, **token}, **where).status_code == 200


# The form


def test_every_field_has_a_label_and_its_help(app: Any, editor: dict[str, Any]) -> None:
    page = soup(app.get(f"/harvest/new?url={ADDRESS}", headers=headers(editor)))
    form = page.select_one("form.culturape-source")
    assert form
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for field in form.select("input:not([type=hidden]), textarea, select"):
        assert field.find_parent("label") or page.select_one(f"label[for='{field.get('id')}']"), field
        for name in str(field.get("aria-describedby", "")).split():
            assert page.find(id=name), name
    assert not form.select("[name=config]")
    assert form.select_one("[name=url]")["value"] == ADDRESS  # type: ignore[index]
    cares = [box["value"] for box in form.select("[name=option-sensitivity]")]
    assert "ninguna" not in cares
    assert [box["value"] for box in form.select("[name=option-sensitivity][checked]")] == ["no-revisado"]
    levels = [option["value"] for option in form.select("[name=option-access_level] option")]
    assert levels == ["con-protocolo", "solo-metadatos", "no-revisado"]
    assert [o.text for o in form.select("[name=owner_org] option[value]:not([value=''])")] == [
        "Biblioteca de prueba"
    ]


def test_the_form_is_saved_as_json_and_shown_again(
    app: Any, organization: dict[str, Any], editor: dict[str, Any]
) -> None:
    sent = {
        **FORM,
        "url": f" {ADDRESS} ",
        "title": "Catálogo del museo",
        "notes": "Lo que hay.",
        "owner_org": organization["id"],
        "frequency": "WEEKLY",
        "option-profile": "rdf",
        "option-private": "true",
        "option-sensitivity": ["derechos-autor", "personal"],
        "option-access_level": "solo-metadatos",
        "option-deletion_share": "12,5",
        "option-pages": "10,000",
        "option-size": "",
        "option-organizations-0-publisher": "",
        "option-organizations-0-organization": "",
        "option-organizations-1-publisher": "Museo «de prueba»",
        "option-organizations-1-organization": "biblioteca",
    }
    app.post("/harvest/new", data=sent, headers=headers(editor), follow_redirects=False, status=302)
    source = stored("catalogo-del-museo")
    assert (source.url, source.frequency) == (ADDRESS, "WEEKLY")
    assert json.loads(source.config) == {
        "access_level": "solo-metadatos",
        "deletion_share": 0.125,
        "organizations": {"Museo «de prueba»": "biblioteca"},
        "pages": 10_000,
        "private": True,
        "profile": "rdf",
        "sensitivity": ["derechos-autor", "personal"],
    }
    form = soup(app.get("/harvest/edit/catalogo-del-museo", headers=headers(editor))).select_one(
        "form.culturape-source"
    )
    again = typed_in(form)
    assert again["option-deletion_share"] == ["12.5"]
    assert again["option-organizations-0-publisher"] == ["Museo «de prueba»"]
    assert again["option-sensitivity"] == ["personal", "derechos-autor"]
    before = source.config
    app.post(
        "/harvest/edit/catalogo-del-museo",
        data=again,
        headers=headers(editor),
        follow_redirects=False,
        status=302,
    )
    assert stored("catalogo-del-museo").config == before


def typed_in(form: Any) -> dict[str, list[str]]:
    """What a browser without scripts would send."""
    found: dict[str, list[str]] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values = [chosen["value"]]
        elif field.get("type") == "checkbox":
            values = [field["value"]] if field.has_attr("checked") else []
        else:
            values = [field.text if field.name == "textarea" else field.get("value", "")]
        if values:
            found.setdefault(field["name"], []).extend(values)
    return found


def test_faults_stand_at_their_fields_and_what_was_typed_stays(app: Any, editor: dict[str, Any]) -> None:
    sent = {
        **FORM,
        "url": "http://10.0.0.1/",
        "title": "Mi título",
        "option-deletion_share": "muchos",
        "option-pages": "-3",
        "option-sensitivity": ["ninguna", "personal"],
        "option-organizations-0-publisher": "<script>alert(1)</script>",
        "option-organizations-0-organization": "archivo-ajeno",
    }
    page = soup(app.post("/harvest/new", data=sent, headers=headers(editor)))
    summary = page.select_one(".culturape-problems[role=alert]")
    assert summary
    for link in summary.select("a"):
        assert page.find(id=str(link["href"]).lstrip("#")), link
    wrong = {field["name"] for field in page.select("[aria-invalid=true][name]")}
    assert {"url", "owner_org", "option-deletion_share", "option-pages"} <= wrong
    for name in ("url", "option-deletion_share", "option-pages"):
        field = page.select_one(f"[name='{name}']")
        assert field
        assert field["value"] == sent[name]
        message = page.find(id=f"field-{name}-error")
        assert message
        assert message["id"] in str(field["aria-describedby"]).split()
    for group in ("option-sensitivity", "option-organizations"):
        assert page.find(id=f"field-{group}-error"), group
    assert page.select_one("[name=option-sensitivity][value=personal]").has_attr("checked")  # type: ignore[union-attr]
    assert not page.select_one("[name=option-verify]").get("disabled")  # type: ignore[union-attr]
    assert "<script>alert(1)" not in str(page.select_one("form.culturape-source"))
    details = [tag for tag in page.select("details[open]") if tag.select("[name=option-pages]")]
    assert details


def test_a_box_without_a_tick_is_a_no(app: Any, organization: dict[str, Any], editor: dict[str, Any]) -> None:
    sent = {key: value for key, value in FORM.items() if key != "option-verify"}
    data = {**sent, "title": "Sin certificado", "url": ADDRESS, "owner_org": organization["id"]}
    app.post("/harvest/new", data=data, headers=headers(editor), follow_redirects=False, status=302)
    assert json.loads(stored("sin-certificado").config) == {"verify": False}
    page = soup(app.get("/harvest/edit/sin-certificado", headers=headers(editor)))
    tick = page.select_one("[name=option-verify]")
    assert tick
    assert not tick.has_attr("checked")
    assert tick.find_next_sibling("p", class_="culturape-warning")


def test_a_source_is_withdrawn_and_put_back(
    app: Any, save: Callable[..., Any], editor: dict[str, Any]
) -> None:
    source = save(config={"private": True})
    page = soup(app.get(f"/harvest/edit/{source['name']}", headers=headers(editor)))
    button = page.select_one(".culturape-withdraw button")
    assert button
    app.post(str(button["formaction"]), headers=headers(editor), follow_redirects=False, status=302)
    assert (stored(source["id"]).active, model.Package.get(source["id"]).state) == (False, "deleted")
    sysadmin = factories.SysadminWithToken()
    form = soup(app.get(f"/harvest/edit/{source['name']}", headers=headers(sysadmin))).select_one(
        "form.culturape-source"
    )
    again = {**typed_in(form), "state": "active"}
    app.post(
        f"/harvest/edit/{source['name']}",
        data=again,
        headers=headers(sysadmin),
        follow_redirects=False,
        status=302,
    )
    assert (stored(source["id"]).active, stored(source["id"]).config) == (True, '{"private": true}')


OTHERS = (
    "culturape culturape_dcat culturape_harvest scheming_datasets scheming_organizations dcat structured_data activity "
    "harvest ckan_harvester dcat_rdf_harvester datastore datatables_view"
)


@pytest.mark.ckan_config("ckan.plugins", OTHERS)
def test_sources_of_other_harvesters_keep_the_stock_form(
    app: Any, organization: dict[str, Any], editor: dict[str, Any]
) -> None:
    page = soup(app.get("/harvest/new", headers=headers(editor)))
    links = [str(link["href"]) for link in page.select("form.culturape-source a[href*=source_type]")]
    assert sorted(link.rsplit("=", 1)[1] for link in links) == ["ckan", "dcat_rdf"]
    for link in links:
        stock = soup(app.get(link, headers=headers(editor)))
        assert stock.select_one("textarea[name=config]")
        assert not stock.select("form.culturape-source")
    data = {"title": "RDF", "name": "rdf", "url": ADDRESS, "source_type": "dcat_rdf", "owner_org": organization["id"], "config": '{"rdf_format": "text/turtle"}', "save": "save"}  # fmt: skip
    app.post("/harvest/new", data=data, headers=headers(editor), follow_redirects=False, status=302)
    assert stored("rdf").config == '{"rdf_format": "text/turtle"}'
    edited = soup(app.get("/harvest/edit/rdf", headers=headers(editor)))
    assert edited.select_one("textarea[name=config]")
    # Moved over in the stock form, its options are explained; saved in ours, they are gone.
    moved = app.post(
        "/harvest/edit/rdf", data={**data, "source_type": "culturape_dcat"}, headers=headers(editor)
    )
    form = soup(moved).select_one("form.culturape-source")
    assert form
    assert "rdf_format" in str(form.select_one(".culturape-problems"))
    app.post(
        "/harvest/edit/rdf", data=typed_in(form), headers=headers(editor), follow_redirects=False, status=302
    )
    assert (stored("rdf").type, stored("rdf").config) == ("culturape_dcat", "{}")


BROKEN = (
    "{",
    '{"pause": 1e999}',
    '{"organizations": [1], "pages": "x", "nada": {}}',
    f'{{"pages": {10**400}}}',
)


def test_the_pages_bear_whatever_is_stored(
    app: Any, save: Callable[..., Any], editor: dict[str, Any]
) -> None:
    source = save()
    for config in BROKEN:
        store(source["id"], config)
        app.get(f"/harvest/edit/{source['name']}", headers=headers(editor), status=200)
        app.post(f"/harvest/vista-previa/{source['name']}", headers=headers(editor), status=422)
    for config in (*BROKEN, "[]", "7"):
        typed = {"config": config, "option-pages": "x"}
        app.get("/harvest/new", query_string=typed, headers=headers(editor), status=200)


def store(source_id: str, config: str) -> None:
    """Past all validation."""
    query = "UPDATE harvest_source SET config = :config WHERE id = :id"
    model.Session.execute(text(query), {"config": config, "id": source_id})
    package: Any = model.Package.get(source_id)
    package.extras["config"] = config
    package.metadata_modified = datetime.now(timezone.utc).replace(tzinfo=None)
    model.repo.commit()


# What it would give


def look(app: Any, user: dict[str, Any], status: int = 200, prefix: str = "", **data: Any) -> BeautifulSoup:
    answer = app.post(
        f"{prefix}/harvest/vista-previa", data={**FORM, **data}, headers=headers(user), status=status
    )
    return soup(answer)


def test_it_shows_what_would_come_and_writes_nothing(
    app: Any, editor: dict[str, Any], catalogue: Catalogue
) -> None:
    catalogue.datasets[2] = ""
    catalogue.more[3] = 'ex:llave "uno", "dos" ; dct:title "<script>alert(1)</script>"@en ;'
    before = [model.Session.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in ("package", "harvest_source", "harvest_job", "culturape_harvest_run")]  # fmt: skip
    page = look(app, editor, url=catalogue.address, title="Mi fuente", **{"option-pause": "0"})
    shown = page.select_one("#vista-previa")
    assert shown
    assert "11 conjuntos de datos" in shown.text
    assert "3 páginas leídas" in shown.text or "3 pages read" in shown.text
    titles = [tag.text for tag in shown.select(".culturape-seen-title")]
    assert titles == [f"Museo {n}" for n in range(1, 13) if n != 2]
    first = {row.dt.text: row.dd.text for row in shown.select_one(".culturape-seen").select("dl > div")}  # type: ignore[union-attr]
    assert first["Título"] == "Museo 1"
    assert first["Palabras clave"] == "museos, registro 1"
    assert first["Nivel de acceso"] == "No revisado"
    assert "otro.example.org/vocab#sala" in str(shown.select(".culturape-statements")[0])
    assert [tag.text for tag in shown.select("h4")] == ["Título"]
    assert catalogue.uri(2) in shown.select_one(".culturape-findings").text  # type: ignore[union-attr]
    assert "<script>" not in str(shown)
    assert page.select_one("[name=title]")["value"] == "Mi fuente"  # type: ignore[index]
    model.Session.expire_all()
    after = [model.Session.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in ("package", "harvest_source", "harvest_job", "culturape_harvest_run")]  # fmt: skip
    assert after == before


def test_options_that_were_typed_are_used(app: Any, editor: dict[str, Any], catalogue: Catalogue) -> None:
    more = {"option-sensitivity": ["trafico-ilicito"], "option-access_level": "con-protocolo"}
    shown = look(app, editor, url=catalogue.address, **more).select_one(".culturape-seen")
    assert shown
    rows = {row.dt.text: row.dd.text for row in shown.select("dl > div")}
    assert rows["Nivel de acceso"] == "Con protocolo comunitario o solicitud"
    assert (
        rows["¿Hay algo en estos datos que exija cuidado?"] == "Detalles que faciliten el robo o el tráfico"
    )


def test_what_is_known_of_a_source_counts_more_than_its_server(
    app: Any, editor: dict[str, Any], catalogue: Catalogue
) -> None:
    page = '<html><script type="application/ld+json">{"@context": "https://schema.org", "@type": "Dataset", "name": "Retablos"}</script></html>'
    catalogue.answers["/pagina"] = Answer(page.encode(), "text/html")
    address = f"{catalogue.base}/pagina"
    for family in ("", "html"):
        assert "Retablos" in look(app, editor, url=address, **{"option-profile": family}).text
    refusal = look(app, editor, 422, url=address, **{"option-profile": "ckan"})
    assert "Retablos" not in refusal.text
    assert refusal.select_one("[name=option-profile] option[selected]")["value"] == "ckan"  # type: ignore[index]
    look(app, editor, 422, url=catalogue.address, **{"option-format": "application/rdf+xml"})
    shown = look(app, editor, url=catalogue.address, **{"option-format": "text/turtle"})
    assert "Museo 1" in shown.text


def pages_of(catalogue: Catalogue) -> list[str]:
    """The pages that were asked for."""
    return [path for path in catalogue.asked if path != "/robots.txt"]


def test_a_part_is_called_a_part(app: Any, editor: dict[str, Any], catalogue: Catalogue) -> None:
    catalogue.size = 2
    shown = look(app, editor, url=catalogue.address).select_one("#vista-previa")
    assert shown
    assert "6 conjuntos de datos" in shown.text
    assert len(pages_of(catalogue)) == 3
    notes = [p.text for p in shown.select("p")]
    assert any("más páginas" in note or "more pages" in note for note in notes)


def test_a_page_that_leads_back_is_read_once(app: Any, editor: dict[str, Any], catalogue: Catalogue) -> None:
    first, second = "/catalogo.ttl", "/catalogo.ttl?p=2"
    body = catalogue.page(2).replace(
        "hydra:totalItems", f"hydra:next <{catalogue.address}>, <{catalogue.address}?p=2> ; hydra:totalItems"
    )
    catalogue.answers[second] = Answer(body.encode())
    look(app, editor, url=catalogue.address)
    assert pages_of(catalogue) == [first, second, "/catalogo.ttl?p=3"]


def test_a_later_page_that_fails_leaves_the_others(
    app: Any, editor: dict[str, Any], catalogue: Catalogue
) -> None:
    catalogue.answers["/catalogo.ttl?p=2"] = Answer(b"", status=500)
    shown = look(app, editor, url=catalogue.address).select_one("#vista-previa")
    assert shown
    assert "5 conjuntos de datos" in shown.text
    assert "500" in shown.text
    assert f"{catalogue.address}?p=2" in shown.text


UNREADABLE = {
    "http://127.0.0.1:9/": "Internet",
    "http://no-such-name.invalid/": "no-such-name.invalid",
    "http://usuario:clave@datos.example.org/": "",
    "file:///etc/passwd": "http://",
    "": "",
}


def test_what_cannot_be_read_is_one_sentence(app: Any, editor: dict[str, Any]) -> None:
    for address, words in UNREADABLE.items():
        page = look(app, editor, 422, url=address)
        (alert,) = page.select(".culturape-care[role=alert]")
        assert words in alert.text
        assert page.select_one("[name=url]")["value"] == address  # type: ignore[index]


def test_faulty_options_are_told_before_anything_is_fetched(
    app: Any, editor: dict[str, Any], catalogue: Catalogue
) -> None:
    page = look(
        app, editor, 422, url=catalogue.address, **{"option-pause": "mucho", "option-sensitivity": "ninguna"}
    )
    assert page.find(id="field-option-pause-error")
    assert page.find(id="field-option-sensitivity-error")
    assert catalogue.asked == []


def test_who_asks_too_often_waits(
    app: Any, editor: dict[str, Any], catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.culturape.validation_rate", "1/hour")
    look(app, editor, url=catalogue.address)
    assert "más tarde" in look(app, editor, 429, url=catalogue.address).text
    look(app, factories.SysadminWithToken(), url=catalogue.address)


def test_only_so_many_at_one_time(app: Any, editor: dict[str, Any], catalogue: Catalogue) -> None:
    from ckanext.culturape.harvest import source_preview

    assert all(source_preview._ROOM.acquire(blocking=False) for _ in range(2))
    try:
        look(app, editor, 503, url=catalogue.address)
    finally:
        source_preview._ROOM.release(2)
    for _ in range(3):
        look(app, editor, 422, url=f"{catalogue.base}/nada")
    look(app, editor, url=catalogue.address)


def test_the_time_is_bounded(
    app: Any, editor: dict[str, Any], catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.culturape.harvest import source_preview

    monkeypatch.setattr(source_preview, "SECONDS", 8)
    shown = look(app, editor, url=catalogue.address, **{"option-pause": "10"}).select_one("#vista-previa")
    assert shown
    assert pages_of(catalogue) == ["/catalogo.ttl"]
    assert catalogue.asked.count("/robots.txt") == 1
    assert "5 conjuntos de datos" in shown.text


def test_a_stored_source_is_looked_at_from_its_page(
    app: Any, save: Callable[..., Any], editor: dict[str, Any], catalogue: Catalogue
) -> None:
    source = save(url=catalogue.address, config={"sensitivity": ["personal"]})
    page = soup(app.get(f"/harvest/{source['name']}", headers=headers(editor)))
    button = page.select_one("form[action*=vista-previa]")
    assert button
    shown = soup(app.post(str(button["action"]), headers=headers(editor)))
    assert "Datos personales" in shown.text
    assert "12 conjuntos de datos" in shown.text
    assert not soup(app.get(f"/harvest/{source['name']}")).select("form[action*=vista-previa]")
    # In its form, what was typed counts.
    form = typed_in(
        soup(app.get(f"/harvest/edit/{source['name']}", headers=headers(editor))).select_one(
            "form.culturape-source"
        )
    )
    form["url"] = [f"{catalogue.base}/nada"]
    answer = app.post(str(button["action"]), data=form, headers=headers(editor), status=422)
    assert soup(answer).select_one("[name=url]")["value"] == f"{catalogue.base}/nada"  # type: ignore[index]
    assert stored(source["id"]).url == catalogue.address


def test_addresses_of_previews_lead_to_the_form(
    app: Any, save: Callable[..., Any], editor: dict[str, Any]
) -> None:
    source = save()
    for path, form in (("", "new"), (f"/{source['name']}", f"edit/{source['name']}")):
        answer = app.get(
            f"/harvest/vista-previa{path}", headers=headers(editor), follow_redirects=False, status=302
        )
        assert answer.headers["Location"].endswith(f"/harvest/{form}")
    for name in ("no-hay", helpers.call_action("package_list", fq="")[:1] and "no-hay-2"):
        app.post(f"/harvest/vista-previa/{name}", headers=headers(editor), status=404)


def test_a_dataset_is_no_source(app: Any, make_dataset: Callable[..., Any], editor: dict[str, Any]) -> None:
    app.post(f"/harvest/vista-previa/{make_dataset()['name']}", headers=headers(editor), status=404)
