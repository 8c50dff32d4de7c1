"""Snapshots: an agenda as it was on a date, the same whenever it is asked for, and nothing in it that may not be read today."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import threading
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from agendas import SOCIETY, STATE, Make, act, maker
from bs4 import BeautifulSoup
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from sqlalchemy import event, text

from ckanext.culturape.agenda import snapshots

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


def snapshot(agenda: dict[str, Any], day: str = "", user: str = "") -> dict[str, Any]:
    return act("culturape_agenda_snapshot", user, id=agenda["id"], date=day)


def sysadmin() -> dict[str, Any]:
    return {"user": factories.Sysadmin()["name"], "ignore_auth": False}


def sql(query: str, **values: Any) -> list[Any]:
    found = model.Session.execute(text(query), values)
    rows = list(found) if found.returns_rows else []
    model.Session.commit()
    return rows


def days_pass(days: int) -> None:
    """Move all that was kept so far into the past."""
    for table in ("version", "status", "evaluation"):
        sql(f"UPDATE culturape_agenda_{table} SET moment = moment - make_interval(days => :days)", days=days)
    sql("UPDATE culturape_agenda_evaluation SET ended = ended - make_interval(days => :days)", days=days)


def ago(days: int) -> str:
    return (snapshots.today() - snapshots.timedelta(days=days)).isoformat()


def kept(record: dict[str, Any]) -> list[Any]:
    query = "SELECT content FROM culturape_agenda_version WHERE record_id = :id ORDER BY moment, id"
    return [row[0] for row in sql(query, id=record["id"])]


def test_each_day_shows_what_was_there_that_day(
    make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    dataset = make_dataset(private=True)
    agenda = make("agenda")
    need = make("necesidad", agenda=agenda["id"], response_due=ago(4))
    promise = make(
        "compromiso",
        agenda=agenda["id"],
        fulfilled_by=[dataset["id"]],
        answers_needs=[need["id"]],
        due_date=ago(1),
    )
    days_pass(4)
    who = editor["name"]
    act("package_patch", who, id=promise["id"], title_translated={"es": "Otro título"}, name="otro-nombre")
    act("culturape_need_status_set", who, id=need["id"], status="aceptada", comment="Se hará.")
    days_pass(3)
    act("package_patch", who, id=dataset["id"], private=False)
    days_pass(2)
    act("package_patch", who, id=agenda["id"], agenda_stage="evaluacion")
    answers = {"completed": {"level": "complete"}}
    act(
        "culturape_evaluation_set",
        who,
        id=agenda["id"],
        about=promise["id"],
        actor=STATE["name"],
        answers=answers,
    )
    late = make("compromiso", agenda=agenda["id"], name="tardio")
    before, renamed, fulfilled, now = (snapshot(agenda, ago(days)) for days in (9, 5, 2, 0))
    seen = [
        (
            [(one["title_translated"]["es"], one["state"], [d["published"] for d in one["datasets"]]) for one in day["commitments"]],
            [(one["need_status"], one["is_overdue"], len(one["steps"])) for one in day["needs"]],
            len(day["evaluations"]), day["agenda"]["agenda_stage"],
        )
        for day in (before, renamed, fulfilled)
    ]  # fmt: skip
    assert seen == [
        ([("Abrir el registro de hablantes", "en-curso", [False])], [("recibida", False, 1)], 0, "diseno"),
        ([("Otro título", "en-curso", [False])], [("aceptada", False, 2)], 0, "diseno"),
        ([("Otro título", "cumplido", [True])], [("aceptada", True, 2)], 0, "diseno"),
    ]
    assert [one["id"] for one in now["commitments"]] == [promise["id"], late["id"]]
    assert [one["answers"] for one in now["evaluations"]] == [answers] and now["agenda"][
        "agenda_stage"
    ] == "evaluacion"
    assert before["commitments"][0]["datasets"] == [{"id": dataset["id"], "published": False}]
    assert fulfilled["commitments"][0]["datasets"][0]["name"] == dataset["name"]
    assert snapshot(agenda) == now


def test_a_version_is_kept_only_when_something_that_shows_has_changed(
    make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    dataset, other = make_dataset(), make_dataset(name="suelto")
    agenda = make("agenda")
    promise = make("compromiso", agenda=agenda["id"], fulfilled_by=[dataset["id"]])
    who = editor["name"]
    for record in (agenda, promise, dataset):
        act("package_patch", who, id=record["id"])
        assert len(kept(record)) == 1, record["type"]
    act("package_patch", who, id=dataset["id"], frequency="MONTHLY")
    act("package_patch", who, id=other["id"], title_translated={"es": "Otro"})
    assert len(kept(dataset)) == 1 and kept(other) == []
    act("package_patch", who, id=dataset["id"], title_translated={"es": "Nuevo"})
    act("package_patch", who, id=promise["id"], lead_actor="Otro")
    assert [one["title_translated"]["es"] for one in kept(dataset)][-1] == "Nuevo"
    assert [one["lead_actor"] for one in kept(promise)] == ["Ministerio de prueba", "Otro"]
    helpers.call_action("package_delete", sysadmin(), id=promise["id"])
    assert kept(promise)[2:] == [None]
    act("resource_create", who, package_id=agenda["id"], name="Acta", url="https://example.org/acta.pdf")
    assert kept(agenda)[-1]["resources"][0] == {
        "name": "Acta",
        "url": "https://example.org/acta.pdf",
        "format": "PDF",
    }
    hidden = make("compromiso", agenda=agenda["id"], private=True, name="privado")
    draft = make("compromiso", agenda=agenda["id"], state="draft", name="borrador")
    assert kept(hidden) == kept(draft) == []


def test_what_may_not_be_read_today_is_in_no_past_either(
    app: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    dataset = make_dataset()
    agenda = make("agenda")
    titles = {
        "deleted": "Compromiso borrado",
        "private": "Compromiso privado",
        "purged": "Compromiso purgado",
    }
    records = {
        how: make(
            "compromiso", agenda=agenda["id"], title_translated={"es": title}, fulfilled_by=[dataset["id"]]
        )
        for how, title in titles.items()
    }
    need = make("necesidad", agenda=agenda["id"], title_translated={"es": "Necesidad privada"})
    stays = make("compromiso", agenda=agenda["id"], fulfilled_by=[dataset["id"]], answers_needs=[need["id"]])
    days_pass(3)
    helpers.call_action("package_delete", sysadmin(), id=records["deleted"]["id"])
    helpers.call_action("dataset_purge", sysadmin(), id=records["purged"]["id"])
    for record in (records["private"], need, dataset):
        act("package_patch", editor["name"], id=record["id"], private=True)
    for user in ("", editor["name"], sysadmin()["user"]):
        past = snapshot(agenda, ago(2), user)
        assert [one["id"] for one in past["commitments"]] == [stays["id"]] and past["needs"] == []
        assert past["withdrawn"] == {"compromiso": 2, "necesidad": 1, "dataset": 1}
        assert past["commitments"][0]["state"] == "cumplido"
        assert past["commitments"][0]["datasets"] == [{"id": dataset["id"], "published": True}]
        assert snapshot(agenda, "", user)["withdrawn"] == {"compromiso": 0, "necesidad": 0, "dataset": 0}
        assert snapshot(agenda, "", user)["commitments"][0]["state"] == "en-curso"
    for suffix in ("", ".json", ".csv"):
        shown = app.get(f"/agenda/{agenda['name']}/instantanea{suffix}?fecha={ago(2)}").get_data(as_text=True)
        for title in (*titles.values(), "Necesidad privada", dataset["title"]):
            assert title not in shown, (suffix, title)
    assert "2 compromisos" in app.get(f"/agenda/{agenda['name']}/instantanea?fecha={ago(2)}").get_data(
        as_text=True
    )
    act("package_patch", editor["name"], id=records["private"]["id"], private=False)
    assert len(snapshot(agenda, ago(2))["commitments"]) == 2


@pytest.mark.parametrize("door", ["bulk_update_private", "bulk_update_delete", "bulk_update_public"])
def test_many_changed_at_once_are_kept_too(
    make: Make, make_dataset: Make, organization: dict[str, Any], door: str
) -> None:
    dataset = make_dataset(private=door.endswith("public"))
    agenda = make("agenda")
    make("compromiso", agenda=agenda["id"], fulfilled_by=[dataset["id"]])
    assert len(kept(dataset)) == (0 if door.endswith("public") else 1)
    helpers.call_action(door, sysadmin(), datasets=[dataset["id"]], org_id=organization["id"])
    state = snapshot(agenda)["commitments"][0]["state"]
    assert state == ("cumplido" if door.endswith("public") else "en-curso")
    assert (kept(dataset)[-1] is not None) == door.endswith("public")


def test_the_checksum_stays_and_is_that_of_the_file(
    app: Any, cli: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    agenda = make("agenda", notes_translated={"es": "Ñandú «» \u2028 <script>alert(1)</script>"})
    for number in range(5):
        make(
            "compromiso",
            agenda=agenda["id"],
            name=f"c{number}",
            fulfilled_by=[make_dataset(name=f"d{number}")["id"]],
        )
    make("necesidad", agenda=agenda["id"])
    days_pass(2)
    address = f"/agenda/{agenda['name']}/instantanea"
    first = app.get(f"{address}.json?fecha={ago(1)}")
    body = first.get_data()
    digest = hashlib.sha256(body).hexdigest()
    assert first.headers["ETag"] == f'"{digest}"' and first.headers["Content-Type"].startswith(
        "application/json"
    )
    assert (
        first.headers["Repr-Digest"]
        == f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    )
    assert app.get(f"{address}.json?fecha={ago(1)}", headers={"If-None-Match": f'"{digest}"'}, status=304)
    assert digest in app.get(f"{address}?fecha={ago(1)}").get_data(as_text=True)
    record = json.loads(body)
    assert body == json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert record == snapshot(agenda, ago(1))
    # Later changes, a rebuild, another reader, another language and other plans of PostgreSQL leave it as it is.
    act("package_patch", editor["name"], id="c0", title_translated={"es": "Después"}, name="renombrado")
    assert cli.invoke(ckan_command, ["culturape", "agenda", "rebuild"]).exit_code == 0
    sql("ANALYZE culturape_agenda_version")
    model.Session.remove()
    model.ensure_engine().dispose()
    for headers in ({}, {"Authorization": editor["token"]}):
        assert app.get(f"{address}.json?fecha={ago(1)}", headers=headers).get_data() == body
        assert app.get(f"/en{address}.json?fecha={ago(1)}", headers=headers).get_data() == body
    shown = BeautifulSoup(app.get(f"{address}?fecha={ago(1)}").body, "html.parser")
    assert not shown.find("script", string="alert(1)") and "Después" not in shown.text
    assert shown.select_one(f"a[href$='/compromiso/{record['commitments'][0]['id']}']")


def test_days_without_a_snapshot_say_why(app: Any, make: Make) -> None:
    agenda = make("agenda")
    address = f"/agenda/{agenda['name']}/instantanea"
    early = ("0001-01-01", "1899-12-31", ago(1))
    late = ("9999-12-31", ago(-1))
    wrong = ("0000-01-01", "2026-13-01", "2026-02-30", "10000-01-01", "20260101", "2026-W01-1", "٢٠٢٦-٠١-٠١", "x" * 9000, "' OR 1=1", "2026-01-01T00:00:00", "<script>alert(1)</script>")  # fmt: skip
    for days, status, words in (
        (early, 404, "no se guarda nada"),
        (late, 404, "todavía no llega"),
        (wrong, 400, "no es una fecha"),
    ):
        for day in days:
            for suffix in ("", ".json", ".csv"):
                found = app.get(f"{address}{suffix}", query_string={"fecha": day}, status=status)
                assert words in found.get_data(as_text=True), (day, suffix)
                assert "<script>alert(1)" not in found.get_data(as_text=True) or suffix
    assert app.get(f"{address}.pdf", status=404) and app.get("/agenda/no-hay/instantanea", status=404)
    need = make("necesidad")
    assert app.get(f"/agenda/{need['name']}/instantanea.json", status=404)
    assert app.get(address, query_string={"fecha": ago(0)})


def test_a_time_of_day_counts_where_the_site_is(
    make: Make, editor: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    agenda = make("agenda")
    sql("UPDATE culturape_agenda_version SET moment = '2026-01-10T12:00:00Z'")
    act("package_patch", editor["name"], id=agenda["id"], agenda_stage="evaluacion")
    sql(
        "UPDATE culturape_agenda_version SET moment = '2026-02-11T03:30:00Z' WHERE content->>'agenda_stage' = 'evaluacion'"
    )
    for zone, stage, until in (
        ("UTC", "diseno", "2026-02-11T00:00:00+00:00"),
        ("America/Lima", "evaluacion", "2026-02-11T05:00:00+00:00"),
    ):
        monkeypatch.setitem(tk.config, "ckan.display_timezone", zone)
        found = snapshot(agenda, "2026-02-10")
        assert (found["agenda"]["agenda_stage"], found["until"]) == (stage, until)


def test_a_private_agenda_is_for_those_who_may_read_it(app: Any, make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda")
    days_pass(3)
    act("package_patch", editor["name"], id=agenda["id"], private=True)
    days_pass(1)
    address = f"/agenda/{agenda['name']}/instantanea"
    headers = {"Authorization": editor["token"]}
    for suffix in ("", ".json", ".csv"):
        assert app.get(f"{address}{suffix}?fecha={ago(4)}", status=404)
        found = app.get(f"{address}{suffix}?fecha={ago(4)}", headers=headers)
        assert (
            "public" not in found.headers.get("Cache-Control", "")
            and "Agenda de lenguas" in found.get_data(as_text=True)
        ) or suffix == ".csv"
        told = app.get(f"{address}{suffix}?fecha={ago(0)}", headers=headers, status=404).get_data(
            as_text=True
        )
        assert "no podía ser leída" in told
    never = make("agenda", private=True, name="nunca")
    with pytest.raises(tk.NotAuthorized):
        snapshot(never)
    with pytest.raises(tk.ObjectNotFound):
        snapshot(never, "", editor["name"])


ROLES = ("anonymous", "person", "other", "editor", "admin", "sysadmin")
KEEPERS = {"editor", "admin", "sysadmin"}


def test_who_may_what(make: Make, organization: dict[str, Any], editor: dict[str, Any]) -> None:
    people = {role: str(factories.User()["name"]) for role in ("person", "other", "admin")}
    people |= {"anonymous": "", "sysadmin": str(factories.Sysadmin()["name"]), "editor": editor["name"]}
    other = factories.Organization(name="otra", institution_type="museo", title_translated={"es": "Otra"})
    for where, who, role in ((other["id"], "other", "editor"), (organization["id"], "admin", "admin")):
        helpers.call_action("organization_member_create", id=where, username=people[who], role=role)
    shown, hidden = make("agenda"), make("agenda", name="luego-oculta")
    act("package_patch", editor["name"], id=hidden["id"], private=True)
    days_pass(1)
    sql("UPDATE culturape_agenda_version SET moment = moment - interval '1 day' WHERE content IS NOT NULL")
    attempts: tuple[tuple[set[str], Callable[[str], Any]], ...] = (
        (set(ROLES), lambda user: snapshot(shown, "", user)),
        (KEEPERS, lambda user: snapshot(hidden, ago(2), user)),
        (set(), lambda user: snapshot(hidden, "", user)),
    )
    for number, (allowed, attempt) in enumerate(attempts):
        for role in ROLES:
            assert _is_let(attempt, people[role]) == (role in allowed), (number, role)


def _is_let(attempt: Callable[[str], Any], user: str) -> bool:
    try:
        attempt(user)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def test_a_record_that_became_more_sensitive_shows_no_place_of_its_past(
    make: Make, editor: dict[str, Any]
) -> None:
    agenda = make("agenda")
    need = make("necesidad", agenda=agenda["id"], territory=["170101"])
    days_pass(2)
    assert snapshot(agenda, ago(1))["needs"][0]["territory"] == ["170101"]
    act("package_patch", editor["name"], id=need["id"], people=["mashco-piro"], territory=["PE"])
    assert snapshot(agenda, ago(1))["needs"][0]["territory"] == ["PE"]
    assert "170101" not in str(sql("SELECT content FROM culturape_agenda_version"))


def test_a_commitment_that_moved_belongs_to_the_agenda_of_that_day(
    make: Make, editor: dict[str, Any]
) -> None:
    one, two = make("agenda", name="una"), make("agenda", name="dos")
    promise = make("compromiso", agenda=one["id"])
    days_pass(2)
    act("package_patch", editor["name"], id=promise["id"], agenda=two["id"])
    there = {day: [len(snapshot(agenda, ago(day))["commitments"]) for agenda in (one, two)] for day in (2, 0)}
    assert there == {2: [1, 0], 0: [0, 1]}
    assert snapshot(one)["withdrawn"]["compromiso"] == 0


def test_changes_at_once_leave_versions_in_their_order(make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda")
    gate = threading.Barrier(4)

    def change(number: int) -> None:
        gate.wait()
        try:
            act("package_patch", editor["name"], id=agenda["id"], title_translated={"es": f"Título {number}"})
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    model.Session.remove()
    stored = helpers.call_action("package_show", id=agenda["id"])
    assert snapshot(agenda)["agenda"]["title_translated"] == stored["title_translated"]
    assert 2 <= len(kept(agenda)) <= 5


def test_a_change_that_fails_leaves_no_version(make: Make, editor: dict[str, Any]) -> None:
    agenda = make("agenda")
    with pytest.raises(tk.ValidationError):
        act("package_patch", editor["name"], id=agenda["id"], agenda_stage="ninguna")
    model.Session.rollback()
    assert len(kept(agenda)) == 1


def test_what_was_there_before_is_kept_as_of_its_last_change(
    cli: Any, make: Make, make_dataset: Make, editor: dict[str, Any]
) -> None:
    dataset = make_dataset()
    agenda = make("agenda")
    promise = make("compromiso", agenda=agenda["id"], fulfilled_by=[dataset["id"]])
    sql("DELETE FROM culturape_agenda_version")
    with pytest.raises(tk.ObjectNotFound):
        snapshot(agenda)
    sql("UPDATE package SET metadata_modified = now() AT TIME ZONE 'UTC' - interval '9 days'")
    sql(
        "UPDATE package SET metadata_modified = now() AT TIME ZONE 'UTC' + interval '9 days' WHERE id = :id",
        id=promise["id"],
    )
    for _ in range(2):
        done = cli.invoke(ckan_command, ["culturape", "agenda", "rebuild"])
        assert (done.exit_code, done.output) == (0, "2 records\n")
    assert [len(kept(record)) for record in (agenda, promise, dataset)] == [1, 1, 1]
    assert snapshot(agenda, ago(8))["commitments"] == []
    assert [one["state"] for one in snapshot(agenda)["commitments"]] == ["cumplido"]
    with pytest.raises(tk.ObjectNotFound):
        snapshot(agenda, ago(11))
    # Written past CKAN: kept as of now, for nobody knows since when.
    sql("UPDATE package SET private = true WHERE id = :id", id=dataset["id"])
    cli.invoke(ckan_command, ["culturape", "agenda", "rebuild"])
    assert kept(dataset)[-1] is None and snapshot(agenda)["commitments"][0]["state"] == "en-curso"


def test_the_table_has_the_columns_of_ogp_and_no_formulas(
    app: Any, make: Make, editor: dict[str, Any]
) -> None:
    agenda = make("agenda", agenda_stage="evaluacion")
    promise = make(
        "compromiso", agenda=agenda["id"], title_translated={"es": "=1+1"}, lead_actor="@SUM(A1)", support_actors=[SOCIETY["name"], "+Oficina"],
        milestones=[{"title": "-Inventario", "due_date": "2030"}],
    )  # fmt: skip
    answers = {"completed": {"level": "limited"}}
    for actor in (STATE["name"], SOCIETY["name"]):
        act(
            "culturape_evaluation_set",
            editor["name"],
            id=agenda["id"],
            about=promise["id"],
            actor=actor,
            answers=answers,
        )
    found = app.get(f"/agenda/{agenda['name']}/instantanea.csv")
    assert found.headers["Content-Type"].startswith("text/csv")
    [row] = csv.DictReader(io.StringIO(found.get_data(as_text=True).removeprefix("\ufeff")))
    assert (row["Commitment Title"], row["Lead Institution"], row["Other Actors Involved"]) == (
        "'=1+1",
        "'@SUM(A1)",
        SOCIETY["name"],
    )
    assert (row["Supporting Institution(s)"], row["Milestones"], row["End Date"]) == (
        "'+Oficina",
        "'-Inventario (2030)",
        "2031-12",
    )
    assert row["Completion"] == f"{SOCIETY['name']}: Una parte limitada; {STATE['name']}: Una parte limitada"
    assert row["Status"] == "Sin iniciar" and row["URL"].endswith(f"/compromiso/{promise['id']}")
    page = BeautifulSoup(app.get(f"/agenda/{agenda['name']}/instantanea").body, "html.parser")
    for suffix in ("json", "csv"):
        assert app.get(page.select_one(f"a[href*='instantanea.{suffix}']")["href"])


def test_the_questions_to_the_database_do_not_grow_with_the_agenda(make: Make, make_dataset: Make) -> None:
    agenda = make("agenda")
    asked: list[str] = []

    def count(number: int) -> int:
        for position in range(number):
            name = f"x{number}-{position}"
            need = make("necesidad", agenda=agenda["id"], name=f"n{name}")
            dataset = make_dataset(name=f"d{name}")
            make(
                "compromiso",
                agenda=agenda["id"],
                name=f"c{name}",
                fulfilled_by=[dataset["id"]],
                answers_needs=[need["id"]],
            )
        asked.clear()
        snapshot(agenda)
        return sum("culturape_agenda" in statement for statement in asked)

    event.listen(model.ensure_engine(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    few, many = count(1), count(5)
    assert 0 < few == many
