"""For which organisations may somebody have datasets brought in? For those in which they may create datasets, no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.options import Options
from ckanext.culturape.values.texts import shorten

#: The place of faults about the organisation of the source itself.
OWNER = "owner_org"


def find_organization(name: object) -> Any:
    """The organisation of that name or id; ``None`` when there is none, or it was deleted."""
    group: Any = model.Group.get(name) if isinstance(name, str) and name else None
    return group if group and group.is_organization and group.state == "active" else None


def by_name(options: Options) -> tuple[Options, list[Fault]]:
    """The same options with organisations by their names, and the faults of those that there are not."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for publisher, name in options.organizations.items():
        group = find_organization(name)
        if group is None:
            message = N_("There is no organisation “%(value)s” on this site.")
            faults.append(Fault(message, {"value": shorten(name)}, "organizations"))
        else:
            found[publisher] = group.name
    return replace(options, organizations=found), faults


def access_faults(options: Options, owner: object, context: Context) -> Iterator[Fault]:
    """What somebody may not have brought in: a source writes in the name of the site, so that it must be allowed less than its maker, never more.

    Args:
        options: with organisations by name.
        owner: name or id of the organisation of the source.
        context: whose ``user`` asks; with ``ignore_auth`` all is allowed.
    """
    if context.get("ignore_auth"):
        return
    own = find_organization(owner)
    if own is not None:
        yield from _publishing_faults(own, options, context)
    for name in sorted(set(options.organizations.values()) - {own.name if own else ""}):
        group = find_organization(name)
        if not _may_create(group.id, context, private=True):
            message = N_(
                "You may not create datasets for “%(value)s”; somebody who may has to save this source."
            )
            yield Fault(message, {"value": group.title or name}, "organizations")
        else:
            yield from _publishing_faults(group, options, context)


def _publishing_faults(group: Any, options: Options, context: Context) -> Iterator[Fault]:
    """Where records are reviewed, who does not publish has them come in private."""
    if options.private or not _may_create(group.id, context, private=True):
        # Whether the source itself may belong to the organisation is CKAN's question.
        return
    if not _may_create(group.id, context, private=False):
        message = N_(
            "This portal reviews records before they are published: have those of “%(value)s” come in private."
        )
        yield Fault(message, {"value": group.title or group.name}, "private")


def _may_create(organization: str, context: Context, *, private: bool) -> bool:
    asked = cast("Context", {"user": context.get("user") or "", "model": model, "session": model.Session})
    try:
        tk.check_access(
            "package_create", asked, {"owner_org": organization, "private": private, "type": "dataset"}
        )
    except tk.NotAuthorized:
        return False
    return True
