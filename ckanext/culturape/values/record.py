"""What is the canonical form of a whole record?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field, Schema
from ckanext.culturape.types import Record
from ckanext.culturape.values.reader import canonical_value
from ckanext.culturape.vocab.concept import best_text
from ckanext.culturape.vocab.pack import Vocabulary

#: Core field of CKAN that repeats a text of ours in the default language.
CORE_OF = {
    "title_translated": "title",
    "notes_translated": "notes",
    "name_translated": "name",
    "description_translated": "description",
}

_CORE_TAG = re.compile(r"[\w .-]{2,100}")


def canonical_record(
    schema: Schema, raw: Mapping[str, Any], vocabulary: Vocabulary, default_language: str = "es"
) -> tuple[Record, list[Fault]]:
    """The declared fields of a record in canonical form, and all that is wrong with it.

    Holds only declared, filled fields, and ``resources`` when they were given; what else the record has is the
    caller's to keep. A licence of a resource that repeats the dataset's, and a download address that
    repeats its address, are left out.
    """
    record, faults = _canonical_fields(schema.fields, raw, vocabulary, default_language)
    if isinstance(raw.get("resources"), (list, tuple)):
        resources: list[Record] = []
        for position, given in enumerate(cast("list[Mapping[str, Any]]", raw["resources"])):
            resource, wrong = _canonical_fields(schema.resource_fields, given, vocabulary, default_language)
            if resource.get("license") == record.get("license_id"):
                resource.pop("license", None)
            if resource.get("download_url") == resource.get("url"):
                resource.pop("download_url", None)
            resources.append(resource)
            faults += [fault.at(fault.field, position) for fault in wrong]
        record["resources"] = resources
    faults += _repeated_uris(schema, record)
    return record, faults


def _repeated_uris(schema: Schema, record: Record) -> Iterator[Fault]:
    """A URI names one thing: what bears the URI of another thing loses it. The same agent may appear in several roles."""
    seen: Record = {record.get("uri", ""): None}
    things = [
        (field.name, None, item)
        for field in schema.fields
        if field.kind == "agents"
        for item in record.get(field.name) or ()
    ]
    things += [("uri", position, resource) for position, resource in enumerate(record.get("resources") or ())]
    for name, position, thing in things:
        uri = thing.get("uri")
        if uri and seen.setdefault(uri, thing) != thing:
            del thing["uri"]
            yield Fault(N_("“%(value)s” identifies something else already."), {"value": uri}, name, position)


def _canonical_fields(
    fields: Iterable[Field], raw: Mapping[str, Any], vocabulary: Vocabulary, default_language: str
) -> tuple[Record, list[Fault]]:
    record: Record = {}
    faults: list[Fault] = []
    for field in fields:
        given = _given(field, raw)
        if given is None:
            continue
        value, wrong = canonical_value(field, given, vocabulary, default_language)
        faults += wrong
        if value is not None:
            record[field.name] = value
    return record, faults


def _given(field: Field, raw: Mapping[str, Any]) -> Any:
    """What was written for a field; the core field stands in where nobody gave the translated one."""
    value = raw.get(field.name)
    core = CORE_OF.get(field.name)
    return raw.get(core) if core and value in (None, "", {}) else value


def core_texts(record: Mapping[str, Any], default_language: str) -> dict[str, str]:
    """The core fields of CKAN that follow from the translated ones, in the default language or the best there is."""
    found: dict[str, str] = {}
    for name, core in CORE_OF.items():
        texts: Mapping[str, str] = record.get(name) or {}
        if texts:
            found[core] = best_text(texts, default_language)
    return found


def core_tags(tags: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    """The keywords that CKAN's own tags can hold: letters, digits, space, dot, hyphen; 2 to 100 characters."""
    names = {
        re.sub(r"\s+", " ", re.sub(r"[^\w .-]", " ", word)).strip()
        for words in tags.values()
        for word in words
    }
    return [{"name": name} for name in sorted(names) if _CORE_TAG.fullmatch(name)]
