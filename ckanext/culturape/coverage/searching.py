"""The searches behind cells that are no concept: ``ext_region=todo-el-pais``, ``ext_cultural_right=sin-indicar``, ``ext_need=sin-respuesta``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ckanext.culturape.coverage import asking, counting
from ckanext.culturape.coverage.axes import AXES, MARK
from ckanext.culturape.errors import N_
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

PREFIX = "ext_"
NEED, UNANSWERED = f"{PREFIX}need", "sin-respuesta"
UNANSWERED_WORDS = N_("Needs that nobody has answered")


class Limit(NamedTuple):
    """A limit of the search that is shown: its parameter, in words, and the address of the same search without it."""

    name: str
    value: str
    words: str
    without: str


def before_dataset_search(params: Record) -> Record:
    """The search kept to what these parameters ask; values that mean nothing are left alone."""
    extras = params.get("extras")
    wanted = list(_clauses(extras)) if isinstance(extras, Mapping) else []
    if wanted:
        params["fq_list"] = [*(params.get("fq_list") or ()), *wanted]
    return params


def _clauses(extras: Mapping[str, Any]) -> Iterator[str]:
    for axis in AXES.values():
        for value in _values(extras.get(PREFIX + axis.name)):
            if axis.slot(MARK + value):
                yield asking.clause(axis, MARK + value, vocabulary().pack.country)
    if UNANSWERED in _values(extras.get(NEED)):
        yield from map(_whole, asking.unanswered(counting.promised_needs()))


def _whole(clause: str) -> str:
    """A clause that only takes away, as a question of its own."""
    return f"*:* {clause}"


def _values(given: Any) -> list[str]:
    values = given if isinstance(given, (list, tuple)) else [given]
    return [value for value in values if isinstance(value, str)]


def culturape_coverage_limits() -> list[Limit]:
    """The limits of the search that the page shows, for it to name them and let them be removed."""
    found: list[Limit] = []
    for axis in AXES.values():
        for value in tk.request.args.getlist(PREFIX + axis.name):
            slot = axis.slot(MARK + value)
            if slot:
                found.append(_limit(PREFIX + axis.name, value, f"{tk._(axis.words)}: {tk._(slot.words)}"))
    if UNANSWERED in tk.request.args.getlist(NEED):
        found.append(_limit(NEED, UNANSWERED, tk._(UNANSWERED_WORDS)))
    return found


def _limit(name: str, value: str, words: str) -> Limit:
    # A link of a query alone stays on the page, whichever it is.
    asked = tk.request.args.items(multi=True)
    others = [(key, one) for key, one in asked if (key, one) != (name, value) and key != "page"]
    return Limit(name, value, words, f"?{urlencode(others)}")
