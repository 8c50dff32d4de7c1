"""Pages on which people state needs, follow theirs, and on which organisations read them before anybody else does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.views import MethodView

from ckanext.culturape import config
from ckanext.culturape.agenda.public import receivers, statement
from ckanext.culturape.errors import N_
from ckanext.culturape.logic.readers import reader
from ckanext.culturape.views.editing import is_forged, may, refuse_forged, user_name

LAST = 3
SEND = "send"

EXPIRED = N_("This page has expired. What you wrote is still here: send it again.")
LOG_IN_AGAIN = N_(
    "Your session has ended. Log in in another window, then send again: what you wrote is still here."
)


class Stating(MethodView):
    """The form in three steps. What was said in the other steps travels along, so that nothing is kept of what is not sent."""

    def get(self) -> Any:
        """The first step; a link may have filled in parts."""
        if not _may_state():
            return self._closed()
        return _page(1, _said(tk.request.args), {})

    def post(self) -> Any:
        """The next step, or the need itself."""
        said, step = _said(tk.request.form), _step(tk.request.form.get("step"))
        if is_forged():
            return _page(step, said, {"": [tk._(EXPIRED)]})
        if not _may_state():
            return _page(step, said, {"": [tk._(LOG_IN_AGAIN)]}, status=403)
        go = tk.request.form.get("go", "")
        if go == SEND:
            return _send(said)
        wanted = _step(go)
        errors = _errors(said, step) if wanted > step else {}
        return _page(_first(errors, step) if errors else wanted, said, errors)

    def _closed(self) -> Any:
        if config.needs_from() == "people" and not user_name():
            tk.h.flash_notice(
                tk._(
                    "To state a need you need an account, so that you can follow the answer. Your name is not shown to the public."
                )
            )
            return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
        return tk.abort(403, tk._("Needs are not received on this site."))


def _may_state() -> bool:
    try:
        tk.check_access("culturape_need_state", reader(), {})
    except tk.NotAuthorized:
        return False
    return True


def _step(value: Any) -> int:
    return int(value) if value in {"1", "2", "3"} else 1


def _said(sent: Any) -> dict[str, str]:
    """What was said so far: texts, and of each list its choices, one a line."""
    return {name: "\n".join(sent.getlist(name)).strip() for name in statement.STEP_OF}


def _errors(said: Mapping[str, str], step: int) -> dict[str, list[str]]:
    """What is wrong with the steps up to this one."""
    errors: dict[str, list[str]] = {}
    for fault in statement.faults(statement.read(said, config.default_language())):
        if statement.STEP_OF[fault.field] <= step:
            errors.setdefault(fault.field, []).append(fault.text(tk._))
    return errors


def _first(errors: Mapping[str, Any], otherwise: int) -> int:
    return min((statement.STEP_OF[name] for name in errors if name in statement.STEP_OF), default=otherwise)


def _send(said: Mapping[str, str]) -> Any:
    try:
        receipt = tk.get_action("culturape_need_state")(reader(), dict(said))
    except tk.ValidationError as error:
        found: dict[str, Any] = {
            name: words if isinstance(words, list) else [str(words)]
            for name, words in error.error_dict.items()
        }
        return _page(_first(found, LAST), said, found)
    if user_name():
        tk.h.flash_success(_thanks(receipt))
        return tk.redirect_to("necesidad.read", id=receipt["name"])
    return tk.render(
        "culturape/agenda/public/received.html", {"receipt": receipt, "thanks": _thanks(receipt)}
    )


def _thanks(receipt: Mapping[str, Any]) -> str:
    if not receipt["is_new"]:
        return tk._("We had received this need already.")
    return tk._("Received. %(organization)s reads it before anybody else can see it.") % receipt


def _page(step: int, said: Mapping[str, str], errors: Mapping[str, Any], status: int = 200) -> Any:
    others = {name: text for name, text in said.items() if statement.STEP_OF[name] != step and text}
    similar = {}
    if step == 2:
        similar = tk.get_action("culturape_need_similar")(
            reader(), {"q": f"{said['title']} {said['description']}"}
        )
    variables = {
        "step": step,
        "last": LAST,
        "said": said,
        "others": others,
        "errors": errors,
        "similar": similar,
        "agendas": receivers.open_agendas() if step == LAST else [],
        "fallback": receivers.fallback() if step == LAST else None,
        "fields": {
            field["field_name"]: field
            for field in tk.h.scheming_get_dataset_schema("necesidad")["dataset_fields"]
        },
        "default_language": config.default_language(),
        "is_open": step > 1 or receivers.is_anybody_there(),
    }
    return tk.render("culturape/agenda/public/form.html", variables), status


def similar() -> str:
    """What resembles the text that somebody types, as a part of the page."""
    found = tk.get_action("culturape_need_similar")(reader(), {"q": tk.request.args.get("q", "")})
    return tk.render("culturape/agenda/public/similar.html", {"similar": found})


def waiting() -> str:
    """Needs that wait to be read."""
    may("culturape_need_waiting", {})
    found = tk.get_action("culturape_need_waiting")(reader(), {})
    return tk.render("culturape/agenda/public/waiting.html", {"found": found})


def mine() -> str:
    """The needs that a person stated."""
    may("culturape_need_mine", {})
    found = tk.get_action("culturape_need_mine")(reader(), {})
    return tk.render("culturape/agenda/public/mine.html", {"found": found})


def publish(name: str) -> Any:
    """Show a need to everybody."""
    refuse_forged()
    try:
        may("package_update", {"id": name})
        tk.get_action("package_patch")(reader(), {"id": name, "private": False})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Need not found"))
    except tk.ValidationError as error:
        for words in error.error_summary.values():
            tk.h.flash_error(str(words))
        return tk.redirect_to("necesidad.edit", id=name)
    tk.h.flash_success(tk._("Everybody can see the need now."))
    return tk.redirect_to("necesidad.read", id=name)


def forget(name: str) -> Any:
    """Forget the contact of a need."""
    refuse_forged()
    try:
        tk.get_action("culturape_need_contact_forget")(reader(), {"id": name})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Need not found"))
    except tk.NotAuthorized:
        tk.abort(403, tk._("You may not do this."))
    tk.h.flash_success(tk._("Name and address were forgotten."))
    return tk.redirect_to("necesidad.read", id=name)


def blueprint() -> Blueprint:
    """Their addresses."""
    found = Blueprint("culturape_needs", __name__)
    found.add_url_rule("/necesidad/nueva", view_func=Stating.as_view("new"))
    found.add_url_rule("/necesidad/parecidas", view_func=similar)
    found.add_url_rule("/necesidades/por-revisar", view_func=waiting)
    found.add_url_rule("/necesidades/mias", view_func=mine)
    found.add_url_rule("/necesidad/<name>/publicar", view_func=publish, methods=["POST"])
    found.add_url_rule("/necesidad/<name>/contacto/olvidar", view_func=forget, methods=["POST"])
    return found
