"""The newest datasets of a concept as an Atom feed (RFC 4287), for those who want to hear of new ones."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.feed import CKANFeed, _create_atom_id
from dateutil.parser import isoparse
from flask import Response

from ckanext.culturape.logic.uses import Uses
from ckanext.culturape.types import Record
from ckanext.culturape.values.texts import clean_text
from ckanext.culturape.vocab.concept import Concept, Scheme

MEDIA_TYPE = "application/atom+xml"
SUMMARY_LENGTH = 400


def write_feed(scheme: Scheme, concept: Concept, uses: Uses, language: str) -> Response:
    """The feed. Its date is that of the entry that changed last, so an unchanged feed is the same to the letter."""
    label = concept.label(language)
    feed = begin_feed(
        title=label,
        description=tk._("The newest datasets: %(name)s") % {"name": label},
        page=tk.url_for("culturape.concept", scheme=scheme.id, concept=concept.id, _external=True),
        address=tk.url_for("culturape.news", scheme=scheme.id, concept=concept.id, _external=True),
        path=f"/vocabulario/{scheme.id}/{concept.id}",
        language=language,
    )
    # CKAN puts each entry before those that it has.
    for dataset in reversed(uses.newest):
        feed.add_item(**_entry(dataset))
    feed.updated(max((_moment(d["metadata_modified"]) for d in uses.newest), default=_date(concept.date)))
    return answer(feed)


def begin_feed(
    *, title: str, description: str, page: str, address: str, path: str, language: str
) -> CKANFeed:
    """A feed without entries.

    Args:
        title: of the feed; that of the site is added.
        description: of the feed.
        page: address of the page whose news it tells.
        address: of the feed itself.
        path: makes its id, which stays when addresses change.
        language: of its texts.
    """
    site = str(tk.config.get("ckan.site_title") or "")
    return CKANFeed(
        feed_title=clean_text(f"{title} · {site}" if site else title),
        feed_link=page,
        feed_description=clean_text(description),
        language=language.replace("_", "-"),
        author_name=clean_text(
            tk.config.get("ckan.feeds.author_name") or site or tk.config.get("ckan.site_id")
        ),
        feed_guid=_create_atom_id(path),
        feed_url=address,
        previous_page=None,
        next_page=None,
        first_page=None,
        last_page=None,
    )


def answer(feed: CKANFeed) -> Response:
    """The answer with a feed; an unchanged one is not sent again."""
    response = Response(feed.writeString("utf-8"), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.add_etag(weak=True)
    response.make_conditional(tk.request.environ)
    return response


def _entry(dataset: Record) -> dict[str, Any]:
    organization = clean_text((dataset.get("organization") or {}).get("title"))
    summary = tk.h.markdown_extract(clean_text(tk.h.get_translated(dataset, "notes")), SUMMARY_LENGTH)
    entry = {
        "title": clean_text(tk.h.get_translated(dataset, "title")) or dataset["name"],
        "link": tk.url_for("dataset.read", id=dataset["name"], _external=True),
        "summary": clean_text(summary),
        "author_name": organization,
        "published": _moment(dataset["metadata_created"]),
        "updated": _moment(dataset["metadata_modified"]),
        "unique_id": _create_atom_id(f"/dataset/{dataset['id']}"),
    }
    return {name: value for name, value in entry.items() if value}


def _moment(text: str) -> datetime:
    """A moment as CKAN writes it, in UTC."""
    return isoparse(text).replace(tzinfo=timezone.utc)


def _date(text: str) -> datetime:
    """The date of a concept, which may be a year; where there is none, one that does not change either."""
    return _moment(text or "1970")
