"""What templates ask of vocabularies."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.culturape import config
from ckanext.culturape.logic.concepts import hint
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.vocab.concept import Concept, Scheme

#: A scheme with more concepts than this is offered as a search box, not as a list.
MOST_BOXES = 26


def culturape_language() -> str:
    """The language of the reader; that of the site for a command or a job, which nobody reads along."""
    return str((has_request_context() and tk.h.lang()) or config.default_language())


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
    """JSON of the labels of chosen values, for the search box; retired ones are marked."""
    labels = {value: culturape_label(scheme_id, value) for value in chosen}
    for value in chosen:
        concept = culturape_concept(scheme_id, value)
        if concept and concept.deprecated:
            labels[value] += f" ({tk._('retired')})"
    return json.dumps(labels, ensure_ascii=False)


def culturape_hint(concept: Concept) -> str:
    """What tells a concept from others of the same name."""
    return hint(concept, culturape_language())


def culturape_way(code: str) -> list[Concept]:
    """A place and all above it, the widest first."""
    scheme = vocabulary().scheme("territory")
    place = scheme.get(str(code))
    return [*reversed(scheme.ancestors(code)), place] if place else []
