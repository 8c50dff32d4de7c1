"""How are agendas, commitments and needs called on pages? CKAN would make "Necesidads" and "Create Compromiso" of their types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.culturape.errors import N_

#: What CKAN asks for, for each type.
WORDS: Mapping[str, Mapping[str, str]] = {
    "agenda": {
        "singular": N_("Agenda"), "plural": N_("Agendas"), "create": N_("Create agenda"), "edit": N_("Edit agenda"),
        "view": N_("View agenda"), "save": N_("Save agenda"), "search": N_("Search agendas..."),
        "delete": N_("Are you sure you want to delete this agenda?"), "my": N_("My agendas"), "nothing": N_("There is no description of this agenda"),
    },
    "compromiso": {
        "singular": N_("Commitment"), "plural": N_("Commitments"), "create": N_("Create commitment"), "edit": N_("Edit commitment"),
        "view": N_("View commitment"), "save": N_("Save commitment"), "search": N_("Search commitments..."),
        "delete": N_("Are you sure you want to delete this commitment?"), "my": N_("My commitments"), "nothing": N_("There is no description of this commitment"),
    },
    "necesidad": {
        "singular": N_("Need"), "plural": N_("Needs"), "create": N_("State a need"), "edit": N_("Edit need"),
        "view": N_("View need"), "save": N_("Save need"), "search": N_("Search needs..."),
        "delete": N_("Are you sure you want to delete this need?"), "my": N_("My needs"), "nothing": N_("There is no description of this need"),
    },
}  # fmt: skip

#: Which of these answers each purpose that CKAN names.
PURPOSES: Mapping[str, str] = {
    "add link": "create", "create label": "create", "create title": "create", "breadcrumb": "plural", "content tab": "plural",
    "facet label": "plural", "main nav": "plural", "page title": "plural", "my label": "my", "edit label": "edit", "update label": "save",
    "save label": "save", "view label": "view", "delete confirmation": "delete", "search placeholder": "search", "search_placeholder": "search",
    "no description": "nothing", "form label": "singular", "default label": "singular",
}  # fmt: skip


@tk.chained_helper
def humanize_entity_type(
    original: Callable[..., Any], entity_type: str, object_type: str, purpose: str
) -> Any:
    """As CKAN says it, but of our types in our words."""
    if entity_type == "package" and object_type in WORDS:
        return culturape_type_word(object_type, PURPOSES.get(purpose, "singular"))
    return original(entity_type, object_type, purpose)


def culturape_type_word(record_type: str, word: str) -> str:
    """What a type of record is called: ``singular``, ``plural``, and what one does with it; empty for other types."""
    found = WORDS.get(record_type, {}).get(word)
    return tk._(found) if found else ""


#: How many there are of each type, with the words for one and for more.
COUNTED: Mapping[str, Callable[[int], str]] = {
    "agenda": lambda number: tk.ungettext("%(num)d agenda", "%(num)d agendas", number),
    "compromiso": lambda number: tk.ungettext("%(num)d commitment", "%(num)d commitments", number),
    "necesidad": lambda number: tk.ungettext("%(num)d need", "%(num)d needs", number),
}


def culturape_found(record_type: str, number: int) -> str:
    """How many records of one of our types were found, in words; empty for other types."""
    count = COUNTED.get(record_type)
    return count(number) % {"num": number} if count else ""
