"""How many datasets does an organisation or a group have? CKAN counts records of all types; agendas, commitments and needs are no datasets.

CKAN 2.11 asks the search for each organisation, CKAN 2.12 asks it once for a whole list and hands the numbers on in the context. Both come
through the action that shows one organisation.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.query import PackageSearchQuery
from ckan.types import Context

from ckanext.culturape.agenda.following import TYPES
from ckanext.culturape.types import Record

Action = Callable[[Context, Record], Any]

#: Where CKAN keeps numbers by organisation and group, and where we keep that we counted them.
THEIRS, OURS = "dataset_counts", "culturape_dataset_counts"

#: The filter that leaves our types out.
NO_OTHERS = f"-dataset_type:({' OR '.join(TYPES)})"

_is_counting: ContextVar[bool] = ContextVar("culturape_is_counting", default=False)


def is_counting() -> bool:
    """Whether a search is made to count the datasets of an organisation or a group."""
    return _is_counting.get()


@tk.chained_action
def organization_show(original: Action, context: Context, data_dict: Record) -> Any:
    """As CKAN shows it, with the number of its datasets."""
    return _show(original, context, data_dict)


@tk.chained_action
def group_show(original: Action, context: Context, data_dict: Record) -> Any:
    """As CKAN shows it, with the number of its datasets."""
    return _show(original, context, data_dict)


@tk.chained_action
def organization_list_for_user(original: Action, context: Context, data_dict: Record) -> Any:
    """As CKAN lists them, with the numbers of their datasets."""
    if tk.asbool(data_dict.get("include_dataset_count")):
        cast("dict[str, Any]", context)[THEIRS] = _count(None)
    return original(context, data_dict)


def _show(original: Action, context: Context, data_dict: Record) -> Any:
    kept = cast("dict[str, Any]", context)
    if kept.get(THEIRS) is not None and kept.get(THEIRS) is not kept.get(OURS):
        kept[THEIRS] = kept[OURS] = _count(_labels(context))
    token = _is_counting.set(True)
    try:
        return original(context, data_dict)
    finally:
        _is_counting.reset(token)


def _labels(context: Context) -> list[str] | None:
    """Whose records are counted: those that the person may see; all for whom nothing is hidden."""
    user: Any = context.get("auth_user_obj")
    if context.get("ignore_auth") or (user and authz.is_sysadmin(user.name)):
        return None
    return get_permission_labels().get_user_dataset_labels(user)


def _count(labels: list[str] | None) -> Record:
    query = PackageSearchQuery()
    asked = {
        "q": "",
        "fq": f"+entity_type:package {NO_OTHERS}",
        "facet.field": ["groups", "owner_org"],
        "facet.limit": -1,
        "rows": 1,
    }
    query.run(asked, permission_labels=labels)
    return query.facets
