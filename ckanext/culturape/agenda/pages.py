"""What the templates of agendas ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from flask import g

from ckanext.culturape.agenda import bars, commitments, needs, neighbours, resolved, rows, scoring
from ckanext.culturape.agenda.evaluation import QUESTIONS, Question
from ckanext.culturape.agenda.evaluations import side_by_side
from ckanext.culturape.agenda.neighbours import Neighbour
from ckanext.culturape.agenda.public import moderating
from ckanext.culturape.logic.readers import anybody, reader
from ckanext.culturape.types import Record

#: Checks of each bar that the page of an agenda lists; all of them stand in a table.
SHOWN = 30

#: Stands in an address for the name of what it leads to, which has only letters, digits, "-" and "_".
_NAME = "culturape-name"

#: Commitments and needs that the page of an agenda lists at first; a link on it leads to all.
LISTED = 200


def culturape_read_url(record_type: str, name: str) -> str:
    """Address of the page of a record. CKAN is asked once for each type and page, not for each line of a long list."""
    known = g.setdefault("culturape_read_urls", {})
    if record_type not in known:
        known[record_type] = tk.url_for(f"{record_type}.read", id=_NAME)
    return known[record_type].replace(_NAME, name)


def culturape_neighbours(record: Record) -> list[Neighbour]:
    """What a record links to and what links to it, for the reader of the page; asked once for each page."""
    if not record.get("id"):
        return []
    known: dict[str, list[Neighbour]] = g.setdefault("culturape_neighbours", {})
    record_id = str(record["id"])
    if record_id not in known:
        known[record_id] = neighbours.of_record(record_id, cast("Any", reader()))
    return known[record_id]


def culturape_agenda(record: Record) -> Record:
    """What belongs to an agenda whose page somebody reads."""
    return resolved.resolve(culturape_neighbours(record), cast("Any", reader()))


def culturape_listed(records: list[Record]) -> list[Record]:
    """Those of some records that the page lists: the first ones, unless all were asked for."""
    return records if tk.request.args.get("todo") else records[:LISTED]


def culturape_standing(record: Record, around: list[Neighbour]) -> tuple[str, bool]:
    """The state of a commitment or a need, and whether it is overdue."""
    published = [one.id for one in around if one.field == "fulfilled_by" and one.is_public]
    return neighbours.standing(str(record["type"]), record, published)


def culturape_own_state(record: Record) -> tuple[str, bool]:
    """The state of a commitment or a need in a list, where its neighbours are not asked for, and whether it is overdue."""
    fulfilled = record["type"] == "compromiso" and commitments.texts_of(record.get("fulfilled_by"))
    links = rows.targets(model.Session, "fulfilled_by", [str(record["id"])]) if fulfilled else ()
    return neighbours.standing(str(record["type"]), record, [dataset for _, dataset in links])


def culturape_commitment_counts(agendas: Iterable[Record]) -> list[tuple[Record, dict[str, int]]]:
    """For each agenda that has commitments, how many of them that anybody can read are in each state."""
    listed = list(agendas)
    near = neighbours.of_records([str(agenda["id"]) for agenda in listed], anybody())
    counts = ((agenda, _states(near.get(str(agenda["id"]), ()))) for agenda in listed)
    return [(agenda, states) for agenda, states in counts if states]


def _states(near: Iterable[Neighbour]) -> dict[str, int]:
    return dict(Counter(one.state for one in near if one.is_incoming and one.type == "compromiso"))


def culturape_scorecard(record: Record) -> list[Record]:
    """The five bars of an agenda, each with some of its checks."""
    # Everybody sees the bars of a visitor.
    near = [one for one in culturape_neighbours(record) if one.is_public]
    record_id = str(record["id"])
    return bars.as_records(scoring.scorecards([record], {record_id: near})[record_id], SHOWN)


def culturape_need_steps(record: Record) -> list[Record]:
    """What became of a need, step by step."""
    return tk.get_action("culturape_need_history")(reader(), {"id": record["id"]})


def culturape_need_status(record: Record) -> str:
    """The status of a need."""
    return needs.status_of(record)


def culturape_need_sender(record: Record) -> Record | None:
    """How whoever stated a need can be reached; ``None`` for those who may not know, and for needs that an editor wrote."""
    try:
        return tk.get_action("culturape_need_contact")(reader(), {"id": record["id"]})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None


def culturape_needs_waiting() -> int:
    """How many needs wait until somebody of the reader's organisations reads them."""
    return moderating.number_waiting(moderating.organizations_of(str(reader().get("user") or "")))


def culturape_questions() -> tuple[Question, ...]:
    """What is asked in an evaluation."""
    return QUESTIONS


def culturape_evaluations(record: Record) -> list[Record]:
    """What the actors of an agenda answered, by thing and side by side: the first things."""
    return side_by_side(tk.get_action("culturape_evaluation_list")(reader(), {"id": record["id"]}))


def template_helpers() -> dict[str, Any]:
    """By name, as templates call them."""
    return {name: helper for name, helper in globals().items() if name.startswith("culturape_")}
