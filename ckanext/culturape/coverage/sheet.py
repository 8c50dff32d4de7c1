"""The matrix as a page shows it: words, addresses and steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ckan.plugins.toolkit as tk

from ckanext.culturape.coverage import steps
from ckanext.culturape.coverage.axes import Axis
from ckanext.culturape.coverage.links import Links
from ckanext.culturape.coverage.measure import ASKED, EXISTS, MISSING, Cell, Line, Matrix
from ckanext.culturape.coverage.question import Pair
from ckanext.culturape.logic.facets import reader_language


class Box(NamedTuple):
    """A cell as it is shown.

    Attributes:
        state: as in ``measure``.
        step: how dark it is.
        datasets, needs: the numbers.
        label: what the cell is of, for readers who do not see the table around it.
        search, needs_search, new_need: addresses; empty for none.
    """

    state: str
    step: int
    datasets: int
    needs: int
    label: str
    search: str = ""
    needs_search: str = ""
    new_need: str = ""


class Head(NamedTuple):
    """The head of a row or column: its key, its name, whether it is no concept, and its total."""

    key: str
    name: str
    is_slot: bool
    total: Box


class Sheet(NamedTuple):
    """The matrix as it is shown.

    Attributes:
        columns: their heads.
        rows: their heads, each with its cells.
        total: of all.
        states: how many cells there are of each state.
        legend: the steps.
    """

    columns: tuple[Head, ...]
    rows: tuple[tuple[Head, tuple[Box, ...]], ...]
    total: Box
    states: Mapping[str, int]
    legend: list[tuple[int, int, int | None]]


def line_name(axis: Axis, line: Line, language: str) -> str:
    """The name of a row or column."""
    slot = axis.slot(line.key)
    if slot:
        return tk._(slot.words)
    return line.concept.label(language) if line.concept else line.key


def lay_out(matrix: Matrix, links: Links) -> Sheet:
    """The sheet of a matrix."""
    found = steps.bounds(cell.datasets for cell in matrix.cells.values())
    columns = _heads(matrix.question.columns, matrix.columns, links)
    rows = _heads(matrix.question.rows, matrix.rows, links)
    return Sheet(
        columns=columns,
        rows=tuple(
            (row, tuple(_crossing(matrix, row, column, links, found) for column in columns)) for row in rows
        ),
        total=_total(Line("", None, matrix.datasets, matrix.needs), tk._("Total"), links),
        states=Counter(cell.state for cell in matrix.cells.values()),
        legend=steps.ranges(found),
    )


def _heads(axis: Axis, lines: Iterable[Line], links: Links) -> tuple[Head, ...]:
    language = reader_language()
    named = ((line, line_name(axis, line, language)) for line in lines)
    return tuple(
        Head(line.key, name, line.concept is None, _total(line, name, links, (axis, line.key)))
        for line, name in named
    )


def _crossing(matrix: Matrix, row: Head, column: Head, links: Links, found: tuple[int, ...]) -> Box:
    pairs = ((matrix.question.rows, row.key), (matrix.question.columns, column.key))
    return _box(matrix.cells[row.key, column.key], f"{row.name} · {column.name}", links, found, *pairs)


def _total(line: Line, name: str, links: Links, *pairs: Pair) -> Box:
    state = EXISTS if line.datasets else ASKED if line.needs else ""
    return _box(Cell(line.datasets, line.needs, state), name, links, (), *pairs)


def _box(cell: Cell, label: str, links: Links, found: tuple[int, ...], *pairs: Pair) -> Box:
    return Box(
        cell.state,
        steps.step_of(cell.datasets, found),
        cell.datasets,
        cell.needs,
        label,
        links.datasets(*pairs) if cell.datasets else "",
        links.needs(*pairs) if cell.needs else "",
        links.new_need(*pairs) if cell.state == MISSING else "",
    )
