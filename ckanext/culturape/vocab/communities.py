"""What does the vocabulary say of peoples and their languages beside their names? Of where peoples in isolation live, nothing."""

from __future__ import annotations

from typing import Any, cast

from ckanext.culturape.vocab.concept import Concept
from ckanext.culturape.vocab.pack import TERRITORY, Vocabulary

PEOPLE, LANGUAGE = "people", "language"

#: Kinds of self-identification that a census asks for and that are no people.
_NO_PEOPLE = frozenset({"autoidentificacion"})


def languages_of(people: Concept, vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """The languages of a people, as the source of the vocabulary names them."""
    found = (vocabulary.concept(LANGUAGE, code) for code in _texts(people, "languages"))
    return tuple(language for language in found if language)


def peoples_of(language: Concept, vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """The peoples of a language; of a variety, only those that name the variety itself."""
    scheme = vocabulary.schemes.get(PEOPLE)
    return tuple(people for people in scheme or () if language.id in _texts(people, "languages"))


def _speakers(language: Concept, vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """The peoples of a language, for a variety those of the languages above it as well, each once."""
    above = vocabulary.scheme(language.scheme).ancestors(language.id)
    every = (people for one in (language, *above) for people in peoples_of(one, vocabulary))
    return tuple({people.id: people for people in every}.values())


def isolation(concept: Concept, vocabulary: Vocabulary) -> str:
    """Why nothing is said of places: ``piaci`` for a people in isolation or initial contact, ``some-groups`` where some of its groups
    are, ``language`` for a language that one of them speaks; empty where places may be named.
    """
    if concept.scheme == PEOPLE:
        return str(concept.attributes.get("isolation") or "")
    peoples = _speakers(concept, vocabulary)
    return "language" if any(people.attributes.get("isolation") for people in peoples) else ""


def isolated(concept: Concept, vocabulary: Vocabulary, kind: str = "piaci") -> tuple[Concept, ...]:
    """The peoples of this kind of isolation that a concept speaks of: itself, or those of a language.

    A language speaks of peoples in isolation when nobody else speaks it, for then its places are theirs; of peoples of which some groups live so,
    whoever else does.
    """
    peoples = (concept,) if concept.scheme == PEOPLE else _speakers(concept, vocabulary)
    found = tuple(people for people in peoples if people.attributes.get("isolation") == kind)
    return () if kind == "piaci" and len(found) < len(peoples) else found


def regions_of(people: Concept, vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """The regions where a people lives, as the source of the vocabulary names them; none of a people in isolation, whatever a file says."""
    codes = () if isolation(people, vocabulary) else _texts(people, "regions")
    found = (vocabulary.concept(TERRITORY, code) for code in codes)
    return tuple(region for region in found if region)


def is_people(concept: Concept) -> bool:
    """Whether a concept of the scheme of peoples is a people, and not only an answer to a census."""
    return concept.attributes.get("kind") not in _NO_PEOPLE


def is_of_here(language: Concept) -> bool:
    """Whether the country pack describes a language, and does not only name it as one in which data may be written."""
    return bool(language.attributes)


def _texts(concept: Concept, name: str) -> tuple[str, ...]:
    value: Any = concept.attributes.get(name)
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else []
    return tuple(str(item) for item in items)
