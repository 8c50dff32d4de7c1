"""What does somebody ask? Rows, columns and filters from the address of the page; what makes no sense is said, and something sensible shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.culturape.coverage.axes import AXES, Axis
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.values.texts import clean_text, shorten
from ckanext.culturape.vocab.pack import Vocabulary

ROWS, COLUMNS, ALL = "rows", "columns", "all"

#: What is shown to whoever asks for nothing, in order of preference.
USUAL = ("region", "cultural_right")

#: Values of one filter: the index takes no more than it is worth.
MOST = 5

#: An axis and the key of a concept or slot on it.
Pair = tuple[Axis, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        rows, columns: two axes.
        filters: what records must have.
        is_whole: whether long axes are shown with everything that nothing has.
        notices: what was asked that makes no sense.
    """

    rows: Axis
    columns: Axis
    filters: tuple[Pair, ...] = ()
    is_whole: bool = False
    notices: tuple[Fault, ...] = ()

    @property
    def has_needs(self) -> bool:
        """Whether needs can be looked at by all that is asked."""
        return all(axis.of_needs for axis in (self.rows, self.columns, *(axis for axis, _ in self.filters)))

    def params(self, **changes: str) -> list[tuple[str, str]]:
        """The parameters that ask this; those that are given replace others, empty ones remove them."""
        own = {ROWS: self.rows.name, COLUMNS: self.columns.name, ALL: "1" if self.is_whole else "", **changes}
        kept = [(axis.name, key) for axis, key in self.filters]
        return [*((name, value) for name, value in own.items() if value), *kept]

    def without(self, pair: Pair) -> Question:
        """The same without a filter."""
        kept = tuple(one for one in self.filters if one != pair)
        return Question(self.rows, self.columns, kept, self.is_whole)


def read_question(asked: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> Question:
    """The question of an address. Never raises: each value that means nothing becomes a notice."""
    notices: list[Fault] = []
    rows = _axis(_first(asked, ROWS), notices)
    columns = _axis(_first(asked, COLUMNS), notices)
    if rows and rows is columns:
        notices.append(
            Fault(
                N_("Rows and columns are the same, “%(label)s”; the columns were changed."),
                {"label": rows.words},
            )
        )
        columns = None
    rows = rows or _other(columns)
    columns = columns or _other(rows)
    filters = tuple(pair for axis in AXES.values() for pair in _filters(axis, asked, vocabulary, notices))
    return Question(rows, columns, filters, _first(asked, ALL) == "1", tuple(notices))


def _first(asked: Mapping[str, Sequence[str]], name: str) -> str:
    return next((value for value in asked.get(name, ()) if value), "")


def _axis(name: str, notices: list[Fault]) -> Axis | None:
    found = AXES.get(name)
    if name and not found:
        notices.append(Fault(N_("Coverage cannot be looked at by “%(value)s”."), {"value": _quote(name)}))
    return found


def _other(axis: Axis | None) -> Axis:
    return next(AXES[name] for name in USUAL if AXES[name] is not axis)


def _filters(
    axis: Axis, asked: Mapping[str, Sequence[str]], vocabulary: Vocabulary, notices: list[Fault]
) -> Iterator[Pair]:
    values = list(dict.fromkeys(value for value in asked.get(axis.name, ()) if value))
    for value in values[:MOST]:
        if axis.concept(value, vocabulary) or axis.slot(value):
            yield axis, value
        else:
            facts: dict[str, Any] = {"label": axis.words, "value": _quote(value)}
            notices.append(Fault(N_("%(label)s: there is no “%(value)s”; the filter was left out."), facts))
    if len(values) > MOST:
        notices.append(
            Fault(
                N_("%(label)s: only the first %(limit)s values count."), {"label": axis.words, "limit": MOST}
            )
        )


def _quote(text: str) -> str:
    # Long texts are cut before they are looked at.
    return shorten(clean_text(text[:200]))
