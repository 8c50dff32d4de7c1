"""What may anybody see of a record? The net for records that were written past the validators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.culturape.care.facts import (
    DECIDING,
    carries_content,
    codes_of,
    finest_level,
    has_geometry,
    is_finer,
    is_restricted,
    rules_of,
)  # fmt: skip
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.pack import TERRITORY, Vocabulary

#: Keys of resources that carry or lead to content rather than to a page about it.
CONTENT_KEYS = (
    "download_url",
    "hash",
    "hash_algorithm",
    "size",
    "mimetype",
    "compress_format",
    "package_format",
    "access_services",
)


def reduce(record: Mapping[str, Any], vocabulary: Vocabulary) -> Record:
    """The record as anybody may see it. Never raises, never changes what it was given, and is idempotent."""
    reduced = dict(record)
    rules = rules_of(record, vocabulary)
    limit = finest_level(rules)
    if limit:
        _reduce_territory(reduced, limit, vocabulary)
    if any(not rule.geometry for rule in rules):
        _drop_geometry(reduced)
    if is_restricted(record, vocabulary) and reduced.get("resources"):
        reduced["resources"] = [_reduce_resource(resource) for resource in reduced["resources"]]
    return reduced


def _reduce_territory(record: Record, limit: str, vocabulary: Vocabulary) -> None:
    codes = codes_of(record)
    kept = {general for code in codes for general in [_generalise(code, limit, vocabulary)] if general}
    if set(codes) - kept:
        record["territory"] = sorted(kept)
        record.pop("scope_level", None)


def _generalise(code: str, limit: str, vocabulary: Vocabulary) -> str:
    if not is_finer(code, limit, vocabulary):
        return code
    above = vocabulary.scheme(TERRITORY).ancestors(code)
    return next((place.id for place in above if not is_finer(place.id, limit, vocabulary)), "")


def _drop_geometry(record: Record) -> None:
    for key in [key for key in record if has_geometry(key)]:
        del record[key]
    if isinstance(record.get("extras"), list):
        record["extras"] = [
            extra for extra in record["extras"] if not has_geometry(str(extra.get("key", "")))
        ]


def _reduce_resource(resource: Mapping[str, Any]) -> Record:
    if not carries_content(resource):
        return dict(resource)
    reduced = {
        key: value for key, value in resource.items() if key not in CONTENT_KEYS and key != "datastore_active"
    }
    if resource.get("url_type") == "upload":
        reduced |= {"url": "", "url_type": ""}
    return reduced


def tightened(old: Mapping[str, Any], new: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether what the old record showed may no longer be shown, so that copies of it must go."""
    marked = {key: new.get(key) for key in DECIDING}
    before = {**old, **{key: value for key, value in marked.items() if value}}
    return reduce(before, vocabulary) != before
