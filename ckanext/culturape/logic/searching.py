"""What happens to a search on its way to the index and back?"""

from __future__ import annotations

from typing import Any

from ckanext.culturape.logic.facets import label_facets
from ckanext.culturape.search import expand_question, facet_of

#: Values of a facet that the index may give: all places of a country.
FACET_LIMIT = 3_000

#: Holds names that are for finding only, so its words are never listed.
_UNLISTED = "text"


def before_dataset_search(params: dict[str, Any]) -> dict[str, Any]:
    """The search with the other forms of the words that were typed, and with facets long enough for ours."""
    question = params.get("q")
    expanded = expand_question(question) if isinstance(question, str) and not params.get("defType") else ""
    if expanded:
        params["q"] = expanded
        params["defType"] = "edismax"
    fields = params.get("facet.field")
    if isinstance(fields, list):
        params["facet.field"] = [field for field in fields if field != _UNLISTED]
        if any(facet_of(str(field)) for field in fields):
            params.setdefault("facet.limit", FACET_LIMIT)
    return params


def after_dataset_search(results: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """The results with the items of our facets named in the language of the reader."""
    del params
    label_facets(results.get("search_facets") or {})
    return results
