"""What was chosen for a source: the JSON of its configuration, as ckanext-harvest keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a source.

    Attributes:
        format: media type of the serialisation that is believed more than what the server says; sniffed when empty.
        profile: family of the documents (``rdf``, ``data.json``, ``schema.org``, ``html``, ``csw``, ``ckan``); told by the content when empty.
        default_language: of texts that do not say theirs; that of the site when empty.
        organizations: names of our organisations, by name or address of a publisher.
        private: whether datasets come in private, for somebody to review.
        sensitivity: concepts that stand in records whose source says nothing of care; never ``ninguna``.
        access_level: the same of the level of access.
        deletion_share: part of the datasets of the source, 0 to 1, that one run may delete without being asked.
        verify: whether the certificate of the server must be valid.
        pause: seconds between two requests.
        size, pages, datasets, triples: bytes, pages, datasets and statements that are read at most; 0 for the limits of the site.
    """

    format: str = ""
    profile: str = ""
    default_language: str = ""
    organizations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    private: bool = False
    sensitivity: tuple[str, ...] = ("no-revisado",)
    access_level: str = "no-revisado"
    deletion_share: float = 0.2
    verify: bool = True
    pause: float = 0.0
    size: int = 0
    pages: int = 0
    datasets: int = 0
    triples: int = 0


#: Names of the options.
NAMES: tuple[str, ...] = tuple(Options.__dataclass_fields__)

DEFAULTS = Options()


def read_options(text: str | None) -> Options:
    """The options of a source whose configuration was validated; what is not said is as by default."""
    raw: dict[str, Any] = json.loads(text or "{}")
    known = {name: raw[name] for name in NAMES if name in raw}
    if "sensitivity" in known:
        known["sensitivity"] = tuple(known["sensitivity"])
    return Options(**known)


def write_options(options: Options) -> str:
    """The same as JSON: what differs from the default, in the order of the names, so that equal choices are equal texts."""
    chosen = {
        name: getattr(options, name) for name in NAMES if getattr(options, name) != getattr(DEFAULTS, name)
    }
    if "organizations" in chosen:
        chosen["organizations"] = dict(options.organizations)
    return json.dumps(chosen, ensure_ascii=False, sort_keys=True)
