"""The report on a source: runs, datasets by state, and all that is to be asked of whoever runs it, for those who manage it."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from ckan import model
from harvests import harvest, headers, page, sql, words
from sources import Answer, Catalogue
from sqlalchemy import text

Make = Callable[..., Any]

FAULTY = {
    1: 'dct:issued "ayer" ;',
    2: 'dct:issued "ayer" ;',
    3: 'dct:issued "=HYPERLINK(1)" ; dcat:landingPage <javascript:alert(1)> ;',
    5: 'dct:issued "<script>alert(1)</script>" ;',
}


@pytest.fixture
def source(catalogue: Catalogue, make_source: Make) -> str:
    """The name of a source that was harvested twice: with faults of values, refused, stale, withdrawn and edited datasets."""
    catalogue.more.update(FAULTY)
    catalogue.datasets[4] = ""
    source = make_source(catalogue.address)
    harvest(source)
    sysadmin = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    ids = {row[0]: row[1] for row in sql("SELECT uri, package_id FROM culturape_harvest_dataset")}
    helpers.call_action("package_delete", dict(sysadmin), id=ids[catalogue.uri(8)])
    mine = {"id": ids[catalogue.uri(7)], "title_translated": {"es": "Título de aquí"}}
    helpers.call_action("package_patch", dict(sysadmin), **mine)
    catalogue.datasets |= {6: "", 7: "Título de allá", 8: "Museo ocho"}
    run = harvest(source)
    assert {key: run.counts[key] for key in ("stale", "withdrawn")} == {"stale": 1, "withdrawn": 1}
    return "fuente"


@pytest.fixture
def people(organization: dict[str, Any], editor: dict[str, Any]) -> dict[str, Any]:
    """Somebody in each role; nobody under ``anonymous``."""
    found: dict[str, Any] = {"anonymous": None, "editor": editor, "sysadmin": factories.SysadminWithToken()}
    for role in ("member", "admin"):
        found[role] = factories.UserWithToken()
        helpers.call_action(
            "organization_member_create", id=organization["id"], username=found[role]["name"], role=role
        )
    other = helpers.call_action(
        "organization_create",
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
        name="museo",
        title_translated={"es": "Otra"},
        institution_type="museo",
    )
    found["stranger"] = factories.UserWithToken()
    helpers.call_action(
        "organization_member_create", id=other["id"], username=found["stranger"]["name"], role="editor"
    )
    return found


def main(app: Any, path: str, user: dict[str, Any]) -> Any:
    """What our page shows between head and foot."""
    return page(app, path, user).select_one(".culturape-harvest")


def table(app: Any, path: str, user: dict[str, Any]) -> list[list[str]]:
    """The rows of a file."""
    found = app.get(path, headers=headers(user))
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert "private" in found.headers["Cache-Control"] or "no-cache" in found.headers["Cache-Control"]
    return list(csv.reader(io.StringIO(found.body.removeprefix("\ufeff"))))


def test_the_report_says_in_spanish_how_it_went_and_what_to_ask(
    app: Any, source: str, editor: dict[str, Any]
) -> None:
    found = main(app, f"/cosechas/{source}", editor)
    assert "Terminó bien" in words(found.select_one(".culturape-standing"))
    numbers = [words(item.a) for item in found.select(".culturape-numbers li")]
    assert numbers == ["9 Al día", "1 Se mantienen como estaban", "1 No incorporados", "1 Retirados aquí"]
    groups = {words(g.h3).rpartition(" ")[0]: words(g) for g in found.select(".culturape-group")}
    assert list(groups)[0] == "Primera publicación"
    assert "«ayer» no es una fecha. Escriba 2023, 2023-12 o 2023-12-31. × 2" in groups["Primera publicación"]
    assert "Qué hacer: Pida fechas escritas como año, mes y día" in groups["Primera publicación"]
    assert "Pida un título" in groups["Título"]
    assert "No hay nada que pedir. Compare las dos versiones" in groups["Título"]
    assert "Página de la fuente" in groups
    runs = [[words(cell) for cell in row.select("td")] for row in found.select("table tbody tr")]
    assert len(runs) == 2
    assert runs[1][3:] == ["11", "0", "0", "0", "0", "1", "0", "0"]
    assert runs[0][6] == "1"


def test_nothing_of_a_stranger_runs_or_leads_astray(app: Any, source: str, editor: dict[str, Any]) -> None:
    for path in (f"/cosechas/{source}", f"/cosechas/{source}/notas", f"/cosechas/{source}/conjuntos/current"):
        found = main(app, path, editor)
        assert not found.select("script, img, iframe")
        links = [str(link["href"]) for link in found.select("a")]
        assert not [href for href in links if not href.startswith(("/", "http://", "https://"))]
    notes = main(app, f"/cosechas/{source}/notas?campo=url", editor)
    assert "<javascript:alert(1)>" in words(notes)
    assert table(app, f"/cosechas/{source}/descarga/notas.csv?campo=issued", editor)[3][4] == "'=HYPERLINK(1)"


def test_every_note_is_reachable_and_in_the_files(app: Any, source: str, editor: dict[str, Any]) -> None:
    every = {(row[0], row[1]) for row in sql("SELECT uri, value FROM culturape_harvest_fault")}
    found = main(app, f"/cosechas/{source}", editor)
    shown = 0
    for link in found.select(".culturape-problem .culturape-files a:first-child"):
        shown += len(main(app, str(link["href"]), editor).select("tbody tr"))
    number = sql("SELECT count(*) FROM culturape_harvest_fault")[0][0]
    assert shown == number
    rows = table(app, f"/cosechas/{source}/descarga/notas.csv", editor)
    assert len(rows) == number + 1
    assert {(row[6], row[4].removeprefix("'")) for row in rows[1:]} == every
    whole = json.loads(app.get(f"/cosechas/{source}/descarga/informe.json", headers=headers(editor)).body)
    assert len(whole["notes"]) == number
    assert len(whole["datasets"]) == 12
    assert [run["verdict"] for run in whole["runs"]] == ["Terminó bien", "Terminó bien"]


def test_datasets_by_state_with_the_reason(
    app: Any, catalogue: Catalogue, source: str, editor: dict[str, Any]
) -> None:
    stale = words(main(app, f"/cosechas/{source}/conjuntos/stale", editor).tbody)
    # The source no longer says how it is called; our record does.
    assert stale.startswith("Museo 6")
    assert "No se incorpora un conjunto de datos sin título." in stale
    refused = main(app, f"/cosechas/{source}/conjuntos/refused", editor)
    assert [str(a["href"]) for a in refused.select("tbody a")] == [catalogue.uri(4)]
    assert "Se eliminaron en este catálogo" in words(
        main(app, f"/cosechas/{source}/conjuntos/withdrawn", editor)
    )
    rows = table(app, f"/cosechas/{source}/descarga/conjuntos.csv?estado=stale", editor)
    assert [row[:2] for row in rows[1:]] == [["Museo 6", "Se mantienen como estaban"]]


def test_conflicts_name_the_other_record_only_to_those_who_may_see_it(
    app: Any, catalogue: Catalogue, make_source: Make, people: dict[str, Any]
) -> None:
    own = make_source(catalogue.address, "primera")
    harvest(own)
    harvest(make_source(f"{catalogue.address}?p=1", "segunda"))
    path = "/cosechas/segunda/conjuntos/conflict"
    seen = words(main(app, path, people["editor"]).tbody)
    assert "Ya está aquí: Museo 1 , de la fuente primera ." in seen
    # The first source and its records move to an organisation of others, and out of sight.
    other = sql("""SELECT id FROM "group" WHERE name = 'museo'""")[0][0]
    query = "UPDATE package SET owner_org = :other, private = true WHERE id = :own OR type = 'dataset'"
    with model.ensure_engine().begin() as connection:
        connection.execute(text(query), {"other": other, "own": own})
    assert "Ya está aquí" not in words(main(app, path, people["editor"]))
    assert "primera" not in words(main(app, path, people["editor"]))
    assert "Ya está aquí" in words(main(app, path, people["sysadmin"]))


PATHS = (
    "/cosechas/fuente",
    "/cosechas/fuente/notas",
    "/cosechas/fuente/conjuntos/current",
    "/cosechas/fuente/descarga/informe.json",
    "/cosechas/fuente/descarga/notas.csv",
    "/cosechas/fuente/descarga/conjuntos.csv",
    "/api/3/action/culturape_harvest_report_show?id=fuente",
)


def test_who_may_read_and_decide(
    app: Any, catalogue: Catalogue, make_source: Make, people: dict[str, Any]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    for n in (1, 5, 9):
        del catalogue.datasets[n]
    harvest(source)
    expected = {
        "anonymous": 403,
        "member": 403,
        "stranger": 403,
        "editor": 200,
        "admin": 200,
        "sysadmin": 200,
    }
    for role, status in expected.items():
        user = people[role]
        for path in (
            *PATHS,
            "/cosechas/fuente/conjuntos/por-borrar",
            "/cosechas/fuente/descarga/por-borrar.csv",
        ):
            assert app.get(path, headers=headers(user), expect_errors=True).status_code == status, (
                role,
                path,
            )
        assert app.get("/cosechas", headers=headers(user), expect_errors=True).status_code == (
            403 if user is None else 200
        ), role
        shown = words(page(app, "/harvest/fuente", user).select_one("ul.nav-tabs"))
        assert ("Informe" in shown) == (status == 200), role
    for role in ("anonymous", "member", "stranger"):
        for path in ("/cosechas/fuente/confirmar", "/cosechas/fuente/descartar", "/cosechas/fuente/cosechar"):
            answer = app.post(path, headers=headers(people[role]), expect_errors=True, follow_redirects=False)
            assert answer.status_code == 403, (role, path)
        answer = app.post(
            "/api/3/action/culturape_harvest_confirm", json={"id": "fuente"}, headers=headers(people[role]),
            expect_errors=True,
        )  # fmt: skip
        assert answer.status_code == 403, role
    assert sql(
        "SELECT count(*) FROM culturape_harvest_run WHERE confirmed IS NOT NULL OR guard ? 'dismissed'"
    ) == [(0,)]
    answer = app.post("/cosechas/fuente/confirmar", headers=headers(people["editor"]), follow_redirects=False)
    assert answer.status_code == 302
    assert sql("SELECT confirmed_by FROM culturape_harvest_run WHERE confirmed IS NOT NULL") == [
        (people["editor"]["name"],)
    ]


def test_a_source_that_is_not_to_be_seen_is_not_there(
    app: Any, catalogue: Catalogue, make_source: Make, people: dict[str, Any]
) -> None:
    source = make_source(catalogue.address)
    with model.ensure_engine().begin() as connection:
        connection.execute(text("UPDATE package SET private = true WHERE id = :id"), {"id": source})
    # The session of the test still knows the source as it was.
    model.Session.remove()
    statuses = {
        role: app.get("/cosechas/fuente", headers=headers(user), expect_errors=True).status_code
        for role, user in people.items()
    }
    assert statuses == {
        "anonymous": 404, "stranger": 404, "member": 403, "editor": 200, "admin": 200, "sysadmin": 200
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cosechas/no-hay", 404),
        ("/cosechas/fuente/notas?campo=password", 404),
        ("/cosechas/fuente/notas?campo=issued&problema=zzzzzzzzzzzz", 200),
        ("/cosechas/fuente/notas?pagina=x", 200),
        ("/cosechas/fuente/notas?pagina=99999999999999999999", 200),
        ("/cosechas/fuente?cosechas=-1", 200),
        ("/cosechas/fuente/conjuntos/otros", 404),
        ("/cosechas/fuente/conjuntos/por-borrar", 404),
        ("/cosechas/fuente/descarga/por-borrar.csv", 404),
        ("/cosechas/fuente/descarga/todo.xls", 404),
        ("/cosechas/fuente/descarga/conjuntos.csv?estado=otro", 404),
        ("/api/3/action/culturape_harvest_report_show", 409),
        ("/api/3/action/culturape_harvest_report_show?id=fuente&limit=x", 409),
        ("/api/3/action/culturape_harvest_report_show?id=fuente&offset=-1", 409),
        ("/api/3/action/culturape_harvest_report_show?id=fuente&run=otra", 404),
        ("/api/3/action/culturape_harvest_report_show?id=no-hay", 404),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_a_sentence(
    app: Any, make_source: Make, editor: dict[str, Any], path: str, status: int
) -> None:
    make_source("https://otro.example.org/catalogo.ttl")
    assert app.get(path, headers=headers(editor), expect_errors=True).status_code == status


def test_sources_of_other_harvesters_have_no_report_and_keep_their_pages(
    app: Any, make_source: Make, editor: dict[str, Any]
) -> None:
    source = make_source("https://otro.example.org/catalogo.ttl")
    with model.ensure_engine().begin() as connection:
        for table in ("harvest_source", "package"):
            change = "type = 'ckan'" if table == "harvest_source" else "title = title"
            connection.execute(text(f"UPDATE {table} SET {change} WHERE id = :id"), {"id": source})
    assert app.get("/cosechas/fuente", headers=headers(editor), expect_errors=True).status_code == 404


def test_the_pages_of_ckanext_harvest_lead_here(
    app: Any, make_source: Make, editor: dict[str, Any], people: dict[str, Any]
) -> None:
    make_source("https://otro.example.org/catalogo.ttl")
    for path in ("/harvest/fuente", "/harvest/about/fuente", "/harvest/admin/fuente", "/harvest/fuente/job"):
        assert page(app, path, editor).select('ul.nav-tabs a[href="/cosechas/fuente"]'), path
    assert page(app, "/harvest", editor).select('a[href="/cosechas"]')
    assert not page(app, "/harvest").select('a[href="/cosechas"]')
    assert page(app, "/ckan-admin/", people["sysadmin"]).select('a[href="/cosechas"]')
    assert page(app, "/cosechas/fuente", editor).select('a[href="/harvest/edit/fuente"]')


def test_a_failed_run_says_why_and_what_to_do(
    app: Any, catalogue: Catalogue, make_source: Make, editor: dict[str, Any]
) -> None:
    catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    harvest(make_source(catalogue.address))
    found = words(main(app, "/cosechas/fuente", editor))
    assert "FALLÓ" in found
    assert "El servidor respondió con el estado 404" in found
    assert "Qué hacer: Abra la dirección de la fuente en un navegador." in found


def test_older_runs_are_on_further_pages(
    app: Any, catalogue: Catalogue, make_source: Make, editor: dict[str, Any]
) -> None:
    source = make_source(catalogue.address)
    for _ in range(12):
        harvest(source)
    first = main(app, "/cosechas/fuente", editor)
    assert len(first.select("table tbody tr")) == 10
    further = str(first.select_one('nav a[rel="next"]')["href"])
    assert len(main(app, further.partition("#")[0], editor).select("table tbody tr")) == 2


@pytest.mark.parametrize(
    ("action", "numbers"),
    [
        ("harvest_source_job_history_clear", "9 Al día"),
        ("harvest_source_clear", "10 Ya no están en este catálogo"),
        ("package_delete", "9 Al día"),
    ],
)
def test_what_ckanext_harvest_clears_stays_here(
    app: Any, source: str, editor: dict[str, Any], action: str, numbers: str
) -> None:
    user = {
        "user": factories.Sysadmin()["name"],
        "ignore_auth": True,
        "model": model,
        "session": model.Session,
    }
    tk.get_action(action)(user, {"id": sql("SELECT id FROM package WHERE name = 'fuente'")[0][0]})
    found = main(app, f"/cosechas/{source}", editor)
    assert numbers in words(found)
    assert "Terminó bien" in words(found)
    assert len(found.select("table tbody tr")) == 2
    assert "«ayer» no es una fecha" in words(found)


def test_a_hundred_thousand_notes_are_grouped_listed_and_streamed(
    app: Any, source: str, editor: dict[str, Any]
) -> None:
    from ckanext.culturape.harvest import reporting
    from ckanext.culturape.harvest.noted import Chosen
    from ckanext.culturape.harvest.teller import site_teller

    key = sql("SELECT id FROM package WHERE name = 'fuente'")[0][0]
    copies = """
        INSERT INTO culturape_harvest_fault (source_id, run_id, key, kind, uri, field, value, fault)
        SELECT source_id, run_id, md5(n::text), kind, uri || '/' || n, field, value || ' ' || n % 1000, fault
        FROM culturape_harvest_fault, generate_series(1, 25000) AS n WHERE kind = 'value' AND field = 'issued'"""
    with model.ensure_engine().begin() as connection:
        connection.execute(text(copies))
    number = sql("SELECT count(*) FROM culturape_harvest_fault")[0][0]
    assert number > 100_000
    found = main(app, f"/cosechas/{source}", editor)
    assert f"Ver los {4 + 100_000}" in words(found)
    last = main(app, f"/cosechas/{source}/notas?campo=issued&pagina=2001", editor)
    assert "100001 a 100004 de 100004" in words(last)
    tracemalloc.start()
    lines = sum(1 for _ in reporting.stream_notes(Chosen(key), site_teller()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == number + 1
    assert peak < 20_000_000
