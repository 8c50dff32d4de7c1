"""Which values of a stored record are retired concepts, and what takes their place?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from ckanext.culturape.fields import Field, Schema
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.pack import Vocabulary
from ckanext.culturape.vocab.retired import successor


class Retired(NamedTuple):
    """A retired concept in a record; ``new`` is empty when people have to decide what takes its place.

    ``field`` names the place: ``sector``, ``creator[0].type``, ``resources[1].license``.
    """

    field: str
    old: str
    new: str


def replace_retired(
    schema: Schema, record: Mapping[str, Any], vocabulary: Vocabulary
) -> tuple[Record, list[Retired]]:
    """The fields of a stored record that change, with their new values, and every retired concept that was found.

    Values that are no concept, and retired ones without successor, stay as they are. Resources come whole, all of
    them, when one changes.
    """
    changes, found = _replace_in(schema.fields, record, vocabulary)
    resources = record.get("resources")
    if isinstance(resources, list):
        renewed: list[Any] = []
        for position, resource in enumerate(cast("list[Record]", resources)):
            changed, retired = _replace_in(schema.resource_fields, resource, vocabulary)
            renewed.append({**resource, **changed})
            found += [one._replace(field=f"resources[{position}].{one.field}") for one in retired]
        if renewed != resources:
            changes["resources"] = renewed
    return changes, found


def _replace_in(
    fields: Iterable[Field], record: Mapping[str, Any], vocabulary: Vocabulary
) -> tuple[Record, list[Retired]]:
    changes: Record = {}
    found: list[Retired] = []
    for field in fields:
        value = record.get(field.name)
        renewed = (
            _items(field, value, vocabulary, found)
            if field.subfields
            else _value(field, value, vocabulary, found)
        )
        if renewed != value:
            changes[field.name] = renewed
    return changes, found


def _items(field: Field, value: Any, vocabulary: Vocabulary, found: list[Retired]) -> Any:
    """The items of a composite; what became equal stands once."""
    if not isinstance(value, list):
        return value
    renewed: list[Any] = []
    for position, item in enumerate(cast("list[Any]", value)):
        new, retired = _item(field, item, vocabulary)
        found += [one._replace(field=f"{field.name}[{position}].{one.field}") for one in retired]
        renewed.append(new)
    return renewed if renewed == value else _once(renewed)


def _item(field: Field, item: Any, vocabulary: Vocabulary) -> tuple[Any, list[Retired]]:
    if not isinstance(item, Mapping):
        return item, []
    given = cast("Mapping[str, Any]", item)
    changed, retired = _replace_in(field.subfields, given, vocabulary)
    return {**given, **changed}, retired


def _value(field: Field, value: Any, vocabulary: Vocabulary, found: list[Retired]) -> Any:
    if not field.vocabulary:
        return value
    retired = {one.old: one for one in _retired(field, value, vocabulary)}
    found += retired.values()
    new = {one.old: one.new for one in retired.values() if one.new}
    if not isinstance(value, list):
        return new.get(value, value) if isinstance(value, str) else value
    items = cast("list[Any]", value)
    if not new:
        return items
    renewed = [new.get(item, item) if isinstance(item, str) else item for item in items]
    return _once(renewed)


def _once(items: list[Any]) -> list[Any]:
    """The items without repeats; they may be of any shape."""
    return [item for position, item in enumerate(items) if item not in items[:position]]


def _retired(field: Field, value: Any, vocabulary: Vocabulary) -> Iterator[Retired]:
    scheme = vocabulary.scheme(field.vocabulary)
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    for item in items:
        concept = scheme.get(item) if isinstance(item, str) else None
        if concept and concept.deprecated:
            following = successor(concept, scheme)
            yield Retired(field.name, concept.id, following.id if following else "")
