"""Where a record comes from: one line for everybody; for its editors, what no longer follows the source and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from ckan import model
from harvests import harvest, page, sql, words
from sources import Catalogue
from sqlalchemy import text

Make = Callable[..., Any]


def name_of(catalogue: Catalogue, number: int) -> str:
    query = """
        SELECT p.name FROM culturape_harvest_dataset d JOIN package p ON p.id = d.package_id WHERE d.uri = :uri"""
    return sql(query, uri=catalogue.uri(number))[0][0]


@pytest.fixture
def source(catalogue: Catalogue, make_source: Make) -> str:
    """A source that was harvested, and then said of one dataset what cannot be taken over; another one was edited here."""
    found = make_source(catalogue.address)
    harvest(found)
    user = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    mine = helpers.call_action("package_show", dict(user), id=name_of(catalogue, 7))
    files = [{**mine["resources"][0], "name_translated": {"es": "Otro nombre"}}]
    change = {"notes_translated": {"es": "Revisado aquí."}, "name": "museo-siete", "resources": files}
    helpers.call_action("package_patch", dict(user), id=mine["id"], **change)
    catalogue.datasets[6] = ""
    harvest(found)
    return found


def test_everybody_sees_where_it_comes_from_and_editors_what_does_not_follow(
    app: Any, catalogue: Catalogue, source: str, editor: dict[str, Any]
) -> None:
    for n in (6, 7):
        path = f"/dataset/{name_of(catalogue, n)}"
        for user in (None, factories.UserWithToken()):
            shown = page(app, path, user)
            line = shown.select(".culturape-origin")
            assert len(line) == 1
            assert words(line[0]).startswith("Viene de fuente , cosechado el ")
            assert "última actualización" in words(line[0])
            assert line[0].select('a[href="/harvest/fuente"]')
            assert not shown.select(".culturape-origin-notes")
            assert "/cosechas" not in str(shown)
    stale = page(app, f"/dataset/{name_of(catalogue, 6)}", editor).select_one(".culturape-origin-notes")
    assert "Se mantiene como estaba." in words(stale)
    assert "No se incorpora un conjunto de datos sin título." in words(stale)
    assert stale.select('a[href="/cosechas/fuente"]')
    edited = page(app, f"/dataset/{name_of(catalogue, 7)}", editor).select_one(".culturape-origin-notes")
    assert "por eso no sigue a la fuente: Descripción, Archivo o enlace." in words(edited)
    untouched = page(app, f"/dataset/{name_of(catalogue, 8)}", editor)
    assert untouched.select(".culturape-origin")
    assert not untouched.select(".culturape-origin-notes")


def test_a_source_that_is_not_to_be_seen_is_not_named(
    app: Any, catalogue: Catalogue, source: str, editor: dict[str, Any]
) -> None:
    with model.ensure_engine().begin() as connection:
        connection.execute(
            text("UPDATE package SET private = true, title = 'Reservada' WHERE id = :id"), {"id": source}
        )
    # CKAN's session keeps what it has read while somebody still holds it.
    model.Session.remove()
    path = f"/dataset/{name_of(catalogue, 8)}"
    shown = page(app, path)
    assert "Viene de otro catálogo, cosechado el" in words(shown.select_one(".culturape-origin"))
    assert "Reservada" not in str(shown)
    assert "Viene de Reservada" in words(page(app, path, editor).select_one(".culturape-origin"))


def test_records_of_this_catalogue_and_lists_say_nothing_of_it(
    app: Any, catalogue: Catalogue, source: str, make_dataset: Make
) -> None:
    assert not page(app, f"/dataset/{make_dataset()['name']}").select(".culturape-origin")
    assert not page(app, "/dataset/").select(".culturape-origin")


def test_a_record_has_its_page_without_our_tables(app: Any, make_dataset: Make) -> None:
    name = make_dataset()["name"]
    with model.ensure_engine().begin() as connection:
        connection.execute(
            text("ALTER TABLE culturape_harvest_dataset RENAME TO culturape_harvest_dataset_away")
        )
    try:
        assert app.get(f"/dataset/{name}").status_code == 200
        sysadmin = factories.SysadminWithToken()
        answer = app.get("/cosechas", headers={"Authorization": sysadmin["token"]}, expect_errors=True)
        assert answer.status_code == 503
        assert "ckan db upgrade -p culturape_harvest" in answer.body
    finally:
        with model.ensure_engine().begin() as connection:
            connection.execute(
                text("ALTER TABLE culturape_harvest_dataset_away RENAME TO culturape_harvest_dataset")
            )
