"""Who may see what a source said of a dataset, word for word? ckanext-harvest shows it to everybody, past the rules of care."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckanext.harvest.model import HarvestSource

from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.types import Record


@tk.side_effect_free
@tk.chained_action
def harvest_object_show(original: Callable[..., Record], context: Context, data_dict: Record) -> Record:
    """As ckanext-harvest gives it, to those who manage the source. Raises: NotAuthorized."""
    found = original(context, data_dict)
    source: Any = HarvestSource.get(found["source"])
    if source is not None and source.type == HARVESTER and not context.get("ignore_auth"):
        reader = cast("Context", {"user": context.get("user", ""), "model": context.get("model")})
        tk.check_access("harvest_source_update", reader, {"id": source.id})
    return found
