"""Rows as CSV that any spreadsheet opens and none executes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(cell: object) -> str:
    """A cell that is only text: one that a spreadsheet would execute gets an apostrophe before it."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a table, in UTF-8 with the mark that spreadsheets need to see it; one row in memory at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(head)
    for row in rows:
        yield _taken(buffer)
        writer.writerow([plain(cell) for cell in row])
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
