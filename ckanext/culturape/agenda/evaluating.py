"""Who evaluates an agenda, and how are the answers of several actors kept apart? Editors of the agenda enter what each of its actors, or an independent evaluator, answers."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.culturape.agenda import evaluation_rows
from ckanext.culturape.agenda.answering import read_given, read_reason
from ckanext.culturape.agenda.evaluation import Given, key_of
from ckanext.culturape.agenda.evaluation_rows import Evaluation
from ckanext.culturape.errors import N_
from ckanext.culturape.types import Record

STALE = N_(
    "Somebody entered other answers of this actor while you were writing. Nothing of yours was saved: compare, and save again."
)


def agenda_of(data_dict: Record) -> Any:
    """The stored agenda that is asked for; one that was deleted is not there. Raises: ObjectNotFound."""
    package: Any = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None or package.type != "agenda" or package.state == model.State.DELETED:
        raise tk.ObjectNotFound(tk._("Agenda not found"))
    return package


def culturape_evaluation_set(context: Context, data_dict: Record) -> Record:
    """Record what an actor answers about a commitment, or about the agenda as a whole, in place of what it answered before.

    :param id: id or name of the agenda, which must be in the stage of evaluation
    :param about: id or name of one of its commitments; the agenda itself when left out
    :param actor: name of one of the actors of the agenda, or of an independent evaluator; never of a person who holds an office
    :param actor_type: a concept of ``actor-type``, for an independent evaluator
    :param answers: dictionary by question (``specific``, ``relevant``, ``ambitious``, ``completed``, ``opened``), each with ``level``, and where given
        ``explanation`` and ``evidence`` (an address)
    :param lessons: what was learnt
    :param replaces: id of the answers that were read before, empty when there were none; refused when others stand there now

    :returns: the evaluation, as ``culturape_evaluation_list`` gives it
    """
    agenda = agenda_of(data_dict)
    tk.check_access("culturape_evaluation_set", context, {"id": agenda.id})
    # Two who answer at once come one after the other; the row is read again once the lock is held.
    model.Session.refresh(agenda, with_for_update=True)
    given = read_given(agenda, data_dict, context)
    before = _current(agenda.id, given)
    if str(data_dict.get("replaces", before.id if before else "")) != str(before.id if before else ""):
        raise tk.ValidationError({"replaces": [tk._(STALE)]})
    if before is None or (before.actor_type, before.answers, before.lessons) != given[2:]:
        user: Any = model.User.get(context.get("user"))
        evaluation_rows.put(
            model.Session, agenda.id, given, datetime.now(timezone.utc), user.id if user else ""
        )
    model.Session.commit()
    return {"about": given.about_id, **shown(cast("Evaluation", _current(agenda.id, given)))}


def _current(agenda_id: str, given: Given) -> Evaluation | None:
    return evaluation_rows.current(model.Session, agenda_id, given.about_id, key_of(given.actor))


def culturape_evaluation_set_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may change the agenda."""
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}


def culturape_evaluation_delete(context: Context, data_dict: Record) -> None:
    """Remove what an actor answered about a thing, with earlier versions, for instance when it tells of a person; in any stage.

    That it was there stays to be seen, with the reason.

    :param id: id of the evaluation that holds
    :param reason: why, for everybody to read
    """
    number = str(tk.get_or_bust(data_dict, "id"))
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    found = evaluation_rows.by_id(model.Session, int(number)) if is_number else None
    if found is None or found.ended is not None:
        raise tk.ObjectNotFound(tk._("Evaluation not found"))
    tk.check_access("culturape_evaluation_delete", context, {"agenda": found.agenda_id})
    reason = read_reason(data_dict)
    evaluation_rows.remove(model.Session, found, datetime.now(timezone.utc), reason)
    model.Session.commit()


def culturape_evaluation_delete_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may change the agenda that was evaluated."""
    tk.check_access("package_update", context, {"id": data_dict["agenda"]})
    return {"success": True}


def shown(found: Evaluation) -> Record:
    """What everybody is told of an evaluation."""
    return {
        "id": found.id,
        "actor": found.actor,
        "actor_type": found.actor_type,
        "answers": found.answers,
        "lessons": found.lessons,
        "date": found.moment.isoformat(timespec="seconds"),
        "removed": found.removal,
    }
