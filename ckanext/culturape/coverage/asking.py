"""How is the index asked? One question with facets inside facets: rows, in each of them columns, and both alone for their totals.

CKAN's own search takes no facets inside facets, so Solr is asked directly; ``counting`` adds what keeps it to what anybody can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.culturape.coverage.axes import MARK, Axis
from ckanext.culturape.coverage.question import Pair, Question

ROW, COLUMN = "row", "column"
DATASETS, NEEDS = "datasets", "needs"

#: Values of a field that the index may give: all concepts of the longest axis.
MOST = 3_000

#: Statuses of a need that somebody has promised to answer, has answered, or has refused.
SETTLED = ("comprometida", "atendida", "no-procede")

#: Ids in one clause: Solr takes about a thousand.
CHUNK = 500

Facets = dict[str, Any]


def quoted(text: str) -> str:
    """A text as Solr takes it for one whole value."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def clause(axis: Axis, key: str, country: str) -> str:
    """What finds the records of a concept or a slot of an axis, to be joined with others by a space."""
    slot = axis.slot(key)
    return (
        f"+({slot.query.replace('{country}', _inside(country))})" if slot else f"+{axis.field}:{quoted(key)}"
    )


def _inside(text: str) -> str:
    return quoted(text)[1:-1]


def filters(pairs: Iterable[Pair], country: str) -> list[str]:
    """The clauses of filters."""
    return [clause(axis, key, country) for axis, key in pairs]


def unanswered(promised: Sequence[str]) -> list[str]:
    """The clauses of needs to which nobody has given an answer or the promise of one.

    Args:
        promised: ids of the needs that public commitments name.
    """
    found = [f"-vocab_need_status:({' OR '.join(SETTLED)})", "-answered_by:[* TO *]"]
    chunks = (promised[start : start + CHUNK] for start in range(0, len(promised), CHUNK))
    return [*found, *(f"-id:({' OR '.join(map(quoted, chunk))})" for chunk in chunks)]


def facets(question: Question, country: str, promised: Sequence[str] | None) -> Facets:
    """The facets of a question; those of needs only when it is known which are ``promised``."""
    layer = _layer(question, country)
    found = {DATASETS: _part("+dataset_type:dataset", layer)}
    if promised is not None:
        wanted = ["+dataset_type:necesidad", *unanswered(promised)]
        found[NEEDS] = _part(" ".join(wanted), layer)
    return found


def _layer(question: Question, country: str) -> Facets:
    columns = _of_axis(COLUMN, question.columns, country, {})
    return {**_of_axis(ROW, question.rows, country, columns), **columns}


def _of_axis(name: str, axis: Axis, country: str, below: Facets) -> Facets:
    inside: Mapping[str, Any] = {"facet": below} if below else {}
    found: Facets = {name: {"type": "terms", "field": axis.field, "limit": MOST, **inside}}
    for slot in axis.slots:
        found[name + slot.key] = {"type": "query", "q": clause(axis, MARK + slot.id, country), **inside}
    return found


def _part(query: str, below: Facets) -> Facets:
    return {"type": "query", "q": query, "facet": below}
