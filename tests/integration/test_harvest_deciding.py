"""Deletions that wait: asked clearly, confirmed once, by one person, for the run that was read; and what is forgotten in time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from ckan import model
from harvests import harvest, headers, page, sql, words
from sources import Answer, Catalogue
from sqlalchemy import text

from ckanext.culturape.errors import Fault

Make = Callable[..., Any]
PATH = "/cosechas/fuente"


@pytest.fixture
def source(catalogue: Catalogue, make_source: Make) -> str:
    """A source whose last run asks whether three of twelve datasets are to be deleted."""
    found = make_source(catalogue.address)
    harvest(found)
    for n in (1, 5, 9):
        del catalogue.datasets[n]
    assert harvest(found).state == "guarded"
    return found


def ask(app: Any, editor: dict[str, Any]) -> Any:
    """The question as the page asks it."""
    return page(app, PATH, editor).select_one(".culturape-alert-ask")


def decide(app: Any, editor: dict[str, Any], decision: str, run: str = "") -> str:
    """What the page says after somebody decided."""
    answer = app.post(f"{PATH}/{decision}", data={"run": run}, headers=headers(editor))
    assert answer.status_code == 200
    return answer.body


def last_run() -> str:
    return sql("SELECT id FROM culturape_harvest_run ORDER BY started DESC LIMIT 1")[0][0]


def standing() -> int:
    """How many datasets of the source stand in the catalogue."""
    return sql("SELECT count(*) FROM package WHERE type = 'dataset' AND state = 'active'")[0][0]


def test_the_question_says_how_many_why_and_which(
    app: Any, catalogue: Catalogue, source: str, editor: dict[str, Any]
) -> None:
    asked = ask(app, editor)
    assert "¿Se eliminan 3 de 12 conjuntos de datos?" in words(asked)
    assert "Faltan 3 de 12 conjuntos de datos, más del 20 % que se puede eliminar sin preguntar." in words(
        asked
    )
    assert [words(item) for item in asked.select(".culturape-going li")] == ["Museo 1", "Museo 5", "Museo 9"]
    every = page(app, f"{PATH}/conjuntos/por-borrar", editor)
    assert len(every.select("tbody tr")) == 3
    lines = app.get(f"{PATH}/descarga/por-borrar.csv", headers=headers(editor)).body.splitlines()
    assert [catalogue.uri(n) in line for n, line in zip((1, 5, 9), lines[1:], strict=True)] == [True] * 3


def test_confirming_deletes_in_the_next_run_and_not_before(
    app: Any, catalogue: Catalogue, source: str, editor: dict[str, Any]
) -> None:
    run = str(ask(app, editor).select_one('input[name="run"]')["value"])
    said = decide(app, editor, "confirmar", run)
    assert "se eliminan en la próxima cosecha" in said
    assert standing() == 12
    asked = ask(app, editor)
    assert f"{editor['name']} confirmó" in words(asked)
    assert "Cosechar ahora y eliminarlos" in words(asked)
    assert f"{editor['name']} ya lo confirmó" in decide(app, editor, "confirmar", run)
    assert "se va a cosechar" in decide(app, editor, "cosechar")
    assert "ya se está cosechando" in decide(app, editor, "cosechar")
    assert harvest(source).counts == {"deleted": 3, "unchanged": 9}
    assert standing() == 9
    assert ask(app, editor) is None
    assert "No hay nada por confirmar" in decide(app, editor, "confirmar")


def test_who_read_an_older_report_confirms_nothing(
    app: Any, catalogue: Catalogue, source: str, editor: dict[str, Any]
) -> None:
    run = last_run()
    del catalogue.datasets[2]
    harvest(source)
    for decision in ("confirmar", "descartar"):
        assert "Mientras tanto empezó otra cosecha" in decide(app, editor, decision, run)
    assert sql(
        "SELECT count(*) FROM culturape_harvest_run WHERE confirmed IS NOT NULL OR guard ? 'dismissed'"
    ) == [(0,)]


def test_of_two_people_at_once_one_confirms(app: Any, source: str) -> None:
    from ckanext.culturape.harvest import guarding

    def confirm(user: str) -> str:
        with model.ensure_engine().begin() as connection:
            try:
                guarding.confirm(connection, source, user, run)
            except Fault as fault:
                return str(fault)
            return "confirmed"

    run = last_run()
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(confirm, [f"persona-{n}" for n in range(4)]))
    assert said.count("confirmed") == 1
    assert len([words for words in said if "has confirmed this already" in words]) == 3


def test_nothing_is_deleted_and_nobody_is_asked_again_until_more_is_missing(
    app: Any, catalogue: Catalogue, source: str, editor: dict[str, Any]
) -> None:
    assert "No se elimina nada" in decide(app, editor, "descartar", last_run())
    catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    assert harvest(source).state == "failed"
    catalogue.answers.clear()
    harvest(source)
    asked = ask(app, editor)
    assert f"{editor['name']} decidió" in words(asked)
    assert asked.select_one("button.btn-danger"), "a decision can be changed"
    assert "Bien" in words(page(app, "/cosechas", editor).select_one("tbody tr"))
    assert standing() == 12
    del catalogue.datasets[2]
    harvest(source)
    assert "¿Se eliminan 4 de 12" in words(ask(app, editor))


def test_a_confirmation_can_be_taken_back(app: Any, source: str, editor: dict[str, Any]) -> None:
    decide(app, editor, "confirmar", last_run())
    decide(app, editor, "descartar", last_run())
    harvest(source)
    assert standing() == 12


def test_the_actions_do_the_same(app: Any, source: str, editor: dict[str, Any]) -> None:
    def act(name: str, **data: Any) -> Any:
        return app.post(f"/api/3/action/{name}", json=data, headers=headers(editor), expect_errors=True)

    shown = act("culturape_harvest_report_show", id="fuente", limit=0).json["result"]
    assert shown["runs"][0]["deletions"] == {
        "missing": 3, "known": 12, "decision": None, "by": None, "at": None,
        "reason": "Faltan 3 de 12 conjuntos de datos, más del 20 % que se puede eliminar sin preguntar.",
    }  # fmt: skip
    refused = act("culturape_harvest_confirm", id=source, run="otra")
    assert refused.status_code == 409
    assert "Mientras tanto" in refused.json["error"]["message"][0]
    assert act("culturape_harvest_dismiss", id=source).json["result"]["deletions"]["decision"] == "dismissed"
    done = act("culturape_harvest_confirm", id=source, run=shown["runs"][0]["id"]).json["result"]
    assert (done["deletions"]["decision"], done["deletions"]["by"]) == ("confirmed", editor["name"])
    assert act("culturape_harvest_confirm", id=source).status_code == 409


@pytest.fixture
def visitor(app: Any, editor: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The browser of an editor who is logged in, on a site that checks forms."""
    given = {"email": "editor@example.org", "password": "una-clave-larga"}
    helpers.call_action("user_patch", {"ignore_auth": True}, id=editor["id"], **given)
    client = app.test_client()
    client.post("/user/login", data={"login": editor["name"], "password": "una-clave-larga"})
    monkeypatch.setitem(tk.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    return client


def test_forms_of_others_decide_nothing(app: Any, visitor: Any, source: str) -> None:
    assert visitor.get(PATH).status_code == 200
    for decision in ("confirmar", "descartar", "cosechar"):
        assert visitor.post(f"{PATH}/{decision}", data={"run": last_run()}).status_code == 400
        assert visitor.get(f"{PATH}/{decision}").status_code in (404, 405)
    assert sql("SELECT count(*) FROM culturape_harvest_run WHERE confirmed IS NOT NULL") == [(0,)]
    assert sql("SELECT count(*) FROM harvest_job WHERE status <> 'Finished'") == [(0,)]


def test_old_runs_are_forgotten_but_not_the_last_that_ended_well(
    app: Any, catalogue: Catalogue, make_source: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.culturape.harvest.keep_runs", 3)
    source = make_source(catalogue.address)
    good = [harvest(source).id for _ in range(2)][-1]
    catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    failed = [harvest(source).id for _ in range(5)]
    kept = [row[0] for row in sql("SELECT id FROM culturape_harvest_run ORDER BY started")]
    assert kept == [good, *failed[-3:]]


def test_notes_about_pages_that_are_no_more_are_forgotten(
    app: Any, catalogue: Catalogue, make_source: Make
) -> None:
    catalogue.more[12] = "dcat:landingPage <javascript:alert(1)> ;"
    source = make_source(catalogue.address)
    harvest(source)
    assert sql("SELECT count(*) FROM culturape_harvest_fault WHERE kind = 'document'") == [(1,)]
    catalogue.datasets.pop(11)
    catalogue.datasets.pop(12)
    harvest(source)
    assert sql("SELECT count(*) FROM culturape_harvest_fault WHERE kind = 'document'") == [(0,)]


def test_a_source_that_was_purged_leaves_nothing_of_itself(
    app: Any, catalogue: Catalogue, make_source: Make
) -> None:
    gone, stays = make_source(catalogue.address), make_source(f"{catalogue.base}/otro.ttl", "otra")
    harvest(gone)
    harvest(stays)
    user = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    helpers.call_action("dataset_purge", dict(user), id=gone)
    with model.ensure_engine().begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM culturape_harvest_run")).scalar_one() == 2
    context = {**user, "model": model, "session": model.Session}
    tk.get_action("harvest_jobs_run")(context, {})
    for table in ("run", "dataset", "page", "fault"):
        rows = {row[0] for row in sql(f"SELECT DISTINCT source_id FROM culturape_harvest_{table}")}
        assert gone not in rows, table
    assert sql("SELECT count(*) FROM culturape_harvest_run") == [(1,)]
    assert standing() == 12
