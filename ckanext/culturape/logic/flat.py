"""From the flattened data of CKAN's validation to nested records and back.

While CKAN validates, a dataset is one dictionary with tuples as keys: ``("resources", 0, "url")``, and what its schema
does not know stands under ``("__extras",)``. Our rules see records as people know them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import unflatten

from ckanext.culturape.fields import Field, Schema
from ckanext.culturape.types import Record

Flat = dict[tuple[Any, ...], Any]

#: Ends of the keys under which a form sends a text in one more language.
NEW_LANGUAGE, NEW_TEXT = "new_lang", "new_text"


def nest(data: Flat) -> Record:
    """The record that the flattened data stand for, what came from a form included."""
    given = {key: value for key, value in data.items() if value is not tk.missing and key[-1] != "__junk"}
    return unflatten(given)


def gather_form_keys(fields: Iterable[Field], record: Record) -> None:
    """Put ``title_translated-es`` and ``contact-0-name``, as forms send them, where they belong. Changes the record."""
    sent: Mapping[str, Any] = record.get("__extras") or {}
    for field in fields:
        if field.is_translated:
            _gather_texts(field, sent, record)
        elif field.subfields and field.name not in record:
            _gather_items(field, sent, record)


def _gather_texts(field: Field, sent: Mapping[str, Any], record: Record) -> None:
    prefix = f"{field.name}-"
    texts = {key[len(prefix) :]: text for key, text in sent.items() if key.startswith(prefix)}
    if not texts:
        return
    added = texts.pop(NEW_TEXT, "")
    _add_text(texts, str(texts.pop(NEW_LANGUAGE, "")), added)
    record[field.name] = texts


def _add_text(texts: dict[str, Any], language: str, added: Any) -> None:
    """Put a text under its language; one in a language that has a text stands beside it, for the validators to see both."""
    if not added:
        return
    while texts.get(language):
        # A space more: another key, which means the same language.
        language += " "
    texts[language] = added


def _gather_items(field: Field, sent: Mapping[str, Any], record: Record) -> None:
    pattern = re.compile(rf"{re.escape(field.name)}-(\d{{1,4}})-(\w+)")
    items: dict[int, dict[str, Any]] = {}
    for key, text in sent.items():
        match = pattern.fullmatch(key)
        if match:
            items.setdefault(int(match[1]), {})[match[2]] = text
    if items:
        record[field.name] = [items[position] for position in sorted(items)]


def write_fields(
    fields: Iterable[Field], record: Mapping[str, Any], data: Flat, at: tuple[Any, ...] = ()
) -> None:
    """Put the canonical values of these fields into the flattened data, in place of whatever stood there."""
    for field in fields:
        key = (*at, field.name)
        value = record.get(field.name)
        if field.subfields:
            _replace_items(key, value or [], data)
        else:
            data[key] = tk.missing if value is None else value


def _replace_items(key: tuple[Any, ...], items: list[Mapping[str, Any]], data: Flat) -> None:
    drop_below(key, data)
    data.pop(key, None)
    for position, item in enumerate(items):
        for name, value in item.items():
            data[(*key, position, name)] = value


def drop_below(key: tuple[Any, ...], data: Flat) -> None:
    """Remove all entries that lie below a key."""
    for other in [k for k in data if len(k) > len(key) and k[: len(key)] == key]:
        del data[other]


def report(errors: Flat, key: tuple[Any, ...], message: str) -> None:
    """Add a message for people to a field; a field of several parts carries it as a whole."""
    drop_below(key, errors)
    errors.setdefault(key, [])
    if message not in errors[key]:
        errors[key].append(message)


def undeclared_extras(schema: Schema, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Extras of a stored record that our schema does not declare."""
    declared = {field.name for field in schema.fields}
    return [extra for extra in record.get("extras", []) if extra["key"] not in declared]
