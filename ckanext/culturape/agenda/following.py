"""How do the links in the table follow from the records? After every change, in the same transaction; and all of them when somebody asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ckan import model

from ckanext.culturape.agenda import history, rows
from ckanext.culturape.agenda.needs import RECEIVED
from ckanext.culturape.fields import RECORD_TYPES, load_schema
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.types import Record

#: Types of the records of this plugin.
TYPES = RECORD_TYPES[1:]


def record_saved(pkg_dict: Record) -> None:
    """Keep the links of a record that was made or changed, and the beginning of the history of a need."""
    package: Any = model.Package.get(pkg_dict["id"])
    if package is None or package.type not in TYPES:
        return
    # Rows of the table point to rows of packages, which CKAN may not have written yet.
    model.Session.flush()
    rows.keep(model.Session, package.id, links_of(package))
    if package.type == "necesidad":
        history.begin(model.Session, package.id, package.creator_user_id or "", RECEIVED)


def links_of(package: Any) -> Iterator[tuple[str, str]]:
    """Pairs of field and id that a stored record links to."""
    for field in load_schema(package.type).fields:
        if field.is_link:
            for target in ids_of(_decoded(package.extras.get(field.name))):
                yield field.name, target


def _decoded(value: Any) -> Any:
    """What an extra holds: a list as JSON, or a text as it is."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


def rebuild() -> int:
    """Keep the links of all records anew, also of those that were written past CKAN; how many records there are."""
    query = model.Session.query(model.Package).filter(model.Package.type.in_(TYPES))
    number = 0
    for package in query.order_by(model.Package.id):
        rows.keep(model.Session, package.id, links_of(package))
        number += 1
    model.Session.commit()
    return number
