"""In which lists do agendas, commitments and needs stand? In their own; pages of datasets show datasets."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.culturape.agenda.counting import NO_OTHERS, is_counting
from ckanext.culturape.types import Record

#: Pages that promise datasets, and would show records of all types.
PAGES = ("dataset.search", "organization.read", "group.read")


def before_dataset_search(params: Record) -> Record:
    """The search of such a page, or one that counts datasets, without our types."""
    if is_counting() or (has_request_context() and tk.request.endpoint in PAGES):
        params["fq"] = f"{params.get('fq') or ''} {NO_OTHERS}".strip()
    return params
