"""Pages on harvests: all sources at a glance, the report on each, and its lists in full."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint
from sqlalchemy.engine import Connection

from ckanext.culturape.harvest import health, holdings, noted, reporting
from ckanext.culturape.harvest.account import STATES
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.exporting import advice_on, advice_on_problem
from ckanext.culturape.harvest.health import Scope
from ckanext.culturape.harvest.known_source import HEALTH
from ckanext.culturape.harvest.report_decisions import decide
from ckanext.culturape.harvest.report_files import asking_run, download
from ckanext.culturape.harvest.report_page import asked_notes, asked_page, private, render, source_or_404
from ckanext.culturape.harvest.rivals import rivals
from ckanext.culturape.views.editing import may, user_name

#: Datasets that the question about deletions names before the whole list.
FIRST = 5

#: The list of the datasets that would be deleted, beside those of the states.
MISSING = "por-borrar"


@private
def overview() -> str:
    """All sources that the reader manages."""
    may(HEALTH, {})
    return tk.render("culturape/harvest/health.html", {"entries": health.of_reader(user_name())})


@private
def report(name: str) -> str:
    """The report on a source."""
    source = source_or_404(name)
    page = asked_page("cosechas", reporting.RUNS)
    entry = next(iter(health.listed(Scope(is_all=True), source.id)), None)
    with connected() as connection:
        found = reporting.look(connection, source, page.offset, page.size)
        last = found.last
        is_asking = last is not None and last.state == "guarded"
        going = list(holdings.missing(connection, source.id, last.id, FIRST)) if last and is_asking else []
    variables = {"report": found, "page": page.of(found.runs), "entry": entry, "going": going}
    return render("report", source, advise=advice_on_problem, **variables)


@private
def notes(name: str) -> str:
    """All notes, those on one field, or those of one kind of problem in it."""
    source = source_or_404(name)
    chosen, page = asked_notes(source), asked_page()
    with connected() as connection:
        number = noted.count(connection, chosen)
        rows = list(noted.listed(connection, chosen, page.size, page.offset))
    return render("notes", source, chosen=chosen, rows=rows, page=page.of(number), advise=advice_on)


@private
def datasets(name: str, state: str) -> str:
    """All datasets in one state, or those that would be deleted."""
    source, page = source_or_404(name), asked_page()
    if state not in (*STATES, MISSING):
        tk.abort(404, tk._("Datasets have no such state."))
    with connected() as connection:
        number, rows = _chosen(connection, source.id, state, page.size, page.offset)
    shown = [row.uri for row in rows if row.state == "conflict"]
    known = rivals(model.Session, source.id, shown, user_name())
    return render("datasets", source, state=state, rows=rows, rivals=known, page=page.of(number))


def _chosen(
    connection: Connection, source_id: str, state: str, limit: int, offset: int
) -> tuple[int, list[Any]]:
    """How many datasets there are in a state, and some of them."""
    if state != MISSING:
        number = holdings.counts(connection, source_id).get(state, 0)
        return number, list(holdings.listed(connection, source_id, state, limit, offset))
    run = asking_run(connection, source_id)
    number = holdings.count_missing(connection, source_id, run)
    return number, list(holdings.missing(connection, source_id, run, limit, offset))


def blueprint() -> Blueprint:
    """The addresses of these pages; all of ckanext-harvest's begin with ``/harvest``, so that none is the same."""
    found = Blueprint("culturape_harvests", __name__)
    found.add_url_rule("/cosechas", view_func=overview)
    found.add_url_rule("/cosechas/<name>", view_func=report)
    found.add_url_rule("/cosechas/<name>/notas", view_func=notes)
    found.add_url_rule("/cosechas/<name>/conjuntos/<state>", view_func=datasets)
    found.add_url_rule("/cosechas/<name>/descarga/<what>", view_func=download)
    found.add_url_rule("/cosechas/<name>/<decision>", view_func=decide, methods=["POST"])
    return found
