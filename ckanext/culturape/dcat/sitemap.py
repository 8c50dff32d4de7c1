"""Which pages shall search engines visit? Sitemaps of the public datasets, the organisations and the vocabularies.

Protocol 0.9 of https://www.sitemaps.org/protocol.html: an index, one file of the portal's own pages, and files of datasets, well
below the 50,000 addresses and 50 MB that a file may have. Each is one query. See docs/decisions/0013-search-engines.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any
from xml.etree import ElementTree as ET

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from sqlalchemy import text

from ckanext.culturape.dcat.versions import ORDER, PUBLIC, reading
from ckanext.culturape.helpers.communities import PAGES
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.views.rdf import answers_in_a_sentence, cacheable, digest, is_known, sentence

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

#: Datasets in a file: little enough to be read and written in well under a second.
PER_FILE = 10_000

#: An index names no more files than this.
MOST_FILES = 50_000

#: Stands in an address for the name of what it leads to, which has only letters, digits, "-" and "_".
_NAME = "culturape-name"

#: The lists of peoples and languages.
_COMMUNITIES = ("culturape_communities.peoples", "culturape_communities.languages")

Place = tuple[str, datetime | None]


@answers_in_a_sentence
def index() -> Response:
    """The list of all sitemaps."""
    query = f"""
        SELECT number, max(modified) FROM (SELECT p.metadata_modified AS modified,
            (row_number() OVER (ORDER BY {ORDER}) - 1) / :size + 1 AS number FROM package p WHERE {PUBLIC}) AS listed
        GROUP BY number ORDER BY number"""  # noqa: S608
    files = [
        (_address("culturape_sitemap.of_datasets", number=n), modified)
        for n, modified in _rows(query, size=PER_FILE)
    ]
    return _answer("sitemapindex", "sitemap", [(_address("culturape_sitemap.of_portal"), None), *files])


@answers_in_a_sentence
def of_portal() -> Response:
    """The home page, the search, the vocabularies, the organisations, and what is catalogued about each people and language."""
    organizations = _rows(
        "SELECT name FROM \"group\" WHERE is_organization AND state = 'active' ORDER BY name"
    )
    pattern = _address("organization.read", id=_NAME)
    addresses = [
        *map(_address, ("home.index", "dataset.search", "culturape.vocabularies", *_COMMUNITIES)),
        *(_address("culturape.scheme", scheme=scheme) for scheme in vocabulary().schemes),
        *(pattern.replace(_NAME, name) for (name,) in organizations),
        *_communities(),
    ]
    return _answer("urlset", "url", [(address, None) for address in addresses])


def _communities() -> Iterable[str]:
    for scheme_id in PAGES:
        pattern = _address(f"culturape_communities.{scheme_id}", name=_NAME)
        scheme = vocabulary().schemes.get(scheme_id)
        yield from (pattern.replace(_NAME, concept.id) for concept in scheme or () if not concept.deprecated)


@answers_in_a_sentence
def of_datasets(number: int) -> Response:
    """Some of the public datasets, in the order in which they were catalogued."""
    query = f"SELECT p.name, p.metadata_modified FROM package p WHERE {PUBLIC} ORDER BY {ORDER} LIMIT :size OFFSET :start"  # noqa: S608
    rows = _rows(query, size=PER_FILE, start=(number - 1) * PER_FILE) if 0 < number <= MOST_FILES else []
    if not rows:
        return sentence(tk._("The sitemap has no part %(number)d.") % {"number": number}, 404)
    pattern = _address("dataset.read", id=_NAME)
    return _answer("urlset", "url", [(pattern.replace(_NAME, name), modified) for name, modified in rows])


def _rows(query: str, **values: Any) -> list[Any]:
    """What anybody may read of the database. Raises: NotAuthorized on a portal that is closed to the public."""
    tk.check_access("dcat_catalog_show", {"user": ""}, {})
    with reading() as connection:
        return list(connection.execute(text(query), values))


def _address(endpoint: str, **values: Any) -> str:
    """The address of a page without a language, which a reader's browser or choice decides."""
    return tk.url_for(endpoint, _external=True, locale="default", **values)


def _answer(root: str, item: str, places: list[Place]) -> Response:
    body = write(root, item, places)
    modified = max((moment for _, moment in places if moment), default=None)
    response = cacheable("application/xml; charset=utf-8", digest(body), modified)
    if not is_known(response):
        response.set_data(body)
    return response


def write(root: str, item: str, places: Iterable[Place]) -> bytes:
    """A sitemap or an index of sitemaps; moments, which CKAN keeps in UTC without saying so, as W3C writes them."""
    tree = ET.Element(root, xmlns=NAMESPACE)
    for address, moment in places:
        node = ET.SubElement(tree, item)
        ET.SubElement(node, "loc").text = address
        if moment:
            ET.SubElement(node, "lastmod").text = moment.replace(tzinfo=timezone.utc).isoformat(
                timespec="seconds"
            )
    return ET.tostring(tree, encoding="utf-8", xml_declaration=True)


def blueprint() -> Blueprint:
    """The addresses of the sitemaps; where another plugin that is listed before has one of them, that one answers."""
    found = Blueprint("culturape_sitemap", __name__)
    found.add_url_rule("/sitemap.xml", view_func=index)
    found.add_url_rule("/sitemap-portal.xml", view_func=of_portal)
    found.add_url_rule("/sitemap-<int:number>.xml", view_func=of_datasets)
    return found
