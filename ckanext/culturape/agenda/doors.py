"""Through which doors do records become private or go, without a word to plugins? CKAN 2.11 changes many at once past its own hooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.agenda import following
from ckanext.culturape.types import Record

Action = Callable[[Context, Record], Any]


def _followed(original: Action, context: Context, data: Record) -> Any:
    result = original(context, data)
    following.records_changed(str(one) for one in data.get("datasets") or ())
    model.Session.commit()
    return result


@tk.chained_action
def bulk_update_private(original: Action, context: Context, data: Record) -> Any:
    """Keep that many records at once became private."""
    return _followed(original, context, data)


@tk.chained_action
def bulk_update_public(original: Action, context: Context, data: Record) -> Any:
    """Keep that many records at once became public."""
    return _followed(original, context, data)


@tk.chained_action
def bulk_update_delete(original: Action, context: Context, data: Record) -> Any:
    """Keep that many records at once were deleted."""
    return _followed(original, context, data)
