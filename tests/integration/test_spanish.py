"""A person who reads Spanish meets no English: on any page that a visitor, an editor or an administrator of the portal can reach."""

from __future__ import annotations

import email
import json
from email import policy
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup
from ckan.lib.i18n import build_js_translations
from crawler import Crawl, Page
from places import ADMINISTRATOR, VISITOR
from untranslated import faults, messages

from ckanext.culturape.logic import importing
from culturape_portal.prepare import grant_datastore

SAMPLES = Path(__file__).parents[2] / "portal" / "samples"
PLUGINS = (
    "culturape culturape_dcat culturape_harvest culturape_agenda culturape_coverage culturape_translations scheming_datasets scheming_organizations "
    "dcat structured_data activity harvest datastore datatables_view text_view image_view video_view audio_view webpage_view stats tabledesigner "
    "tracking resource_proxy"
)

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("clean")]

#: Where a walk begins, beside what links lead to: one page of every kind, but for those of people and files of another portal.
BEGIN = (
    *(place for place in dict.fromkeys(VISITOR + ADMINISTRATOR) if "{resource}" not in place and "/admin" not in place),
    "/stats", "/user/edit", "/dataset/?q=title:(",
)  # fmt: skip


@pytest.fixture
def site(app: Any, make_dataset: Any) -> Any:
    """A site with one of each: dataset, table, views, group, source, and a dataset that was deleted."""
    admin = factories.Sysadmin(name="quien-administra", fullname="Ana Quispe", about="")["name"]

    def act(action: str, **data: Any) -> Any:
        return helpers.call_action(action, {"user": admin, "ignore_auth": False}, **data)

    first = make_dataset(name="prestamos")
    act(
        "group_create",
        name="grupo-de-prueba",
        title="Grupo de prueba",
        description="Descripción",
        packages=[{"id": first["id"]}],
    )
    resource = act(
        "resource_create",
        package_id=first["id"],
        name="Tabla de prueba",
        url="http://example.org/tabla.csv",
        format="CSV",
    )
    grant_datastore(tk.config["ckan.datastore.write_url"])
    columns = [{"id": "nombre", "type": "text"}, {"id": "cantidad", "type": "numeric"}]
    act(
        "datastore_create",
        resource_id=resource["id"],
        force=True,
        fields=columns,
        records=[{"nombre": "Museo", "cantidad": 3}],
    )
    for view in act("resource_view_list", id=resource["id"]):
        act("resource_view_update", **{**view, "title": "Tabla"})
    for view in ("datatables_view", "text_view"):
        act("resource_view_create", resource_id=resource["id"], view_type=view, title="Vista de prueba")
    source = {
        "name": "fuente",
        "title": "Fuente de prueba",
        "url": "http://example.org/catalog.ttl",
        "source_type": "culturape_dcat",
    }
    act("harvest_source_create", owner_org=first["owner_org"], **source)
    act("package_delete", id=make_dataset(name="eliminado")["id"])
    return app


@pytest.fixture
def full_site(site: Any) -> Any:
    """The same, with all samples."""
    assert importing.load(SAMPLES).faults == []
    return site


def token(name: str) -> dict[str, str]:
    return {
        "Authorization": helpers.call_action(
            "api_token_create", {"ignore_auth": True, "user": name}, user=name, name="recorrido"
        )["token"]
    }


def people() -> dict[str, dict[str, str]]:
    """Headers of a visitor, of an editor and of an administrator."""
    editor = factories.User(name="quien-edita", fullname="Rosa Mamani", about="")["name"]
    for organization in helpers.call_action("organization_list")[:3]:
        helpers.call_action("organization_member_create", id=organization, username=editor, role="editor")
    return {"visitor": {}, "editor": token(editor), "administrator": token("quien-administra")}


def english_of(page: Page) -> list[str]:
    """What of a page is English."""
    return [
        f"{page.address} ({page.status}): {reason}: {text[:120]}"
        for text in page.texts()
        for reason in faults(text)
    ]


#: How many kinds of pages each must have read at least: a walk that reads little proves little.
KINDS = {"visitor": 55, "editor": 65, "administrator": 95}


def test_no_page_says_anything_in_english(full_site: Any, record_property: Any) -> None:
    found: dict[str, str] = {}
    for who, headers in people().items():
        crawl = Crawl(full_site, headers)
        kinds: set[str] = set()
        for page in crawl.pages(BEGIN):
            kinds.add(page.endpoint)
            assert page.status < 500, page.address
            # A page of an error that no template of CKAN makes, and a part of a page, say no language.
            assert page.soup.html is None or page.soup.html.get("lang") == "es", page.address
            for fault in english_of(page):
                found.setdefault(fault.split("): ", 1)[1], f"{who}: {fault}")
        record_property(who, f"{len(crawl.seen)} addresses of {len(kinds)} views")
        assert len(kinds) > KINDS[who], sorted(kinds)
    assert not found, "\n".join(sorted(found.values()))


#: Forms that are sent empty or wrong, and what is sent.
WRONG = (
    ("/dataset/new", {"save": ""}),
    ("/dataset/new", {"save": "", "name": "A B", "url": "x y", "title_translated-es": "x", "territory": "nowhere", "people": "nobody"}),
    ("/organization/new", {"save": ""}),
    ("/group/new", {"save": ""}),
    ("/group/new", {"save": "", "name": "A B!"}),
    ("/agenda/new", {"save": "", "name": "x" * 200, "agenda_status": "x"}),
    ("/compromiso/new", {"save": "", "due_date": "ayer"}),
    ("/necesidad/new", {"save": ""}),
    ("/necesidad/nueva", {"step": "3", "send": "1"}),
    ("/harvest/new", {"save": ""}),
    ("/harvest/new", {"save": "", "url": "x", "source_type": "culturape_dcat", "title": "x", "name": "a b"}),
    ("/user/register", {"save": "", "name": "A B", "email": "x", "password1": "1", "password2": "2"}),
    ("/user/login", {"login": "nadie", "password": "x"}),
    ("/user/reset", {"user": "nadie@example.org"}),
    ("/user/edit", {"save": "", "name": "quien-administra", "fullname": "", "email": "x", "old_password": "z", "password1": "a", "password2": "b"}),
    ("/user/quien-administra/api-tokens", {"name": ""}),
    ("/organization/member_new/{organization}", {"username": "nadie", "role": "editor"}),
    ("/group/member_new/grupo-de-prueba", {"username": "", "role": ""}),
    ("/ckan-admin/config", {"save": "", "ckan.site_title": ""}),
    ("/dataset/{dataset}/resource/new", {"save": "go-metadata", "url": "", "id": ""}),
    ("/dataset/{dataset}/resource/{resource}/new_view?view_type=datatables_view", {"save": "", "title": ""}),
    ("/validar", {"text": ""}),
    ("/ckan-admin", {"username": "nadie"}),
)  # fmt: skip


def test_what_is_wrong_with_a_form_is_said_in_spanish(site: Any) -> None:
    headers = people()["administrator"]
    dataset = helpers.call_action("package_search", fq="+res_format:CSV +dataset_type:dataset", rows=1)[
        "results"
    ][0]
    places = {
        "organization": helpers.call_action("organization_list")[0],
        "dataset": dataset["name"],
        "resource": dataset["resources"][0]["id"],
    }
    found, said = [], 0
    for path, data in WRONG:
        answer = site.post(path.format(**places), data=data, headers=headers)
        assert answer.status_code < 500, path
        html = answer.get_data(as_text=True)
        page = Page(path, path, answer.status_code, html, BeautifulSoup(html, "html.parser"))
        said += "error" in html
        found += english_of(page)
    assert said > len(WRONG) // 2
    assert not found, "\n".join(sorted(found))


@pytest.mark.ckan_config("smtp.mail_from", "portal@example.org")
def test_mails_are_in_spanish(site: Any, mail_server: Any) -> None:
    from ckan import model
    from ckan.lib import mailer

    user = model.User.get("quien-administra")
    with site.flask_app.test_request_context("/"):
        mailer.send_reset_link(user)
        mailer.send_invite(user, helpers.call_action("group_show", id="grupo-de-prueba"), "editor")
    texts = [
        email.message_from_string(sent[3], policy=policy.default) for sent in mail_server.get_smtp_messages()
    ]
    assert len(texts) == 2
    for message in texts:
        words = [message["Subject"], *message.get_body(("plain",)).get_content().splitlines()]
        assert [(line, reason) for line in words for reason in faults(line)] == []


def test_scripts_in_the_browser_speak_spanish(
    with_plugins: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    build_js_translations()
    spanish = json.loads((tmp_path / "i18n" / "js" / "es.js").read_text("utf-8"))
    asked = {found.ids[0] for found in messages() if any(place.endswith(".js") for place in found.places)}
    assert len(asked) > 40
    assert {text for text in asked if not all((spanish.get(text) or [None, ""])[1:])} == set()
    assert spanish["Are you sure you want to perform this action?"] == [None, "¿Seguro que desea hacer esto?"]


def test_pages_of_errors_say_what_to_do(app: Any) -> None:
    answer = app.get("/no-hay", status=404)
    page = BeautifulSoup(answer.body, "html.parser")
    assert page.h1.text == "Esta página no existe"
    assert page.select_one('#error-content a[href="/dataset/"]')
    english = BeautifulSoup(app.get("/en/no-hay", status=404).body, "html.parser")
    assert english.h1.text == "This page does not exist"
    # What CKAN says of its own is kept.
    assert "No se encontró el conjunto de datos" in app.get("/dataset/no-hay", status=404).body
