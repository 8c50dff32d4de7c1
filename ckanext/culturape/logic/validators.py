"""What CKAN calls while it validates a dataset or an organisation with our schemas.

``culturape_prepare`` runs before all else: it gathers what forms send, makes every declared value canonical and fills
the core fields of CKAN. ``culturape_review`` runs last, on the full record. Between them the validators of the fields
only store (``culturape_store``); ``culturape_load`` reads back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.culturape import config
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Schema, load_schema
from ckanext.culturape.logic import doors, flat, labels, links, names, stored
from ckanext.culturape.logic.flat import Flat
from ckanext.culturape.logic.review import needed_faults
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_record, core_texts
from ckanext.culturape.values.record import CORE_OF, core_tags

#: Characters of a whole record. With more, the copies in the index take the memory of a modest Solr.
MAX_RECORD = 3_000_000

Validator = Callable[[Any, Flat, Flat, Context], None]


def scheming_validator(function: Callable[..., Validator]) -> Callable[..., Validator]:
    """Marks a function that ckanext-scheming calls with the field and the schema to get the validator."""
    function.is_a_scheming_validator = True  # type: ignore[attr-defined]
    return function


@scheming_validator
def culturape_prepare(field: Any, schema: Mapping[str, Any]) -> Validator:
    """Make the whole record canonical before CKAN looks at it."""
    declared = load_schema(str(schema.get("dataset_type") or schema.get("organization_type")))

    def validator(key: Any, data: Flat, errors: Flat, context: Context) -> None:
        _prepare(declared, data, errors, context)

    return validator


def _prepare(schema: Schema, data: Flat, errors: Flat, context: Context) -> None:
    given = flat.nest(data)
    old = stored.original(schema, context)
    flat.gather_form_keys(schema.fields, given)
    for resource in given.get("resources", []):
        flat.gather_form_keys(schema.resource_fields, resource)
    stored.keep_undeclared(schema, given, old, data)
    stored.prefer_changed_core(given, old)
    record, faults = canonical_record(schema, given, vocabulary(), config.default_language())
    faults += links.resolve(schema, record, old, context)
    faults = [*stored.keep_unchanged(record, faults, given, old), *_size_fault(record)]
    labels.keep_labels(record, old, context)
    _write(schema, record, data)
    names.fill_name(schema, data, context)
    report_faults(faults, errors)
    pairs = zip(given.get("resources", []), record.get("resources", []), strict=False)
    record["resources"] = [{**sent, **canonical} for sent, canonical in pairs]
    # Texts of blanks are none, which only the canonical record says.
    blank = {field.name for field in schema.fields if field.is_translated and field.name not in record}
    said = {name: value for name, value in given.items() if name not in blank}
    cast("dict[str, Any]", context)["culturape_record"] = {**said, **record}


def _size_fault(record: Record) -> list[Fault]:
    """A record that the index could not hold is refused before it is stored."""
    size = len(json.dumps(record, ensure_ascii=False, default=str))
    if size <= MAX_RECORD:
        return []
    message = N_("The record is too large: %(size)s characters in all, at most %(limit)s.")
    return [Fault(message, {"size": size, "limit": MAX_RECORD}, "notes_translated")]


def _write(schema: Schema, record: Record, data: Flat) -> None:
    flat.write_fields((f for f in schema.fields if f.kind != "name"), record, data)
    for position, resource in enumerate(record.get("resources", [])):
        at = ("resources", position)
        flat.write_fields(schema.resource_fields, resource, data, at)
        for core, text in core_texts(resource, config.default_language()).items():
            data[(*at, core)] = text
    texts = core_texts(record, config.default_language())
    for core in {CORE_OF[f.name] for f in schema.fields if f.name in CORE_OF}:
        data[(core,)] = texts.get(core, "")
    if any(field.name == "tags_translated" for field in schema.fields):
        flat.drop_below(("tags",), data)
        for position, tag in enumerate(core_tags(record.get("tags_translated", {}))):
            data[("tags", position, "name")] = tag["name"]


def report_faults(faults: list[Fault], errors: Flat) -> None:
    """Say each fault at its field, in the language of the reader."""
    for fault in faults:
        at = () if fault.resource is None else ("resources", fault.resource)
        flat.report(errors, (*at, fault.field), fault.text(tk._))


@scheming_validator
def culturape_review(field: Any, schema: Mapping[str, Any]) -> Validator:
    """Check the full intended dataset: needed fields and rules of care."""
    declared = load_schema(str(schema["dataset_type"]))

    def validator(key: Any, data: Flat, errors: Flat, context: Context) -> None:
        record = stored.intended(data, context)
        old = stored.original(declared, context)
        imported = bool(context.get("culturape_import"))
        wrong = {key[0] for key, messages in errors.items() if messages}
        faults = needed_faults(declared, old, record, imported=imported)
        report_faults([fault for fault in faults if fault.field not in wrong], errors)
        if record.get("state") != "draft":
            report_faults(stored.place_faults(doors.review_care(record, context), record, context), errors)

    return validator


@scheming_validator
def culturape_review_organization(field: Any, schema: Mapping[str, Any]) -> Validator:
    """Check the full intended organisation: needed fields, and types that only sysadmins grant."""
    declared = load_schema("organization")

    def validator(key: Any, data: Flat, errors: Flat, context: Context) -> None:
        record = cast("Record", context.get("culturape_record") or {})
        old = stored.original(declared, context)
        report_faults(needed_faults(declared, old, record), errors)
        report_faults(labels.check_institution_type(old, record, context), errors)

    return validator


def culturape_store(key: Any, data: Flat, errors: Flat, context: Context) -> None:
    """A text as it is; anything else as JSON, the form in which extras are kept. Parts of composites stay as they are."""
    is_part = len(key) == 5 or (len(key) == 3 and key[0] != "resources")
    if not is_part:
        data[key] = stored_text(data[key])


def stored_text(value: Any) -> str:
    """How a value is kept: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def culturape_load(value: Any) -> Any:
    """The list, object or truth value that was stored; anything that is no such JSON comes back as it is."""
    if not isinstance(value, str):
        return value
    try:
        loaded = json.loads(value)
    except ValueError:
        return value
    return loaded if isinstance(loaded, (list, dict, bool)) else value


def culturape_load_number(value: Any) -> Any:
    """The number that was stored."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


VALIDATORS = {
    function.__name__: function
    for function in (
        culturape_prepare, culturape_review, culturape_review_organization, culturape_store, culturape_load,
        culturape_load_number,
    )
}  # fmt: skip
