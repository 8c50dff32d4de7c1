"""Concepts and concept schemes: what SKOS says of them, as frozen objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ckanext.culturape.vocab.find import Finder

EMPTY: Mapping[str, Any] = MappingProxyType({})


def empty() -> Mapping[str, Any]:
    """The empty mapping that all concepts share."""
    return EMPTY


FALLBACK = ("es", "en")

#: Mapping relations of SKOS that a concept may carry.
RELATIONS = ("exactMatch", "closeMatch", "relatedMatch", "broadMatch", "narrowMatch")


def best_language(texts: Mapping[str, Any], *wanted: str) -> str:
    """The language whose text a reader gets: a wanted one or its base, Spanish, English, or the first there is; empty when there is no text."""
    bases = (tag.replace("_", "-").split("-")[0] for tag in wanted)
    return next((tag for tag in (*wanted, *bases, *FALLBACK, *texts) if texts.get(tag)), "")


def best_text(texts: Mapping[str, str], *wanted: str) -> str:
    """The text in the best language; empty when there is none."""
    return texts.get(best_language(texts, *wanted), "")


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme.

    Attributes:
        scheme: id of the scheme.
        id: identifier within the scheme; the value that records store.
        uri: address, the same on every portal.
        labels: preferred label by language.
        alt: other names by language, shown and searched.
        hidden: words that find it and are never shown.
        definitions: ``open`` (for open-government readers) and ``rights`` (for cultural-rights readers), by language.
        broader: ids of broader concepts in the same scheme.
        notation: code of the source.
        aliases: other identifiers accepted on input.
        matches: addresses by mapping relation of SKOS.
        attributes: small facts of the scheme, such as ``level`` of a place.
    """

    scheme: str
    id: str
    uri: str
    labels: Mapping[str, str]
    alt: Mapping[str, tuple[str, ...]] = field(default_factory=empty)
    hidden: tuple[str, ...] = ()
    definitions: Mapping[str, Mapping[str, str]] = field(default_factory=empty)
    broader: tuple[str, ...] = ()
    notation: str = ""
    aliases: tuple[str, ...] = ()
    matches: Mapping[str, tuple[str, ...]] = field(default_factory=empty)
    source: str = ""
    date: str = ""
    attributes: Mapping[str, Any] = field(default_factory=empty)
    deprecated: bool = False
    replaced_by: str = ""

    def label(self, language: str) -> str:
        """The preferred label for a reader of this language."""
        return best_text(self.labels, language) or self.id

    def definition(self, reader: str, language: str) -> str:
        """The definition for readers of ``open`` or ``rights``; empty when there is none."""
        return best_text(self.definitions.get(reader, EMPTY), language)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A concept scheme with its concepts in the order of the source."""

    id: str
    uri: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    source: str
    date: str
    external: bool
    concepts: Mapping[str, Concept]
    _finder: Finder = field(compare=False, repr=False, default_factory=Finder)
    _children: dict[str, tuple[Concept, ...]] = field(
        compare=False, repr=False, default_factory=dict[str, Any]
    )

    def title(self, language: str) -> str:
        """The title for a reader of this language."""
        return best_text(self.titles, language) or self.id

    def description(self, language: str) -> str:
        """What the scheme is for."""
        return best_text(self.descriptions, language)

    def get(self, concept_id: str) -> Concept | None:
        """The concept of exactly this id."""
        return self.concepts.get(concept_id)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts.values())

    def __len__(self) -> int:
        return len(self.concepts)

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self.concepts

    def roots(self) -> tuple[Concept, ...]:
        """Concepts without a broader one."""
        return tuple(concept for concept in self if not concept.broader)

    def children(self, concept_id: str) -> tuple[Concept, ...]:
        """Concepts directly below."""
        if not self._children:
            below: dict[str, list[Concept]] = {"": []}
            for concept in self:
                for parent in concept.broader:
                    below.setdefault(parent, []).append(concept)
            self._children.update({parent: tuple(concepts) for parent, concepts in below.items()})
        return self._children.get(concept_id, ())

    def ancestors(self, concept_id: str) -> tuple[Concept, ...]:
        """All concepts above, the nearest first; a cycle ends the way up."""
        found: dict[str, Concept] = {}
        waiting = list(self.concepts[concept_id].broader) if concept_id in self.concepts else []
        while waiting:
            parent = self.concepts.get(waiting.pop(0))
            if parent and parent.id != concept_id and parent.id not in found:
                found[parent.id] = parent
                waiting += parent.broader
        return tuple(found.values())

    def descendants(self, concept_id: str) -> tuple[Concept, ...]:
        """All concepts below; a cycle ends the way down."""
        found: dict[str, Concept] = {}
        waiting = list(self.children(concept_id))
        while waiting:
            child = waiting.pop(0)
            if child.id != concept_id and child.id not in found:
                found[child.id] = child
                waiting += self.children(child.id)
        return tuple(found.values())

    def resolve(self, value: str) -> Concept | None:
        """The one concept that somebody means by an id, an address, a code or a name; ``None`` when unclear."""
        return self._finder.resolve(self, value)

    def candidates(self, value: str) -> tuple[Concept, ...]:
        """All concepts that carry this name."""
        return self._finder.candidates(self, value)

    def closest(self, value: str, limit: int = 3) -> tuple[Concept, ...]:
        """The concepts whose names are most like this text, for a helpful message."""
        return self._finder.closest(self, value, limit)

    def search(self, text: str, limit: int = 20) -> tuple[Concept, ...]:
        """Concepts with a name that holds the words of the text, for autocompletion; best first."""
        return self._finder.search(self, text, limit)
