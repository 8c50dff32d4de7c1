"""The news of a need or an agenda as Atom (RFC 4287): the same for everybody, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.views.feed import _create_atom_id
from flask import Response

from ckanext.culturape.agenda.neighbours import decoded
from ckanext.culturape.agenda.news import entries
from ckanext.culturape.agenda.news.entries import Entry
from ckanext.culturape.errors import N_
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic.readers import is_public
from ckanext.culturape.values.texts import clean_text
from ckanext.culturape.views.news import answer, begin_feed
from ckanext.culturape.vocab.concept import best_text

#: Entries of a feed.
MOST = 50

NEED = N_("What becomes of this need, step by step.")
AGENDA = N_("Needs, commitments and answers of this agenda.")


def need(name: str) -> Response:
    """What became of a need."""
    package = _public(name, "necesidad")
    return _feed(
        package,
        "culturape_agenda_news.need",
        tk._(NEED),
        entries.of_need(package, culturape_language(), MOST),
    )


def agenda(name: str) -> Response:
    """What is new in an agenda."""
    package = _public(name, "agenda")
    return _feed(
        package,
        "culturape_agenda_news.agenda",
        tk._(AGENDA),
        entries.of_agenda(package, culturape_language(), MOST),
    )


def _public(name: str, record_type: str) -> Any:
    """A record that anybody may read; for all others there is no such feed."""
    package: Any = model.Package.get(name)
    if package is None or package.type != record_type or not is_public(package):
        tk.abort(404, tk._("There is no such feed."))
    return package


def _feed(package: Any, endpoint: str, description: str, found: Sequence[Entry]) -> Response:
    language = culturape_language()
    feed = begin_feed(
        title=title_of(package, language),
        description=description,
        page=tk.url_for(f"{package.type}.read", id=package.name, _external=True),
        address=tk.url_for(endpoint, name=package.name, _external=True),
        path=f"/{package.type}/{package.id}/novedades",
        language=language,
    )
    # CKAN puts each entry before those that it has.
    for entry in reversed(found):
        feed.add_item(**_item(entry))
    begun = package.metadata_created.replace(tzinfo=timezone.utc)
    feed.updated(max((entry.updated for entry in found), default=begun))
    return answer(feed)


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "unique_id": _create_atom_id(entry.path),
        "title": clean_text(entry.title),
        "summary": clean_text(entry.summary),
        "link": tk.url_for(f"{entry.type}.read", id=entry.name, _external=True),
        "published": entry.published,
        "updated": entry.updated,
    }
    return {name: value for name, value in item.items() if value}


def title_of(package: Any, language: str) -> str:
    """The title of a stored record for a reader of this language."""
    titles = decoded(package).get("title_translated") or {}
    return best_text(titles, language) or package.title or package.name
