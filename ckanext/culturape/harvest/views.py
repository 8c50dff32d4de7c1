"""Which views do new resources get? Those that CKAN gives them, without a question to the database for each resource that no view can show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.datapreview import get_default_view_plugins
from ckan.types import Context

from ckanext.culturape.harvest import showing
from ckanext.culturape.types import Record


@tk.chained_action
def package_create_default_resource_views(
    original: Callable[..., Any], context: Context, data_dict: Record
) -> Any:
    """As CKAN makes them; for a harvest it is asked about those resources only that some view can show."""
    if not showing.is_under_way():
        return original(context, data_dict)
    package = data_dict["package"]
    plugins = get_default_view_plugins(tk.asbool(data_dict.get("create_datastore_views", False)))
    shown = [
        resource
        for resource in cast("list[Record]", package.get("resources") or [])
        if any(plugin.can_view({"resource": resource, "package": package}) for plugin in plugins)
    ]
    return original(context, {**data_dict, "package": {**package, "resources": shown}})
