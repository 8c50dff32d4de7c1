"""What the pages of vocabularies ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from ckanext.culturape.errors import N_
from ckanext.culturape.helpers.concepts import culturape_label, culturape_language
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.vocab.concept import Concept
from ckanext.culturape.vocab.retired import successor

#: What each mapping relation of SKOS says, in words.
RELATIONS = {
    "exactMatch": N_("The same"),
    "closeMatch": N_("Nearly the same"),
    "broadMatch": N_("Broader"),
    "narrowMatch": N_("More precise"),
    "relatedMatch": N_("Related"),
}

#: Helper of the plugin that offers the vocabularies in other formats.
FORMATS_HELPER = "culturape_rdf_links"


class Match(NamedTuple):
    """A concept elsewhere; ``page`` and ``label`` only where the site has it too."""

    address: str
    page: str
    label: str


def culturape_mappings(concept: Concept) -> Iterator[tuple[str, list[Match]]]:
    """Relations to other vocabularies in words, each with the concepts there."""
    for relation, title in RELATIONS.items():
        if concept.matches.get(relation):
            yield tk._(title), [_match(address) for address in concept.matches[relation]]


def _match(address: str) -> Match:
    known = vocabulary().by_uri(address)
    if known is None:
        return Match(address, "", "")
    page = tk.url_for("culturape.concept", scheme=known.scheme, concept=known.id)
    return Match(address, page, known.label(culturape_language()))


def culturape_other_languages(concept: Concept) -> list[tuple[str, str, str]]:
    """Tag, name of the language, and label in every other language than the reader's."""
    shown = concept.label(culturape_language())
    return [
        (tag, culturape_label("language", tag), label)
        for tag, label in concept.labels.items()
        if label != shown
    ]


def culturape_formats(scheme_id: str = "", concept_id: str = "") -> list[Any]:
    """Where the same is offered for programs, with ``name``, ``media_type`` and ``url``; nothing without the plugin for it."""
    return tk.h[FORMATS_HELPER](scheme_id, concept_id) if FORMATS_HELPER in tk.h else []


def culturape_retired(scheme_id: str, chosen: list[str]) -> list[tuple[Concept, Concept | None]]:
    """The retired concepts among chosen values, each with its successor."""
    scheme = vocabulary().scheme(scheme_id)
    found = (scheme.get(value) for value in chosen)
    return [(concept, successor(concept, scheme)) for concept in found if concept and concept.deprecated]
