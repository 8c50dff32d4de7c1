"""Which concepts does somebody mean who types a part of a name? For autocompletion."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.concept import Concept

MOST = 50


@tk.side_effect_free
def culturape_concept_search(context: Context, data_dict: Record) -> list[dict[str, str]]:
    """Find concepts by a part of any of their names, without regard to accents; retired ones are not offered.

    :param scheme: id of the scheme, for example ``territory`` or ``people``
    :param q: what was typed
    :param limit: greatest number of answers, 20 by default and 50 at most

    :returns: dictionaries with ``id``, ``label`` and ``hint`` (where a place lies, other names)
    """
    tk.check_access("culturape_concept_search", context, data_dict)
    scheme_id = str(tk.get_or_bust(data_dict, "scheme"))
    if scheme_id not in vocabulary().schemes:
        raise tk.ObjectNotFound(tk._("No vocabulary is called “%(name)s”.") % {"name": scheme_id})
    try:
        limit = max(1, min(MOST, int(data_dict.get("limit") or 20)))
    except ValueError:
        raise tk.ValidationError({"limit": [tk._("A whole number is expected.")]}) from None
    language = str(data_dict.get("lang") or _language())
    found = vocabulary().scheme(scheme_id).search(str(data_dict.get("q") or "")[:200], limit)
    in_use = (c for c in found if not c.deprecated)
    return [{"id": c.id, "label": c.label(language), "hint": hint(c, language)} for c in in_use]


def _language() -> str:
    return str(tk.h.lang()) if tk.request else "es"


def hint(concept: Concept, language: str) -> str:
    """What tells a concept from others of the same name: where it lies, or how else it is called. Never hidden names."""
    if concept.attributes.get("qualified"):
        _, _, above = str(concept.attributes["qualified"]).partition(", ")
        level = tk._(LEVELS.get(str(concept.attributes.get("level")), ""))
        return " · ".join(part for part in (level, above, concept.id) if part)
    names: Any = concept.alt.get(language) or concept.alt.get("es") or ()
    return ", ".join(names[:3])


LEVELS = {"country": "country", "region": "region", "province": "province", "district": "district"}


@tk.auth_allow_anonymous_access
def culturape_concept_search_auth(context: Context, data_dict: Record) -> AuthResult:
    """Anybody: the vocabularies are public."""
    return {"success": True}
