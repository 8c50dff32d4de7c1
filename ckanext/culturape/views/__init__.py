"""Our pages."""

from __future__ import annotations

from flask import Blueprint

from ckanext.culturape.views.communities import communities
from ckanext.culturape.views.editing import editing
from ckanext.culturape.views.feeds import Feed, feeds
from ckanext.culturape.views.vocabularies import culturape

__all__ = ["Feed", "blueprints"]


def blueprints() -> list[Blueprint]:
    """All of them."""
    return [culturape, communities, editing, feeds()]
