"""Agendas, commitments and needs: links that survive, states that are computed, a history that only grows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from agendas import SOCIETY, STATE, Make, act, maker, page, refused
from bs4 import BeautifulSoup
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from sqlalchemy import text

from ckanext.culturape.agenda import following, pages

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


def links() -> set[tuple[str, str, str]]:
    rows = model.Session.execute(text("SELECT source_id, field, target_id FROM culturape_agenda_link"))
    return {tuple(row) for row in rows}


def test_the_chain_is_seen_from_both_ends(app: Any, make: Make, make_dataset: Make) -> None:
    dataset = make_dataset()
    agenda = make("agenda")
    need = make("necesidad", agenda=agenda["name"])
    promise = make(
        "compromiso", agenda=agenda["name"], answers_needs=[need["name"]], fulfilled_by=[dataset["name"]],
    )  # fmt: skip
    assert (promise["agenda"], promise["answers_needs"], promise["fulfilled_by"]) == (
        agenda["id"], [need["id"]], [dataset["id"]],
    )  # fmt: skip
    assert links() == {
        (need["id"], "agenda", agenda["id"]), (promise["id"], "agenda", agenda["id"]),
        (promise["id"], "answers_needs", need["id"]), (promise["id"], "fulfilled_by", dataset["id"]),
    }  # fmt: skip
    act("package_patch", make_user(), id=dataset["id"], name="otro-nombre")
    found = act("culturape_agenda_show", id=agenda["name"])
    assert [
        (one["name"], one["state"], [d["name"] for d in one["datasets"]]) for one in found["commitments"]
    ] == [(promise["name"], "cumplido", ["otro-nombre"])]
    assert [(one["name"], one["status"], [a["name"] for a in one["answers"]]) for one in found["needs"]] == [
        (need["name"], "recibida", [promise["name"]])
    ]
    assert found["counts"] == {"commitments": {"cumplido": 1}, "needs": {"recibida": 1}}
    for path, expected in (
        (f"/dataset/{dataset['id']}", promise["name"]),
        (f"/necesidad/{need['name']}", promise["name"]),
        (f"/necesidad/{need['name']}", agenda["name"]),
        (f"/compromiso/{promise['name']}", "otro-nombre"),
        (f"/agenda/{agenda['name']}", need["name"]),
    ):
        assert page(app, path).select_one(f"a[href$='/{expected}']"), path


def make_user() -> str:
    return str(factories.Sysadmin()["name"])


def test_lists_have_words_facets_and_only_their_own(app: Any, make: Make, make_dataset: Make) -> None:
    make_dataset()
    agenda = make("agenda", agenda_status="vigente")
    make("necesidad", people=["ashaninka"])
    agendas = page(app, "/agenda/")
    assert "Agendas" in agendas.title.text and agendas.select_one("a[href*='vocab_agenda_status=vigente']")
    assert [a["href"] for a in agendas.select(".dataset-heading a")] == [f"/agenda/{agenda['name']}"]
    needs = page(app, "/necesidad/")
    assert "Necesidades" in needs.title.text and "Necesidads" not in needs.text
    assert needs.select_one("a[href*='vocab_people=ashaninka']")
    assert len(page(app, "/dataset/").select(".dataset-heading a")) == 1
    assert len(page(app, "/necesidad/?vocab_purpose=educacion").select(".dataset-heading a")) == 1


def test_lists_say_what_became_of_each(app: Any, make: Make, make_dataset: Make) -> None:
    dataset, hidden = make_dataset(), make_dataset(private=True)
    agenda = make("agenda")["id"]
    make("compromiso", name="cumplido", agenda=agenda, fulfilled_by=[dataset["id"]], due_date="2099")
    make("compromiso", name="en-curso", agenda=agenda, fulfilled_by=[hidden["id"]], due_date="2099")
    make("compromiso", name="vencido", agenda=agenda, due_date="2001")
    make("necesidad", name="nueva")
    listed = page(app, "/compromiso/").select(".dataset-heading")
    found = {one.a["href"].split("/")[-1]: one.select_one(".culturape-state").text for one in listed}
    assert found == {"cumplido": "Cumplido", "en-curso": "En curso", "vencido": "Vencido"}
    assert page(app, "/necesidad/").select_one(".dataset-heading .culturape-state").text == "Recibida"
    assert not page(app, "/agenda/").select(".dataset-heading .culturape-state")


def test_forms_have_the_fields_and_save(
    app: Any, make: Make, editor: dict[str, Any], organization: dict[str, Any]
) -> None:
    agenda = make("agenda")
    form = page(app, "/compromiso/new", editor)
    assert "Crear compromiso" in form.text and "Create Compromiso" not in form.text
    assert form.select_one("textarea[name=agenda][data-one='1'][data-culturape-concepts=agenda]")
    assert not page(app, "/necesidad/new", editor).select("[name=need_status]")
    sent = {
        "title_translated-es": "Abrir registros", "notes_translated-es": "Por año.", "agenda": f"http://test.ckan.net/agenda/{agenda['name']}",
        "lead_actor": "Archivo de prueba", "due_date": "2030", "owner_org": organization["id"], "save": "go-metadata-preview",
        "milestones-0-title": "Inventario", "milestones-0-due_date": "2029-06", "_ckan_phase": "", "pkg_name": "",
    }  # fmt: skip
    answer = app.post(
        "/compromiso/new", data=sent, headers={"Authorization": editor["token"]}, follow_redirects=False
    )
    assert answer.status_code == 302, BeautifulSoup(answer.body, "html.parser").select(".error-explanation")
    found = helpers.call_action("package_show", id="abrir-registros")
    assert (found["agenda"], found["milestones"]) == (
        agenda["id"],
        [{"title": "Inventario", "due_date": "2029-06"}],
    )
    assert found["state"] == "active" and "Inventario" in page(app, "/compromiso/abrir-registros").text
    edit = page(app, "/compromiso/edit/abrir-registros", editor)
    assert edit.select_one("textarea[name=agenda]").text.strip() == agenda["id"]
    assert "Agenda de lenguas" in edit.select_one("textarea[name=agenda]")["data-labels"]


def test_an_agenda_is_in_force_only_with_both_sides(make: Make) -> None:
    academia = {"name": "Universidad", "actor_type": "academia"}
    for actors in ([STATE], [SOCIETY], [academia]):
        assert set(refused(lambda actors=actors: make("agenda", agenda_status="vigente", actors=actors))) == {
            "actors"
        }
        assert make("agenda", actors=actors)["agenda_status"] == "borrador"
    assert make("agenda", agenda_status="vigente")["agenda_status"] == "vigente"


def test_links_to_what_somebody_may_not_read_are_links_to_nothing(make: Make, make_dataset: Make) -> None:
    other = factories.Organization(name="otra", institution_type="museo", title_translated={"es": "Otra"})
    hidden = helpers.call_action(
        "package_create", {"user": make_user()}, type="dataset", name="oculto", title_translated={"es": "Oculto"},
        owner_org=other["id"], private=True,
    )  # fmt: skip
    agenda = make("agenda")
    private, absent = (
        refused(lambda value=value: make("compromiso", agenda=agenda["id"], fulfilled_by=[value]))[
            "fulfilled_by"
        ]
        for value in ("oculto", "no-hay")
    )
    assert private[0].replace("oculto", "X") == absent[0].replace("no-hay", "X")
    for value in (
        hidden["id"],
        agenda["name"],
        "http://test.ckan.net/dataset/oculto",
        "x" * 5000,
        "../../etc",
    ):
        assert "fulfilled_by" in refused(
            lambda value=value: make("compromiso", agenda=agenda["id"], fulfilled_by=[value])
        )
    assert "agenda" in refused(lambda: make("compromiso", agenda="no-hay"))
    assert links() == set()


def test_a_link_to_what_became_private_is_kept_and_not_shown(
    app: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    dataset = make_dataset()
    agenda = make("agenda")
    promise = make("compromiso", agenda=agenda["id"], fulfilled_by=[dataset["id"]])
    helpers.call_action("package_patch", {"user": make_user()}, id=dataset["id"], private=True)
    found = act("culturape_agenda_show", id=agenda["id"])["commitments"][0]
    assert (found["state"], found["datasets"]) == ("en-curso", [])
    shown = page(app, f"/compromiso/{promise['name']}").text
    assert dataset["title"] not in shown and dataset["name"] not in shown and "no es público" in shown
    assert dataset["title"] in page(app, f"/compromiso/{promise['name']}", editor).text
    other = factories.User()["name"]
    assert act("culturape_agenda_show", other, id=agenda["id"])["commitments"][0]["datasets"] == []
    act("package_patch", editor["name"], id=promise["id"], lead_actor="Otro")
    assert helpers.call_action("package_show", id=promise["id"])["fulfilled_by"] == [dataset["id"]]
    helpers.call_action("package_delete", {"user": make_user()}, id=dataset["id"])
    assert act("culturape_agenda_show", id=agenda["id"])["commitments"][0]["state"] == "en-curso"


def test_a_step_needs_a_comment_and_only_grows(
    app: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    dataset = make_dataset()
    need = make("necesidad", need_status="atendida")
    assert need["need_status"] == "recibida"
    act("package_patch", editor["name"], id=need["id"], need_status="no-procede", response_due="2020-01-01")
    step, who = {"id": need["id"]}, editor["name"]
    assert set(refused(lambda: act("culturape_need_status_set", who, **step, status="otra", comment=""))) == {
        "status",
        "comment",
    }
    assert set(
        refused(lambda: act("culturape_need_status_set", who, **step, status="recibida", comment="Otra vez"))
    ) == {"status"}
    assert set(
        refused(lambda: act("culturape_need_status_set", who, **step, status="atendida", comment="Listo"))
    ) == {"answered_by"}
    assert [one["status"] for one in act("culturape_need_history", id=need["id"])] == ["recibida"]
    assert "Respuesta vencida" in page(app, f"/necesidad/{need['name']}").text
    act(
        "culturape_need_status_set",
        who,
        **step,
        status="aceptada",
        comment="<script>alert(1)</script> La vemos.",
    )
    act("package_patch", editor["name"], id=need["id"], answered_by=[dataset["name"]])
    act("culturape_need_status_set", who, **step, status="atendida", comment="Ya está publicado.")
    found = act("culturape_need_history", id=need["id"])
    assert [one["status"] for one in found] == ["recibida", "aceptada", "atendida"]
    assert all("user" not in one for one in found)
    assert all("user" in one for one in act("culturape_need_history", editor["name"], id=need["id"]))
    shown = page(app, f"/necesidad/{need['name']}")
    assert "Ya está publicado." in shown.text and not shown.find("script", string="alert(1)")
    assert "Respuesta vencida" not in shown.text and not shown.select("form.culturape-step")
    assert page(app, f"/necesidad/{need['name']}", editor).select("form.culturape-step [name=comment]")
    assert need["title"] in page(app, f"/dataset/{dataset['name']}").text


def test_a_step_is_taken_on_the_page(app: Any, make: Make, editor: dict[str, Any]) -> None:
    need = make("necesidad")
    address = f"/necesidad/{need['name']}/situacion"
    sent = {"status": "en-revision", "comment": "La leemos."}
    headers = {"Authorization": editor["token"]}
    assert app.post(address, data=sent, status=403)
    assert app.post(address, data=sent, headers=headers, follow_redirects=False).status_code == 302
    assert helpers.call_action("package_show", id=need["id"])["need_status"] == "en-revision"
    assert app.post("/necesidad/no-hay/situacion", data=sent, headers=headers, status=404)


ROLES = ("anonymous", "person", "other", "editor", "admin", "sysadmin")


KEEPERS = {"editor", "admin", "sysadmin"}


def test_who_may_what(make: Make, organization: dict[str, Any], editor: dict[str, Any]) -> None:
    people = {role: str(factories.User()["name"]) for role in ("person", "other", "admin")}
    people |= {"anonymous": "", "sysadmin": make_user(), "editor": editor["name"]}
    other = factories.Organization(name="otra", institution_type="museo", title_translated={"es": "Otra"})
    members = ((other["id"], "other", "editor"), (organization["id"], "admin", "admin"))
    for where, who, role in members:
        helpers.call_action("organization_member_create", id=where, username=people[who], role=role)
    need, agenda = make("necesidad"), make("agenda")
    hidden, closed = make("necesidad", private=True), make("agenda", private=True)
    steps = {people["editor"]: "en-revision", people["admin"]: "aceptada"}
    attempts: tuple[tuple[set[str], Callable[[str], Any]], ...] = (
        (KEEPERS, lambda user: maker(organization["id"], user)("compromiso", agenda=agenda["id"])),
        (KEEPERS, lambda user: act("package_patch", user, id=need["id"], requester_name="Alguien")),
        (KEEPERS, lambda user: act("culturape_need_status_set", user, id=need["id"], status=steps.get(user, "comprometida"), comment="Se ve.")),
        (set(ROLES), lambda user: act("culturape_agenda_show", user, id=agenda["id"])),
        (set(ROLES), lambda user: act("culturape_need_history", user, id=need["id"])),
        (KEEPERS, lambda user: act("culturape_agenda_show", user, id=closed["id"])),
        (KEEPERS, lambda user: act("culturape_need_history", user, id=hidden["id"])),
        (KEEPERS, lambda user: act("package_delete", user, id=need["id"])),
    )  # fmt: skip
    for number, (allowed, attempt) in enumerate(attempts):
        for role in ROLES:
            assert _is_let(attempt, people[role]) == (role in allowed), (number, role)


def _is_let(attempt: Callable[[str], Any], user: str) -> bool:
    try:
        attempt(user)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def test_two_people_at_once(make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda")
    read = helpers.call_action("package_show", id=agenda["id"])
    form = {**read, "culturape_read_modified": read["metadata_modified"]}
    act("package_update", editor["name"], **{**form, "agenda_stage": "implementacion"})
    assert "title_translated" in refused(
        lambda: act("package_update", editor["name"], **{**form, "agenda_stage": "evaluacion"})
    )
    assert helpers.call_action("package_show", id=agenda["id"])["agenda_stage"] == "implementacion"


BAD = (
    ("compromiso", {"due_date": "1000-01-01"}, "due_date"),
    ("compromiso", {"due_date": "mañana"}, "due_date"),
    ("compromiso", {"milestones": [{"title": "Tarde", "due_date": "2040"}]}, "milestones"),
    ("compromiso", {"milestones": [{"title": "Sin fecha"}]}, "milestones"),
    ("compromiso", {"agenda": None}, "agenda"),
    ("compromiso", {"resources": [{"url": "https://x.pe/a.csv", "name": "a"}]}, "notes_translated"),
    ("agenda", {"validity": [{"start": "2030", "end": "2020"}]}, "validity"),
    ("agenda", {"validity": [{"start": "0999"}]}, "validity"),
    ("agenda", {"validity": [{"start": "2020"}, {"start": "2021"}]}, "validity"),
    ("agenda", {"actors": [{"name": "Sin tipo"}]}, "actors"),
    ("agenda", {"agenda_status": "perdida"}, "agenda_status"),
    ("necesidad", {"notes_translated": {"es": "x" * 1_500_000}}, "notes_translated"),
    ("necesidad", {"people": ["mashco-piro"], "territory": ["17"]}, "territory"),
    ("necesidad", {"purpose": None}, "purpose"),
)  # fmt: skip


def test_bad_input_is_refused_with_a_reason(make: Make) -> None:
    agenda = make("agenda")
    for kind, changes, field in BAD:
        more = {"agenda": agenda["id"]} if kind == "compromiso" else {}
        wrong = refused(lambda kind=kind, given={**more, **changes}: make(kind, **given))
        assert field in wrong, (kind, field)
    assert links() == set()


def test_a_need_about_people_in_isolation_tells_no_place(app: Any, make: Make) -> None:
    need = make("necesidad", people=["mashco-piro"], territory=["PE"])
    model.Session.execute(text(_written_past()), {"id": need["id"], "value": '["170101"]'})
    model.Session.commit()
    from ckan.lib.search import rebuild

    rebuild(need["id"])
    found = helpers.call_action("package_search", fq="+dataset_type:necesidad", fl="*")
    assert "170101" not in str(found) and "vocab_district" not in found["results"][0]


def _written_past() -> str:
    if hasattr(model, "PackageExtra"):
        return "UPDATE package_extra SET value = :value WHERE package_id = :id AND key = 'territory'"
    return "UPDATE package SET extras = jsonb_set(extras, '{territory}', to_jsonb(CAST(:value AS text))) WHERE id = :id"


def test_deleting_what_is_pointed_at_warns(app: Any, make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda")
    promise = make("compromiso", agenda=agenda["id"])
    question = page(app, f"/agenda/delete/{agenda['name']}", editor)
    assert promise["title"] in question.text and "apuntan a este" in question.text
    assert "apuntan a este" not in page(app, f"/compromiso/delete/{promise['name']}", editor).text


def test_links_follow_when_records_change_go_and_are_rebuilt(
    cli: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    first, second = make_dataset(name="uno"), make_dataset(name="dos")
    agenda = make("agenda")
    promise = make("compromiso", agenda=agenda["id"], fulfilled_by=["uno"])
    act("package_patch", editor["name"], id=promise["id"], fulfilled_by=["dos"])
    kept = {(promise["id"], "agenda", agenda["id"]), (promise["id"], "fulfilled_by", second["id"])}
    assert links() == kept
    model.Session.execute(text("DELETE FROM culturape_agenda_link"))
    model.Session.commit()
    done = cli.invoke(ckan_command, ["culturape", "agenda", "rebuild"])
    assert (done.exit_code, done.output) == (0, "2 records\n")
    assert links() == kept
    helpers.call_action("dataset_purge", {"user": make_user()}, id=second["id"])
    assert links() == {(promise["id"], "agenda", agenda["id"])}
    assert first and following.TYPES == ("agenda", "compromiso", "necesidad")


def test_typing_a_title_finds_what_one_may_link_to(app: Any, make: Make, make_dataset: Make) -> None:
    agenda = make("agenda")
    make("agenda", name="oculta", title_translated={"es": "Agenda de lenguas ocultas"}, private=True)
    make_dataset(title_translated={"es": "Agenda de la biblioteca"})
    assert [one["id"] for one in act("culturape_record_search", scheme="agenda", q="leng")] == [agenda["id"]]
    assert act("culturape_record_search", scheme="agenda", q='") OR *:*') == []
    with pytest.raises(tk.ObjectNotFound):
        act("culturape_record_search", scheme="harvest", q="x")


def test_agendas_are_no_datasets(app: Any, make: Make, make_dataset: Make) -> None:
    dataset = make_dataset()
    agenda = make("agenda")
    assert "1 conjunto" in page(app, "/").select_one(".culturape-total").text
    catalogue = app.get("/catalog.ttl").body
    assert dataset["id"] in catalogue and agenda["id"] not in catalogue and agenda["name"] not in catalogue
    assert agenda["name"] not in app.get("/feeds/dataset.atom").body


def test_from_an_agenda_one_goes_on_with_a_commitment(app: Any, make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda")
    address = f"/agenda/{agenda['name']}"
    assert not page(app, address).select("a[href*='/compromiso/new']")
    link = page(app, address, editor).select_one("a[href*='/compromiso/new']")["href"]
    form = page(app, link, editor)
    assert form.select_one("textarea[name=agenda]").text.strip() == agenda["id"]
    assert "Agenda de lenguas" in form.select_one("textarea[name=agenda]")["data-labels"]


def test_pages_of_commitments_offer_no_files(app: Any, make: Make, editor: dict[str, Any]) -> None:
    promise = make("compromiso", agenda=make("agenda")["id"])
    for path in (f"/compromiso/{promise['name']}", f"/compromiso/edit/{promise['name']}"):
        assert not page(app, path, editor).select("a[href*='/resource']"), path
    assert page(app, f"/agenda/edit/{promise['agenda']}", editor).select("a[href*='/resource']")


def test_the_bars_of_an_agenda_count_what_anybody_can_read(
    app: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    shown, hidden = make_dataset(name="abierto"), make_dataset(name="cerrado")
    agenda = make("agenda")
    need, secret = (
        make("necesidad", agenda=agenda["id"]),
        make("necesidad", agenda=agenda["id"], private=True),
    )
    make("compromiso", agenda=agenda["id"], answers_needs=[need["id"]], fulfilled_by=["abierto", "cerrado"])
    helpers.call_action("package_patch", {"user": make_user()}, id=hidden["id"], private=True)
    found = {bar["name"]: bar for bar in act("culturape_agenda_scorecard", editor["name"], id=agenda["id"])}
    assert list(found) == ["pertinence", "cocreation", "openness", "diversity", "care"]
    assert found == {bar["name"]: bar for bar in act("culturape_agenda_scorecard", id=agenda["name"])}
    assert (found["pertinence"]["share"], len(found["pertinence"]["checks"])) == (1, 2)
    assert len(found["openness"]["checks"]) == 10
    assert {check["about"]["id"] for check in found["openness"]["checks"]} == {shown["id"]}
    assert secret["id"] not in str(found) and hidden["id"] not in str(found)
    bars = page(app, f"/agenda/{agenda['name']}").select(".culturape-bar")
    assert [bar.select_one(".culturape-bar-name").text for bar in bars] == [
        "Pertinencia", "Cocreación", "Apertura", "Diversidad", "Cuidado",
    ]  # fmt: skip
    assert bars[2].select("li.culturape-lacks a[href$='/dataset/abierto']")
    with pytest.raises(tk.ObjectNotFound):
        act("culturape_agenda_scorecard", id="abierto")
    closed = make("agenda", private=True)
    with pytest.raises(tk.NotAuthorized):
        act("culturape_agenda_scorecard", id=closed["id"])


def test_what_is_not_open_says_why(app: Any, make_dataset: Make, editor: dict[str, Any]) -> None:
    make_dataset(name="abierto")
    closed = {"access_level": "solo-metadatos", "sensitivity": ["ritual-restringido"]}
    make_dataset(name="reservado", access_reason="=Acuerdo de la *asamblea*", legal_basis=["pe-ley-29735"], title_translated={"es": "+Cantos"}, **closed)  # fmt: skip
    make_dataset(name="privado", access_reason="Otra", private=True, **closed)
    found = page(app, "/no-abierto")
    [row] = found.select("tbody tr")
    assert row.select_one("a[href$='/dataset/reservado']") and "Acuerdo de la asamblea" in row.text
    link = row.select_one("a[href*='/necesidad/nueva']")["href"]
    assert "Cantos" in page(app, link, editor).select_one("textarea[name=about_dataset]")["data-labels"]
    lines = app.get("/no-abierto.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 2 and "'+Cantos" in lines[1] and "'=Acuerdo" in lines[1]
    assert not page(app, "/no-abierto?page=99999999999999").select("tbody tr")
    assert app.get("/no-abierto?page=x", expect_errors=True).status_code in {400, 404}
    assert len(page(app, "/agendas/metodo").select("section ol li")) == 10


@pytest.mark.parametrize("kind", ["agenda", "necesidad"])
def test_a_title_in_no_known_language_is_refused_in_words(make: Make, kind: str) -> None:
    assert "title_translated" in refused(lambda: make(kind, title_translated={"xx": "Sin lengua"}))


def test_a_long_agenda_lists_its_first_records_and_leads_to_all(
    app: Any, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    agenda = make("agenda")
    for number in range(3):
        make("necesidad", agenda=agenda["id"], name=f"falta-{number}")
        make("compromiso", agenda=agenda["id"], name=f"promesa-{number}")
    path = f"/agenda/{agenda['name']}"
    whole = page(app, path)
    assert len(whole.select("#ficha-necesidades ~ ul a")) == len(whole.select("th a[href*='/promesa-']")) == 3
    assert not whole.select("a[href*='todo=1']")
    monkeypatch.setattr(pages, "LISTED", 2)
    first = page(app, path)
    assert len(first.select("#ficha-necesidades ~ ul a")) == len(first.select("th a[href*='/promesa-']")) == 2
    more = {link["href"] for link in first.select("a[href*='todo=1']")}
    assert len(page(app, more.pop()).select("#ficha-necesidades ~ ul a")) == 3
