"""What the facets of the list of sources say; ckanext-harvest names them in English and shows their values as they are stored."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.kinds import FREQUENCIES
from ckanext.culturape.harvest.source import TITLE
from ckanext.culturape.types import Record

TITLES: Mapping[str, str] = {"frequency": N_("How often it is read"), "source_type": N_("Kind of source")}
VALUES: Mapping[str, Mapping[str, str]] = {
    "frequency": FREQUENCIES,
    "source_type": {HARVESTER: TITLE},
}


def culturape_harvest_facet_titles(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles of facets by field, in the words of the reader."""
    return {field: tk._(TITLES.get(field, title)) for field, title in titles.items()}


def culturape_sources_found(number: int) -> str:
    """How many sources were found, in words."""
    return tk.ungettext("%(num)d source", "%(num)d sources", number) % {"num": number}


def after_dataset_search(search_results: Record, search_params: Record) -> Record:
    """Name the values of the facets of sources."""
    del search_params
    say = tk._ if has_request_context() else str
    for field, words in VALUES.items():
        facet = (search_results.get("search_facets") or {}).get(field) or {}
        for item in facet.get("items", []):
            item["display_name"] = say(words.get(str(item["name"]), str(item["display_name"])))
    return search_results
