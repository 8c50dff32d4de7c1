"""Which datasets use a concept? Asked of the index, which knows records as the rules of care let anybody see them."""

from __future__ import annotations

import logging
from typing import NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError, SolrConnectionError
from ckan.types import Context

from ckanext.culturape.logic import readers
from ckanext.culturape.search import use_field
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)


class Uses(NamedTuple):
    """How many datasets use a concept, or one below it, and the newest of them."""

    total: int
    newest: list[Record]


def uses_for_reader(scheme_id: str, concept_id: str, rows: int = 10) -> Uses | None:
    """What the person who asks may see; ``None`` when datasets never choose from the scheme, or the search does not answer."""
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user, "for_view": True}
    private = tk.asbool(tk.config.get("ckan.search.default_include_private"))
    return _uses(context, scheme_id, concept_id, {"rows": rows, "include_private": private})


def public_uses(scheme_id: str, concept_id: str, rows: int) -> Uses | None:
    """What everybody may see, whoever asks."""
    return _uses({**readers.anybody()}, scheme_id, concept_id, {"rows": rows})


def _uses(context: Record, scheme_id: str, concept_id: str, query: Record) -> Uses | None:
    field = use_field(scheme_id)
    if not field:
        return None
    quoted = concept_id.replace("\\", "\\\\").replace('"', '\\"')
    query = {
        **query,
        "fq": f'+dataset_type:dataset +{field}:"{quoted}"',
        "sort": "metadata_created desc, name asc",
    }
    try:
        found = tk.get_action("package_search")(cast("Context", context), query)
    except (SearchError, SolrConnectionError):
        log.exception("the search for the datasets of %s/%s failed", scheme_id, concept_id)
        return None
    return Uses(found["count"], found["results"])
