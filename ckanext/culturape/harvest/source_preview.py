"""What would this source give? The answer of ``preview`` for a page: a part of the datasets, and what was refused by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from ckanext.culturape import config
from ckanext.culturape.errors import N_
from ckanext.culturape.fields import load_schema
from ckanext.culturape.harvest.kinds import FAMILIES
from ckanext.culturape.harvest.options import Options, write_options
from ckanext.culturape.harvest.preview import LIMITS, preview
from ckanext.culturape.harvest.site import limits_of, reading_site
from ckanext.culturape.harvest.told import recognised
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.logic.flooding import may_go_on
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.namespaces import READ_PREFIXES, expand

#: Pages that are read, and seconds for all of them.
PAGES, SECONDS = 3, 20
#: Datasets that a page shows, statements of each that no field takes, and examples of each reason.
MOST_DATASETS, MOST_STATEMENTS, MOST_EXAMPLES = 50, 100, 3

#: Previews at one time in each process of the web server: the others must go on serving.
_ROOM = BoundedSemaphore(2)


class Seen(NamedTuple):
    """A dataset: title, address, pairs of label and text, statements that no field takes, and how many there are."""

    title: str
    uri: str
    fields: list[tuple[str, str]]
    statements: list[str]
    number: int


class Reason(NamedTuple):
    """Why values of a field are refused, how often, and some of them, each with its dataset."""

    text: str
    number: int
    examples: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows.

    Attributes:
        error: why nothing could be read; empty when something could.
        status: of the answer.
        total: datasets that were found.
        datasets: the first of them.
        refused: reasons by label of the field.
        refusals: how many values and datasets are refused.
        pages: that were read.
        is_more: whether there are more.
        family: what kind of catalogue it is.
    """

    error: str
    status: int = 200
    total: int = 0
    datasets: list[Seen] = field(default_factory=list[Seen])
    refused: list[tuple[str, list[Reason]]] = field(default_factory=list[tuple[str, list[Reason]]])
    refusals: int = 0
    pages: int = 0
    is_more: bool = False
    family: str = ""


def look(address: str, options: Options, language: str) -> Shown:
    """What a source would give, within the time of somebody who waits; writes nothing."""
    if not may_go_on("harvest-preview", config.validation_rate()):
        return Shown(tk._("You have asked often in a short time. Try again later."), 429)
    if not _ROOM.acquire(blocking=False):
        return Shown(tk._("Other sources are being looked at. Try again in a moment."), 503)
    try:
        found = preview(
            reading_site(language),
            address=address,
            limits=_limits(options),
            pages=PAGES,
            options=write_options(options),
        )
    finally:
        _ROOM.release()
    return shown(found, language)


def _limits(options: Options) -> Limits:
    """The limits of the source, and those of a preview where they are lower."""
    own = limits_of(options)[0]
    return Limits(
        size=min(own.size, LIMITS.size),
        triples=min(own.triples, LIMITS.triples),
        total=float(SECONDS),
        memory=LIMITS.memory,
    )


def shown(found: Mapping[str, Any], language: str) -> Shown:
    """What a page shows of an answer."""
    if found["error"]:
        return Shown(str(found["error"]), 422)
    return Shown(
        error="",
        total=len(found["datasets"]),
        datasets=[_seen(dataset, language) for dataset in found["datasets"][:MOST_DATASETS]],
        refused=_by_field(found["refused"]),
        refusals=len(found["refused"]),
        pages=found["pages"],
        is_more=found["more"],
        family=tk._(FAMILIES[found["family"]]) if found["family"] in FAMILIES else "",
    )


def _seen(dataset: Mapping[str, Any], language: str) -> Seen:
    fields = list(recognised(dataset["fields"], vocabulary(), language, tk._))
    lines = dataset["residue"]
    return Seen(dataset["title"], dataset["uri"], fields, lines[:MOST_STATEMENTS], len(lines))


def _by_field(refused: Iterable[Mapping[str, str]]) -> list[tuple[str, list[Reason]]]:
    """Refused values by label of the field and reason, the most frequent first."""
    groups: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for one in refused:
        label = field_label(one["field"], tk._)
        groups.setdefault(label, {}).setdefault(one["reason"], []).append((one["uri"], one["value"]))
    found = [
        (
            label,
            sorted(
                (Reason(text, len(all_), all_[:MOST_EXAMPLES]) for text, all_ in reasons.items()),
                key=lambda r: -r.number,
            ),
        )
        for label, reasons in groups.items()
    ]
    return sorted(found, key=lambda group: -sum(reason.number for reason in group[1]))


def field_label(place: str, say: Callable[[str], str]) -> str:
    """What a person calls the place of a refused value: the label of our field, or the name that the source has for it."""
    if not place:
        return say(N_("The document as a whole"))
    if "://" in place:
        return _property_label(place, say)
    parts = [part for part in place.replace("/", ".").split(".") if not part.isdigit()]
    is_file = len(parts) > 1 and parts[0] == "resources"
    schema = load_schema()
    fields = schema.resource_fields if is_file else schema.fields
    name = parts[1 if is_file else 0] if parts else ""
    declared = next((one for one in fields if one.name == name), None)
    return say(declared.label) if declared else ".".join(parts) or place


def _property_label(address: str, say: Callable[[str], str]) -> str:
    """The label of the field that a property of RDF stands for, else its name with the usual prefix."""
    schema = load_schema()
    for one in (*schema.fields, *schema.resource_fields):
        if one.rdf and one.rdf.predicate and expand(one.rdf.predicate) == address:
            return say(one.label)
    prefix = next((name for name, base in READ_PREFIXES.items() if address.startswith(base)), "")
    return f"{prefix}:{address.removeprefix(READ_PREFIXES[prefix])}" if prefix else address
