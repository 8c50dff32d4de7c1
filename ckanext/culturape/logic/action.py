"""The actions that we add, and those of CKAN that we chain."""

from __future__ import annotations

from typing import Any

from ckanext.culturape.logic import concepts, doors, labels, links


def actions() -> dict[str, Any]:
    """By name, as CKAN asks for them."""
    return {
        "culturape_concept_search": concepts.culturape_concept_search,
        "culturape_label_set": labels.culturape_label_set,
        "culturape_record_search": links.culturape_record_search,
        **doors.actions(),
    }
