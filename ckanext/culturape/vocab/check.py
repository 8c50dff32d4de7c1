"""What is wrong with the vocabularies? A line for each fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ckanext.culturape.vocab import retired
from ckanext.culturape.vocab.concept import Concept, Scheme
from ckanext.culturape.vocab.find import names_of
from ckanext.culturape.vocab.fold import fold
from ckanext.culturape.vocab.pack import TERRITORY, Vocabulary

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
LANGUAGES = ("es", "en")


def check(vocabulary: Vocabulary) -> list[str]:
    """All faults of all schemes, each with scheme and concept."""
    faults: list[str] = []
    for scheme in vocabulary.schemes.values():
        faults += [f"{scheme.id}: {fault}" for fault in _scheme_faults(scheme)]
        for concept in scheme:
            checks = (
                _identity(concept, scheme),
                _words(concept, scheme),
                _links(concept, scheme, vocabulary),
            )
            faults += [f"{scheme.id}/{concept.id}: {fault}" for found in checks for fault in found]
    return faults + list(_group_faults(vocabulary))


def _scheme_faults(scheme: Scheme) -> Iterator[str]:
    if not scheme.concepts:
        yield "has no concepts"
    yield from (f"has no title in {tag}" for tag in LANGUAGES if not scheme.titles.get(tag))
    if scheme.id == TERRITORY:
        return
    for tag in LANGUAGES:
        labels = Counter(fold(c.labels[tag]) for c in scheme if c.labels.get(tag) and not c.deprecated)
        yield from (
            f"several concepts have the label “{label}” in {tag}" for label, n in labels.items() if n > 1
        )


def _identity(concept: Concept, scheme: Scheme) -> Iterator[str]:
    pattern = _EXTERNAL_ID if scheme.external or scheme.id in {TERRITORY, "licence", "country"} else _ID
    if not pattern.fullmatch(concept.id):
        yield "the id has other characters than a-z, 0-9 and hyphen"
    if not _ADDRESS.fullmatch(concept.uri):
        yield f"“{concept.uri}” is not an address"
    if concept.date and not _DATE.fullmatch(concept.date):
        yield f"“{concept.date}” is not a date"
    if not concept.source and not scheme.external:
        yield "has no source"


def _words(concept: Concept, scheme: Scheme) -> Iterator[str]:
    is_place = scheme.id == TERRITORY
    for tag in ("es",) if is_place else LANGUAGES:
        if not concept.labels.get(tag):
            yield f"has no label in {tag}"
        for reader in () if is_place or scheme.external or concept.deprecated else ("open", "rights"):
            if not concept.definitions.get(reader, {}).get(tag):
                yield f"has no definition “{reader}” in {tag}"
    shown = {
        fold(name)
        for name in (*concept.labels.values(), *(n for names in concept.alt.values() for n in names))
    }
    yield from (f"“{word}” is hidden and shown at once" for word in concept.hidden if fold(word) in shown)


def _links(concept: Concept, scheme: Scheme, vocabulary: Vocabulary) -> Iterator[str]:
    yield from (f"broader “{other}” does not exist" for other in concept.broader if other not in scheme)
    yield from retired.faults(concept, scheme)
    for relation, addresses in concept.matches.items():
        for address in addresses:
            if not _ADDRESS.fullmatch(address):
                yield f"{relation} “{address}” is not an address"
            elif address.startswith(vocabulary.base) and vocabulary.by_uri(address) is None:
                yield f"{relation} “{address}” does not exist"
    if _is_in_cycle(concept, scheme):
        yield "is broader than itself"


def _is_in_cycle(concept: Concept, scheme: Scheme) -> bool:
    seen: set[str] = set()
    waiting = list(concept.broader)
    while waiting:
        parent = waiting.pop()
        if parent == concept.id:
            return True
        if parent not in seen and parent in scheme:
            seen.add(parent)
            waiting += scheme.concepts[parent].broader
    return False


def _group_faults(vocabulary: Vocabulary) -> Iterator[str]:
    places = vocabulary.scheme(TERRITORY)
    for group in vocabulary.pack.groups.values():
        yield from (
            f"group {group.id}: “{code}” is not a place" for code in group.members if code not in places
        )


def shown_names(concept: Concept) -> set[str]:
    """Folded names of a concept that may be shown."""
    return {fold(name) for name in names_of(concept)} - {fold(word) for word in concept.hidden}
