"""Which page of a long list is shown, and which are there?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

#: Rows on a page.
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list.

    Attributes:
        number: of the page, from 1.
        size: rows on it.
        count: rows of the list.
    """

    number: int
    size: int = SIZE
    count: int = 0

    @property
    def offset(self) -> int:
        """How many rows stand before it."""
        return (self.number - 1) * self.size

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.count // self.size))

    @property
    def first(self) -> int:
        """The place of its first row in the list, 0 when it has none."""
        return self.offset + 1 if self.count > self.offset else 0

    @property
    def last(self) -> int:
        """The place of its last row."""
        return min(self.offset + self.size, self.count)

    def of(self, count: int) -> Page:
        """The page in a list of so many rows."""
        return replace(self, count=count)


def read_page(given: Any) -> int:
    """The number of a page that somebody asks for; the first when it is no number, or larger than any list."""
    text = str(given or "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1
