"""How does a person save a draft in the form, and publish it later?

CKAN's form publishes a new dataset at once when it may have no files, and keeps a draft in that state when it is edited.
Our form has two buttons instead; what they mean is read here, where every door passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ckan.types import Context

from ckanext.culturape.types import Record

#: Values of the buttons. The second is one of CKAN's own, which leads to the page of the dataset.
SAVE_DRAFT = "save-draft"
PUBLISH = "go-metadata-preview"


def read_new(context: Context, data: Mapping[str, Any]) -> None:
    """Note what a new record is meant to become, so that it is checked before anything is saved."""
    notes = cast("dict[str, Any]", context)
    notes["culturape_keep_draft"] = data.get("save") == SAVE_DRAFT
    published = data.get("state") == "draft" and data.get("save") == PUBLISH
    notes["culturape_state"] = "active" if published else None


def read_change(context: Context, data: Record, old: Mapping[str, Any]) -> bool:
    """Note what a change of a draft is meant to do; whether there is nothing to do at all."""
    notes = cast("dict[str, Any]", context)
    notes["culturape_state"] = None
    if old.get("state") != "draft":
        return False
    if notes.get("culturape_keep_draft") and data.get("state") == "active":
        return True
    if data.get("save") == PUBLISH:
        data["state"] = "active"
        notes["allow_state_change"] = True
    return False
