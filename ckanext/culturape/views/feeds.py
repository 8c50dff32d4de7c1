"""News of a search as Atom: the same datasets that the search page shows, the last changed first, as anybody may see them.

CKAN's own feed of a search knows one value of each filter, joins filters without a space, shows all types of datasets, fails on
what the index does not understand, and names the wrong pages before and after; this one stands at its address.
"""

from __future__ import annotations

import re
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context
from ckan.views.feed import CKANFeed, output_feed
from flask import Blueprint, Response

from ckanext.culturape import config
from ckanext.culturape.logic.searching import shown_search
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.search import facet_of

PATH = "/feeds/custom.atom"

#: Parameters of a search that are no filters.
NOT_FILTERS = frozenset({"q", "page", "sort"})

_FIELD = re.compile(r"[A-Za-z][\w.-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Feed(CKANFeed):
    """A feed in the language of the portal whose entries lead to pages, and whose pages follow each other."""

    def __init__(self, *args: Any, **named: Any) -> None:
        page = number_of_page() or 1
        named |= {
            "language": config.default_language(),
            "feed_url": address(page),
            "first_page": address(1),
            "previous_page": address(page - 1) if named.get("previous_page") else None,
            "next_page": address(page + 1) if named.get("next_page") else None,
            "last_page": None,
        }
        super().__init__(*args, **named)

    def add_item(self, **entry: Any) -> None:
        """An entry that leads to the page of the dataset, not to its record; its texts are such as XML may hold."""
        dataset_id = str(entry["unique_id"]).rpartition("/dataset/")[2]
        entry["link"] = tk.url_for("dataset.read", id=dataset_id, _external=True)
        for key in ("title", "description"):
            entry[key] = _CONTROL.sub("", str(entry.get(key) or ""))
        # It would stand beside the page as if it were a page too.
        entry.pop("enclosure", None)
        super().add_item(**entry)

    def add_entry(self, feedEntry: Any = None, order: str = "append") -> Any:  # noqa: N803
        """An entry after those before it; the library would turn the order of the search round."""
        return super().add_entry(feedEntry, order)


def address(page: int) -> str:
    """The address of a page of the feed that is asked for."""
    asked: dict[str, Any] = {**tk.request.args.to_dict(flat=False), **(tk.request.view_args or {})}
    asked.pop("page", None)
    return tk.url_for(
        str(tk.request.endpoint), _external=True, **asked, **({"page": page} if page > 1 else {})
    )


def number_of_page() -> int:
    """The page that is asked for, the first when nobody says; 0 for what is no page."""
    given = tk.request.args.get("page") or "1"
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0


def filters() -> list[tuple[str, str]]:
    """The filters of a search, as the search page reads them."""
    return [
        (name, value)
        for name, value in tk.request.args.items(multi=True)
        if value and name not in NOT_FILTERS and not name.startswith(("_", "ext_")) and _FIELD.fullmatch(name)
    ]


def custom() -> Response:
    """The feed of a search."""
    page, limit = number_of_page(), int(tk.config["ckan.feeds.limit"])
    if not page:
        return _refusal(tk._("“page” is a whole number from 1."))
    query: dict[str, Any] = {
        "q": tk.request.args.get("q", ""),
        "fq": "+dataset_type:dataset",
        "fq_list": [f'{name}:"{_quoted(value)}"' for name, value in filters()],
        # Other plugins limit the search of the page by these.
        "extras": {name: value for name, value in tk.request.args.items() if name.startswith("ext_")},
        "sort": tk.request.args.get("sort") or "metadata_modified desc",
        "rows": limit,
        "start": (page - 1) * limit,
    }
    try:
        found = tk.get_action("package_search")(cast("Context", {"user": ""}), query)
    except (SearchError, tk.ValidationError):
        return _refusal(tk._("The search does not understand this question or one of its filters."))
    around = {
        "previous": address(page - 1) if page > 1 else "",
        "next": address(page + 1) if found["count"] > page * limit else "",
    }
    title = _title()
    return output_feed(
        found["results"],
        feed_title=title,
        feed_description=title,
        feed_link=tk.url_for("dataset.search", _external=True, **shown_search()),
        feed_url=address(page),
        navigation_urls={"first": address(1), "last": "", **around},
        feed_guid=address(1),
    )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _title() -> str:
    """What the feed is about: the words and the filters of the search."""
    language = str(tk.h.lang() or config.default_language())
    words = [tk.request.args.get("q", "").strip()]
    for name, value in filters():
        facet = facet_of(name)
        concept = vocabulary().concept(facet.vocabulary, value) if facet and facet.vocabulary else None
        words.append(concept.label(language) if concept else value)
    said = ", ".join(filter(None, words))
    site = str(tk.config.get("ckan.site_title") or "")
    return _CONTROL.sub("", " - ".join(filter(None, (site, said))))


def _refusal(message: str) -> Response:
    return Response(f"{message}\n", status=400, content_type="text/plain; charset=utf-8")


def feeds() -> Blueprint:
    """Our address of the feed of a search, in place of CKAN's."""
    found = Blueprint("culturape_feeds", __name__)
    found.add_url_rule(PATH, view_func=custom)
    return found
