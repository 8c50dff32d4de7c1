"""Where a catalogue in RDF goes on: the pages that hydra names.

Both the old hydra:PagedCollection with hydra:nextPage and the newer hydra:PartialCollectionView with hydra:next, whether the
page is an IRI, a literal or relative. https://www.hydra-cg.com/spec/latest/core/#collections
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

from pyoxigraph import BlankNode, Literal, Triple

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.namespaces import expand
from ckanext.culturape.rdf.graph import value_of

#: The vocabulary moved; a page names the next one in one of these ways.
_NAMESPACES = (expand("hydra:"), "http://purl.org/hydra/core#")
NEXT = frozenset(f"{namespace}{name}" for namespace in _NAMESPACES for name in ("next", "nextPage"))
TOTAL = frozenset(f"{namespace}totalItems" for namespace in _NAMESPACES)


def next_pages(triples: Iterable[Triple], address: str, place: Place) -> tuple[str, ...]:
    """The addresses of the pages that follow; never the page itself. What is no address of the web is named at the place."""
    given = [
        t for t in triples if t.predicate.value in NEXT and not isinstance(t.object, (BlankNode, Triple))
    ]
    # A document may describe other views as well: its own counts more.
    own = [t for t in given if isinstance(t.subject, BlankNode) or _same(value_of(t.subject), address)]  # type: ignore[arg-type]
    found: dict[str, None] = {}
    for triple in own or given:
        page = _page(value_of(triple.object), address)  # type: ignore[arg-type]
        if not page:
            place.at("hydra:next").unfit(triple.object, N_("an address that begins with https:// or http://"))
        elif not _same(page, address):
            found[page] = None
    return tuple(found)


def total_of(triples: Iterable[Triple]) -> int | None:
    """How many datasets a collection says it has on all its pages; ``None`` when it says nothing, or different things."""
    found = {t.object.value for t in triples if t.predicate.value in TOTAL and isinstance(t.object, Literal)}
    texts = [text for text in found if text.isascii() and text.isdecimal() and len(text) < 10]
    return int(texts[0]) if len(texts) == 1 else None


def _page(link: str, address: str) -> str:
    """A link read against the address of its page; empty when nobody may follow it."""
    try:
        page = urldefrag(urljoin(address, link.strip())).url
        parts = urlsplit(page)
        is_web = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and not parts.hostname.endswith(".invalid")
        )
    except ValueError:
        return ""
    return page if is_web else ""


def _same(one: str, other: str) -> bool:
    return one.partition("#")[0] == other.partition("#")[0]
