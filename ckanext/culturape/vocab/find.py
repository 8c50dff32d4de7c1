"""What does somebody mean by a word? Exact and close look-ups in a scheme, with indexes made when first needed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ckanext.culturape.vocab.fold import fold

if TYPE_CHECKING:
    from ckanext.culturape.vocab.concept import Concept, Scheme

#: Relations whose addresses name the very same thing.
SAME = ("exactMatch",)

#: Variants of one address: scheme, www, case, the page or the text of a licence, a slash at the end, a name after a number of GeoNames.
_VARIANTS = re.compile(r"^https?://(?:www\.|sws\.)?|(?:/(?:legalcode|summary|deed)(?:\.[\w-]+)?|\.html)?/?$")
_GEONAMES = re.compile(r"(geonames\.org/[0-9]+)/.*")


class Finder:
    """Indexes of one scheme: by exact identifier or address, and by folded name."""

    __slots__ = ("_addresses", "_codes", "_names")

    def __init__(self) -> None:
        self._addresses: dict[str, Concept] = {}
        self._codes: dict[str, Concept] = {}
        self._names: dict[str, list[Concept]] = {}

    def resolve(self, scheme: Scheme, value: str) -> Concept | None:
        """The concept of this identifier, address or unambiguous name."""
        text = value.strip()
        self._build(scheme)
        found = scheme.concepts.get(text) or self._codes.get(text) or self._codes.get(text.casefold())
        if found:
            return found
        if "://" in text:
            return self._addresses.get(address_key(text))
        named = self._names.get(fold(text), ())
        # A retired concept and its successor may bear the same name.
        highest = _highest(scheme, [concept for concept in named if not concept.deprecated] or named)
        return highest[0] if len(highest) == 1 else None

    def candidates(self, scheme: Scheme, value: str) -> tuple[Concept, ...]:
        """All concepts of this name."""
        self._build(scheme)
        return tuple(self._names.get(fold(value), ()))

    def closest(self, scheme: Scheme, value: str, limit: int) -> tuple[Concept, ...]:
        """The concepts whose names are most like the value, hidden names included, without repeats."""
        self._build(scheme)
        names = difflib.get_close_matches(fold(value)[:80], self._names, n=limit * 2, cutoff=0.6)
        found = {
            concept.id: concept for name in names for concept in self._names[name] if not concept.deprecated
        }
        return tuple(found.values())[:limit]

    def search(self, scheme: Scheme, text: str, limit: int) -> tuple[Concept, ...]:
        """Concepts all of whose words were begun, then those that only hold the text; retired ones last."""
        self._build(scheme)
        wanted = fold(text)
        if not wanted:
            return tuple(sorted(scheme, key=lambda concept: concept.deprecated))[:limit]
        code = scheme.concepts.get(text.strip())
        ranked: dict[str, tuple[int, int, Concept]] = {code.id: (-1, 0, code)} if code else {}
        for name, concepts in self._names.items():
            rank = _rank(name, wanted)
            if rank is not None:
                for concept in concepts:
                    best = ranked.get(concept.id)
                    if best is None or rank < best[0]:
                        ranked[concept.id] = (rank, len(scheme.ancestors(concept.id)), concept)
        ordered = sorted(
            ranked.values(), key=lambda entry: (entry[2].deprecated, *entry[:2], entry[2].label("es"))
        )
        return tuple(concept for _, _, concept in ordered[:limit])

    def _build(self, scheme: Scheme) -> None:
        if self._names:
            return
        names: dict[str, list[Concept]] = {}
        for concept in scheme:
            for code in _codes(concept):
                self._codes.setdefault(code, concept)
                self._codes.setdefault(code.casefold(), concept)
                if "://" in code:
                    self._addresses.setdefault(address_key(code), concept)
            for name in {fold(name) for name in names_of(concept)} - {""}:
                names.setdefault(name, []).append(concept)
        self._names = names


def address_key(address: str) -> str:
    """What is the same in all ways to write an address: ``http://www.x.org/A/`` and ``https://x.org/a`` give ``x.org/a``."""
    bare = _VARIANTS.sub("", address.strip().casefold())
    return _GEONAMES.sub(r"\1", bare)


def names_of(concept: Concept) -> Iterator[str]:
    """All words that find a concept, hidden ones included."""
    yield from concept.labels.values()
    for names in concept.alt.values():
        yield from names
    yield from concept.hidden
    yield from concept.attributes.get("names", ())
    yield concept.id


def _codes(concept: Concept) -> Iterator[str]:
    yield concept.id
    yield concept.uri
    yield from concept.aliases
    if concept.notation:
        yield concept.notation
    if concept.attributes.get("url"):
        yield str(concept.attributes["url"])
    for relation in SAME:
        yield from concept.matches.get(relation, ())


def _highest(scheme: Scheme, concepts: Iterable[Concept]) -> list[Concept]:
    """Those of the same name that stand highest: the region before the province and the district."""
    depths = [(len(scheme.ancestors(concept.id)), concept) for concept in concepts]
    top = min((depth for depth, _ in depths), default=0)
    return [concept for depth, concept in depths if depth == top]


def _rank(name: str, wanted: str) -> int | None:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    words = name.split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 2
    return 3 if wanted in name else None
