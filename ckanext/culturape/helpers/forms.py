"""What the templates of forms ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk

from ckanext.culturape import care, config
from ckanext.culturape.fields import load_schema
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic.flat import NEW_LANGUAGE, NEW_TEXT
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.values.record import CORE_OF
from ckanext.culturape.vocab.fold import fold


class Part(NamedTuple):
    """A section of the form or the page with the fields that stand in it."""

    section: Any
    visible: list[dict[str, Any]]
    details: list[dict[str, Any]]


def culturape_parts(
    schema: Mapping[str, Any], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> list[Part]:
    """The sections of a form, each with what is always shown and what stands under "more details"."""
    fields = [field for field in schema["dataset_fields"] if field.get("form_snippet")]
    return [
        Part(section, *_split([f for f in fields if f.get("section") == section["id"]], data, errors))
        for section in schema["sections"]
    ]


def culturape_resource_parts(
    schema: Mapping[str, Any], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> tuple[list[Any], list[Any]]:
    """The fields of the form of a resource: always shown, and under "more details"."""
    fields = [field for field in schema["resource_fields"] if field.get("form_snippet")]
    return _split(fields, data, errors)


def _split(
    fields: list[Any], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> tuple[list[Any], list[Any]]:
    shown = [
        f
        for f in fields
        if not f.get("import_only") or data.get(f["field_name"]) or errors.get(f["field_name"])
    ]
    return [f for f in shown if f.get("visible")], [f for f in shown if not f.get("visible")]


def culturape_has_value(
    fields: list[dict[str, Any]], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> bool:
    """Whether one of these fields is filled or wrong, so that its part of the form stands open."""
    names = [field["field_name"] for field in fields]
    return any(
        data.get(name) or errors.get(name) or any(key.startswith(f"{name}-") and data[key] for key in data)
        for name in names
    )


def culturape_texts(name: str, data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Pairs of language and text of a field, the default language first, as stored or as just typed."""
    default = config.default_language()
    stored: Any = data.get(name)
    texts: dict[str, Any] = dict(cast("Any", stored)) if isinstance(stored, Mapping) else {}
    if not texts and CORE_OF.get(name):
        texts = {default: data.get(CORE_OF[name]) or ""}
    texts |= {key[len(name) + 1 :]: text for key, text in data.items() if key.startswith(f"{name}-")}
    texts = {tag: text for tag, text in texts.items() if tag and tag not in (NEW_LANGUAGE, NEW_TEXT)}
    return sorted({default: "", **texts}.items(), key=lambda pair: (pair[0] != default, pair[0]))


def culturape_languages() -> list[tuple[str, str]]:
    """Languages in which texts can be written: id and name, by name."""
    language = culturape_language()
    pairs = ((c.id, c.label(language)) for c in vocabulary().scheme("language") if not c.deprecated)
    return sorted(pairs, key=lambda pair: fold(pair[1]))


def culturape_chosen(name: str, data: Mapping[str, Any]) -> list[str]:
    """The chosen values of a field, as stored or as just typed."""
    value: Any = data.get(name)
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else value.splitlines()
    return [str(item) for item in value or () if item]


def culturape_items(field: Mapping[str, Any], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of a composite, as stored or as just typed, with an empty one to fill in."""
    name = field["field_name"]
    stored: Any = data.get(name)
    items = [dict(item) for item in stored or () if isinstance(item, Mapping)]
    if not items:
        typed: dict[str, dict[str, Any]] = {}
        for key, text in data.items():
            parts = key.split("-")
            if parts[0] == name and len(parts) == 3:
                typed.setdefault(parts[1], {})[parts[2]] = text
        items = [item for item in typed.values() if any(item.values())]
    most = int(field.get("at_most") or 0)
    return items if most and len(items) >= most else [*items, {}]


def culturape_suggestions() -> str:
    """JSON of the access level that follows from each sensitivity, with the reason, for the form."""
    pairs = {name: care.suggest_access([name]) for name in care.RULES}
    return json.dumps(
        {name: {"level": level, "reason": tk._(reason)} for name, (level, reason) in pairs.items()}
    )


def culturape_suggested(field: Mapping[str, Any]) -> str:
    """JSON of what each concept of another field suggests for this one: ``{"museos": {"patrimonio-natural-cultural": label}}``."""
    source = load_schema().field(str(field["suggested_from"]))
    name, language = str(field["field_name"]), culturape_language()
    target = vocabulary().scheme(str(field["vocabulary"]))
    table = {
        concept.id: {i: target.concepts[i].label(language) for i in concept.attributes[name] if i in target}
        for concept in vocabulary().scheme(source.vocabulary)
        if concept.attributes.get(name)
    }
    return json.dumps(table, ensure_ascii=False)
