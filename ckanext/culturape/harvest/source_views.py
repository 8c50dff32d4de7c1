"""Pages that show what a source would give, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckan.views.dataset import CreateView, EditView
from flask import Blueprint

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest import typed
from ckanext.culturape.harvest.source import checked, reader_language
from ckanext.culturape.harvest.source_address import check_address
from ckanext.culturape.harvest.source_doors import SOURCE, is_ours
from ckanext.culturape.harvest.source_preview import Shown, look
from ckanext.culturape.harvest.source_schema import errors_of
from ckanext.culturape.types import Record
from ckanext.culturape.views.editing import may, refuse_forged, user_name

#: Draws the form with what was typed and what is wrong with it.
Draw = Callable[[Record, Mapping[str, list[str]]], Any]


def preview_new() -> Any:
    """The form of a new source with what it would give as it was typed."""
    may("harvest_source_create", {})
    if tk.request.method != "POST":
        return tk.redirect_to("harvest.new")
    refuse_forged()
    return _with_preview(lambda data, errors: CreateView().get(SOURCE, data, dict(errors), {}))


def preview_stored(name: str) -> Any:
    """What a source would give: as it was typed into its form, or as it is stored when its page asks."""
    source = source_or_404(name)
    if tk.request.method != "POST":
        return tk.redirect_to("harvest.edit", id=source["name"])
    refuse_forged()
    if typed.SENT in tk.request.form:
        return _with_preview(
            lambda data, errors: EditView().get(SOURCE, source["id"], data, dict(errors), {})
        )
    found = _look_at_stored(source)
    return tk.render("culturape/source/page.html", {"harvest_source": source, "found": found}), found.status


def _look_at_stored(source: Record) -> Shown:
    """What a stored source would give; limits or vocabularies may have changed since it was saved."""
    found = checked(source.get("config"))
    if found.faults:
        return Shown(" ".join(fault.text(tk._) for fault in found.faults), 422)
    return look(source["url"], found.options, reader_language())


def source_or_404(name: str) -> Record:
    """A source of ours, for those who may change it."""
    context = cast("Context", {"user": user_name()})
    try:
        source = tk.get_action("package_show")(context, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        source = {}
    if not is_ours(source):
        tk.abort(404, tk._("Harvest source not found"))
    may("harvest_source_update", {"id": source["id"]})
    return source


def _with_preview(draw: Draw) -> Any:
    """The form with the answer, or with what must be mended before there can be one."""
    data = typed_fields()
    errors: dict[str, list[str]] = {}
    found = checked(typed.options_of(data))
    faults = list(found.faults)
    try:
        address = check_address(data.get("url"))
    except Fault as fault:
        address = ""
        faults.insert(0, fault.at("url"))
    if faults:
        errors = errors_of(faults, tk._)
        return draw(data, errors), 422
    tk.g.culturape_source_preview = look(address, found.options, reader_language())
    return draw(data, errors), tk.g.culturape_source_preview.status


def typed_fields() -> Record:
    """What the form sent; of a field that was sent more than once, a list."""
    fields = {name: values if len(values) > 1 else values[0] for name, values in tk.request.form.lists()}
    for name in ("save", str(tk.config.get("WTF_CSRF_FIELD_NAME") or "_csrf_token")):
        fields.pop(name, None)
    # What is not text belongs to nobody who fills in a form.
    return {
        name: value
        for name, value in fields.items()
        if isinstance(value, str) or name.startswith(typed.PREFIX)
    }


def culturape_source_preview() -> Shown | None:
    """What the source of this form would give; ``None`` while nobody has asked."""
    return getattr(tk.g, "culturape_source_preview", None)


def blueprint() -> Blueprint:
    """The addresses of these pages."""
    found = Blueprint("culturape_source", __name__)
    methods = ["GET", "POST"]
    found.add_url_rule("/harvest/vista-previa", view_func=preview_new, methods=methods)
    found.add_url_rule("/harvest/vista-previa/<name>", view_func=preview_stored, methods=methods)
    return found
