"""What did the actors of an agenda answer? Kept apart, side by side, as far as somebody may read what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timezone
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.culturape.agenda import evaluation_rows
from ckanext.culturape.agenda.evaluating import agenda_of, shown
from ckanext.culturape.agenda.evaluation import QUESTIONS, differing
from ckanext.culturape.agenda.evaluation_rows import About, Evaluation
from ckanext.culturape.logic.links import may_read
from ckanext.culturape.types import Record

#: Things evaluated that one answer tells of, unless fewer are asked for, and at most; and how far one may go.
USUAL, MOST, FARTHEST = 20, 100, 1_000_000


@tk.side_effect_free
def culturape_evaluation_list(context: Context, data_dict: Record) -> list[Record]:
    """What the actors of an agenda answered: first about the agenda, then about its commitments by title.

    :param id: id or name of the agenda
    :param about: only what is about this record: id of a commitment or of the agenda
    :param limit: of how many things evaluated, 20 unless said otherwise, 100 at most
    :param offset: after how many

    :returns: dictionaries with ``id``, ``about`` (``id``, ``name``, ``type``, ``title``), ``actor``, ``actor_type``, ``answers`` (by question, each with
        ``level``, and where given ``explanation`` and ``evidence``), ``lessons``, ``date``, ``removed`` (the reason, for what was removed) and ``earlier`` (what the
        same actor answered before, the last first); ``user`` only for those who may change the agenda
    """
    agenda = agenda_of(data_dict)
    tk.check_access("culturape_evaluation_list", context, {"id": agenda.id})
    asked = {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}
    may_change = _may_change(asked, agenda.id)
    limit, offset = _number(data_dict, "limit", USUAL, MOST), _number(data_dict, "offset", 0, FARTHEST)
    about = str(data_dict.get("about") or "").replace("\x00", "") or None
    found = [
        (one, about)
        for one, about in evaluation_rows.newest(model.Session, agenda.id, limit, offset, about)
        if about.is_public or may_read(model.Package.get(about.id), asked)
    ]
    before = _before(agenda.id, found)
    return [
        {
            **shown(one),
            "about": {"id": about.id, "name": about.name, "type": about.type, "title": about.title},
            "earlier": [shown(old) for old in before.get((one.about_id, one.actor_key), []) if old.id != one.id],
            **({"user": one.user_id} if may_change else {}),
        }
        for one, about in found
    ]  # fmt: skip


@tk.auth_allow_anonymous_access
def culturape_evaluation_list_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may read the agenda."""
    tk.check_access("package_show", context, {"id": tk.get_or_bust(data_dict, "id")})
    return {"success": True}


def answers_of(found: Iterable[Evaluation]) -> list[Record]:
    """What is kept of evaluations in a snapshot."""
    return [
        {
            "about": one.about_id,
            "actor": one.actor,
            "actor_type": one.actor_type,
            "answers": one.answers,
            "lessons": one.lessons,
            "date": one.moment.astimezone(timezone.utc).isoformat(timespec="seconds"),
        }
        for one in found
    ]


def _before(
    agenda_id: str, found: list[tuple[Evaluation, About]]
) -> Mapping[tuple[str, str], list[Evaluation]]:
    grouped: dict[tuple[str, str], list[Evaluation]] = {}
    for old in evaluation_rows.earlier(model.Session, agenda_id, {about.id for _, about in found}):
        grouped.setdefault((old.about_id, old.actor_key), []).append(old)
    return grouped


def _may_change(asked: Mapping[str, Any], agenda_id: str) -> bool:
    try:
        tk.check_access("package_update", cast("Context", dict(asked)), {"id": agenda_id})
    except tk.NotAuthorized:
        return False
    return True


def _number(data_dict: Record, name: str, usual: int, most: int) -> int:
    raw = str(data_dict.get(name, usual))
    if not (raw.isascii() and raw.isdigit()):
        raise tk.ValidationError({name: [tk._("A whole number is expected.")]})
    return min(int(raw[:9]), most)


def side_by_side(found: list[Record]) -> list[Record]:
    """The same by thing: ``about``, ``answers`` of its actors, ``rows`` (a question, the level of each, whether they differ) and how many ``differ``."""
    things: dict[str, Record] = {}
    for one in found:
        things.setdefault(one["about"]["id"], {"about": one["about"], "answers": []})["answers"].append(one)
    for thing in things.values():
        standing = [one for one in thing["answers"] if not one["removed"]]
        apart = differing([one["answers"] for one in standing])
        thing["standing"], thing["differ"] = standing, len(apart)
        thing["rows"] = [
            {
                "question": question,
                "cells": [_cell(question, one) for one in standing],
                "differs": question.name in apart,
            }
            for question in QUESTIONS
        ]
    return list(things.values())


def _cell(question: Any, one: Record) -> Record:
    answer = one["answers"].get(question.name) or {}
    level = question.level(answer.get("level", ""))
    return {"actor": one["actor"], "words": level.words if level else "", **answer}
