"""Pages and tables of scorecards: of an agenda, of all agendas side by side, of an organisation."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from ckan.types import Context
from flask import Blueprint, Response

from ckanext.culturape.agenda import bars, openness, organization_scoring, scoring
from ckanext.culturape.agenda.bars import Scored
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic import readers
from ckanext.culturape.tables import write_csv
from ckanext.culturape.types import Record
from ckanext.culturape.views.editing import user_name

#: Agendas on a page, and pages.
SIZE, MOST_PAGES = 50, 10_000


def method() -> str:
    """How the bars come about."""
    words = [words for _, words, _ in openness.QUESTIONS]
    variables = {"questions": words, "most": organization_scoring.MOST}
    return tk.render("culturape/agenda/method.html", variables)


def agendas() -> str:
    """All agendas side by side, by title."""
    number = min(tk.h.get_page_number(tk.request.args), MOST_PAGES)
    asked = {"start": (number - 1) * SIZE, "limit": SIZE}
    found = tk.get_action("culturape_agenda_scorecards")(readers.anybody(), asked)
    page = Page(
        collection=found["agendas"],
        page=number,
        url=tk.h.pager_url,
        item_count=found["count"],
        items_per_page=SIZE,
    )
    return tk.render("culturape/agenda/scorecards.html", {"agendas": found["agendas"], "page": page})


def agenda_table(name: str) -> Response:
    """All checks of an agenda as a table for spreadsheets."""
    try:
        return _table(name, scoring.scored_agenda(_reader(), {"id": name}))
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Agenda not found"))


def organization(name: str) -> str:
    """The scorecard of an organisation, beside its other pages."""
    shown = _organization(name)
    card = tk.get_action("culturape_organization_scorecard")(_reader(), {"id": shown["id"]})
    variables = {
        "group_dict": shown,
        "group_type": shown["type"],
        "card": card,
        "most": organization_scoring.MOST,
    }
    return tk.render("culturape/agenda/organization.html", variables)


def organization_table(name: str) -> Response:
    """All checks of an organisation as a table for spreadsheets."""
    shown = _organization(name)
    return _table(shown["name"], organization_scoring.scored_organization(shown["id"])[1])


def _organization(name: str) -> Record:
    try:
        found = tk.get_action("organization_show")(_reader(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Organisation not found"))
    return found if found["state"] == "active" else tk.abort(404, tk._("Organisation not found"))


def _table(name: str, scored: Scored) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="balance-{name}.csv"'}
    rows = bars.table(scored, culturape_language())
    return Response("".join(write_csv(bars.HEAD, rows)), mimetype="text/csv", headers=headers)


def _reader() -> Context:
    return cast("Context", {"user": user_name(), "for_view": True})


def blueprint() -> Blueprint:
    """Their addresses."""
    found = Blueprint("culturape_scorecards", __name__)
    rules: dict[str, Any] = {
        "/agendas/metodo": method,
        "/agendas/balance": agendas,
        "/agenda/<name>/balance.csv": agenda_table,
        "/organization/<name>/balance": organization,
        "/organization/<name>/balance.csv": organization_table,
    }
    for rule, view in rules.items():
        found.add_url_rule(rule, view_func=view)
    return found
