"""What templates may ask. Pure questions about fields, concepts and records; no template reads a schema itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk

from ckanext.culturape import care, config
from ckanext.culturape.fields import Field, Schema, load_schema
from ckanext.culturape.logic import facets
from ckanext.culturape.logic.concepts import hint
from ckanext.culturape.logic.review import missing_fields
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.logic.stored import FORM_MARK
from ckanext.culturape.values.record import CORE_OF
from ckanext.culturape.vocab.concept import Concept, Scheme

#: A scheme with more concepts than this is offered as a search box, not as a list.
MOST_BOXES = 26


class Part(NamedTuple):
    """A section of the form or the page with the fields that stand in it."""

    section: Any
    visible: list[dict[str, Any]]
    details: list[dict[str, Any]]


def culturape_language() -> str:
    """The language of the reader."""
    return str(tk.h.lang() or config.default_language())


def culturape_schema(kind: str = "dataset") -> Schema:
    """The declared fields of a type of record."""
    return load_schema(kind)


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
    texts = {tag: text for tag, text in texts.items() if len(tag) in (2, 3)}
    return sorted({default: "", **texts}.items(), key=lambda pair: (pair[0] != default, pair[0]))


def culturape_languages() -> list[tuple[str, str]]:
    """Languages in which texts can be written: short tag and name."""
    language = culturape_language()
    concepts = (c for c in vocabulary().scheme("language") if len(c.id) in (2, 3))
    return sorted(((c.id, c.label(language)) for c in concepts), key=lambda pair: pair[1])


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


def culturape_scheme(scheme_id: str) -> Scheme | None:
    """The scheme of that id."""
    return vocabulary().schemes.get(scheme_id)


def culturape_schemes() -> list[Scheme]:
    """All schemes of the site."""
    return list(vocabulary().schemes.values())


def culturape_is_short(scheme_id: str) -> bool:
    """Whether a scheme is offered as a list of boxes."""
    return len(vocabulary().scheme(scheme_id)) <= MOST_BOXES


def culturape_concept(scheme_id: str, concept_id: str) -> Concept | None:
    """A concept; ``None`` for a value that is none."""
    scheme = vocabulary().schemes.get(scheme_id)
    return scheme.get(str(concept_id)) if scheme else None


def culturape_label(scheme_id: str, concept_id: str) -> str:
    """The label of a concept for the reader; the value itself when it is no concept."""
    concept = culturape_concept(scheme_id, concept_id)
    return concept.label(culturape_language()) if concept else str(concept_id)


def culturape_chosen_labels(scheme_id: str, chosen: list[str]) -> str:
    """JSON of the labels of chosen values, for the search box."""
    return json.dumps({value: culturape_label(scheme_id, value) for value in chosen}, ensure_ascii=False)


def culturape_hint(concept: Concept) -> str:
    """What tells a concept from others of the same name."""
    return hint(concept, culturape_language())


def culturape_way(code: str) -> list[Concept]:
    """A place and all above it, the widest first."""
    scheme = vocabulary().scheme("territory")
    place = scheme.get(str(code))
    return [*reversed(scheme.ancestors(code)), place] if place else []


def culturape_missing(record: Mapping[str, Any]) -> list[Field]:
    """Needed fields that a record lacks."""
    return missing_fields(load_schema(), record)


def culturape_display(
    record: Mapping[str, Any], schema: Mapping[str, Any]
) -> Iterator[tuple[Any, list[Any]]]:
    """Sections of the page with the fields that have something to show, or are missed."""
    for section in schema["sections"]:
        fields = [
            field
            for field in schema["dataset_fields"]
            if field.get("section") == section["id"] and field.get("display_snippet")
            and field["field_name"] not in {"title_translated", "notes_translated", "tags_translated", "sample_record"}
            and (record.get(field["field_name"]) not in (None, "", [], {}) or field.get("needed"))
        ]  # fmt: skip
        if fields:
            yield section, fields


def culturape_suggestions() -> str:
    """JSON of the access level that follows from each sensitivity, with the reason, for the form."""
    pairs = {name: care.suggest_access([name]) for name in care.RULES}
    return json.dumps(
        {name: {"level": level, "reason": tk._(reason)} for name, (level, reason) in pairs.items()}
    )


def culturape_sector_suggestions() -> str:
    """JSON of the domains and programmes that follow from each sector, for the form."""
    return json.dumps({concept.id: dict(concept.attributes) for concept in vocabulary().scheme("sector")})


def culturape_safe_url(address: Any) -> str:
    """The address when a browser may follow it, empty for any other."""
    text = str(address or "").strip()
    return text if text.lower().startswith(("http://", "https://", "mailto:", "ftp://")) else ""


def culturape_counts() -> dict[str, dict[str, int]]:
    """How many public datasets there are by right, sector, region and people: for the home page."""
    names = ["vocab_cultural_right", "vocab_sector", "vocab_region", "vocab_people"]
    query = {
        "fq": "+dataset_type:dataset",
        "rows": 0,
        "facet.field": names,
        "facet.limit": 500,
        "facet.mincount": 1,
    }
    found = tk.get_action("package_search")(cast("Any", {"user": ""}), query)
    return {"total": {"": found["count"]}, **found.get("facets", {})}


def culturape_country() -> str:
    """The country of the pack."""
    return vocabulary().pack.country


def culturape_latest(limit: int = 4) -> list[dict[str, Any]]:
    """The datasets that came last."""
    query = {"fq": "+dataset_type:dataset", "rows": limit, "sort": "metadata_created desc"}
    return tk.get_action("package_search")(cast("Any", {"user": ""}), query)["results"]


def culturape_citation(record: Mapping[str, Any]) -> str:
    """How to cite a dataset."""
    organization: Mapping[str, Any] = record.get("organization") or {}
    year = str(record.get("modified") or record.get("issued") or "")[:4]
    title = tk.h.get_translated(record, "title")
    address = tk.url_for("dataset.read", id=record["name"], _external=True)
    publisher = " ".join(part for part in (organization.get("title"), f"({year})" if year else "") if part)
    return " ".join(part for part in (f"{publisher}." if publisher else "", f"{title}.", address) if part)


def template_helpers() -> dict[str, Any]:
    """By name, as templates call them."""
    own = [value for name, value in globals().items() if name.startswith("culturape_") and callable(value)]
    return {
        **{helper.__name__: helper for helper in own},
        "culturape_facet_items": facets.facet_items,
        "culturape_visible_facets": facets.visible_facets,
        "culturape_form_mark": lambda: FORM_MARK,
    }
