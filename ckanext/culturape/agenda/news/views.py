"""Addresses of the feeds, and of the buttons of support."""

from __future__ import annotations

from flask import Blueprint

from ckanext.culturape.agenda.news import feeds, support


def blueprint() -> Blueprint:
    """Their addresses."""
    found = Blueprint("culturape_agenda_news", __name__)
    found.add_url_rule("/necesidad/<name>/historia.atom", endpoint="need", view_func=feeds.need)
    found.add_url_rule("/agenda/<name>/novedades.atom", endpoint="agenda", view_func=feeds.agenda)
    found.add_url_rule("/necesidad/<name>/apoyar", view_func=support.support, methods=["POST"])
    found.add_url_rule("/necesidad/<name>/dejar-de-apoyar", view_func=support.stop, methods=["POST"])
    return found
