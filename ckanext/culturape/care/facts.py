"""What does a record say about care? Questions that the rules ask of records, also of those written past validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ckanext.culturape.care.rules import CLOSED, LEVELS, OPEN, RULES, Rule
from ckanext.culturape.vocab.communities import LANGUAGE, PEOPLE, isolated
from ckanext.culturape.vocab.pack import TERRITORY, Vocabulary


def sensitivities(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The sensitivities of a record."""
    return _ids(record.get("sensitivity"))


#: Fields that say of which peoples data are, by the scheme of what they hold.
SUBJECTS = {PEOPLE: "people", LANGUAGE: "subject_language"}

#: Fields that decide which rules hold for a record.
DECIDING = ("sensitivity", *SUBJECTS.values(), "access_level")


def isolation(record: Mapping[str, Any], vocabulary: Vocabulary, kind: str) -> list[str]:
    """Names of the peoples of a record that the vocabulary flags with this kind of isolation, named as such or by their language."""
    concepts = (
        vocabulary.concept(scheme, concept_id)
        for scheme, name in SUBJECTS.items()
        for concept_id in _ids(record.get(name))
    )
    peoples = (people for one in concepts if one for people in isolated(one, vocabulary, kind))
    return list(dict.fromkeys(people.label("es") for people in peoples))


def _ids(value: Any) -> tuple[str, ...]:
    """The concepts of a field, one or several, also of a record that was written past the validators."""
    items = (
        cast("list[Any]", value)
        if isinstance(value, (list, tuple))
        else str(value or "").strip('[]" ').split(",")
    )
    return tuple(text for text in (str(item).strip('" ') for item in items) if text)


def rules_of(record: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """The rules that hold for a record; a people in isolation brings its rule whether or not somebody said so."""
    names = [name for name in sensitivities(record) if name in RULES]
    if isolation(record, vocabulary, "piaci") and "piaci" not in names:
        names.append("piaci")
    return tuple(RULES[name] for name in names)


def finest_level(rules: tuple[Rule, ...]) -> str:
    """The finest level of territory that all rules allow; empty without limit."""
    limits = [rule.finest for rule in rules if rule.finest]
    return min(limits, key=LEVELS.index) if limits else ""


def codes_of(record: Mapping[str, Any]) -> list[str]:
    """The places of a record as it is stored, one or several."""
    return list(_ids(record.get("territory")))


def is_finer(code: str, limit: str, vocabulary: Vocabulary) -> bool:
    """Whether a place is finer than a level; a place that nobody knows counts as the finest."""
    if not limit:
        return False
    concept = vocabulary.concept(TERRITORY, code)
    level = str(concept.attributes.get("level", "")) if concept else ""
    return LEVELS.index(level) > LEVELS.index(limit) if level in LEVELS else True


def has_geometry(key: str) -> bool:
    """Whether a key of a record or an extra holds geometry."""
    return (
        key.startswith(("spatial", "extras_spatial", "geom", "bbox", "centroid")) and "resolution" not in key
    )


def is_restricted(record: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether a record may carry links to pages only: no file, no download, no table, no view."""
    closed = record.get("access_level") in CLOSED
    return closed or any(not set(rule.access) & set(OPEN) for rule in rules_of(record, vocabulary))


def carries_content(resource: Mapping[str, Any]) -> bool:
    """Whether a resource holds a file or leads straight to one."""
    flags = (
        resource.get("url_type") == "upload" or str(resource.get("datastore_active", "")).lower() == "true"
    )
    return bool(flags or resource.get("download_url"))
