"""What templates may ask."""

from __future__ import annotations

from typing import Any

from ckanext.culturape.logic import facets


def template_helpers() -> dict[str, Any]:
    """By name, as templates call them."""
    return {
        "culturape_facet_items": facets.facet_items,
        "culturape_visible_facets": facets.visible_facets,
    }
