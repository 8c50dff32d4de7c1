"""Our pages."""

from __future__ import annotations

from flask import Blueprint

from ckanext.culturape.views.editing import editing
from ckanext.culturape.views.vocabularies import culturape


def blueprints() -> list[Blueprint]:
    """All of them."""
    return [culturape, editing]
