"""Pages of the examination."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Blueprint

from ckanext.culturape.dcat.shacl.action import SHOW
from ckanext.culturape.dcat.shacl.public import validate_page
from ckanext.culturape.views.editing import user_name

#: Where the report stands on the page of a dataset.
ANCHOR = "ficha-validacion"


def examine_now(name: str) -> Any:
    """Examine a dataset without waiting for the worker, and go back to its page."""
    try:
        tk.get_action(SHOW)(cast("Context", {"user": user_name()}), {"id": name})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Dataset not found"))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not do this."))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(map(str, error.error_summary.values())))
    return tk.redirect_to("dataset.read", id=name, _anchor=ANCHOR)


def blueprint() -> Blueprint:
    """The addresses of these pages."""
    found = Blueprint("culturape_shacl", __name__)
    found.add_url_rule("/dataset/validar/<name>", view_func=examine_now)
    found.add_url_rule("/validar", view_func=validate_page, methods=["GET", "POST"])
    return found
