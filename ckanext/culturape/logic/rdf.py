"""What must be known of this site to write its records as RDF."""

from __future__ import annotations

from typing import cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context as CkanContext
from ckanext.dcat.utils import catalog_uri
from sqlalchemy.engine import Connection

from ckanext.culturape import config
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record

#: What CKAN would look up about an organisation and we do not write.
NOT_NEEDED = dict.fromkeys(
    ("include_users", "include_dataset_count", "include_groups", "include_tags", "include_followers"), False
)


def make_context(dataset: str = "", described: set[str] | None = None) -> Context:
    """The context of this site, for one dataset."""
    return Context(
        vocabulary(), catalog_uri().rstrip("/"), dataset, config.default_language(), described or set()
    )


def snapshot() -> Connection:
    """A connection that sees the database as it is now, whatever is written later."""
    engine = model.ensure_engine()
    return engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def organization_of(record: Record) -> Record:
    """The organisation of a dataset with all its fields, which the dataset's own copy lacks."""
    owner = record.get("owner_org")
    if not owner:
        return {}
    context = cast("CkanContext", {"ignore_auth": True})
    try:
        return tk.get_action("organization_show")(context, {"id": owner, **NOT_NEEDED})
    except tk.ObjectNotFound:
        return {}
