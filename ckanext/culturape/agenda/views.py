"""Pages of agendas beside those that CKAN gives to each type of record."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Blueprint

from ckanext.culturape.views.editing import may, refuse_forged, user_name


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


def blueprint() -> Blueprint:
    """Their addresses."""
    found = Blueprint("culturape_agendas", __name__)
    found.add_url_rule(
        "/necesidad/<name>/situacion", view_func=set_status, methods=["POST"], endpoint="set_status"
    )
    return found
