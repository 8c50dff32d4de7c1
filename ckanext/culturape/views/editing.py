"""Pages that make the work of an editor short."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckan.views.dataset import CreateView
from flask import Blueprint
from flask.views import MethodView
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError as WTFormsValidationError

from ckanext.culturape.logic.editing import change_many, copy_of, gaps, records_of
from ckanext.culturape.types import Record

editing = Blueprint("culturape_editing", __name__)


def user_name() -> str:
    """The name of the person who asks, empty for a visitor."""
    return str(tk.current_user.name) if tk.current_user.is_authenticated else ""


def is_forged() -> bool:
    """Whether a form is one that our page did not send: CKAN may leave the pages of extensions out of its own check."""
    if tk.g.get("login_via_auth_header") or not tk.asbool(tk.config.get("WTF_CSRF_ENABLED", True)):
        return False
    try:
        validate_csrf(tk.request.form.get(str(tk.config.get("WTF_CSRF_FIELD_NAME") or "_csrf_token")))
    except WTFormsValidationError:
        return True
    return False


def refuse_forged() -> None:
    """Refuse a form that our page did not send."""
    if is_forged():
        tk.abort(400, tk._("This page has expired. Open it again and repeat the change."))


def may(action: str, data: Record) -> None:
    """Let go on who may do this; all others get a page that says no."""
    try:
        tk.check_access(action, cast("Context", {"user": user_name()}), data)
    except tk.NotAuthorized:
        tk.abort(403, tk._("You may not do this."))


def organization_or_404(name: str) -> Record:
    """The organisation, for those who may edit its datasets."""
    try:
        found = tk.get_action("organization_show")(cast("Context", {"user": user_name()}), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Organisation not found"))
    listed = tk.get_action("organization_list_for_user")(
        cast("Context", {"user": user_name()}), {"permission": "update_dataset"}
    )
    if not user_name() or found["id"] not in {organization["id"] for organization in listed}:
        tk.abort(403, tk._("You may not do this."))
    return found


@editing.route("/dataset/copiar/<name>")
def copy(name: str) -> Any:
    """The form of a new dataset, filled in like another one."""
    may("package_create", {})
    try:
        record = tk.get_action("package_show")(cast("Context", {"user": user_name()}), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Dataset not found"))
    # The form of CKAN is sent to the page that it stands on, unless told otherwise.
    tk.g.form_action = tk.h.url_for("dataset.new")
    return CreateView().get("dataset", data=copy_of(record))


@editing.route("/organization/completitud/<name>")
def completeness(name: str) -> str:
    """What the records of an organisation lack."""
    organization = organization_or_404(name)
    found = list(gaps(organization["id"], user_name()))
    return tk.render("culturape/editing/completeness.html", {"organization": organization, "gaps": found})


class ChangeMany(MethodView):
    """One change for many records of an organisation."""

    def get(self, name: str) -> str:
        """The list of the records, and what may be changed."""
        return self._show(organization_or_404(name))

    def post(self, name: str) -> str:
        """Make the change, and say what became of each record."""
        refuse_forged()
        organization = organization_or_404(name)
        form = tk.request.form
        contact = {key: form.get(f"contact_{key}", "").strip() for key in ("name", "email")}
        changes: Record = {
            key: form.get(key, "").strip() for key in ("license_id", "access_level", "access_reason")
        }
        changes["contact"] = (
            [{key: text for key, text in contact.items() if text}] if any(contact.values()) else []
        )
        chosen = form.getlist("dataset")
        if not chosen or not any(changes.values()):
            tk.h.flash_error(tk._("Choose at least one record and one change."))
            return self._show(organization)
        refused = change_many(chosen, changes, user_name())
        done = len(chosen) - len(refused)
        tk.h.flash_success(
            tk.ungettext("%(num)d record changed.", "%(num)d records changed.", done) % {"num": done}
        )
        return self._show(organization, refused)

    def _show(self, organization: Record, refused: dict[str, list[str]] | None = None) -> str:
        variables = {
            "organization": organization,
            "records": records_of(organization["id"], user_name()),
            "refused": refused or {},
        }
        return tk.render("culturape/editing/change_many.html", variables)


editing.add_url_rule("/organization/cambios/<name>", view_func=ChangeMany.as_view("change_many"))
