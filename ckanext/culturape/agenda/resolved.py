"""An agenda with everything that belongs to it: its commitments with their datasets and needs, and the needs that wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.culturape.agenda import commitments, neighbours
from ckanext.culturape.agenda.neighbours import Neighbour
from ckanext.culturape.types import Record

#: Fields of a neighbour that an agenda shows of it.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "compromiso": ("due_date", "lead_actor", "support_actors", "withdrawn_reason"),
    "necesidad": (
        "requester_type",
        "requester_name",
        "purpose",
        "cultural_right",
        "people",
        "territory",
        "response_due",
    ),
    "dataset": (),
    "agenda": (),
}


@tk.side_effect_free
def culturape_agenda_show(context: Context, data_dict: Record) -> Record:
    """An agenda with everything that belongs to it, as far as the person may read it.

    :param id: id or name of the agenda

    :returns: ``agenda`` (the record), ``commitments`` (each with ``id``, ``name``, ``title`` by language, ``state``, ``is_overdue``, ``due_date``,
        ``lead_actor``, ``milestones``, ``datasets``, ``needs``), ``needs`` (each with ``status``, ``is_overdue``, ``answers``, ``about``), and ``counts``
        of both by state
    """
    asked = cast("Context", {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")})
    if context.get("ignore_auth"):
        asked["ignore_auth"] = True
    tk.check_access("culturape_agenda_show", asked, data_dict)
    agenda = tk.get_action("package_show")(asked, {"id": tk.get_or_bust(data_dict, "id")})
    if agenda.get("type") != "agenda":
        raise tk.ObjectNotFound(tk._("Agenda not found"))
    return {"agenda": agenda, **resolve(neighbours.of_record(str(agenda["id"]), asked), asked)}


def resolve(around: Iterable[Neighbour], context: Mapping[str, Any]) -> Record:
    """What belongs to an agenda with these neighbours: commitments, needs and their counts. One question to the database, however many there are."""
    own = [found for found in around if found.is_incoming]
    near = neighbours.of_records([found.id for found in own], context)
    promised = [_commitment(one, near.get(one.id, [])) for one in own if one.type == "compromiso"]
    needed = [_need(one, near.get(one.id, [])) for one in own if one.type == "necesidad"]
    counts = {
        "commitments": dict(Counter(one["state"] for one in promised)),
        "needs": dict(Counter(one["status"] for one in needed)),
    }
    promised.sort(key=lambda one: (one["due_date"] or "9999", one["name"]))
    return {"commitments": promised, "needs": needed, "counts": counts}


def _commitment(found: Neighbour, near: Iterable[Neighbour]) -> Record:
    near = list(near)
    return {
        **_plain(found),
        "state": found.state,
        "is_overdue": found.is_overdue,
        "milestones": list(commitments.milestones_of(found.record)),
        "datasets": [_plain(one) for one in near if one.field == "fulfilled_by"],
        "needs": [{**_plain(one), "status": one.state} for one in _once(near) if one.type == "necesidad"],
    }


def _need(found: Neighbour, near: Iterable[Neighbour]) -> Record:
    near = list(near)
    return {
        **_plain(found),
        "status": found.state,
        "is_overdue": found.is_overdue,
        "answers": [_plain(one) for one in _once(near) if one.field in {"answered_by", "answers_needs"}],
        "about": [_plain(one) for one in near if one.field == "about_dataset"],
    }


def _once(near: Iterable[Neighbour]) -> Iterable[Neighbour]:
    """Each record once: a need and a commitment may name each other. What a need is about is no answer."""
    return {one.id: one for one in near if one.field != "about_dataset"}.values()


def _plain(found: Neighbour) -> Record:
    titles = {tag: text for tag, text in found.titles.items() if tag} or {"": found.titles.get("", "")}
    shown = {name: found.record.get(name) for name in SHOWN[found.type]}
    return {
        "id": found.id,
        "name": found.name,
        "type": found.type,
        "title": titles,
        "is_public": found.is_public,
        **shown,
    }


@tk.auth_allow_anonymous_access
def culturape_agenda_show_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may read the agenda."""
    tk.check_access("package_show", context, {"id": tk.get_or_bust(data_dict, "id")})
    return {"success": True}
