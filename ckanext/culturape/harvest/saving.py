"""How does a record of a source come into the catalogue? Through the actions of CKAN, in one transaction with our rows.

CKAN writes to the index before (2.12) or while (2.11) it commits; here the index follows (``indexing``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.munge import munge_title_to_name
from ckan.types import Context
from sqlalchemy import text

from ckanext.culturape.harvest import keywords, newcomers
from ckanext.culturape.types import Record

#: Characters of a name that comes from a title; what keeps names apart follows.
LONGEST_NAME = 90


def context_for(user: str, **more: Any) -> Context:
    """The context of a change that a harvest makes; whoever calls ends the transaction."""
    notes = {
        "user": user,
        "ignore_auth": True,
        "culturape_import": True,
        "defer_commit": True,
        "return_id_only": True,
    }
    return cast("Context", {**notes, **more})


def create(record: Record, package_id: str, user: str) -> None:
    """Make a record that never was, its resources with their ids. Raises: ValidationError."""
    name = free_name(str(record.pop("name", "") or ""), package_id)
    files = [dict(resource) for resource in record.get("resources") or ()]
    ids = [resource.pop("id") for resource in files]
    data = {**record, "id": package_id, "name": name, "type": "dataset", "resources": files}
    keywords.make_known(record)
    with newcomers.named(ids):
        tk.get_action("package_create")(context_for(user), data)


def update(record: Record, user: str) -> None:
    """Change a record; what it does not say goes. Raises: ValidationError."""
    keywords.make_known(record)
    tk.get_action("package_update")(_changing(user, str(record["id"])), dict(record))


def _changing(user: str, package_id: str) -> Context:
    """CKAN 2.12 does not say that something has changed when whoever calls ends the transaction; the activity stream would not know of it."""
    return context_for(user, changed_entities={"packages": {package_id}})


def delete(package_id: str, user: str) -> None:
    """Take a record out of the catalogue; it can come back."""
    with _left_open():
        tk.get_action("package_delete")(context_for(user), {"id": package_id})


@contextmanager
def _left_open() -> Iterator[None]:
    """CKAN ends the transaction of a deletion before the activity stream has told of it: what is killed between the two would never be told.

    The processes that harvest do one thing at a time, so that nobody else's transaction is left open.
    """
    commit = model.repo.commit
    model.repo.commit = model.Session.flush
    try:
        yield
    finally:
        model.repo.commit = commit


def hide(package_id: str, user: str) -> None:
    """Let only its organisation see a record whose old version may no longer be shown."""
    tk.get_action("package_patch")(_changing(user, package_id), {"id": package_id, "private": True})


def stored(package_id: str) -> Record | None:
    """The record as it stands in the database, deleted ones too; ``None`` when there is none. Nobody else changes it until the transaction ends."""
    if model.Session.get(model.Package, package_id, with_for_update=True) is None:
        return None
    context = cast("Context", {"ignore_auth": True, "use_cache": False})
    return tk.get_action("package_show")(context, {"id": package_id})


def free_name(title: str, package_id: str) -> str:
    """A name for web addresses: from the title, with a part of the id when another record has it."""
    plain = munge_title_to_name(title)[:LONGEST_NAME].strip("-_") or "dataset"
    if len(plain) < 2:
        plain = f"dataset-{plain}"
    taken = model.Session.execute(text("SELECT 1 FROM package WHERE name = :name"), {"name": plain}).scalar()
    return f"{plain}-{package_id[:8]}" if taken else plain
