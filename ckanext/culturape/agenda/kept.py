"""What is kept of a record at each of its versions? What anybody could read of it then, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from ckanext.culturape import care
from ckanext.culturape.care.facts import SUBJECTS
from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.types import Record
from ckanext.culturape.values.loading import load_value
from ckanext.culturape.vocab.pack import Vocabulary

#: Tag of a text whose language is not known (BCP 47).
UNDETERMINED = "und"


class Stored(NamedTuple):
    """A record as CKAN stores it: its own fields, title of its organisation, other fields as texts or JSON, and its documents."""

    id: str
    name: str
    type: str
    title: str
    is_public: bool
    owner_org: str | None
    organization: str | None
    extras: Mapping[str, Any]
    resources: tuple[Mapping[str, Any], ...]


def content_of(stored: Stored, vocabulary: Vocabulary) -> Record | None:
    """What is kept of a record: all declared fields, of a dataset name and title; ``None`` while not everybody may read it."""
    if not stored.is_public:
        return None
    kept: Record = {"id": stored.id, "name": stored.name, "type": stored.type}
    schema = load_schema(stored.type)
    titles = load_value(schema.field("title_translated"), stored.extras.get("title_translated"))
    kept["title_translated"] = titles if isinstance(titles, dict) else {UNDETERMINED: stored.title}
    if stored.type == "dataset":
        return kept
    for field in schema.fields:
        if field.name in stored.extras and field.name not in kept:
            kept[field.name] = load_value(field, stored.extras[field.name])
    if stored.organization:
        kept |= {"owner_org": stored.owner_org, "organization": stored.organization}
    documents = [_document(resource, schema.resource_fields) for resource in stored.resources]
    return care.reduce({**kept, **({"resources": documents} if documents else {})}, vocabulary)


def tightened(old: Record, new: Mapping[str, Any], vocabulary: Vocabulary) -> Record:
    """An older version without what the newest one says must not be told: a record that is now about a people in isolation shows no place of its past either."""
    subjects = {name: sorted({*_texts(old.get(name)), *_texts(new.get(name))}) for name in SUBJECTS.values()}
    reduced = care.reduce({**old, **subjects}, vocabulary)
    own = {name: old[name] for name in subjects if name in old}
    return {name: value for name, value in reduced.items() if name not in subjects} | own


def _document(resource: Mapping[str, Any], fields: tuple[Field, ...]) -> Record:
    """A document by its declared fields; the address of an uploaded file is that of the site, and stays out."""
    found = {field.name: resource.get(field.name) for field in fields}
    if resource.get("url_type") == "upload":
        found["url"] = None
    return {name: value for name, value in found.items() if value}


def _texts(value: Any) -> list[str]:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]
