"""What does the answer of the index say? A matrix of how many datasets there are at each crossing of two axes, and how many needs wait there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from ckanext.culturape.coverage.asking import COLUMN, DATASETS, NEEDS, ROW
from ckanext.culturape.coverage.axes import Axis
from ckanext.culturape.coverage.question import Pair, Question
from ckanext.culturape.vocab.communities import LANGUAGE, PEOPLE, isolated
from ckanext.culturape.vocab.concept import Concept
from ckanext.culturape.vocab.fold import fold
from ckanext.culturape.vocab.pack import Vocabulary

#: Axes with more concepts than this show those that have something.
LONG = 50

#: What a crossing can be. ``VOID``: records that do not say where they belong; that there are none is no lack.
EXISTS, ASKED, MISSING, WITHHELD, VOID = "exists", "asked", "missing", "withheld", "void"

Counts = Mapping[str, int]


class Cell(NamedTuple):
    """How many datasets there are, how many needs that nobody has answered, and what that makes of it."""

    datasets: int
    needs: int
    state: str


class Line(NamedTuple):
    """A row or a column: a concept or a slot, with what it has in all. That is no sum: a dataset can stand in several cells."""

    key: str
    concept: Concept | None
    datasets: int
    needs: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The answer to a question.

    Attributes:
        question: that was asked.
        rows, columns: those that are shown.
        hidden_rows, hidden_columns: how many concepts are not shown because nothing has them.
        cells: by the keys of row and column.
        datasets, needs: how many there are in all.
        has_needs: whether needs were looked at.
    """

    question: Question
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    hidden_rows: int
    hidden_columns: int
    cells: Mapping[tuple[str, str], Cell]
    datasets: int
    needs: int
    has_needs: bool


def read_answer(
    answer: Mapping[str, Any], question: Question, vocabulary: Vocabulary, language: str
) -> Matrix:
    """The matrix of an answer.

    Args:
        answer: the facets that Solr gave for those of ``asking``.
        question: that was asked.
        vocabulary: the concepts of the axes.
        language: by whose alphabet a long axis is put in order.
    """
    layers = {name: cast("Mapping[str, Any]", answer.get(name) or {}) for name in (DATASETS, NEEDS)}
    rows, hidden_rows = _lines(question, ROW, layers, vocabulary, language)
    columns, hidden_columns = _lines(question, COLUMN, layers, vocabulary, language)
    grids = {name: _grid(layer, question) for name, layer in layers.items()}
    across = {line.key: _facts(question.rows, line.key, vocabulary) for line in rows}
    down = {line.key: _facts(question.columns, line.key, vocabulary) for line in columns}
    base = [_facts(*pair, vocabulary) for pair in question.filters]
    cells = {
        (row.key, column.key): _cell((row.key, column.key), grids, [*base, across[row.key], down[column.key]])
        for row in rows
        for column in columns
    }
    datasets, needs = (_all(layer, question, vocabulary) for layer in layers.values())
    return Matrix(
        question, rows, columns, hidden_rows, hidden_columns, cells, datasets, needs, NEEDS in answer
    )


def is_withheld(pairs: Iterable[Pair], vocabulary: Vocabulary) -> bool:
    """Whether these together would say where a people in isolation is. No number stands there, whatever the index holds."""
    return _meet(_facts(*pair, vocabulary) for pair in pairs)


class _Facts(NamedTuple):
    """What a concept or slot says: whether it is a region, a people in isolation, or a slot of records that do not say where they belong."""

    is_region: bool
    is_isolated: bool
    is_loose: bool


def _facts(axis: Axis, key: str, vocabulary: Vocabulary) -> _Facts:
    concept, slot = axis.concept(key, vocabulary), axis.slot(key)
    is_isolated = axis.vocabulary in (PEOPLE, LANGUAGE) and concept and isolated(concept, vocabulary)
    return _Facts(
        axis.is_place and concept is not None, bool(is_isolated), slot is not None and not slot.is_kept
    )


def _meet(facts: Iterable[_Facts]) -> bool:
    found = list(facts)
    return any(one.is_isolated for one in found) and any(one.is_region for one in found)


def _all(layer: Mapping[str, Any], question: Question, vocabulary: Vocabulary) -> int:
    return 0 if is_withheld(question.filters, vocabulary) else int(layer.get("count") or 0)


def _counts(layer: Mapping[str, Any], name: str, axis: Axis) -> dict[str, int]:
    """What the facet of an axis has, by key."""
    found = {key: int(part.get("count") or 0) for key, part in _parts(layer, name, axis)}
    return {key: number for key, number in found.items() if number}


def _parts(layer: Mapping[str, Any], name: str, axis: Axis) -> Iterator[tuple[str, Mapping[str, Any]]]:
    facet: Mapping[str, Any] = layer.get(name) or {}
    buckets: list[Mapping[str, Any]] = facet.get("buckets") or []
    for bucket in buckets:
        yield str(bucket["val"]), bucket
    for slot in axis.slots:
        yield slot.key, layer.get(name + slot.key) or {}


def _grid(layer: Mapping[str, Any], question: Question) -> dict[str, dict[str, int]]:
    """What the columns have in each row."""
    return {key: _counts(part, COLUMN, question.columns) for key, part in _parts(layer, ROW, question.rows)}


def _lines(
    question: Question,
    name: str,
    layers: Mapping[str, Mapping[str, Any]],
    vocabulary: Vocabulary,
    language: str,
) -> tuple[tuple[Line, ...], int]:
    """The lines of an axis that are shown, and how many concepts are not."""
    axis = question.rows if name == ROW else question.columns
    datasets, needs = (_counts(layers[layer], name, axis) for layer in (DATASETS, NEEDS))
    concepts = axis.concepts(vocabulary)
    lines = [_line(axis, c.id, c, question, (datasets, needs), vocabulary) for c in concepts]
    if len(concepts) > LONG:
        lines.sort(key=lambda line: fold(line.concept.label(language)) if line.concept else "")
    in_use = [line for line in lines if line.concept and not line.concept.deprecated]
    is_short = len(concepts) <= LONG or question.is_whole
    shown = [line for line in lines if line.datasets or line.needs or (is_short and line in in_use)]
    slots = (_line(axis, slot.key, None, question, (datasets, needs), vocabulary) for slot in axis.slots)
    kept = [line for line in slots if line.datasets or line.needs or _is_kept(axis, line.key)]
    return (*shown, *kept), sum(1 for line in in_use if line not in shown)


def _is_kept(axis: Axis, key: str) -> bool:
    slot = axis.slot(key)
    return slot is not None and slot.is_kept


def _line(
    axis: Axis,
    key: str,
    concept: Concept | None,
    question: Question,
    counts: tuple[Counts, Counts],
    vocabulary: Vocabulary,
) -> Line:
    if is_withheld((*question.filters, (axis, key)), vocabulary):
        return Line(key, concept, 0, 0)
    return Line(key, concept, counts[0].get(key, 0), counts[1].get(key, 0))


def _cell(keys: tuple[str, str], grids: Mapping[str, Mapping[str, Counts]], facts: Sequence[_Facts]) -> Cell:
    """The cell of the keys of its row and column; ``facts`` of the filters, then of these two."""
    if _meet(facts):
        return Cell(0, 0, WITHHELD)
    datasets, needs = (grids[layer].get(keys[0], {}).get(keys[1], 0) for layer in (DATASETS, NEEDS))
    return Cell(datasets, needs, _state(datasets, needs, facts[-2:]))


def _state(datasets: int, needs: int, ends: Iterable[_Facts]) -> str:
    if datasets:
        return EXISTS
    if needs:
        return ASKED
    return VOID if any(end.is_loose for end in ends) else MISSING
