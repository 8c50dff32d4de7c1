"""The page on which answers of the actors of an agenda stand side by side, and on which its editors enter them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.views import MethodView

from ckanext.culturape.agenda import neighbours
from ckanext.culturape.agenda.evaluation import QUESTIONS, STAGE, key_of
from ckanext.culturape.agenda.evaluations import USUAL, side_by_side
from ckanext.culturape.agenda.rules import actors_of
from ckanext.culturape.logic.readers import reader
from ckanext.culturape.types import Record
from ckanext.culturape.views.editing import may, refuse_forged

#: Pages: what lies beyond is not asked for.
FARTHEST_PAGE = 5_000


def agenda_or_404(name: str) -> Record:
    """The agenda, for those who may read it; one that somebody may not read is like one that is not there."""
    try:
        found = tk.get_action("package_show")(reader(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        found = {}
    if found.get("type") != "agenda":
        tk.abort(404, tk._("Agenda not found"))
    if found.get("private"):
        tk.request.environ["__no_cache__"] = True
    return found


class Evaluations(MethodView):
    """What the actors answered, and the form for their answers."""

    def get(self, name: str) -> str:
        """All answers, and the form when it was chosen who answers about what."""
        agenda = agenda_or_404(name)
        args = tk.request.args
        form = _stored(agenda, args.get("sobre", ""), args.get("actor", "")) if "actor" in args else None
        return _show(agenda, form)

    def post(self, name: str) -> Any:
        """Record the answers; what was typed stays when something is wrong."""
        refuse_forged()
        agenda = agenda_or_404(name)
        may("culturape_evaluation_set", {"id": agenda["id"]})
        form = _typed(tk.request.form)
        try:
            tk.get_action("culturape_evaluation_set")(reader(), {"id": agenda["id"], **form})
        except tk.ValidationError as error:
            if "replaces" in error.error_dict:
                form["replaces"] = _stored(agenda, form["about"], form["actor"])["replaces"]
            return _show(agenda, form, cast("Any", error.error_dict))
        tk.h.flash_success(tk._("The answers were recorded."))
        return tk.redirect_to("culturape_evaluation.evaluations", name=agenda["name"])


def remove(name: str) -> Any:
    """Remove answers, with a reason."""
    refuse_forged()
    agenda = agenda_or_404(name)
    may("culturape_evaluation_set", {"id": agenda["id"]})
    asked = {key: tk.request.form.get(key, "") for key in ("id", "reason")}
    try:
        tk.get_action("culturape_evaluation_delete")(reader(), asked)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Evaluation not found"))
    except tk.ValidationError as error:
        for message in error.error_summary.values():
            tk.h.flash_error(str(message))
    else:
        tk.h.flash_success(tk._("The answers were removed; that they were there can still be seen."))
    return tk.redirect_to("culturape_evaluation.evaluations", name=agenda["name"])


def _typed(form: Mapping[str, str]) -> Record:
    parts = ("level", "explanation", "evidence")
    answers = {q.name: {part: form.get(f"{q.name}-{part}", "") for part in parts} for q in QUESTIONS}
    plain = {name: form.get(name, "") for name in ("about", "actor", "actor_type", "lessons", "replaces")}
    return {**plain, "answers": answers}


def _stored(agenda: Record, about: str, actor: str) -> Record:
    """The form with what the actor answered about the thing so far."""
    asked = {"id": agenda["id"], "about": about or agenda["id"]}
    found = tk.get_action("culturape_evaluation_list")(reader(), asked)
    now = next((one for one in found if key_of(one["actor"]) == key_of(actor) and not one["removed"]), {})
    return {
        "about": about or agenda["id"],
        "actor": now.get("actor", actor),
        "actor_type": now.get("actor_type", ""),
        "answers": now.get("answers", {}),
        "lessons": now.get("lessons", ""),
        "replaces": str(now.get("id", "")),
    }


def _show(agenda: Record, form: Record | None, errors: Record | None = None) -> str:
    page = min(tk.h.get_page_number(tk.request.args), FARTHEST_PAGE)
    asked = {"id": agenda["id"], "limit": USUAL + 1, "offset": (page - 1) * USUAL}
    things = side_by_side(tk.get_action("culturape_evaluation_list")(reader(), asked))
    may_enter = tk.h.check_access("culturape_evaluation_set", {"id": agenda["id"]})
    variables: Record = {
        "pkg": agenda,
        "things": things[:USUAL],
        "page": page,
        "has_more": len(things) > USUAL,
        "may_enter": may_enter,
        "is_open": agenda.get("agenda_stage") == STAGE,
        "form": form if may_enter else None,
        "errors": errors or {},
        "questions": QUESTIONS,
        "subjects": _subjects(agenda) if may_enter else [],
        "actors": [str(actor.get("name") or "") for actor in actors_of(agenda)],
    }
    return tk.render("culturape/agenda/evaluation.html", variables)


def _subjects(agenda: Record) -> list[neighbours.Neighbour]:
    """The commitments that can be evaluated."""
    around = neighbours.of_record(str(agenda["id"]), cast("Any", reader()))
    return [one for one in around if one.is_incoming and one.type == "compromiso"]


def blueprint() -> Blueprint:
    """Its addresses."""
    found = Blueprint("culturape_evaluation", __name__)
    found.add_url_rule("/agenda/<name>/evaluacion", view_func=Evaluations.as_view("evaluations"))
    found.add_url_rule("/agenda/<name>/evaluacion/quitar", view_func=remove, methods=["POST"])
    return found
