"""The statements about one dataset: from its fragment when it is public, made for its reader when it is not."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.dcat import beside, building, pages, versions
from ckanext.culturape.dcat.profile import DATASET_TYPE, is_ours
from ckanext.culturape.dcat.store import Kept, as_kept
from ckanext.culturape.logic.rdf import make_context, organization_of
from ckanext.culturape.rdf.formats import Format, write
from ckanext.culturape.rdf.fragment import describe, make_fragment


class Single(NamedTuple):
    """One dataset, ready to be written."""

    kept: Kept
    modified: datetime | None
    is_public: bool

    def etag(self, form: Format) -> str:
        """Changes when what is said of the dataset does."""
        return pages.digest(form.media_type, building.site_version(), self.kept.ntriples, self.kept.concepts)

    def write(self, form: Format) -> bytes:
        """In a format."""
        return write([self.kept.ntriples, describe(self.kept.concepts.split(), make_context())], form)


def find(name: str) -> Single | None:
    """The dataset of that id or name; ``None`` when another profile describes it.

    Raises: ObjectNotFound when there is none, or none that the reader may see.
    """
    package = model.Package.get(name)
    if package is None or package.type != DATASET_TYPE or not is_ours({"type": package.type}):
        return None
    with versions.reading() as connection:
        rows = versions.rows_of(connection, [package.id])
        kept = building.fragments(connection, rows)
    if kept:
        return Single(kept[0], rows[0].modified, is_public=True)
    return _for_the_reader(package.id)


def _for_the_reader(dataset_id: str) -> Single:
    user = tk.current_user.name if tk.current_user.is_authenticated else ""
    try:
        record = tk.get_action("package_show")(cast("Context", {"user": user}), {"id": dataset_id})
    except tk.NotAuthorized:
        raise tk.ObjectNotFound(dataset_id) from None
    made = make_fragment(record, make_context(), organization_of(record), beside.said_of(record))
    return Single(as_kept(dataset_id, made), None, is_public=False)
