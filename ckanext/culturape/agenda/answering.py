"""Who answers what, in the words of a form or a program? All that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.agenda.evaluation import (
    LONGEST,
    NOTHING,
    STAGE,
    Given,
    key_of,
    read_answers,
    read_name,
)
from ckanext.culturape.agenda.rules import actors_of
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic.links import may_read
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record
from ckanext.culturape.values.loading import load_value
from ckanext.culturape.values.texts import clean_text, shorten

NOT_YET = N_(
    "Answers are taken while the agenda is in the stage of evaluation. Change its stage first, when that time has come."
)
NO_ACTOR = N_("Say who answers: an actor of the agenda, or the name of an independent evaluator.")
NO_TYPE = N_("“%(value)s” is no type of actor. An independent evaluator needs one.")
NO_SUBJECT = N_("“%(value)s” is no commitment of this agenda.")
SHORT = N_("Say why, in a sentence that anybody can read.")

#: Characters of a reason.
SHORTEST = 3


def read_given(agenda: Any, data_dict: Record, context: Context) -> Given:
    """What was given. Raises: ValidationError."""
    answers, faults = read_answers(data_dict.get("answers"))
    if agenda.extras.get("agenda_stage") != STAGE:
        faults.append(Fault(NOT_YET, field="agenda_stage"))
    given = Given(
        _read(faults, "about", lambda: _about(agenda, read_name(data_dict.get("about")), context)),
        *_read_actor(faults, agenda, data_dict),
        answers,
        _read(faults, "lessons", lambda: clean_text(data_dict.get("lessons"), LONGEST)),
    )
    if not faults and not answers and not given.lessons:
        faults.append(Fault(NOTHING, field="answers"))
    refuse(faults)
    return given


def refuse(faults: Iterable[Fault]) -> None:
    """Say what is wrong, by field. Raises: ValidationError."""
    wrong: dict[str, Any] = {}
    for fault in faults:
        wrong.setdefault(fault.field, []).append(fault.text(tk._))
    if wrong:
        raise tk.ValidationError(wrong)


def read_reason(data_dict: Record) -> str:
    """Why something is removed. Raises: ValidationError."""
    faults: list[Fault] = []
    reason = _read(faults, "reason", lambda: clean_text(data_dict.get("reason"), LONGEST))
    if not faults and len(reason) < SHORTEST:
        faults.append(Fault(SHORT, field="reason"))
    refuse(faults)
    return reason


def _read(faults: list[Fault], field: str, read: Callable[[], str]) -> str:
    try:
        return read()
    except Fault as fault:
        faults.append(fault.at(field))
        return ""


def _read_actor(faults: list[Fault], agenda: Any, data_dict: Record) -> tuple[str, str]:
    """Name and type of who answers: those that the agenda gives, for one of its actors."""
    name = _read(faults, "actor", lambda: _named(data_dict.get("actor")))
    found = (actor for actor in actors(agenda) if key_of(str(actor.get("name") or "")) == key_of(name))
    actor = next(found, None)
    if actor and name:
        return read_name(actor["name"]), str(actor.get("actor_type") or "")
    kind = _read(faults, "actor_type", lambda: clean_text(data_dict.get("actor_type")))
    if name and vocabulary().concept("actor-type", kind) is None:
        faults.append(Fault(NO_TYPE, {"value": shorten(kind)}, "actor_type"))
    return name, kind


def _named(raw: Any) -> str:
    name = read_name(raw)
    if not name:
        raise Fault(NO_ACTOR)
    return name


def _about(agenda: Any, asked: str, context: Context) -> str:
    if asked in {"", agenda.id, agenda.name}:
        return str(agenda.id)
    package: Any = model.Package.get(asked)
    if not _belongs(package, agenda) or not may_read(package, context):
        raise Fault(NO_SUBJECT, {"value": shorten(asked)})
    return str(package.id)


def _belongs(package: Any, agenda: Any) -> bool:
    """Whether it is a commitment of this agenda."""
    if package is None or package.type != "compromiso" or package.state != model.State.ACTIVE:
        return False
    return bool(package.extras.get("agenda") == agenda.id)


def actors(agenda: Any) -> Iterable[Mapping[str, Any]]:
    """The actors of a stored agenda."""
    field = load_schema("agenda").field("actors")
    return actors_of({"actors": load_value(field, agenda.extras.get("actors"))})
