"""The matrix as lines for spreadsheets and programs: one for each cell, and one for each total."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.culturape.coverage.axes import Axis
from ckanext.culturape.coverage.links import Links
from ckanext.culturape.coverage.measure import Line, Matrix
from ckanext.culturape.coverage.question import Pair
from ckanext.culturape.coverage.sheet import line_name

HEAD = (
    "fila",
    "fila_id",
    "columna",
    "columna_id",
    "conjuntos_de_datos",
    "necesidades_sin_respuesta",
    "situacion",
    "busqueda",
)

#: The states of ``measure`` in the table, whose heads and values are the same in every language.
STATES = {"exists": "existe", "asked": "solo-pedido", "missing": "falta", "withheld": "reservado", "void": ""}

#: For each total: a dataset counts once, so it is no sum of cells.
TOTAL = "total"

End = tuple[str, str]


def lines(matrix: Matrix, links: Links, language: str) -> Iterator[tuple[object, ...]]:
    """The lines under ``HEAD``; in place of the needs nothing where they were not looked at."""
    question = matrix.question
    names = {line.key: _end(question.columns, line, language) for line in matrix.columns}
    for row in matrix.rows:
        own, end = (question.rows, row.key), _end(question.rows, row, language)
        for column in matrix.columns:
            cell = matrix.cells[row.key, column.key]
            search = links.datasets(own, (question.columns, column.key)) if cell.datasets else ""
            numbers = (cell.datasets, _asked(matrix, cell.needs), STATES[cell.state], search)
            yield (*end, *names[column.key], *numbers)
        yield (*end, "", TOTAL, *_total(matrix, row.datasets, row.needs, links, own))
    for column in matrix.columns:
        numbers = _total(matrix, column.datasets, column.needs, links, (question.columns, column.key))
        yield ("", TOTAL, *names[column.key], *numbers)
    yield ("", TOTAL, "", TOTAL, *_total(matrix, matrix.datasets, matrix.needs, links))


def _end(axis: Axis, line: Line, language: str) -> End:
    slot = axis.slot(line.key)
    return line_name(axis, line, language), slot.id if slot else line.key


def _asked(matrix: Matrix, needs: int) -> object:
    return needs if matrix.has_needs else ""


def _total(matrix: Matrix, datasets: int, needs: int, links: Links, *pairs: Pair) -> tuple[object, ...]:
    return datasets, _asked(matrix, needs), TOTAL, links.datasets(*pairs) if datasets else ""
