"""Which reader reads which kind of value? The table, and the function that uses it."""

from __future__ import annotations

from typing import Any, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values import addresses, composites, concepts, dates, texts, translated
from ckanext.culturape.values.scope import Reader, Scope, Values
from ckanext.culturape.vocab.pack import Vocabulary

__all__ = ["READERS", "Scope", "Values", "canonical_value"]

READERS: dict[str, Reader] = {
    "boolean": texts.read_boolean,
    "choice": texts.read_choice,
    "concept": concepts.read_concept,
    "concepts": concepts.read_concepts,
    "date": dates.read_date,
    "duration": dates.read_duration,
    "email": texts.read_email,
    "format": concepts.read_format,
    "image": texts.read_text,
    "integer": texts.read_number,
    "media_type": texts.read_media_type,
    "name": texts.read_text,
    "number": texts.read_number,
    "organization": texts.read_text,
    "record": texts.read_text,
    "records": texts.read_texts,
    "resource_url": addresses.read_resource_url,
    "tags_translated": translated.read_translated,
    "tax_id": texts.read_tax_id,
    "territory": concepts.read_territory,
    "text": texts.read_text,
    "text_translated": translated.read_translated,
    "texts": texts.read_texts,
    "uri": addresses.read_uri,
    "url": addresses.read_url,
    "urls": addresses.read_urls,
}


def canonical_value(field: Field, raw: Any, vocabulary: Vocabulary, default_language: str = "es") -> Values:
    """The canonical value of a field, ``None`` when empty, and all that is wrong with what was given.

    Where something is wrong the value is what could be kept. Never raises for what somebody wrote.
    """
    return read_field(field, raw, Scope(vocabulary, default_language))


def read_field(field: Field, raw: Any, scope: Scope) -> Values:
    """The same, within a scope."""
    try:
        if field.subfields:
            value, faults = composites.read_items(field, raw, scope, read_field)
        else:
            value, faults = READERS[field.kind](field, raw, scope)
    except Fault as fault:
        return None, [fault.at(field.name)]
    if field.at_most and isinstance(value, list) and len(cast("list[Any]", value)) > field.at_most:
        faults = [
            *faults,
            Fault(N_("At most %(number)s value(s) can be given here."), {"number": field.at_most}),
        ]
    return cast("Any", None if is_empty(value) else value), [fault.at(field.name) for fault in faults]


def is_empty(value: Any) -> bool:
    """Whether nothing is there: a number 0 is a value, ``False``, an empty text or list is not."""
    return value is None or value is False or value in ("", [], {})
