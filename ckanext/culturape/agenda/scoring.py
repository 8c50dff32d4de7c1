"""The scorecards of agendas: only what anybody can read counts, so that everybody sees the same bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.culturape.agenda import neighbours, rows
from ckanext.culturape.agenda.bars import Scored, as_records
from ckanext.culturape.agenda.neighbours import Neighbour
from ckanext.culturape.agenda.scorecard import Facts, score
from ckanext.culturape.logic import readers
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

#: Datasets that one question to the index asks for.
BATCH = 500

#: Agendas that one answer compares.
MOST_AGENDAS = 100


@tk.side_effect_free
def culturape_agenda_scorecard(context: Context, data_dict: Record) -> list[Record]:
    """The five bars of an agenda, side by side; there is no total.

    :param id: id or name of the agenda

    :returns: dictionaries with ``name``, ``label``, ``share`` (0 to 1, or none where nothing can be checked), ``held`` and ``number`` (of checks), and
        ``checks``, those that do not hold first, each with ``name``, ``label``, ``holds`` and ``about`` (``id``, ``name``, ``type`` and ``title`` of the
        record that it is about)
    """
    tk.check_access("culturape_agenda_scorecard", context, data_dict)
    return as_records(scored_agenda(context, data_dict))


def scored_agenda(context: Context, data_dict: Record) -> Scored:
    """The bars of an agenda that the person may read. Raises: NotAuthorized, ObjectNotFound."""
    asked = {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}
    agenda = tk.get_action("package_show")(cast("Context", asked), {"id": tk.get_or_bust(data_dict, "id")})
    if agenda.get("type") != "agenda":
        raise tk.ObjectNotFound(tk._("Agenda not found"))
    return scorecards([agenda])[str(agenda["id"])]


@tk.auth_allow_anonymous_access
def culturape_agenda_scorecard_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may read the agenda."""
    tk.check_access("package_show", context, {"id": tk.get_or_bust(data_dict, "id")})
    return {"success": True}


@tk.side_effect_free
def culturape_agenda_scorecards(context: Context, data_dict: Record) -> Record:
    """The five bars of all agendas that anybody can read, side by side, by title; there is neither total nor rank.

    :param start: how many to pass over, 0 by default
    :param limit: how many to give, 100 by default and at most

    :returns: ``count``, and ``agendas``, each with ``id``, ``name``, ``title`` by language, ``organization`` and ``bars`` as in
        ``culturape_agenda_scorecard`` but without ``checks``
    """
    tk.check_access("culturape_agenda_scorecards", context, data_dict)
    start, limit = (
        _number(data_dict, "start", 0, 1_000_000),
        _number(data_dict, "limit", MOST_AGENDAS, MOST_AGENDAS),
    )
    query = {"fq": "+dataset_type:agenda", "sort": "title_string asc, id asc", "rows": limit, "start": start}
    found = readers.search(query)
    scored = scorecards(found["results"])
    listed = [
        {
            "id": agenda["id"],
            "name": agenda["name"],
            "title": agenda.get("title_translated") or {"": agenda.get("title") or agenda["name"]},
            "organization": (agenda.get("organization") or {}).get("title") or "",
            "bars": as_records(scored[str(agenda["id"])], limit=0),
        }
        for agenda in found["results"]
    ]
    return {"count": found["count"], "agendas": listed}


@tk.auth_allow_anonymous_access
def culturape_agenda_scorecards_auth(context: Context, data_dict: Record) -> AuthResult:
    """Anybody: it tells what anybody can read."""
    tk.check_access("package_search", context, {})
    return {"success": True}


def _number(data_dict: Record, name: str, default: int, most: int) -> int:
    value = data_dict.get(name, default)
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise tk.ValidationError({name: [tk._("A whole number is expected.")]})
    return min(number, most)


def scorecards(
    agendas: Sequence[Record], near: Mapping[str, Sequence[Neighbour]] | None = None
) -> dict[str, Scored]:
    """The bars of some agendas, by id. Four questions to the database and one to the index for each five hundred datasets.

    Args:
        agendas: the records.
        near: by id their neighbours that anybody can read, where they are known already.
    """
    if near is None:
        near = neighbours.of_records([str(agenda["id"]) for agenda in agendas], readers.anybody())
    own = [one for found in near.values() for one in found if one.is_incoming]
    fulfilling = _fulfilling({one.id for one in own if one.type == "compromiso"})
    needs = [one.id for one in own if one.type == "necesidad"]
    answered = (
        frozenset(rows.pointed_at(model.Session, "answers_needs", needs)) if needs else frozenset[str]()
    )
    datasets = public_datasets({one for found in fulfilling.values() for one in found})
    return {
        str(agenda["id"]): _card(agenda, near.get(str(agenda["id"]), []), fulfilling, datasets, answered)
        for agenda in agendas
    }


def _fulfilling(promises: set[str]) -> dict[str, list[str]]:
    """For each commitment the ids of the datasets that fulfil it and that anybody can read."""
    found: dict[str, list[str]] = {}
    for promise, dataset in rows.targets(model.Session, "fulfilled_by", promises) if promises else ():
        found.setdefault(promise, []).append(dataset)
    return found


def _card(
    agenda: Record,
    near: Iterable[Neighbour],
    fulfilling: Mapping[str, Iterable[str]],
    datasets: Mapping[str, Record],
    answered: frozenset[str],
) -> Scored:
    own = [one for one in near if one.is_incoming]
    promised = [one for one in own if one.type == "compromiso"]
    named = dict.fromkeys(dataset for one in promised for dataset in fulfilling.get(one.id, ()))
    used = [datasets[dataset] for dataset in named if dataset in datasets]
    facts = Facts(
        agendas=(agenda,),
        commitments=tuple({**one.record, "id": one.id} for one in promised),
        needs=tuple({**one.record, "id": one.id} for one in own if one.type == "necesidad"),
        datasets=tuple(used),
        vocabulary=vocabulary(),
        today=neighbours.today(),
        answered=answered,
    )
    around = ({**one.record, "id": one.id, "name": one.name, "type": one.type, "title": one.titles.get("", "")} for one in own)  # fmt: skip
    return Scored(score(facts), {str(record["id"]): record for record in (agenda, *used, *around)})


def public_datasets(ids: Iterable[str]) -> dict[str, Record]:
    """The records of those datasets that anybody can read, by id."""
    return {
        str(record["id"]): record
        for chunk in _chunks(sorted(ids))
        for record in readers.search(_of(chunk))["results"]
    }


def _of(ids: Sequence[str]) -> Record:
    chosen = " OR ".join(f'"{one}"' for one in ids)
    return {"fq": f"+dataset_type:dataset +id:({chosen})", "rows": BATCH}


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
