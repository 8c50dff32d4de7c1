"""What do pages tell search engines? Descriptions of schema.org for templates; a dataset that only some may see has none."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import catalog_uri

from ckanext.culturape import config
from ckanext.culturape.dcat import building, versions
from ckanext.culturape.dcat.profile import DATASET_TYPE, is_ours
from ckanext.culturape.dcat.schemaorg import CONTEXT, dataset_to_schemaorg
from ckanext.culturape.dcat.schemaorg_agents import agent
from ckanext.culturape.dcat.schemaorg_parts import Reader, filled, http, languages, licence, place
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.fragment import UNWRITABLE
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

#: Other pages of a dataset, of its history too, extend the same template.
PAGE, HOME = "dataset.read", "home.index"


def template_helpers() -> dict[str, Any]:
    """By name, as templates call them."""
    return {
        "culturape_describes": culturape_describes,
        "culturape_structured_data": culturape_structured_data,
        "culturape_website": culturape_website,
        "culturape_sitemap_url": culturape_sitemap_url,
    }


def culturape_describes(record: Record) -> bool:
    """Whether we, and nobody else, describe datasets of this type to search engines."""
    return record.get("type") == DATASET_TYPE and is_ours(record)


def culturape_structured_data(record: Record) -> Record:
    """A public dataset on its own page, as schema.org says it; empty anywhere else, and when it cannot be written."""
    hidden = record.get("private") or record.get("state") != "active"
    if hidden or tk.request.endpoint != PAGE or not culturape_describes(record):
        return {}
    try:
        owner = str(record.get("owner_org") or "")
        organization = building.organization(owner, versions.version_of_owner(owner)) if owner else {}
        reader = _reader(tk.url_for(PAGE, id=record["name"], _external=True, locale="default"))
        return dataset_to_schemaorg(record, make_context(), organization, reader)
    except UNWRITABLE:
        log.exception("dataset %s cannot be described to search engines", record.get("id"))
        return {}


def culturape_website() -> Record:
    """The portal as web site with its search, and as catalogue; empty on any page but the first."""
    if tk.request.endpoint != HOME:
        return {}
    search = tk.url_for("dataset.search", _external=True)
    site = {
        "@type": "WebSite",
        "url": tk.url_for(HOME, _external=True),
        "name": str(tk.config.get("ckan.site_title") or ""),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    return {"@context": CONTEXT, "@graph": [filled(site), _catalogue(_reader(""))]}


def culturape_sitemap_url() -> str:
    """Address of the sitemap, for ``robots.txt``."""
    return tk.url_for("culturape_sitemap.index", _external=True, locale="default")


def _reader(url: str) -> Reader:
    reader = Reader(vocabulary(), str(tk.h.lang() or config.default_language()), url)
    named = _named_catalogue()
    about = {"sdLicense": licence(config.catalog_license(), reader), "sdPublisher": _publisher()}
    return Reader(reader.vocabulary, reader.language, url, named, about)


def _named_catalogue() -> Record:
    return filled({
        "@type": "DataCatalog", "@id": catalog_uri().rstrip("/"), "name": config.catalog_title(),
        "url": http(config.catalog_homepage()),
    })  # fmt: skip


def _publisher() -> Record:
    node = agent({"name": config.catalog_publisher_name(), "uri": config.catalog_publisher_uri()})
    return node if node.get("name") else {}


def _catalogue(reader: Reader) -> Record:
    """The catalogue with all that the options say of it."""
    return filled({
        **_named_catalogue(),
        "description": config.catalog_description(), "publisher": _publisher(),
        "license": licence(config.catalog_license(), reader), "datePublished": config.catalog_issued(),
        "inLanguage": languages(config.catalog_languages(), reader),
        "spatialCoverage": [found for code in config.catalog_territory() if (found := place(code, reader, geometry=True))],
    })  # fmt: skip
