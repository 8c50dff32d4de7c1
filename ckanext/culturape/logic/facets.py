"""Which facets does a page offer, and how does it show their items?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.culturape import config
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.search import FACETS, USES, Facet, facet_of
from ckanext.culturape.search.concepts import INSTITUTION_TYPE, TERRITORY

if TYPE_CHECKING:
    from ckanext.culturape.vocab.concept import Scheme

#: Facets that CKAN offers by itself; the option of the site says which of them stay.
OF_CKAN = frozenset({"organization", "groups", "tags", "res_format", "license_id"})

Titles = dict[str, str]
Item = dict[str, Any]
SearchFacets = Mapping[str, Mapping[str, Any]]


def dataset_facets(titles: Titles, package_type: str) -> Titles:
    """The facets of the search page, in the order of the site's option."""
    return offered_facets(titles) if package_type == "dataset" else titles


def organization_facets(titles: Titles, organization_type: str, package_type: str | None) -> Titles:
    """The facets of the page of an organisation; all its datasets have its type."""
    del organization_type, package_type
    return offered_facets(titles, without={INSTITUTION_TYPE})


def group_facets(titles: Titles, group_type: str, package_type: str | None) -> Titles:
    """The facets of the page of a group."""
    del group_type, package_type
    return offered_facets(titles)


def offered_facets(titles: Titles, without: Collection[str] = ()) -> Titles:
    """Field and title of the facets that the site chose, then those that other extensions added."""
    found: Titles = OrderedDict()
    for name in config.facets():
        ours = [facet for facet in FACETS if facet.name == name]
        found.update(
            {
                f.field: titles.get(f.field) or tk._(f.title)
                for f in ours
                if name not in without and is_open(f)
            }
        )
        if not ours and name in titles:
            found[name] = titles[name]
    for facet in (*FACETS, *USES):
        # What another page of ours filtered by can be seen and removed, also where the site does not offer it.
        if facet.field not in found and chosen(facet.field):
            found[facet.field] = _title(facet)
    found.update(
        {field: title for field, title in titles.items() if field not in OF_CKAN and field not in found}
    )
    return found


def _title(facet: Facet) -> str:
    return (
        tk._(facet.title) if facet.title else vocabulary().scheme(facet.vocabulary).title(reader_language())
    )


def is_open(facet: Facet) -> bool:
    """Whether a facet is offered now: provinces when a region is chosen, districts when a province is."""
    return not facet.above or bool(chosen(facet.above) or chosen(facet.field))


def chosen(field: str) -> list[str]:
    """The values of a facet that the address of the page asks for."""
    return tk.request.args.getlist(field) if has_request_context() else []


def label_facets(search_facets: Mapping[str, dict[str, Any]]) -> None:
    """Name the items of our facets in the language of the reader. Changes them.

    A chosen value that nothing has comes with count 0, so that the page can name it and let it be removed.
    """
    language = reader_language()
    for field, content in search_facets.items():
        facet = facet_of(field)
        if facet is None:
            continue
        items: list[Item] = content["items"]
        present = {item["name"] for item in items}
        items += (
            {"name": name, "display_name": name, "count": 0} for name in chosen(field) if name not in present
        )
        for item in items:
            item["display_name"] = label_of(facet, item["name"], language) or item["display_name"]


def label_of(facet: Facet, value: str, language: str) -> str:
    """The name of a value of a facet; empty when the vocabulary does not have it."""
    concept = vocabulary().scheme(facet.vocabulary).get(value)
    return concept.label(language) if concept else ""


def reader_language() -> str:
    """The language of the page; that of the catalogue where there is no page."""
    return str(tk.h.lang()) if has_request_context() else config.default_language()


def visible_facets(name: str, search_facets: SearchFacets) -> dict[str, Any]:
    """The facet of this name, without the places that do not lie in a chosen one; of uses, only what was chosen."""
    facet = facet_of(name)
    content = search_facets.get(name) or {}
    own = set(chosen(name))
    if facet in USES and content:
        return {name: {**content, "items": [item for item in content["items"] if item["name"] in own]}}
    if facet is None or not facet.above or not content:
        return {name: content} if content else {}
    above = set(chosen(facet.above))
    scheme = vocabulary().scheme(TERRITORY)
    items = [
        item for item in content["items"] if item["name"] in own or above & _parents(scheme, item["name"])
    ]
    return {name: {**content, "items": items}}


def facet_items(name: str, search_facets: SearchFacets) -> list[Item]:
    """The items to show, each with ``active`` and ``level``: those below a broader concept stand under it."""
    facet = facet_of(name)
    if facet is None or facet.vocabulary == TERRITORY:
        return [{**item, "level": 0} for item in _named(tk.h.get_facet_items_dict(name, search_facets))]
    named = _named(tk.h.get_facet_items_dict(name, search_facets, 0))
    items = list(as_tree(named, vocabulary().scheme(facet.vocabulary)))
    limit = tk.h.get_param_int(f"_{name}_limit", tk.config.get("search.facets.default"))
    return items[:limit] if limit else items


def _named(items: Iterable[Item]) -> Iterator[Item]:
    """Without the value that CKAN indexes where a file has no format, and that of an address which names a facet alone."""
    return (item for item in items if str(item["name"]).strip())


def as_tree(items: Iterable[Item], scheme: Scheme) -> Iterator[Item]:
    """The items in their order, but each directly after the broader one, one level deeper."""
    by_name = {str(item["name"]): item for item in items}
    # A value may be empty, where an address names a facet and no value: it is not the root of the tree.
    below: dict[str | None, list[Item]] = {}
    for name, item in by_name.items():
        parent = next((one for one in sorted(_parents(scheme, name)) if one in by_name), None)
        below.setdefault(parent, []).append(item)
    waiting = [(item, 0) for item in reversed(below.get(None, []))]
    while waiting:
        item, level = waiting.pop()
        yield {**item, "level": level}
        waiting += ((child, level + 1) for child in reversed(below.get(str(item["name"]), [])))


def _parents(scheme: Scheme, name: str) -> set[str]:
    concept = scheme.get(name)
    return set(concept.broader) if concept else set()
