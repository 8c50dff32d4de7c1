"""Pages of agendas beside those that CKAN gives to each type of record."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from ckan.types import Context
from flask import Blueprint, Response

from ckanext.culturape.agenda import withheld
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.tables import write_csv
from ckanext.culturape.views.editing import may, refuse_forged, user_name

#: Datasets on a page, and pages: the index cannot count beyond all bounds.
SIZE, MOST = 20, 50_000


def set_status(name: str) -> Any:
    """Take a step with a need: what the form on its page sends."""
    refuse_forged()
    data = {"id": name, "status": tk.request.form.get("status"), "comment": tk.request.form.get("comment")}
    try:
        may("culturape_need_status_set", data)
        tk.get_action("culturape_need_status_set")(cast("Context", {"user": user_name()}), data)
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Need not found"))
    except tk.ValidationError as error:
        for message in error.error_summary.values():
            tk.h.flash_error(str(message))
    else:
        tk.h.flash_success(tk._("The step was added to the history of the need."))
    return tk.redirect_to("necesidad.read", id=name)


def not_open() -> str:
    """The datasets that are not open, with the reasons that their records give."""
    number = min(tk.h.get_page_number(tk.request.args), MOST)
    count, found = withheld.search(number, SIZE)
    page = Page(collection=found, page=number, url=tk.h.pager_url, item_count=count, items_per_page=SIZE)
    return tk.render("culturape/agenda/not_open.html", {"found": found, "page": page, "count": count})


def not_open_csv() -> Response:
    """All of them as a table for spreadsheets."""
    rows = [withheld.row(found, culturape_language()) for found in withheld.everything()]
    headers = {"Content-Disposition": 'attachment; filename="no-abierto.csv"'}
    return Response("".join(write_csv(withheld.HEAD, rows)), mimetype="text/csv", headers=headers)


def blueprint() -> Blueprint:
    """Their addresses."""
    found = Blueprint("culturape_agendas", __name__)
    found.add_url_rule("/necesidad/<name>/situacion", view_func=set_status, methods=["POST"])
    found.add_url_rule("/no-abierto", view_func=not_open)
    found.add_url_rule("/no-abierto.csv", view_func=not_open_csv)
    return found
