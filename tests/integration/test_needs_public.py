"""Needs that people state: three steps, read by an institution first, contacts that nobody else sees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import pytest
from agendas import Make, act, maker, refused
from bs4 import BeautifulSoup
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from sqlalchemy import create_engine, text

from ckanext.culturape.agenda.public import sender
from ckanext.culturape.logic import flooding

pytestmark = pytest.mark.usefixtures("clean")

SAID: dict[str, Any] = {
    "title": "Hablantes de shipibo por distrito",
    "description": "La escuela bilingüe necesita saber cuántos niños hablan la lengua en cada distrito.",
    "purpose": ["educacion"],
    "territory": ["25"],
    "requester_type": "organizacion-indigena",
    "contact_name": "Persona de prueba",
    "contact_email": "persona@example.org",
}
PLACE = "/necesidad/nueva"


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    """Nobody has stated anything before."""
    flooding._limiter(str(tk.config["ckan.redis.url"])).storage.reset()
    return


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


@pytest.fixture
def agenda(make: Make) -> dict[str, Any]:
    return make("agenda")


@pytest.fixture
def person() -> dict[str, Any]:
    return factories.UserWithToken()


def state(user: str = "", **changes: Any) -> dict[str, Any]:
    """Say something as somebody."""
    return act("culturape_need_state", user, **{**SAID, **changes})


def test_a_person_states_a_need_and_an_institution_publishes_it(
    app: Any, agenda: dict[str, Any], person: dict[str, Any], editor: dict[str, Any]
) -> None:
    receipt = state(person["name"], agenda=agenda["name"])
    assert receipt["is_new"] is True
    need = act("package_show", editor["name"], id=receipt["id"])
    assert (need["private"], need["owner_org"], need["agenda"], need["need_status"]) == (
        True, agenda["owner_org"], agenda["id"], "recibida",
    )  # fmt: skip
    assert need["territory"] == ["25"]
    assert need["response_due"]
    # Whoever stated it sees it, nobody else does.
    assert act("package_show", person["name"], id=receipt["id"])["id"] == receipt["id"]
    for stranger in ("", factories.User()["name"]):
        with pytest.raises(tk.NotAuthorized):
            act("package_show", stranger, id=receipt["id"])
    assert [one["id"] for one in act("culturape_need_waiting", editor["name"])] == [receipt["id"]]
    assert act("culturape_need_waiting", person["name"]) == []
    app.post(
        f"/necesidad/{need['name']}/publicar",
        headers={"Authorization": editor["token"]},
        follow_redirects=False,
    )
    assert act("package_show", id=receipt["id"])["private"] is False
    assert act("culturape_need_waiting", editor["name"]) == []
    assert [(one["id"], one["is_public"]) for one in act("culturape_need_mine", person["name"])] == [
        (receipt["id"], True)
    ]


def test_the_person_stays_unknown_to_the_public(
    app: Any, agenda: dict[str, Any], person: dict[str, Any], editor: dict[str, Any]
) -> None:
    receipt = state(person["name"], agenda=agenda["name"])
    act("package_patch", editor["name"], id=receipt["id"], private=False)
    need = act("package_show", id=receipt["id"])
    person_id = model.User.get(person["name"]).id
    found = tk.get_action("package_search")({"user": ""}, {"fq": f'id:"{receipt["id"]}"'})["results"]
    page = app.get(f"/necesidad/{need['name']}").body
    activities = str(act("package_activity_list", id=receipt["id"]))
    for shown in (
        str(need),
        str(found),
        page,
        activities,
        app.get(f"/necesidad/activity/{need['name']}").body,
    ):
        assert SAID["contact_email"] not in shown
        assert SAID["contact_name"] not in shown
        assert person["name"] not in shown
        assert person_id not in shown


def test_contacts_are_seen_by_those_who_answer_and_can_be_forgotten(
    app: Any, agenda: dict[str, Any], person: dict[str, Any], editor: dict[str, Any]
) -> None:
    receipt = state(person["name"], agenda=agenda["name"])
    act("package_patch", editor["name"], id=receipt["id"], private=False)
    expected = {"name": SAID["contact_name"], "email": SAID["contact_email"]}
    assert act("culturape_need_contact", editor["name"], id=receipt["id"]) == {**expected, "is_own": False}
    assert act("culturape_need_contact", person["name"], id=receipt["id"]) == {**expected, "is_own": True}
    other = factories.Organization(
        institution_type="museo",
        users=[{"name": (stranger := factories.UserWithToken())["name"], "capacity": "editor"}],
    )
    assert other
    for name in ("", stranger["name"]):
        for action in ("culturape_need_contact", "culturape_need_contact_forget"):
            with pytest.raises(tk.NotAuthorized):
                act(action, name, id=receipt["id"])
    path = f"/necesidad/{receipt['name']}"
    assert SAID["contact_email"] in app.get(path, headers={"Authorization": editor["token"]}).body
    app.post(f"{path}/contacto/olvidar", headers={"Authorization": stranger["token"]}, status=403)
    app.post(f"{path}/contacto/olvidar", headers={"Authorization": person["token"]}, follow_redirects=False)
    assert act("culturape_need_contact", editor["name"], id=receipt["id"])["email"] == ""


def test_contacts_of_ended_needs_are_forgotten(
    cli: Any,
    agenda: dict[str, Any],
    editor: dict[str, Any],
    person: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended, waits = (
        state(person["name"], agenda=agenda["name"], title=f"{SAID['title']} {n}") for n in ("uno", "dos")
    )
    act(
        "culturape_need_status_set",
        editor["name"],
        id=ended["id"],
        status="no-procede",
        comment="Ya no existe.",
    )
    monkeypatch.setitem(tk.config, "ckanext.culturape.needs.contact_days", 0)
    assert "1 contacts" in cli.invoke(ckan_command, ["culturape", "agenda", "forget"]).output
    assert sender.of_need(model.Session, ended["id"]).email == ""
    assert sender.of_need(model.Session, waits["id"]).email == SAID["contact_email"]


def test_the_same_need_is_received_once(agenda: dict[str, Any], person: dict[str, Any]) -> None:
    first = state(person["name"], agenda=agenda["name"])
    again = state(
        person["name"],
        agenda=agenda["name"],
        title=SAID["title"].upper(),
        description=f"  {SAID['description']}",
    )
    assert (again["id"], again["is_new"]) == (first["id"], False)
    assert state(factories.User()["name"], agenda=agenda["name"])["id"] != first["id"]


def test_two_who_send_the_same_at_once_make_one_need(agenda: dict[str, Any], person: dict[str, Any]) -> None:
    """A second transaction says the same and has not ended: ours waits for it."""
    digest_of = "x" * 64
    engine = create_engine(model.Session.get_bind().url)
    with engine.connect() as other:
        assert sender.by_digest(other, digest_of) is None
        free = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:value, 0))")
        assert model.Session.execute(free, {"value": digest_of}).scalar() is False
    found: list[Any] = []

    def send() -> None:
        try:
            found.append(state(person["name"], agenda=agenda["name"])["id"])
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 3
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "corto"}, "title"),
        ({"title": "a\nb" * 20}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": ["a", "list"]}, "title"),
        ({"description": "x" * 1_000_000}, "description"),
        ({"description": "Escríbame a persona@example.org por favor, gracias."}, "description"),
        ({"purpose": []}, "purpose"),
        ({"purpose": ["no-existe"]}, "purpose"),
        ({"purpose": [f"x{n}" for n in range(40)]}, "purpose"),
        ({"territory": ["Atlantis"]}, "territory"),
        ({"requester_type": ""}, "requester_type"),
        ({"requester_type": "rey"}, "requester_type"),
        ({"contact_email": "no"}, "contact_email"),
        ({"contact_name": "a\r\nBcc: otra@example.org"}, "contact_name"),
        ({"agenda": "no-existe"}, "agenda"),
        ({"agenda": ""}, "agenda"),
        ({"about_dataset": ["no-existe"]}, "about_dataset"),
        ({"language": "xx"}, "title"),
    ],
)
def test_what_cannot_be_is_said_at_its_place(
    agenda: dict[str, Any], person: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    assert field in refused(lambda: state(person["name"], **{"agenda": agenda["name"], **changes}))
    assert model.Session.query(model.Package).filter_by(type="necesidad").count() == 0


def test_private_records_are_not_revealed(
    make: Make, make_dataset: Make, agenda: dict[str, Any], person: dict[str, Any], editor: dict[str, Any]
) -> None:
    hidden = make_dataset(private=True)
    words = refused(lambda: state(person["name"], agenda=agenda["name"], about_dataset=[hidden["name"]]))
    none = refused(lambda: state(person["name"], agenda=agenda["name"], about_dataset=["no-existe"]))
    assert str(words).replace(hidden["name"], "X") == str(none).replace("no-existe", "X")
    secret = make("agenda", private=True)
    ended = make("agenda", agenda_status="concluida")
    for name in (secret["name"], ended["name"]):
        assert "agenda" in refused(lambda name=name: state(person["name"], agenda=name))
    resembling = act("culturape_need_similar", q=f"{hidden['title']} {secret['title']}")
    assert hidden["id"] not in str(resembling)


def test_who_answers(
    make_dataset: Make, agenda: dict[str, Any], person: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, fallback = make_dataset(), factories.Organization(institution_type="museo")
    about = state(person["name"], about_dataset=[dataset["name"]])
    assert model.Package.get(about["id"]).owner_org == dataset["owner_org"]
    monkeypatch.setitem(tk.config, "ckanext.culturape.needs.organization", fallback["name"])
    alone = state(person["name"], title="Otra necesidad sin agenda alguna")
    assert model.Package.get(alone["id"]).owner_org == fallback["id"]


@pytest.mark.parametrize(
    ("who", "visitor", "account"), [("people", False, True), ("anyone", True, True), ("nobody", False, False)]
)
def test_the_operator_says_who_may(
    app: Any, agenda: dict[str, Any], person: dict[str, Any], monkeypatch: pytest.MonkeyPatch, who: str, visitor: bool, account: bool
) -> None:  # fmt: skip
    monkeypatch.setitem(tk.config, "ckanext.culturape.needs.from", who)
    for name, may in (("", visitor), (person["name"], account)):
        if may:
            assert state(name, agenda=agenda["name"])["is_new"]
        else:
            with pytest.raises(tk.NotAuthorized):
                state(name, agenda=agenda["name"])
    page = app.get(PLACE, follow_redirects=False)
    assert page.status_code == {"people": 302, "anyone": 200, "nobody": 403}[who]


def test_floods_end(
    agenda: dict[str, Any], person: dict[str, Any], app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.culturape.needs.rate", "2/hour")
    headers = {"Authorization": person["token"]}
    answers = [
        app.post(
            "/api/action/culturape_need_state",
            json={**SAID, "agenda": agenda["name"], "title": f"{SAID['title']} {number}"},
            headers=headers,
        ).status_code
        for number in range(4)
    ]
    assert answers == [200, 200, 409, 409]


def fields_of(body: str) -> dict[str, Any]:
    """What the form on a page would send: the fields with their values, and lists of what is ticked."""
    form = BeautifulSoup(body, "html.parser").select_one("form.culturape-need-form")
    assert form is not None, body
    found: dict[str, Any] = {}
    for control in form.select("input, textarea, select"):
        name = control.get("name")
        if not name or (control.get("type") == "checkbox" and not control.has_attr("checked")):
            continue
        if control.name == "textarea":
            value = control.text.removeprefix("\n")
        elif control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            value = chosen["value"] if chosen else ""
        else:
            value = control.get("value", "")
        found.setdefault(name, []).append(value)
    return found


def test_three_steps_without_javascript(
    app: Any, agenda: dict[str, Any], make_dataset: Make, person: dict[str, Any]
) -> None:
    headers = {"Authorization": person["token"]}
    make_dataset(title_translated={"es": "Registro de hablantes de lenguas por distrito"})
    first = fields_of(app.get(f"{PLACE}?territory=25", headers=headers).body)
    assert first["territory"] == ["25"]
    wrong = app.post(PLACE, data={**first, "title": "corto", "go": "2"}, headers=headers)
    assert fields_of(wrong.body)["step"] == ["1"]
    assert "al menos 10" in wrong.body
    second = app.post(PLACE, data={**first, "title": SAID["title"], "description": "Uno.\nDos: ¿cuántos niños la hablan?", "go": "2"}, headers=headers)  # fmt: skip
    assert "Registro de hablantes de lenguas por distrito" in second.body
    fields = fields_of(second.body)
    assert fields["step"] == ["2"]
    assert fields["territory"] == ["25"]
    assert fields["title"] == [SAID["title"]]
    third = app.post(
        PLACE, data={**fields, "purpose": ["educacion", "investigacion"], "go": "3"}, headers=headers
    )
    fields = fields_of(third.body)
    back = fields_of(app.post(PLACE, data={**fields, "go": "1"}, headers=headers).body)
    assert back["title"] == [SAID["title"]]
    assert back["description"][0].splitlines() == ["Uno.", "Dos: ¿cuántos niños la hablan?"]
    lacking = app.post(PLACE, data={**fields, "go": "send"}, headers=headers)
    assert fields_of(lacking.body)["step"] == ["3"]
    sent = app.post(
        PLACE,
        data={**fields, "requester_type": "academia", "agenda": agenda["id"], "go": "send"},
        headers=headers,
        follow_redirects=False,
    )
    assert sent.status_code == 302
    need = model.Session.query(model.Package).filter_by(type="necesidad").one()
    shown = act("package_show", person["name"], id=need.id)
    assert shown["purpose"] == ["educacion", "investigacion"]
    assert shown["notes_translated"]["es"].splitlines() == ["Uno.", "Dos: ¿cuántos niños la hablan?"]
    page = app.get(f"/necesidad/{need.name}", headers=headers).body
    assert "Solo usted y la organización que responde" in page


def test_a_session_that_ended_loses_nothing(app: Any, agenda: dict[str, Any]) -> None:
    answer = app.post(PLACE, data={"step": "1", "title": SAID["title"], "go": "2"}, status=403)
    assert fields_of(answer.body)["title"] == [SAID["title"]]


def test_scripts_are_only_text(
    app: Any, agenda: dict[str, Any], person: dict[str, Any], editor: dict[str, Any]
) -> None:
    bad = "<script>alert(1)</script> <img src=x onerror=alert(2)>"
    receipt = state(person["name"], agenda=agenda["name"], title=f"{bad} datos", description=f"{bad} para algo útil", requester_name=bad, contact_name=bad)  # fmt: skip
    headers = {"Authorization": editor["token"]}
    pages = [
        f"/necesidad/{receipt['name']}",
        "/necesidades/por-revisar",
        f"{PLACE}?title={bad}&people={bad}&agenda={bad}",
    ]
    for path in pages:
        soup = BeautifulSoup(app.get(path, headers=headers).body, "html.parser")
        assert not [one for one in soup.select("script") if "alert(1)" in one.text]
        assert not soup.select("img[onerror]")


def test_peoples_in_isolation_are_not_located(
    agenda: dict[str, Any], person: dict[str, Any], editor: dict[str, Any]
) -> None:
    said = {"agenda": agenda["name"], "people": ["mashco-piro"], "territory": ["170101"]}
    assert "territory" in refused(lambda: state(person["name"], **said))


def test_a_need_may_not_be_published_by_whoever_stated_it(
    app: Any, agenda: dict[str, Any], person: dict[str, Any]
) -> None:
    receipt = state(person["name"], agenda=agenda["name"])
    app.post(f"/necesidad/{receipt['name']}/publicar", headers={"Authorization": person["token"]}, status=403)
    for changes in ({"private": False}, {"title_translated": {"es": "Otra"}}):
        with pytest.raises(tk.NotAuthorized):
            act("package_patch", person["name"], id=receipt["id"], **changes)
