"""What templates may ask. Pure questions about fields, concepts and records; no template reads a schema itself."""

from __future__ import annotations

from typing import Any

from ckanext.culturape.helpers import (
    communities,
    concepts,
    errors,
    forms,
    languages,
    links,
    look,
    mending,
    pages,
    tables,
    vocabularies,
)
from ckanext.culturape.logic import facets
from ckanext.culturape.logic.stored import FORM_MARK


def template_helpers() -> dict[str, Any]:
    """By name, as templates call them."""
    own = (
        vars(module)
        for module in (
            communities,
            concepts,
            errors,
            forms,
            languages,
            links,
            look,
            mending,
            pages,
            tables,
            vocabularies,
        )
    )
    return {
        **{name: helper for names in own for name, helper in names.items() if name.startswith("culturape_")},
        "culturape_facet_items": facets.facet_items,
        "culturape_visible_facets": facets.visible_facets,
        "user_image": mending.user_image,
        "render_datetime": mending.render_datetime,
        "culturape_form_mark": lambda: FORM_MARK,
    }
