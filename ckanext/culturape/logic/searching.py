"""What happens to a search on its way to the index and back?"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.culturape.logic.facets import label_facets
from ckanext.culturape.search import expand_question, facet_of

#: Values of a facet that the index may give: all places of a country.
FACET_LIMIT = 3_000

#: Beginning of the endpoints of CKAN's feeds.
_FEEDS = "feeds."

#: Holds names that are for finding only, so its words are never listed.
_UNLISTED = "text"


def before_dataset_search(params: dict[str, Any]) -> dict[str, Any]:
    """The search with the other forms of the words that were typed, and with facets long enough for ours.

    CKAN's feeds ask for datasets of all types; agendas and needs are no news of datasets.
    """
    if has_request_context() and str(tk.request.endpoint).startswith(_FEEDS):
        params["fq"] = f"{params.get('fq') or ''} +dataset_type:dataset".strip()
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


def shown_search() -> dict[str, list[str]]:
    """The parameters of the search that is shown, without its page and how its facets are folded."""
    asked: dict[str, list[str]] = tk.request.args.to_dict(flat=False)
    return {name: values for name, values in asked.items() if name != "page" and not name.startswith("_")}
