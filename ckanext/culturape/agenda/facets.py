"""Which facets do the lists of agendas, commitments and needs offer?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import ckan.plugins.toolkit as tk

from ckanext.culturape.logic.facets import is_open
from ckanext.culturape.search import FACETS

#: By type, the names of facets in their order.
OFFERED: Mapping[str, tuple[str, ...]] = {
    "agenda": (
        "agenda_status", "agenda_stage", "territory", "sector", "cultural_right", "purpose", "people", "subject_language", "participation_level",
        "scope_level",
    ),
    "compromiso": (),
    "necesidad": ("need_status", "purpose", "cultural_right", "sector", "territory", "people", "subject_language", "requester_type"),
}  # fmt: skip


def dataset_facets(titles: dict[str, str], package_type: str) -> dict[str, str]:
    """Field and title of the facets of a list; those of other types as they were."""
    if package_type not in OFFERED:
        return titles
    found: dict[str, str] = OrderedDict()
    for name in OFFERED[package_type]:
        found.update(
            {facet.field: tk._(facet.title) for facet in FACETS if facet.name == name and is_open(facet)}
        )
    if "organization" in titles:
        found["organization"] = titles["organization"]
    return found
