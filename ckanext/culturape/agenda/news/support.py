"""Supporting a need is following it: one button that works without JavaScript, and the number of those who do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.culturape.agenda.news import followers
from ckanext.culturape.agenda.public.stating import SENDER
from ckanext.culturape.types import Record
from ckanext.culturape.views.editing import refuse_forged, user_name


class Support(NamedTuple):
    """How many people support a need, and whether the reader is one of them."""

    number: int
    is_own: bool


def culturape_support(record: Mapping[str, Any]) -> Support:
    """How a need is supported."""
    is_own = False
    if user_name():
        asked = cast("Context", {"user": user_name()})
        is_own = bool(tk.get_action("am_following_dataset")(asked, {"id": record["id"]}))
    return Support(followers.number(str(record["id"])), is_own)


def support(name: str) -> Any:
    """Support a need."""
    return _follow(name, "follow_dataset")


def stop(name: str) -> Any:
    """Stop supporting a need."""
    return _follow(name, "unfollow_dataset")


def _follow(name: str, action: str) -> Any:
    refuse_forged()
    context = cast("Context", {"user": user_name()})
    try:
        found = tk.get_action("package_show")(context, {"id": name})
        if found["type"] != "necesidad":
            raise tk.ObjectNotFound
        # Whoever does not support a need cannot stop to: that is what they asked for.
        with suppress(tk.ObjectNotFound):
            tk.get_action(action)(cast("Context", {"user": user_name()}), {"id": found["id"]})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Need not found"))
    except tk.NotAuthorized:
        tk.abort(403, tk._("You may not do this."))
    return tk.redirect_to("necesidad.read", id=name, _anchor="apoyo")


def need_made(context: Context, pkg_dict: Record) -> None:
    """An editor who writes down a need supports it from the beginning, as whoever states one does; nobody does when it was imported."""
    asked = cast("Mapping[str, Any]", context)
    if pkg_dict.get("type") != "necesidad" or asked.get("culturape_import") or asked.get(SENDER) or asked.get("ignore_auth"):  # fmt: skip
        return
    follows = {"user": asked.get("user"), "ignore_auth": True, "defer_commit": True}
    with suppress(tk.ValidationError, tk.ObjectNotFound, tk.NotAuthorized):
        tk.get_action("follow_dataset")(cast("Context", follows), {"id": pkg_dict["id"]})
