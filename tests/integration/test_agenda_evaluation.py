"""Evaluations: several actors kept apart, versions that stay, texts that go when they must, and who may what."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from agendas import SOCIETY, STATE, Make, act, maker, page, refused
from bs4 import BeautifulSoup
from ckan import model
from sqlalchemy import text

pytestmark = pytest.mark.usefixtures("clean")

LIMITED = {
    "completed": {"level": "limited", "explanation": "Tres de ocho.", "evidence": "https://example.org/acta"}
}
COMPLETE = {"completed": {"level": "complete"}, "opened": {"level": "marginal"}}


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


def test_answers_of_actors_stand_side_by_side(app: Any, make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    promise = make("compromiso", agenda=agenda["id"])
    who = editor["name"]
    about = {"id": agenda["name"], "about": promise["name"]}
    state = act("culturape_evaluation_set", who, **about, actor="ministerio  de PRUEBA", answers=COMPLETE)
    assert (state["actor"], state["actor_type"]) == (STATE["name"], STATE["actor_type"])
    act(
        "culturape_evaluation_set",
        who,
        **about,
        actor=SOCIETY["name"],
        answers=LIMITED,
        lessons="Empezar antes.",
    )
    alone = {"actor": "Observatorio de prueba", "actor_type": "academia"}
    act("culturape_evaluation_set", who, id=agenda["id"], **alone, answers={"relevant": {"level": "yes"}})
    found = act("culturape_evaluation_list", id=agenda["id"])
    assert [(one["about"]["id"], one["actor"]) for one in found] == [
        (agenda["id"], "Observatorio de prueba"), (promise["id"], SOCIETY["name"]), (promise["id"], STATE["name"]),
    ]  # fmt: skip
    assert found[1]["answers"] == LIMITED and found[1]["lessons"] == "Empezar antes."
    assert [
        one["actor"] for one in act("culturape_evaluation_list", id=agenda["id"], about=agenda["id"])
    ] == ["Observatorio de prueba"]
    assert len(act("culturape_evaluation_list", id=agenda["id"], limit=1)) == 1
    assert len(act("culturape_evaluation_list", id=agenda["id"], offset=1)) == 2
    for path in (f"/agenda/{agenda['name']}", f"/agenda/{agenda['name']}/evaluacion"):
        shown = page(app, path)
        row = shown.select_one("tr.culturape-differs")
        assert "¿Se completó?" in row.text and "Difieren" in row.text
        assert [cell.text for cell in row.select("td")] == ["Una parte limitada", "Todo"], path
        assert len(shown.select("tr.culturape-differs")) == 1
    assert "Tres de ocho." in shown.text and shown.select_one("a[href='https://example.org/acta']")
    assert not shown.select("form[action*=evaluacion]") and editor["id"] not in str(shown)


def test_a_new_answer_takes_the_place_of_the_old_one_which_stays_to_be_seen(
    make: Make, editor: dict[str, Any]
) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    given = {"id": agenda["id"], "actor": STATE["name"]}
    first = act("culturape_evaluation_set", editor["name"], **given, answers=COMPLETE)
    again = act("culturape_evaluation_set", editor["name"], **given, answers=COMPLETE)
    assert again == first, "the same answers are no new version"
    second = act("culturape_evaluation_set", editor["name"], **given, answers=LIMITED)
    [found] = act("culturape_evaluation_list", id=agenda["id"])
    assert (found["id"], found["answers"]) == (second["id"], LIMITED)
    assert [(old["id"], old["answers"]) for old in found["earlier"]] == [(first["id"], COMPLETE)]
    assert "user" not in found
    assert act("culturape_evaluation_list", editor["name"], id=agenda["id"])[0]["user"] == editor["id"]
    wrong = refused(lambda: act("culturape_evaluation_set", editor["name"], **given, answers=COMPLETE, replaces=first["id"]))  # fmt: skip
    assert set(wrong) == {"replaces"}
    assert act("culturape_evaluation_list", id=agenda["id"])[0]["answers"] == LIMITED


def test_two_at_once_leave_one_answer_that_holds(make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    outcomes: list[str] = []
    gate = threading.Barrier(4)

    def enter(number: int) -> None:
        gate.wait()
        try:
            answers = {"specific": {"level": "yes", "explanation": f"versión {number}"}}
            act(
                "culturape_evaluation_set",
                editor["name"],
                id=agenda["id"],
                actor=STATE["name"],
                answers=answers,
                replaces="",
            )
            outcomes.append("kept")
        except tk.ValidationError as error:
            outcomes.append(",".join(error.error_dict))
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "replaces", "replaces", "replaces"]
    rows = model.Session.execute(text("SELECT count(*) FROM culturape_agenda_evaluation")).scalar()
    assert rows == 1


def test_removing_takes_all_texts_and_leaves_the_reason(app: Any, make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    given = {"id": agenda["id"], "actor": STATE["name"]}
    act("culturape_evaluation_set", editor["name"], **given, answers=LIMITED, lessons="Nombra a una persona.")
    one = act("culturape_evaluation_set", editor["name"], **given, answers=COMPLETE)
    assert set(refused(lambda: act("culturape_evaluation_delete", editor["name"], id=one["id"], reason=" "))) == {"reason"}  # fmt: skip
    act("package_patch", editor["name"], id=agenda["id"], agenda_stage="implementacion")
    act("culturape_evaluation_delete", editor["name"], id=one["id"], reason="Nombraba a una persona.")
    [found] = act("culturape_evaluation_list", id=agenda["id"])
    assert (found["removed"], found["answers"], found["earlier"]) == ("Nombraba a una persona.", {}, [])
    kept = model.Session.execute(
        text("SELECT string_agg(answers::text || lessons, '') FROM culturape_agenda_evaluation")
    )
    assert kept.scalar() == "{}{}"
    shown = page(app, f"/agenda/{agenda['name']}/evaluacion").text
    assert "Nombraba a una persona." in shown and "Tres de ocho" not in shown
    for wrong in (one["id"], 999, "1;", "²", "9" * 40):
        with pytest.raises(tk.ObjectNotFound):
            act("culturape_evaluation_delete", editor["name"], id=wrong, reason="Otra vez")
    act("package_patch", editor["name"], id=agenda["id"], agenda_stage="evaluacion")
    act("culturape_evaluation_set", editor["name"], **given, answers=LIMITED)
    [found] = act("culturape_evaluation_list", id=agenda["id"])
    assert (found["answers"], [old["removed"] for old in found["earlier"]]) == (
        LIMITED,
        ["Nombraba a una persona."],
    )


BAD = (
    ({"answers": {"completed": {"level": "quizá"}}}, "completed"),
    ({"answers": {"completed": {"explanation": "Sin respuesta"}}}, "completed"),
    ({"answers": {"completed": {"level": "limited", "explanation": "x" * 5001}}}, "completed"),
    ({"answers": {"completed": {"level": "limited", "evidence": "javascript:alert(1)"}}}, "completed"),
    ({"answers": {"completed": {"level": "limited", "evidence": "ftp://example.org/a"}}}, "completed"),
    ({"answers": {"completed": {"level": ["limited"]}}}, "completed"),
    ({"answers": {"completed": "limited"}}, "completed"),
    ({"answers": {"otra": {"level": "yes"}}}, "answers"),
    ({"answers": "limited"}, "answers"),
    ({"answers": {}}, "answers"),
    ({"lessons": "x" * 5001}, "lessons"),
    ({"lessons": {"es": "x"}}, "lessons"),
    ({"actor": ""}, "actor"),
    ({"actor": "x" * 501}, "actor"),
    ({"actor": {"name": "x"}}, "actor"),
    ({"actor": "Nadie conocido"}, "actor_type"),
    ({"actor": "Nadie conocido", "actor_type": "ministro"}, "actor_type"),
    ({"about": "no-hay"}, "about"),
    ({"about": ["x"]}, "about"),
)  # fmt: skip


def test_bad_input_is_refused_with_a_reason(make: Make, make_dataset: Make, editor: dict[str, Any]) -> None:
    agenda, other = (
        make("agenda", agenda_stage="evaluacion"),
        make("agenda", agenda_stage="evaluacion", name="otra"),
    )
    elsewhere, need = make("compromiso", agenda=other["id"]), make("necesidad", agenda=agenda["id"])
    more = tuple(({"about": one["id"]}, "about") for one in (elsewhere, need, make_dataset()))
    for changes, field in (*BAD, *more):
        given = {"id": agenda["id"], "actor": STATE["name"], "answers": LIMITED, **changes}
        wrong = refused(lambda given=given: act("culturape_evaluation_set", editor["name"], **given))
        assert set(wrong) == {field}, (changes, wrong)
    both = {"id": agenda["id"], "actor": "", "answers": {"opened": {"level": "x"}}, "lessons": "x" * 5001}
    assert set(refused(lambda: act("culturape_evaluation_set", editor["name"], **both))) == {"actor", "opened", "lessons"}  # fmt: skip
    early = make("agenda", name="temprana")
    wrong = refused(lambda: act("culturape_evaluation_set", editor["name"], id=early["id"], actor=STATE["name"], answers=LIMITED))  # fmt: skip
    assert set(wrong) == {"agenda_stage"}
    with pytest.raises(tk.ObjectNotFound):
        act("culturape_evaluation_set", editor["name"], id=need["id"], actor="x", answers=LIMITED)
    for limit in ("x", "-1", "1.5"):
        assert refused(lambda limit=limit: act("culturape_evaluation_list", id=agenda["id"], limit=limit))
    assert act("culturape_evaluation_list", id=agenda["id"], limit="9" * 30, offset="9" * 30) == []
    assert model.Session.execute(text("SELECT count(*) FROM culturape_agenda_evaluation")).scalar() == 0


def test_script_in_texts_is_text(app: Any, make: Make, editor: dict[str, Any]) -> None:
    bad = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    agenda = make("agenda", agenda_stage="evaluacion")
    answers = {
        "opened": {
            "level": "major",
            "explanation": bad,
            "evidence": "https://example.org/?a=%22%3E%3Cscript%3E",
        }
    }
    given = {"id": agenda["id"], "actor": bad, "actor_type": "academia", "answers": answers, "lessons": bad}
    one = act("culturape_evaluation_set", editor["name"], **given)
    act("culturape_evaluation_delete", editor["name"], id=one["id"], reason=bad)
    act("culturape_evaluation_set", editor["name"], **given)
    address = f"/agenda/{agenda['name']}/evaluacion"
    for path in (
        address,
        f"/agenda/{agenda['name']}",
        f"{address}?actor={tk.h.literal('%3Cscript%3E')}&sobre=%22%3E",
        f"/agenda/{agenda['name']}/instantanea",
    ):
        shown = page(app, path, editor)
        assert not shown.find("script", string="alert(1)") and not shown.select("img[src=x]"), path


def test_the_form_records_keeps_what_was_typed_and_tells_of_others(
    app: Any, make: Make, editor: dict[str, Any]
) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    promise = make("compromiso", agenda=agenda["id"])
    address, headers = f"/agenda/{agenda['name']}/evaluacion", {"Authorization": editor["token"]}
    choice = page(app, address, editor).select_one("form[method=get][action$='/evaluacion']")
    assert [option.text for option in choice.select("[name=actor] option")][:2] == [
        SOCIETY["name"],
        STATE["name"],
    ] or [option.text for option in choice.select("[name=actor] option")][:2] == [
        STATE["name"],
        SOCIETY["name"],
    ]
    assert promise["id"] in [option["value"] for option in choice.select("[name=sobre] option")]
    form = page(app, f"{address}?actor={STATE['name']}&sobre={promise['id']}", editor)
    assert len(form.select("fieldset")) == 5 and form.select_one("[name=about]")["value"] == promise["id"]
    sent = {"about": promise["id"], "actor": STATE["name"], "replaces": "", "completed-level": "limited", "completed-evidence": "no es"}  # fmt: skip
    shown = BeautifulSoup(
        app.post(address, data={**sent, "lessons": "Lo <b>escrito</b>"}, headers=headers).body, "html.parser"
    )
    assert (
        shown.select_one("#error-completed")
        and shown.select_one("[name=lessons]").text == "Lo <b>escrito</b>"
    )
    assert shown.select_one("[name=completed-level][checked]")["value"] == "limited"
    sent |= {"completed-evidence": "https://example.org/acta"}
    answer = app.post(address, data=sent, headers=headers, follow_redirects=False)
    assert answer.status_code == 302
    [found] = act("culturape_evaluation_list", id=agenda["id"])
    assert found["answers"]["completed"] == {"level": "limited", "evidence": "https://example.org/acta"}
    form = page(app, f"{address}?actor={STATE['name']}&sobre={promise['id']}", editor)
    assert form.select_one("[name=completed-level][checked]")["value"] == "limited"
    assert form.select_one("[name=replaces]")["value"] == str(found["id"])
    # Sent from a page that did not see these answers yet: said, and the next attempt goes through.
    stale = BeautifulSoup(
        app.post(address, data={**sent, "lessons": "Otra"}, headers=headers).body, "html.parser"
    )
    assert stale.select_one("#error-replaces") and stale.select_one("[name=replaces]")["value"] == str(
        found["id"]
    )
    gone = {"id": found["id"], "reason": "Se cargó por error."}
    assert (
        app.post(f"{address}/quitar", data=gone, headers=headers, follow_redirects=False).status_code == 302
    )
    assert act("culturape_evaluation_list", id=agenda["id"])[0]["removed"] == "Se cargó por error."
    assert page(app, f"{address}?actor=%00&sobre=%00{'x' * 5000}&page=9999999", editor).select("fieldset")
    for path, data in ((address, sent), (f"{address}/quitar", gone)):
        assert app.post(path, data=data, status=403)
        assert app.post(path.replace(agenda["name"], "no-hay"), data=data, headers=headers, status=404)
    assert app.get(f"/agenda/{promise['name']}/evaluacion", status=404)
    act("package_patch", editor["name"], id=agenda["id"], agenda_stage="implementacion")
    closed = page(app, address, editor)
    assert "etapa de evaluación" in closed.text and not closed.select(
        "form[method=get][action$='/evaluacion']"
    )


def test_a_form_that_was_forged_is_refused(
    app: Any, make: Make, organization: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    monkeypatch.setitem(tk.config, "WTF_CSRF_ENABLED", True)
    person = factories.User(password="una-clave-larga-1")
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=person["name"], role="editor"
    )
    client = app.flask_app.test_client()
    # CKAN 2.11 finds the language in front of Flask.
    where = {"base_url": tk.config["ckan.site_url"], "environ_overrides": {"CKAN_LANG": "es"}}
    login = {"login": person["name"], "password": "una-clave-larga-1"}
    assert client.post("/user/login", data=login, **where).status_code == 302
    address = f"/agenda/{agenda['name']}/evaluacion"
    sent = {"actor": STATE["name"], "specific-level": "yes"}
    for token in ({}, {"_csrf_token": "forged"}):
        for path in (address, f"{address}/quitar"):
            assert client.post(path, data={**sent, **token}, **where).status_code == 400
    assert act("culturape_evaluation_list", id=agenda["id"]) == []
    chosen = client.get(address, query_string={"actor": STATE["name"]}, **where)
    form = BeautifulSoup(chosen.data, "html.parser").select_one("form[method=post][action$='/evaluacion']")
    assert form
    token = {"_csrf_token": form.select_one("[name=_csrf_token]")["value"]}
    assert client.post(address, data={**sent, **token}, **where).status_code == 302
    assert len(act("culturape_evaluation_list", id=agenda["id"])) == 1


ROLES = ("anonymous", "person", "other", "editor", "admin", "sysadmin")
KEEPERS = {"editor", "admin", "sysadmin"}


def test_who_may_what(make: Make, organization: dict[str, Any], editor: dict[str, Any]) -> None:
    people = {role: str(factories.User()["name"]) for role in ("person", "other", "admin")}
    people |= {"anonymous": "", "sysadmin": str(factories.Sysadmin()["name"]), "editor": editor["name"]}
    other = factories.Organization(name="otra", institution_type="museo", title_translated={"es": "Otra"})
    for where, who, role in ((other["id"], "other", "editor"), (organization["id"], "admin", "admin")):
        helpers.call_action("organization_member_create", id=where, username=people[who], role=role)
    agenda, closed = (
        make("agenda", agenda_stage="evaluacion"),
        make("agenda", agenda_stage="evaluacion", private=True),
    )
    hidden = make("compromiso", agenda=agenda["id"], private=True)
    act(
        "culturape_evaluation_set",
        editor["name"],
        id=agenda["id"],
        about=hidden["id"],
        actor=STATE["name"],
        answers=LIMITED,
    )

    def enter(where: dict[str, Any]) -> Callable[[str], Any]:
        return lambda user: act(
            "culturape_evaluation_set", user, id=where["id"], actor=STATE["name"], answers=LIMITED
        )

    def remove(user: str) -> Any:
        one = act(
            "culturape_evaluation_set",
            editor["name"],
            id=agenda["id"],
            actor=SOCIETY["name"],
            answers=LIMITED,
        )
        return act("culturape_evaluation_delete", user, id=one["id"], reason="Por error")

    attempts: tuple[tuple[set[str], Callable[[str], Any]], ...] = (
        (KEEPERS, enter(agenda)),
        (KEEPERS, enter(closed)),
        (KEEPERS, remove),
        (set(ROLES), lambda user: act("culturape_evaluation_list", user, id=agenda["id"])),
        (KEEPERS, lambda user: act("culturape_evaluation_list", user, id=closed["id"])),
        (KEEPERS, lambda user: [one for one in act("culturape_evaluation_list", user, id=agenda["id"]) if one["about"]["id"] == hidden["id"]][0]),
    )  # fmt: skip
    for number, (allowed, attempt) in enumerate(attempts):
        for role in ROLES:
            assert _is_let(attempt, people[role]) == (role in allowed), (number, role)


def _is_let(attempt: Callable[[str], Any], user: str) -> bool:
    try:
        attempt(user)
    except (tk.NotAuthorized, tk.ObjectNotFound, IndexError):
        model.Session.rollback()
        return False
    return True


def test_evaluations_go_with_what_is_purged(make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    promise = make("compromiso", agenda=agenda["id"])
    for about in (agenda["id"], promise["id"]):
        act(
            "culturape_evaluation_set",
            editor["name"],
            id=agenda["id"],
            about=about,
            actor=STATE["name"],
            answers=LIMITED,
        )
    sysadmin = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_delete", sysadmin, id=promise["id"])
    assert [one["about"]["id"] for one in act("culturape_evaluation_list", id=agenda["id"])] == [agenda["id"]]
    helpers.call_action("package_delete", sysadmin, id=agenda["id"])
    for action in ("culturape_evaluation_set", "culturape_evaluation_list"):
        with pytest.raises(tk.ObjectNotFound):
            act(action, editor["name"], id=agenda["id"], actor=STATE["name"], answers=LIMITED)
    for record, left in ((promise, 1), (agenda, 0)):
        helpers.call_action("dataset_purge", sysadmin, id=record["id"])
        rows = model.Session.execute(text("SELECT count(*) FROM culturape_agenda_evaluation")).scalar()
        assert rows == left
