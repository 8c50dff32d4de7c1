"""The statements about one agenda, commitment or need: from what anybody may read when it is public, made for its reader when it is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context as CkanContext

from ckanext.culturape.agenda import dump, neighbours, published
from ckanext.culturape.agenda.following import TYPES
from ckanext.culturape.agenda.graph import Written, whole
from ckanext.culturape.logic import readers
from ckanext.culturape.logic.rdf import make_context, snapshot
from ckanext.culturape.rdf.formats import Format, write
from ckanext.culturape.types import Record


class Single(NamedTuple):
    """A record, with its commitments and needs when it is an agenda, ready to be written."""

    ntriples: bytes
    modified: datetime | None
    is_public: bool

    def write(self, form: Format) -> bytes:
        """In a format."""
        return write([self.ntriples], form)


def find(record_type: str, name: str) -> Single:
    """The record of that type and id or name.

    Raises: ObjectNotFound when there is none, or none that the reader may see; RuntimeError when a table is missing.
    """
    package: Any = model.Package.get(name)
    if package is None or package.type != record_type or record_type not in TYPES:
        raise tk.ObjectNotFound(name)
    record = _readable(package.id)
    is_public = readers.is_public(package)
    written = _written(record, is_public)
    ntriples = b"".join(whole(written, make_context()))
    return Single(ntriples, package.metadata_modified if is_public else None, is_public)


def _readable(record_id: str) -> Record:
    """The record, when the reader may see it."""
    user = tk.current_user.name if tk.current_user.is_authenticated else ""
    try:
        return tk.get_action("package_show")(cast("CkanContext", {"user": user}), {"id": record_id})
    except tk.NotAuthorized:
        raise tk.ObjectNotFound(record_id) from None


def _written(record: Record, is_public: bool) -> Written:
    """Of a public record what anybody may read; of another the record as its reader sees it. Links lead to what is public, in both."""
    connection = snapshot()
    try:
        with dump.told_of_tables():
            wanted = [record["id"]] if is_public else []
            if record["type"] == "agenda":
                wanted += published.belonging(connection, record["id"])
            records: Iterable[Record] = published.read(connection, wanted)
            if not is_public:
                records = [record, *records]
            return published.write(connection, records, make_context(), neighbours.today())
    finally:
        connection.close()
