"""What templates ask of peoples and languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import current_app

from ckanext.culturape.errors import N_
from ckanext.culturape.helpers.concepts import culturape_label
from ckanext.culturape.helpers.links import culturape_need_form_url

#: Schemes whose concepts have pages of their own.
PAGES = ("people", "language")

#: Degrees of the Atlas of the World's Languages in Danger (UNESCO, 2010), and areas, as the vocabularies write them.
VITALITY: Mapping[str, str] = {
    "vulnerable": N_("vulnerable"), "definitely endangered": N_("definitely endangered"),
    "severely endangered": N_("severely endangered"), "critically endangered": N_("critically endangered"), "extinct": N_("extinct"),
}  # fmt: skip
AREAS: Mapping[str, str] = {"amazonica": N_("Amazonian"), "andina": N_("Andean")}


def culturape_community_url(scheme_id: str, concept_id: str, **more: Any) -> str:
    """Address of the page of a people or a language; empty for concepts of other schemes."""
    return (
        tk.url_for(f"culturape_communities.{scheme_id}", name=concept_id, **more)
        if scheme_id in PAGES
        else ""
    )


def culturape_state_need_url(scheme_id: str, concept_id: str) -> str:
    """Address of the form in which anybody states a need about a people or a language; empty where the site has none."""
    field = "people" if scheme_id == "people" else "subject_language"
    return culturape_need_form_url(**{field: concept_id})


def culturape_list_url(record_type: str, **filters: str) -> str:
    """Address of the list of a type of records; empty where the site has none."""
    endpoint = f"{record_type}.search"
    return tk.url_for(endpoint, **filters) if endpoint in current_app.view_functions else ""


def culturape_record_url(record: Mapping[str, Any]) -> str:
    """Address of the page of a record; where its type has none, CKAN's page for all types."""
    endpoint = f"{record['type']}.read"
    known = endpoint in current_app.view_functions
    return tk.url_for(endpoint if known else "dataset.read", id=record["name"])


def culturape_ranked(scheme_id: str, counted: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Id, name and number of each concept of some counts, the most frequent first."""
    for concept_id, number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        yield concept_id, culturape_label(scheme_id, concept_id), number


def culturape_vitality(degree: str) -> str:
    """A degree of vitality in the language of the reader."""
    return tk._(VITALITY[degree]) if degree in VITALITY else degree


def culturape_area(area: str) -> str:
    """An area of the country in the language of the reader."""
    return tk._(AREAS[area]) if area in AREAS else area
