"""The map of a matrix that has the regions on one of its axes: how many datasets each region has."""

from __future__ import annotations

from typing import NamedTuple

from ckanext.culturape import config
from ckanext.culturape.coverage import steps
from ckanext.culturape.coverage.links import Links
from ckanext.culturape.coverage.measure import Line, Matrix, is_withheld
from ckanext.culturape.coverage.sheet import line_name
from ckanext.culturape.logic.facets import reader_language
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.vocab.outlines import Outline, Outlines, load_outlines


class Region(NamedTuple):
    """A region of the map; its address leads to its datasets, or where it has none to its place in the table."""

    name: str
    outline: Outline
    datasets: int
    step: int
    address: str


class Chart(NamedTuple):
    """The map: the drawing it is made from, its regions, the steps of its legend."""

    outlines: Outlines
    regions: tuple[Region, ...]
    legend: list[tuple[int, int, int | None]]


def draw(matrix: Matrix, links: Links) -> Chart | None:
    """The map; ``None`` without regions on an axis, without outlines in the pack, and where places are withheld."""
    question = matrix.question
    axis, lines = next(
        (
            (axis, lines)
            for axis, lines in ((question.rows, matrix.rows), (question.columns, matrix.columns))
            if axis.is_place
        ),
        (None, ()),
    )
    outlines = load_outlines(config.pack()) if axis else None
    if not axis or not outlines or _is_withheld(matrix):
        return None
    shown = [line for line in lines if line.concept and line.key in outlines.places]
    found = steps.bounds(line.datasets for line in shown)

    side = "r" if axis is question.rows else "c"

    def region(line: Line) -> Region:
        name = line_name(axis, line, reader_language())
        address = links.datasets((axis, line.key)) if line.datasets else f"#cov-{side}-{line.key}"
        return Region(
            name, outlines.places[line.key], line.datasets, steps.step_of(line.datasets, found), address
        )

    return Chart(outlines, tuple(map(region, shown)), steps.ranges(found))


def _is_withheld(matrix: Matrix) -> bool:
    """Whether the filters alone keep every region back."""
    axis = matrix.question.rows if matrix.question.rows.is_place else matrix.question.columns
    regions = axis.concepts(vocabulary())
    return bool(regions) and is_withheld((*matrix.question.filters, (axis, regions[0].id)), vocabulary())
