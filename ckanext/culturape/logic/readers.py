"""Who reads? The person who looks at a page, or anybody, who sees what is public."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.types import Record


def anybody() -> Context:
    """Nobody with rights of their own, whoever asks."""
    return cast("Context", {"user": "", "auth_user_obj": None})


def reader() -> Context:
    """The person who looks at the page."""
    user = tk.current_user
    is_known = bool(getattr(user, "is_authenticated", False))
    return cast("Context", {"user": user.name, "auth_user_obj": user}) if is_known else anybody()


def is_public(package: Any) -> bool:
    """Whether anybody may read a stored record."""
    return package.state == model.State.ACTIVE and not package.private


def search(query: Record) -> Record:
    """What ``package_search`` gives to anybody."""
    return tk.get_action("package_search")(anybody(), query)
