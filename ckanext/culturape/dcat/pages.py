"""A page of the catalogue: the catalogue node, links to pages, the fragments of its datasets, and the concepts they use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from ckanext.dcat.utils import catalog_uri
from pyoxigraph import NamedNode

from ckanext.culturape.dcat import building, listing, versions
from ckanext.culturape.dcat.asking import Ask
from ckanext.culturape.dcat.catalogue import catalogue_to_rdf
from ckanext.culturape.dcat.listing import Listing
from ckanext.culturape.dcat.store import Kept
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.namespaces import expand
from ckanext.culturape.rdf.formats import write
from ckanext.culturape.rdf.fragment import describe, to_ntriples
from ckanext.culturape.rdf.mapping import record_address
from ckanext.culturape.rdf.terms import Triples, is_a, link, triple, typed
from ckanext.culturape.views.rdf import digest

#: New terms of Hydra, and those that older harvesters follow.
PAGES = {
    "first": ("hydra:first", "hydra:firstPage"),
    "last": ("hydra:last", "hydra:lastPage"),
    "next": ("hydra:next", "hydra:nextPage"),
    "previous": ("hydra:previous", "hydra:previousPage"),
}


class Page(NamedTuple):
    """A page that was found, not yet written: what is needed to say whether it changed."""

    ask: Ask
    found: Listing
    head: bytes
    concepts: frozenset[str]

    @property
    def etag(self) -> str:
        """Changes when, and only when, the page may have changed."""
        rows = ((row.id, row.version, row.owner_version) for row in self.found.rows)
        return digest(self.ask.form.media_type, building.site_version(), self.head, self.found.total, *rows)

    @property
    def modified(self) -> datetime | None:
        """The last change of a dataset on the page."""
        return max((row.modified for row in self.found.rows if row.modified), default=None)


def find_page(ask: Ask) -> Page:
    """The page that is asked for. Raises: ValidationError."""
    with versions.reading() as connection:
        found = listing.find(connection, ask)
    head, concepts = catalogue_head()
    return Page(ask, found, head, concepts)


def write_page(page: Page, after: building.After | None = None) -> bytes:
    """The page in its format; ``after`` is told what may wait until it has been sent."""
    with versions.reading() as connection:
        kept = building.fragments(connection, page.found.rows, after)
    concepts = page.concepts.union(*(fragment.concepts.split() for fragment in kept))
    pieces = [
        page.head,
        to_ntriples(_paging(page)),
        links(kept, catalog_uri()),
        *(fragment.ntriples for fragment in kept),
    ]
    return write([*pieces, describe(concepts, make_context())], page.ask.form)


def catalogue_head() -> tuple[bytes, frozenset[str]]:
    """What the catalogue says of itself, and the concepts that it uses for it."""
    context = replace(make_context("catalogue"), later=set())
    ntriples = to_ntriples(catalogue_to_rdf(NamedNode(catalog_uri()), context))
    return ntriples, frozenset(context.later or ())


def links(kept: Iterable[Kept], catalogue: str) -> bytes:
    """That the catalogue holds these datasets and has an entry for each."""
    held, entry = expand("dcat:dataset"), expand("dcat:record")
    return "".join(
        f"<{catalogue}> <{held}> <{fragment.uri}> .\n<{catalogue}> <{entry}> <{record_address(fragment.uri)}> .\n"
        for fragment in kept
    ).encode()


def _paging(page: Page) -> Triples:
    """Links to the other pages, in Hydra's terms."""
    ask, total = page.ask, page.found.total
    here = NamedNode(ask.address(ask.page, ask.after))
    yield from is_a(here, "hydra:PagedCollection", "hydra:PartialCollectionView")
    yield triple(here, "hydra:totalItems", typed(total, "xsd:integer"))
    yield triple(here, "hydra:itemsPerPage", typed(ask.per_page, "xsd:integer"))
    for name, address in _addresses(page):
        for predicate in PAGES[name]:
            yield from link(here, predicate, address)


def _addresses(page: Page) -> Iterator[tuple[str, str]]:
    ask = page.ask
    yield "first", ask.address(1)
    yield "last", ask.address(max(1, math.ceil(page.found.total / ask.per_page)))
    if page.found.next:
        yield "next", ask.address(ask.page + 1, page.found.next)
    if ask.page > 1:
        yield "previous", ask.address(ask.page - 1)
