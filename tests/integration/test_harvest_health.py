"""All sources at a glance: the most urgent first, each person's own, in one query; and the same for the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from harvests import harvest, headers, page, sql, words
from sources import Answer, Catalogue
from sqlalchemy import event, text

Make = Callable[..., Any]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    engine = model.ensure_engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def change(source: str, what: str) -> None:
    """Change the row of a source of ckanext-harvest."""
    with model.ensure_engine().begin() as connection:
        connection.execute(text(f"UPDATE harvest_source SET {what} WHERE id = :id"), {"id": source})


@pytest.fixture
def sources(catalogue: Catalogue, make_source: Make) -> dict[str, str]:
    """A source in each state, by state."""
    found: dict[str, str] = {}

    def make(name: str, answer: Answer | None = None, **more: Any) -> str:
        path = f"/{name}.ttl"
        entries = {n: f"{name} {n}" for n in range(1, 4)}
        own = Catalogue(entries, base=f"https://{name}.example.org")
        body = own.page(1).replace("otro.example.org", f"{name}.example.org").encode()
        catalogue.answers[path] = answer or Answer(body)
        found[name] = make_source(f"{catalogue.base}{path}", name, **more)
        return found[name]

    harvest(make("good"))
    harvest(make("failed", Answer(b"no", "text/plain", 404)))
    harvest(make("ask"))
    empty = b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <https://ask.example.org/> a dcat:Catalog ."
    catalogue.answers["/ask.ttl"] = Answer(empty)
    harvest(found["ask"])
    broken = (
        catalogue.answers["/good.ttl"].body.replace(b"good", b"trouble").replace(b'"trouble 1"@es', b'""@es')
    )
    harvest(make("trouble", Answer(broken)))
    harvest(make("overdue", frequency="DAILY"))
    change(found["overdue"], "next_run = timezone('utc', now()) - interval '3 hours'")
    user = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    helpers.call_action("harvest_job_create", dict(user), source_id=make("stuck"), run=False)
    helpers.call_action("harvest_job_create", dict(user), source_id=make("busy"), run=False)
    make("never")
    make("off")
    change(found["off"], "active = false")
    with model.ensure_engine().begin() as connection:
        query = "UPDATE harvest_job SET created = created - interval '1 hour' WHERE source_id = :id"
        connection.execute(text(query), {"id": found["stuck"]})
    return found


ORDER = ["failed", "ask", "stuck", "overdue", "trouble", "busy", "good", "never", "off"]


def test_the_most_urgent_stands_first_in_words(
    app: Any, cli: Any, sources: dict[str, str], editor: dict[str, Any]
) -> None:
    found = page(app, "/cosechas", editor)
    rows = [[words(cell) for cell in row.select("td")] for row in found.select("tbody tr")]
    assert [row[1].split()[0] for row in rows] == ORDER
    assert [row[0] for row in rows][:5] == [
        "FALLÓ", "POR CONFIRMAR 3 eliminaciones esperan", "No avanza", "Atrasada", "Con conjuntos por revisar",
    ]  # fmt: skip
    assert all(row.select("td .culturape-state i.fa") for row in found.select("tbody tr"))
    assert "Atrasada" in rows[3][4]
    assert rows[0][2] == "—"
    assert rows[1][5:] == ["3", "0", "0"]
    assert rows[4][5:] == ["2", "0", "1"]

    listed = app.get("/api/3/action/culturape_harvest_health_list", headers=headers(editor)).json["result"]
    assert [entry["standing"] for entry in listed] == ORDER
    assert (listed[1]["deletions"], listed[3]["overdue"], listed[0]["last_success"]) == (3, True, None)

    done = cli.invoke(ckan_command, ["culturape", "harvest", "status"])
    lines = [line.split("\t") for line in done.output.splitlines() if "\t" in line]
    assert [line[1] for line in lines] == ORDER
    assert done.exit_code == 1
    assert "(overdue)" in lines[3][4]


def test_each_sees_the_sources_that_he_or_she_manages(
    app: Any, make_source: Make, editor: dict[str, Any], organization: dict[str, Any]
) -> None:
    make_source("https://otro.example.org/1.ttl", "una")
    sysadmin = factories.SysadminWithToken()
    other = helpers.call_action(
        "organization_create", {"ignore_auth": True, "user": sysadmin["name"]}, name="museo",
        title_translated={"es": "Museo"}, institution_type="museo",
    )  # fmt: skip
    helpers.call_action(
        "harvest_source_create", {"user": sysadmin["name"], "ignore_auth": True}, title="dos", name="dos",
        url="https://otro.example.org/2.ttl", source_type="culturape_dcat", owner_org=other["id"],
    )  # fmt: skip
    member, both = factories.UserWithToken(), factories.UserWithToken()
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=member["name"], role="member"
    )
    for where, role in ((organization, "admin"), (other, "editor")):
        helpers.call_action("organization_member_create", id=where["id"], username=both["name"], role=role)
    expected = [(editor, ["una"]), (member, []), (both, ["dos", "una"]), (sysadmin, ["dos", "una"])]
    for user, names in expected:
        listed = app.get("/api/3/action/culturape_harvest_health_list", headers=headers(user)).json["result"]
        assert [entry["name"] for entry in listed] == names
        assert [words(a) for a in page(app, "/cosechas", user).select("tbody a")] == names
    assert app.get("/api/3/action/culturape_harvest_health_list", expect_errors=True).status_code == 403
    assert app.get("/cosechas", expect_errors=True).status_code == 403


def test_sources_of_other_harvesters_stand_beside_ours(
    app: Any, make_source: Make, editor: dict[str, Any]
) -> None:
    source = make_source("https://otro.example.org/1.ttl", "ajena")
    change(source, "type = 'otro'")
    found = page(app, "/cosechas", editor).select_one("tbody tr")
    assert "Sin cosechas todavía" in words(found)
    assert found.select('a[href="/harvest/admin/ajena"]')
    assert not page(app, "/harvest/ajena", editor).select('a[href^="/cosechas/ajena"]')


def test_five_hundred_sources_cost_one_query(
    app: Any, catalogue: Catalogue, make_source: Make, editor: dict[str, Any]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    with counted() as few:
        page(app, "/cosechas", editor)
    with model.ensure_engine().begin() as connection:
        for table in (
            "package",
            "harvest_source",
            "harvest_job",
            "culturape_harvest_run",
            "culturape_harvest_dataset",
        ):
            connection.execute(text(_copies(table)), {"source": source})
    with counted() as many:
        found = page(app, "/cosechas", editor)
    assert len(found.select("tbody tr")) == 500
    assert len([statement for statement in many if "harvest" in statement]) == 1
    assert len(many) <= len(few)
    assert {words(row.select("td")[5]) for row in found.select("tbody tr")} == {"12", "0"}


#: Columns that tell a copy from its original, by table.
_OWN = {
    "package": {"id": "id || n", "name": "name || n"}, "harvest_source": {"id": "id || n"},
    "harvest_job": {"id": "id || n", "source_id": "source_id || n"},
    "culturape_harvest_run": {"id": "id || n", "source_id": "source_id || n"},
    "culturape_harvest_dataset": {"source_id": "source_id || n", "package_id": "package_id || n"},
}  # fmt: skip


def _copies(table: str) -> str:
    """SQL of 499 copies of what a table has of a source."""
    columns = [
        row[0]
        for row in sql("SELECT column_name FROM information_schema.columns WHERE table_name = :t", t=table)
    ]
    values = ", ".join(_OWN[table].get(column, f'"{column}"') for column in columns)
    by = "source_id" if "source_id" in columns else "id"
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, 499) AS n WHERE {by} = :source"


def run(cli: Any, *arguments: object) -> Any:
    return cli.invoke(ckan_command, ["culturape", "harvest", *map(str, arguments)])


def test_the_commands_say_all(cli: Any, catalogue: Catalogue, make_source: Make, tmp_path: Path) -> None:
    catalogue.more |= {1: 'dct:issued "ayer" ;', 2: 'dct:issued "=1+1" ;', 3: 'dct:issued "\x1b[31m rojo" ;'}
    source = make_source(catalogue.address)
    assert run(cli, "status", "fuente").exit_code == 0
    first = harvest(source)
    done = run(cli, "status", "fuente", "--json")
    assert done.exit_code == 0
    told = json.loads(done.output[done.output.index("[") :])
    assert [(entry["name"], entry["standing"], entry["datasets"]) for entry in told] == [
        ("fuente", "good", 12)
    ]

    done = run(cli, "report", "fuente")
    assert done.exit_code == 0
    assert "Primera publicación (3)" in done.output
    assert "- Museo 1: «ayer» no es una fecha." in done.output
    assert "\x1b[31m" not in done.output

    done = run(cli, "report", "fuente", "--csv", tmp_path / "notas.csv")
    assert done.exit_code == 0
    rows = list(csv.reader((tmp_path / "notas.csv").read_text("utf-8-sig").splitlines()))
    assert sorted(row[4] for row in rows[1:])[:1] == ["'=1+1"]
    assert len(rows) == 4

    catalogue.more[4] = 'dct:issued "hoy" ;'
    second = harvest(source)
    for run_id, number in ((first.id, 3), (second.id, 1)):
        done = run(cli, "report", "fuente", "--run", run_id, "--json")
        told = json.loads(done.output[done.output.index('{"source"') :])
        assert [found["id"] for found in told["runs"]] == [run_id]
        assert len(told["notes"]) == number

    del catalogue.datasets[1], catalogue.datasets[2], catalogue.datasets[3]
    harvest(source)
    assert run(cli, "status").exit_code == 1
    assert run(cli, "report", "no-hay").exit_code != 0
    assert run(cli, "report", "fuente", "--run", "otra").exit_code != 0
    assert run(cli, "report", "fuente", "--csv", tmp_path / "no" / "notas.csv").exit_code != 0
    assert run(cli, "report", "fuente", "--json", "--csv", tmp_path / "x.csv").exit_code == 2
