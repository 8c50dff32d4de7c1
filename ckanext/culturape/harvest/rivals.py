"""Who has the datasets that a source could not bring, because they stood here before? Told only as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ckan import model
from ckan.lib.plugins import get_permission_labels
from sqlalchemy import text

from ckanext.culturape.harvest import rows
from ckanext.culturape.harvest.rows import Executor


class Rival(NamedTuple):
    """The record that stands here, and the source that brought it.

    Attributes:
        package, title: name and title of the record.
        source, source_title: name and title of the other source; empty when somebody wrote the record here, or when the reader may not see it.
    """

    package: str
    title: str
    source: str
    source_title: str


def rivals(execute: Executor, source_id: str, uris: Iterable[str], user: str) -> Mapping[str, Rival]:
    """The rivals of a source, by address of the dataset; those that the reader may not see are left out.

    Args:
        execute: of the Session, whose packages are asked about.
        source_id: of the source that came second.
        uris: of its datasets in conflict.
        user: name of the reader.
    """
    held = rows.held_elsewhere(execute, source_id, uris)
    sources = _sources_of(execute, held.values())
    wanted = {*held.values(), *sources.values()}
    visible = _visible(wanted, user) if wanted else {}
    found: dict[str, Rival] = {}
    for uri, package_id in held.items():
        package = visible.get(package_id)
        source = visible.get(sources.get(package_id, ""))
        if package is not None:
            own = (source.name, source.title or source.name) if source is not None else ("", "")
            found[uri] = Rival(package.name, package.title or package.name, *own)
    return found


def _sources_of(execute: Executor, package_ids: Iterable[str]) -> dict[str, str]:
    """The source that each record came from."""
    query = """
        SELECT package_id, source_id FROM culturape_harvest_dataset
        WHERE package_id = ANY(:ids) AND state = ANY(:kept)"""
    values = {"ids": list(package_ids), "kept": list(rows.KEPT)}
    return {row[0]: row[1] for row in execute.execute(text(query), values)}


def _visible(ids: Iterable[str], user: str) -> dict[str, Any]:
    """Those of these packages that somebody may see, by the labels with which CKAN's search decides."""
    found = model.Session.query(model.Package).filter(model.Package.id.in_(list(ids))).all()
    person: Any = model.User.get(user) if user else None
    if person is not None and person.sysadmin:
        return {package.id: package for package in found}
    labels = get_permission_labels()
    own = set(labels.get_user_dataset_labels(person))
    return {package.id: package for package in found if own.intersection(labels.get_dataset_labels(package))}
