"""What does the form of a source show? What was typed, else what is stored, else what holds when nobody chooses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest import typed
from ckanext.culturape.harvest.checking import read_config
from ckanext.culturape.harvest.checking_values import LONGEST_PAUSE
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.kinds import FAMILIES, FREQUENCIES, SERIALISATIONS
from ckanext.culturape.harvest.options import DEFAULTS
from ckanext.culturape.harvest.site import maxima
from ckanext.culturape.harvest.typed import PREFIX
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.vocab.concept import Concept

#: Fields of the form in their order, with their labels.
LABELS: Mapping[str, str] = {
    "url": N_("Address of the catalogue"),
    "title": N_("Title of the source"),
    "notes": N_("Description"),
    "owner_org": N_("Organisation that answers for it"),
    "name": N_("Name in web addresses"),
    "frequency": N_("How often it is read"),
    f"{PREFIX}profile": N_("Kind of catalogue"),
    f"{PREFIX}default_language": N_("Language of texts that do not say theirs"),
    f"{PREFIX}private": N_("Datasets come in private"),
    f"{PREFIX}organizations": N_("Organisations by publisher"),
    f"{PREFIX}format": N_("Serialisation"),
    f"{PREFIX}sensitivity": N_("What must be taken care of"),
    f"{PREFIX}access_level": N_("Access level"),
    f"{PREFIX}deletion_share": N_("Share that one run may delete without being asked"),
    f"{PREFIX}verify": N_("Check the certificate of the server"),
    f"{PREFIX}pause": N_("Pause between two requests"),
    f"{PREFIX}pages": N_("Pages at most"),
    f"{PREFIX}datasets": N_("Datasets at most"),
    f"{PREFIX}size": N_("Megabytes of a page at most"),
    f"{PREFIX}triples": N_("Statements of a page at most"),
}
#: Fields under "more details", by part of the form; they stand open when one of them says something or is wrong.
DETAILS: Mapping[str, tuple[str, ...]] = {
    "who": ("name",),
    "what": (f"{PREFIX}organizations", f"{PREFIX}format"),
    "safety": tuple(f"{PREFIX}{name}" for name in ("pause", "pages", "datasets", "size", "triples")),
}


class Problem(NamedTuple):
    """What is wrong with a field: its name in the form, empty when it stands in none; its label, and the sentences."""

    field: str
    label: str
    texts: list[str]


class SourceForm(NamedTuple):
    """What the template needs.

    Attributes:
        values: of the options, by name, as texts, lists and rows.
        problems: what is wrong, in the order of the form.
        errors: the same by field.
        labels: by field, in the language of the reader.
        open: parts whose details stand open.
        frequencies, families, serialisations, languages, organizations: pairs of value and label to choose from.
        cares, levels: concepts to choose from.
        most: limits of the site, as the form says them.
    """

    values: Mapping[str, Any]
    problems: list[Problem]
    errors: Mapping[str, list[str]]
    labels: Mapping[str, str]
    open: Mapping[str, bool]
    frequencies: list[tuple[str, str]]
    families: list[tuple[str, str]]
    serialisations: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    organizations: list[tuple[str, str, str]]
    cares: list[Concept]
    levels: list[Concept]
    most: Mapping[str, int]


def culturape_is_source(data: Mapping[str, Any]) -> bool:
    """Whether a form is that of a source of ours: also a new one, while nobody chose another harvester."""
    chosen = data.get("source_type")
    return chosen == HARVESTER or not chosen


def culturape_other_harvesters() -> list[Mapping[str, str]]:
    """Harvesters of other extensions on this site."""
    return [found for found in tk.h.harvesters_info() if found["name"] != HARVESTER]


def culturape_source_form(data: Mapping[str, Any], errors: Mapping[str, Any] | None) -> SourceForm:
    """What the form of a source shows."""
    values = values_of(data)
    told = errors_of(errors or {})
    return SourceForm(
        values=values,
        problems=list(_problems(told)),
        errors=told,
        labels={name: tk._(label) for name, label in LABELS.items()},
        open={part: any(_says(name, values, told) for name in names) for part, names in DETAILS.items()},
        frequencies=_pairs(FREQUENCIES),
        families=_pairs(FAMILIES),
        serialisations=list(SERIALISATIONS.items()),
        languages=tk.h.culturape_languages(),
        organizations=_organizations(),
        cares=[concept for concept in vocabulary().scheme("sensitivity") if concept.id != "ninguna"],
        levels=[c for c in vocabulary().scheme("access-level") if not c.id.startswith("abierto")],
        most=_maxima(),
    )


def values_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The options as the form shows them."""
    if not typed.is_typed(data):
        return typed.fields_of({**_defaults(), **_stored(data.get("config"))})
    given = {name.removeprefix(PREFIX): value for name, value in data.items() if name.startswith(PREFIX)}
    fields = typed.fields_of(_defaults())
    if typed.SENT in data:
        fields |= dict.fromkeys(("private", "verify"), False)
    found = {name: given[name] for name in fields if name in given}
    switches = {
        name: bool(typed.options_of(data).get(name)) for name in ("private", "verify") if name in given
    }
    rows = typed.rows_of(typed.options_of(data).get("organizations"))
    return {
        **fields,
        **found,
        **switches,
        "sensitivity": typed.listed(given.get("sensitivity", fields["sensitivity"])),
        "organizations": rows,
    }


def _defaults() -> dict[str, Any]:
    return {name: getattr(DEFAULTS, name) for name in DEFAULTS.__dataclass_fields__}


def _stored(config: object) -> Mapping[str, Any]:
    try:
        return read_config(config)
    except Fault:
        return {}


def errors_of(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Sentences by field; those of fields that the form has not stand under their own names."""
    return {
        name: [
            text
            for text in (cast("list[Any]", value) if isinstance(value, list) else [value])
            if isinstance(text, str)
        ]
        for name, value in errors.items()
    }


def _problems(errors: Mapping[str, list[str]]) -> Iterator[Problem]:
    for name, label in LABELS.items():
        if errors.get(name):
            yield Problem(name, tk._(label), errors[name])
    for name, texts in errors.items():
        if name not in LABELS and texts:
            yield Problem("", tk._(N_("Options")) if name == "config" else name, texts)


def _says(name: str, values: Mapping[str, Any], errors: Mapping[str, list[str]]) -> bool:
    value = values.get(name.removeprefix(PREFIX))
    return bool(errors.get(name)) or value not in (None, "", [], "0", 0)


def _pairs(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, tk._(label)) for value, label in labels.items()]


def _organizations() -> list[tuple[str, str, str]]:
    """Id, name and title of the organisations for which the reader may create datasets."""
    found: list[Mapping[str, Any]] = tk.h.organizations_available("create_dataset")
    return sorted(
        ((o["id"], o["name"], str(o.get("display_name") or o.get("title") or o["name"])) for o in found),
        key=lambda o: o[2].lower(),
    )


def _maxima() -> dict[str, int]:
    most = maxima()
    return {**most, "size": most["size"] // 1_000_000, "pause": LONGEST_PAUSE}
