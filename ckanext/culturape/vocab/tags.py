"""Which tag of BCP 47 stands for a language of the vocabulary, and which language for a tag?

Texts are kept under the id of their language. Most ids are tags already: ``qu``, ``shp``. A variety, and a language for
which there is no single tag, have a readable id; RFC 5646, 2.2.7, lets a private tag say it: ``qu-x-quechua-chanka``,
``mis-x-murui-muinani`` (``mis`` is an uncoded language in ISO 639-2).
"""

from __future__ import annotations

import re

from ckanext.culturape.vocab.concept import Concept, Scheme

#: Begins the private part of a tag.
PRIVATE = "-x-"
UNCODED = "mis"

#: Letters of one subtag (RFC 5646, 2.1).
LONGEST_SUBTAG = 8

_SHORT = re.compile(r"[a-z]{2,3}")


def is_short(language: str) -> bool:
    """Whether the id of a language is a tag by itself."""
    return bool(_SHORT.fullmatch(language))


def codes_of(concept: Concept) -> tuple[str, ...]:
    """The ISO 639-3 codes that a language without a single tag comprises; each is a tag that texts may carry."""
    given = concept.attributes.get("iso639_3") or ()
    codes = (given,) if isinstance(given, str) else tuple(given)
    return () if is_short(concept.id) else tuple(code for code in codes if is_short(code))


def tag_of(language: str, scheme: Scheme) -> str:
    """The tag of a language, or of a code that one comprises; empty for what is no language of the scheme."""
    concept = scheme.get(language)
    if concept is None:
        return language if is_short(language) and concept_of(language, scheme) else ""
    if is_short(language):
        return language
    above = next((one.id for one in scheme.ancestors(language) if is_short(one.id)), UNCODED)
    return f"{above}{PRIVATE}{_private_part(language)}"


def _private_part(language: str) -> str:
    words = re.split(r"[^a-z0-9]+", language.lower())
    size = LONGEST_SUBTAG
    return "-".join(word[start : start + size] for word in words for start in range(0, len(word), size))


def concept_of(language: str, scheme: Scheme) -> Concept | None:
    """The concept of an id, or the one that comprises a code."""
    return scheme.get(language) or next((one for one in scheme if language in codes_of(one)), None)


def language_of(tag: str, scheme: Scheme) -> str:
    """The language that a tag, a code or a name stands for; empty when it is not known.

    ``es-PE``, ``spa`` and ``Castellano`` give ``es``; ``huu``, one of several codes, stays ``huu``.
    """
    text = tag.strip().replace("_", "-")
    lower = text.lower()
    exact = scheme.get(text) or scheme.get(lower) or _by_private_tag(lower, scheme)
    if exact:
        return exact.id
    if is_short(lower) and concept_of(lower, scheme):
        return lower
    found = scheme.resolve(text) or scheme.get(lower.split("-")[0])
    return found.id if found else ""


def _by_private_tag(tag: str, scheme: Scheme) -> Concept | None:
    if PRIVATE not in tag:
        return None
    return next((one for one in scheme if not is_short(one.id) and tag_of(one.id, scheme) == tag), None)


def name_of(language: str, scheme: Scheme, reader: str) -> str:
    """The name of a language for a reader; that of one of several codes says the code."""
    concept = concept_of(language, scheme)
    if concept is None:
        return language
    return concept.label(reader) if concept.id == language else f"{concept.label(reader)} ({language})"
