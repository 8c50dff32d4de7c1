"""Which concept does a node or literal of somebody else's graph mean? By address, code or name, in any of the usual spellings.

Never guesses: a name that several concepts bear, and a bare code under a predicate that several schemes share, mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from ckanext.culturape.rdf.graph import Graph, Object, value_of
from ckanext.culturape.vocab.concept import Concept, Scheme
from ckanext.culturape.vocab.pack import Vocabulary

#: Predicates under which a node says what it is called, best first.
NAMES = (
    "skos:prefLabel", "foaf:name", "rdfs:label", "vcard:fn", "dct:title", "schema:name", "locn:geographicName", "geonames:name",
    "skos:altLabel", "rdf:value",
)  # fmt: skip
#: Predicates under which a node gives its code.
CODES = ("skos:notation", "dct:identifier")
#: Predicates under which a node names another that is the same.
SAME = ("owl:sameAs", "skos:exactMatch")

#: Beginnings of addresses that end with a code that our schemes know.
_ENDING_WITH_CODE = re.compile(
    r"https?://(?:"
    r"(?:www\.)?iana\.org/assignments/media-types/"
    r"|(?:www\.)?lexvo\.org/id/iso639-[135]/|id\.loc\.gov/vocabulary/(?:iso639-[125]|languages)/"
    r"|publications\.europa\.eu/resource/authority/[\w-]+/"
    r"|purl\.org/cld/freq/|(?:www\.)?spdx\.org/licenses/"
    r"|(?:www\.)?iso\.org/obp/ui/[\w/]*#iso:code:3166:"
    r")|urn:iso:std:iso:3166:(?:-[12]:)?"
)
_LETTER = re.compile(r"[^\W\d_]")


def find(scheme: Scheme, text: str) -> Concept | None:
    """The concept of this address, code or unambiguous name."""
    found = scheme.resolve(text) if text.strip() else None
    if found:
        return found
    start = _ENDING_WITH_CODE.match(text)
    return scheme.resolve(text[start.end() :].removesuffix(".html")) if start else None


def texts_of(graph: Graph, term: Object, predicates: tuple[str, ...] = NAMES) -> Iterator[Literal]:
    """What a node is called, best first."""
    for predicate in predicates:
        yield from (text for text in graph.objects(term, predicate) if isinstance(text, Literal))


def name_of(graph: Graph, term: Object, language: str = "") -> str:
    """The name of a node, in a language when there is one, or the literal itself; empty when it has none."""
    if isinstance(term, Literal):
        return term.value.strip()
    for predicate in NAMES:
        names = list(texts_of(graph, term, (predicate,)))
        names.sort(key=lambda name: (name.language or "").split("-")[0] != language)
        if names:
            return names[0].value.strip()
    return ""


def recognise(
    graph: Graph, term: Object, scheme: Scheme, vocabulary: Vocabulary, *, shared: bool = False
) -> Concept | None:
    """The concept of a scheme that a node or literal means.

    Args:
        graph: where the node is described.
        term: the node or literal.
        scheme: where to look.
        vocabulary: tells whether an address belongs to another scheme.
        shared: whether other schemes are looked for under the same predicate, so that a bare code says nothing.
    """
    if isinstance(term, Literal):
        return None if shared and not _LETTER.search(term.value) else find(scheme, term.value)
    address = value_of(term)
    known = vocabulary.by_uri(address)
    if known:
        return known if known.scheme == scheme.id else None
    found = find(scheme, address)
    return found or (
        _by_description(graph, term, scheme, shared) if _may_be_of(graph, term, scheme) else None
    )


def _may_be_of(graph: Graph, term: Object, scheme: Scheme) -> bool:
    """Whether a node says of itself that it is of this scheme, or says nothing."""
    said = {value_of(home) for home in graph.objects(term, "skos:inScheme") if isinstance(home, NamedNode)}
    return not said or scheme.uri in said or scheme.external


def _by_description(graph: Graph, term: Object, scheme: Scheme, shared: bool) -> Concept | None:
    is_named = any(value_of(home) == scheme.uri for home in graph.objects(term, "skos:inScheme"))
    texts = [value_of(other) for predicate in SAME for other in graph.objects(term, predicate)]
    if is_named or not shared:
        texts += [text.value for text in texts_of(graph, term, CODES)]
    texts += [
        text.value for text in texts_of(graph, term) if is_named or not shared or _LETTER.search(text.value)
    ]
    return next((found for text in texts if (found := find(scheme, text))), None)
