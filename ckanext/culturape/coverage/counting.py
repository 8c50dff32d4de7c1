"""How many are there? The index is asked for what anybody can read, whoever looks at the page."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins.toolkit as tk
import pysolr
from ckan.lib.search.common import SearchError, make_connection
from flask import current_app

from ckanext.culturape.coverage import asking
from ckanext.culturape.coverage.measure import Matrix, read_answer
from ckanext.culturape.coverage.question import Question
from ckanext.culturape.logic.facets import reader_language
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.logic.site import vocabulary

log = logging.getLogger(__name__)

#: Page on which needs are listed, where another plugin brings them.
NEEDS_PAGE = "necesidad.search"

#: Commitments that are read for the needs that they name.
MOST_PROMISES = 10_000


def count(question: Question) -> Matrix:
    """The answer to a question. Raises: SearchError when the index does not answer."""
    promised = promised_needs() if question.has_needs and has_needs() else None
    words = vocabulary()
    facets = asking.facets(question, words.pack.country, promised)
    limits = asking.filters(question.filters, words.pack.country)
    found = _ask(limits, {"rows": 0, "json.facet": json.dumps(facets)})
    return read_answer(found.raw_response.get("facets") or {}, question, words, reader_language())


def has_needs() -> bool:
    """Whether the site lists needs."""
    return NEEDS_PAGE in current_app.view_functions


def promised_needs() -> list[str]:
    """Ids of the needs that public commitments answer, those that were withdrawn aside. Raises: SearchError."""
    limits = ["+dataset_type:compromiso", "+answers_needs:[* TO *]", "-withdrawn_reason:[* TO *]"]
    found = _ask(limits, {"rows": MOST_PROMISES, "fl": "extras_answers_needs", "sort": "id asc"})
    return sorted({need for promise in found.docs for need in _decoded(promise.get("extras_answers_needs"))})


def public_filters() -> list[str]:
    """What keeps a question to Solr to what anybody can read on this site."""
    labels = lib_plugins.get_permission_labels().get_user_dataset_labels(None)
    readable = " OR ".join(map(asking.quoted, labels))
    site = asking.quoted(str(tk.config.get("ckan.site_id")))
    return [f"+site_id:{site}", "+state:active", "+capacity:public", f"+permission_labels:({readable})"]


def _ask(limits: Sequence[str], params: Mapping[str, Any]) -> Any:
    try:
        return make_connection(decode_dates=False).search("*:*", fq=[*public_filters(), *limits], **params)
    except pysolr.SolrError as error:
        log.exception("the index did not answer the question about coverage")
        raise SearchError(str(error)) from error


def _decoded(value: Any) -> list[str]:
    try:
        return list(ids_of(json.loads(value)))
    except (TypeError, ValueError):
        return []
