"""How do the links and the versions in the tables follow from the records? After every change, in the same transaction; and all of them when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ckan import model

from ckanext.culturape.agenda import history, rows, versions
from ckanext.culturape.agenda.needs import RECEIVED
from ckanext.culturape.fields import RECORD_TYPES, load_schema
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.types import Record
from ckanext.culturape.values.loading import load_value

#: Types of the records of this plugin.
TYPES = RECORD_TYPES[1:]


def record_saved(pkg_dict: Record) -> None:
    """Keep the links of a record that was made or changed, the beginning of the history of a need, and how the record and its datasets are now."""
    package: Any = model.Package.get(pkg_dict["id"])
    if package is None or package.type not in TYPES:
        records_changed([pkg_dict["id"]])
        return
    # Rows of the table point to rows of packages, which CKAN may not have written yet.
    model.Session.flush()
    rows.keep(model.Session, package.id, links_of(package))
    if package.type == "necesidad":
        history.begin(model.Session, package.id, package.creator_user_id or "", RECEIVED)
    versions.note(model.Session, [package.id, *rows.datasets_of(model.Session, [package.id])])


def records_changed(record_ids: Iterable[str]) -> None:
    """Keep how those of these records are now that belong to agendas, or that these name."""
    concerned = rows.concerned(model.Session, record_ids, TYPES)
    if concerned:
        model.Session.flush()
        versions.note(model.Session, concerned)


def record_deleted(data_dict: Record) -> None:
    """Keep that a record can no longer be read. CKAN tells of it before it deletes."""
    package: Any = model.Package.get(data_dict["id"])
    if package is not None and rows.concerned(model.Session, [package.id], TYPES):
        versions.end(model.Session, package.id, package.type)


def links_of(package: Any) -> Iterator[tuple[str, str]]:
    """Pairs of field and id that a stored record links to."""
    for field in load_schema(package.type).fields:
        if field.is_link:
            for target in ids_of(load_value(field, package.extras.get(field.name))):
                yield field.name, target


def rebuild() -> int:
    """Keep the links of all records anew, also of those that were written past CKAN, and how they are now; how many records there are.

    What was never kept is kept as of its last change.
    """
    query = model.Session.query(model.Package).filter(model.Package.type.in_(TYPES))
    found: list[str] = []
    for package in query.order_by(model.Package.id):
        rows.keep(model.Session, package.id, links_of(package))
        found.append(package.id)
    versions.note(model.Session, [*found, *rows.datasets_of(model.Session, found)], are_old=True)
    model.Session.commit()
    return len(found)
