"""Where does a cell lead? To the search that finds what it counts, or to the form that asks for what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ckanext.culturape.coverage import counting, searching
from ckanext.culturape.coverage.question import Pair, Question
from ckanext.culturape.helpers.links import culturape_need_form_url
from ckanext.culturape.logic.site import vocabulary


class Links:
    """Addresses of a question. Those of pages are asked of CKAN once, for a matrix has hundreds of cells."""

    def __init__(self, question: Question, is_absolute: bool = False) -> None:
        self.filters = question.filters
        self._country = vocabulary().pack.country
        self._datasets = tk.url_for("dataset.search", _external=is_absolute)
        self._needs = tk.url_for(counting.NEEDS_PAGE, _external=is_absolute) if counting.has_needs() else ""
        self._new = culturape_need_form_url(_external=is_absolute)

    def datasets(self, *pairs: Pair) -> str:
        """The search for the datasets of a cell."""
        return _joined(self._datasets, self._params(pairs))

    def needs(self, *pairs: Pair) -> str:
        """The search for the needs of a cell that nobody has answered."""
        return _joined(self._needs, [*self._params(pairs), (searching.NEED, searching.UNANSWERED)])

    def new_need(self, *pairs: Pair) -> str:
        """The form for a need, filled in as far as the cell says; empty where the site has none."""
        if not self._new:
            return ""
        known = [(axis, key) for axis, key in dict.fromkeys((*self.filters, *pairs)) if axis.asks]
        return _joined(
            self._new, [(axis.asks, value) for axis, key in known if (value := self._value((axis, key)))]
        )

    def _value(self, pair: Pair) -> str:
        axis, key = pair
        if axis.slot(key):
            return self._country if axis.is_place else ""
        return key

    def _params(self, pairs: Iterable[Pair]) -> list[tuple[str, str]]:
        return [_param(pair) for pair in dict.fromkeys((*self.filters, *pairs))]


def _param(pair: Pair) -> tuple[str, str]:
    axis, key = pair
    slot = axis.slot(key)
    return (searching.PREFIX + axis.name, slot.id) if slot else (axis.field, key)


def _joined(address: str, params: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(params))
    return f"{address}?{query}" if query else address
