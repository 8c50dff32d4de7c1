"""The addresses of the feed of changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.helpers import endpoints_enabled
from flask import Blueprint, redirect

from ckanext.culturape.dcat import feed
from ckanext.culturape.dcat.asking import read_moment, read_size
from ckanext.culturape.dcat.catalogue import FEED
from ckanext.culturape.dcat.views import headers
from ckanext.culturape.rdf.formats import FEED_FORMATS
from ckanext.culturape.views.rdf import answers_in_a_sentence, is_known, read_format


def read_ask(given: Mapping[str, Any], suffix: str) -> feed.Ask:
    """The page that is asked for. Raises: ValidationError with one sentence for the reader."""
    return feed.Ask(
        form=read_format(suffix, FEED_FORMATS),
        base=tk.h.url_for("culturape_feed.negotiate", _external=True, locale="default"),
        per_page=read_size(given),
        since=_in_utc(read_moment("since", given.get("since"))),
        after=_in_utc(read_moment("after", given.get("after"))),
        size_asked=bool(given.get("per_page")),
        query=tk.request.query_string.decode("ascii", "ignore"),
    )


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=timezone.utc)


@answers_in_a_sentence
def read_feed(_format: str) -> Any:
    """A page of the feed."""
    ask = read_ask(tk.request.args, _format)
    tk.check_access("dcat_catalog_show", {"user": ""}, {})
    page = feed.find(ask)
    response = headers(ask.form, page.etag, page.modified)
    if page.has_more:
        response.headers.add("Link", f'<{page.next}>; rel="next"')
    if not is_known(response):
        response.set_data(page.write())
    return response


def negotiate() -> Any:
    """Send a client to the serialisation that it reads best."""
    offered = {form.media_type: form.suffix for form in FEED_FORMATS.values()}
    best = tk.request.accept_mimetypes.best_match(list(offered), "application/trig")
    query = tk.request.query_string.decode("ascii", "ignore")
    response = redirect(f"{tk.request.path}.{offered[best]}{'?' if query else ''}{query}", 303)
    response.vary.add("Accept")
    return response


def blueprint() -> Blueprint:
    """The addresses that this site has for its changes."""
    found = Blueprint("culturape_feed", __name__)
    if endpoints_enabled():
        found.add_url_rule(FEED, view_func=negotiate)
        found.add_url_rule(f"{FEED}.<_format>", view_func=read_feed)
    return found
