"""The scorecards of agendas: only what anybody can read counts, so that everybody sees the same bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.culturape.agenda import neighbours
from ckanext.culturape.agenda.neighbours import Neighbour
from ckanext.culturape.agenda.scorecard import Bar, Check, Facts, score
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

#: Whoever asks, the bars are those of a visitor.
PUBLIC: Mapping[str, Any] = {"user": ""}

#: Datasets that one question to the index asks for.
BATCH = 500


@tk.side_effect_free
def culturape_agenda_scorecard(context: Context, data_dict: Record) -> list[Record]:
    """The five bars of an agenda, side by side; there is no total.

    :param id: id or name of the agenda

    :returns: dictionaries with ``name``, ``label``, ``share`` (0 to 1, or none where nothing can be checked) and ``checks``, each with ``name``, ``label``,
        ``holds`` and ``about`` (``id``, ``name``, ``type`` and ``title`` of the record that it is about)
    """
    tk.check_access("culturape_agenda_scorecard", context, data_dict)
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


def scorecards(agendas: Sequence[Record]) -> dict[str, list[Record]]:
    """The bars of some agendas, by id. Two questions to the database and one to the index for each five hundred datasets."""
    near = neighbours.of_records([str(agenda["id"]) for agenda in agendas], PUBLIC)
    promises = {one.id for found in near.values() for one in found if one.type == "compromiso"}
    fulfilling = {
        promise: [one.id for one in found if one.field == "fulfilled_by"]
        for promise, found in neighbours.of_records(promises, PUBLIC).items()
    }
    datasets = _public_datasets({one for found in fulfilling.values() for one in found})
    return {
        str(agenda["id"]): _card(agenda, near.get(str(agenda["id"]), []), fulfilling, datasets)
        for agenda in agendas
    }


def _card(
    agenda: Record,
    near: Iterable[Neighbour],
    fulfilling: Mapping[str, Iterable[str]],
    datasets: Mapping[str, Record],
) -> list[Record]:
    own = [one for one in near if one.is_incoming]
    promised = [one for one in own if one.type == "compromiso"]
    named = dict.fromkeys(dataset for one in promised for dataset in fulfilling.get(one.id, ()))
    used = [datasets[dataset] for dataset in named if dataset in datasets]
    facts = Facts(
        agenda=agenda,
        commitments=tuple({**one.record, "id": one.id} for one in promised),
        needs=tuple({**one.record, "id": one.id} for one in own if one.type == "necesidad"),
        datasets=tuple(used),
        vocabulary=vocabulary(),
        today=neighbours.today(),
    )
    subjects = {str(record["id"]): _subject(record) for record in (agenda, *used)}
    subjects |= {one.id: _subject({**one.record, "id": one.id, "name": one.name, "type": one.type, "title": one.titles.get("", "")}) for one in own}  # fmt: skip
    return [_bar(bar, subjects) for bar in score(facts)]


def _subject(record: Mapping[str, Any]) -> Record:
    titles = record.get("title_translated") or {"": record.get("title") or record["name"]}
    return {"id": record["id"], "name": record["name"], "type": record["type"], "title": titles}


def _bar(bar: Bar, subjects: Mapping[str, Record]) -> Record:
    return {
        "name": bar.name,
        "label": tk._(bar.words),
        "share": bar.share,
        "checks": [_check(check, subjects) for check in bar.checks],
    }


def _check(check: Check, subjects: Mapping[str, Record]) -> Record:
    return {
        "name": check.name,
        "label": tk._(check.words),
        "holds": check.holds,
        "about": subjects.get(check.about),
    }


def _public_datasets(ids: Iterable[str]) -> dict[str, Record]:
    """The records of those datasets that anybody can read, by id."""
    return {str(record["id"]): record for chunk in _chunks(sorted(ids)) for record in _search(chunk)}


def _search(ids: Sequence[str]) -> list[Record]:
    chosen = " OR ".join(f'"{one}"' for one in ids)
    query = {"fq": f"+dataset_type:dataset +id:({chosen})", "rows": BATCH}
    return tk.get_action("package_search")(cast("Context", {"user": "", "auth_user_obj": None}), query)[
        "results"
    ]


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
