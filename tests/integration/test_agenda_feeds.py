"""News of needs and agendas as Atom: what anybody may read, nothing else; and the button that supports a need."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from agendas import Make, maker
from bs4 import BeautifulSoup
from ckan import model
from lxml import etree

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = "<script>alert(1)</script> & “más”"

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


def feed(app: Any, path: str) -> Any:
    answer = app.get(path)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.body.encode())


def entries(root: Any) -> list[tuple[str, str]]:
    return [
        (entry.findtext("a:title", namespaces=ATOM), entry.findtext("a:summary", namespaces=ATOM) or "")
        for entry in root.findall("a:entry", ATOM)
    ]


def step(user: dict[str, Any], need: dict[str, Any], status: str, comment: str) -> None:
    data = {"id": need["id"], "status": status, "comment": comment}
    context = {
        "user": user["name"],
        "ignore_auth": False,
        "auth_user_obj": model.User.get(user["name"]),
    }
    tk.get_action("culturape_need_status_set")(context, data)


def links(app: Any, path: str) -> list[str]:
    page = BeautifulSoup(app.get(path).body, "html.parser")
    head = [link["href"] for link in page.select('head link[type="application/atom+xml"]')]
    shown = [link["href"] for link in page.select('[role=main] a[type="application/atom+xml"]')]
    assert head == shown
    return head


def test_the_steps_of_a_need_are_its_news(app: Any, make: Make, editor: dict[str, Any]) -> None:
    need = make("necesidad", title_translated={"es": HOSTILE, "en": "Speakers"})
    step(editor, need, "en-revision", "Se lee.\x07")
    step(editor, need, "no-procede", HOSTILE)
    path = links(app, f"/necesidad/{need['name']}")[0]
    root = feed(app, path)
    assert entries(root) == [("No procede", HOSTILE), ("En revisión", "Se lee."), ("Recibida", "")]
    assert root.findtext("a:title", namespaces=ATOM).startswith(HOSTILE)
    ids = root.xpath("//a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids) == 4
    assert root.findtext("a:updated", namespaces=ATOM) == max(
        root.xpath("a:entry/a:updated/text()", namespaces=ATOM)
    )
    assert root.xpath("a:entry/a:link/@href", namespaces=ATOM)[0].endswith(f"/necesidad/{need['name']}")
    assert editor["name"] not in app.get(path).body
    assert editor["email"] not in app.get(path).body
    english = feed(app, f"/en{path.removeprefix('/es')}")
    assert [title for title, _ in entries(english)] == ["Not applicable", "Under review", "Received"]


def test_an_unchanged_feed_is_not_sent_again(app: Any, make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda")
    need = make("necesidad", agenda=agenda["name"])
    paths = [f"/necesidad/{need['name']}/historia.atom", f"/agenda/{agenda['name']}/novedades.atom"]
    tags = [app.get(path).headers["ETag"] for path in paths]
    for path, tag in zip(paths, tags, strict=True):
        assert app.get(path, headers={"If-None-Match": tag}).status_code == 304
    step(editor, need, "en-revision", "Se lee.")
    for path, tag in zip(paths, tags, strict=True):
        assert app.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_an_agenda_tells_of_needs_commitments_and_steps(
    app: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    agenda = make("agenda")
    assert links(app, f"/agenda/{agenda['name']}") == [f"/agenda/{agenda['name']}/novedades.atom"]
    path = f"/agenda/{agenda['name']}/novedades.atom"
    assert entries(feed(app, path)) == []
    need = make("necesidad", agenda=agenda["name"], title_translated={"es": "Hablantes"})
    make("compromiso", agenda=agenda["name"], title_translated={"es": "Abrir"}, fulfilled_by=[make_dataset()["name"]])  # fmt: skip
    make("compromiso", agenda=agenda["name"], title_translated={"es": "Secreto"}, private=True)
    hidden = make("necesidad", agenda=agenda["name"], title_translated={"es": "Oculta"}, private=True)
    make("necesidad", title_translated={"es": "De otra parte"})
    step(editor, hidden, "en-revision", "Esto no lo lee nadie.")
    step(editor, need, "en-revision", "Se lee.")
    found = entries(feed(app, path))
    assert sorted(found) == [
        ("Compromiso: Abrir", "Estado: Cumplido. Fecha límite: 2031-12."),
        ("Necesidad: Hablantes", "Estado: En revisión."),
        ("Necesidad: Hablantes. En revisión", "Se lee."),
    ]
    assert "Esto no lo lee nadie" not in app.get(path, headers={"Authorization": editor["token"]}).body


def test_private_deleted_and_other_records_have_no_feed(app: Any, make: Make, editor: dict[str, Any]) -> None:
    secret = make("necesidad", private=True)
    gone = make("agenda")
    other = make("compromiso", agenda=gone["name"])
    helpers.call_action("package_delete", {"user": editor["name"]}, id=gone["id"])
    for path in (
        f"/necesidad/{secret['name']}/historia.atom",
        f"/necesidad/{secret['id']}/historia.atom",
        f"/agenda/{gone['name']}/novedades.atom",
        f"/necesidad/{other['name']}/historia.atom",
        "/agenda/nada/novedades.atom",
    ):
        assert app.get(path, headers={"Authorization": editor["token"]}).status_code == 404, path
    page = app.get(f"/necesidad/{secret['name']}", headers={"Authorization": editor["token"]}).body
    assert "application/atom+xml" not in page


def support_of(app: Any, path: str, user: dict[str, Any] | None = None) -> BeautifulSoup:
    headers = {"Authorization": user["token"]} if user else {}
    section = BeautifulSoup(app.get(path, headers=headers).body, "html.parser").select_one("#apoyo")
    assert section
    return section


def test_a_need_is_supported_with_a_form(app: Any, make: Make, editor: dict[str, Any]) -> None:
    need = make("necesidad")
    path = f"/necesidad/{need['name']}"
    assert "1 persona la apoya." in support_of(app, path).get_text()
    anybody = support_of(app, path)
    assert anybody.form is None
    assert anybody.select_one("a[href*='/user/login']")
    user = factories.UserWithToken()
    form = support_of(app, path, user).form
    assert form and form["method"] == "post"
    assert form.button and form.button.get_text() == "Apoyar esta necesidad"
    headers = {"Authorization": user["token"]}
    for _ in range(2):
        answer = app.post(form["action"], headers=headers, follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"].rpartition("#")[2]) == (302, "apoyo")
    section = support_of(app, path, user)
    assert "2 personas la apoyan." in section.get_text()
    assert section.form and section.form.button and section.form.button.get_text() == "Dejar de apoyar"
    helpers.call_action("user_delete", {"ignore_auth": True}, id=editor["id"])
    assert "1 persona la apoya." in support_of(app, path).get_text()
    for _ in range(2):
        app.post(section.form["action"], headers=headers)
    assert "Nadie la apoya todavía." in support_of(app, path).get_text()


def test_who_may_not_read_a_need_cannot_support_it(app: Any, make: Make, editor: dict[str, Any]) -> None:
    secret, agenda = make("necesidad", private=True), make("agenda")
    headers = {"Authorization": factories.UserWithToken()["token"]}
    assert app.post(f"/necesidad/{secret['name']}/apoyar", headers=headers).status_code in {403, 404}
    assert app.post(f"/necesidad/{agenda['name']}/apoyar", headers=headers).status_code == 404
    assert app.post("/necesidad/nada/apoyar", headers=headers).status_code == 404
    own = make("necesidad")
    assert app.post(f"/necesidad/{own['name']}/apoyar").status_code in {302, 400, 403}
    assert support_of(app, f"/necesidad/{own['name']}").get_text().count("1 persona") == 1
