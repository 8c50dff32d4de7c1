"""Under which name does a new record stand in web addresses?"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.munge import munge_title_to_name
from ckan.types import Context

from ckanext.culturape.fields import Schema
from ckanext.culturape.logic.flat import Flat

MAX_NAME = 90


def fill_name(schema: Schema, data: Flat, context: Context) -> None:
    """Make the name of a new record from its title when nobody chose one."""
    stored = context.get("package") or context.get("group")
    if data.get(("name",)) not in (None, "", tk.missing):
        return
    if stored is not None:
        data["name",] = stored.name
    else:
        # Without a title the record is refused; CKAN would break before, for it takes the name for the title.
        title = str(data.get(("title",)) or "")
        data["name",] = free_name(title, is_organization=schema.type == "organization")


def free_name(title: str, *, is_organization: bool = False) -> str:
    """A name made from the title that no other record has."""
    base = munge_title_to_name(title).strip("-_")[:MAX_NAME].rstrip("-_")
    if len(base) < 2:
        base = f"{base or 'registro'}-1"
    table = model.Group if is_organization else model.Package
    name, number = base, 1
    while table.get(name) is not None:
        number += 1
        name = f"{base}-{number}"
    return name
