"""What is new about a need or an agenda, as far as anybody may read it; the last first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import text

from ckanext.culturape.agenda import neighbours
from ckanext.culturape.agenda.neighbours import Neighbour
from ckanext.culturape.agenda.words import culturape_type_word
from ckanext.culturape.errors import N_
from ckanext.culturape.logic import readers
from ckanext.culturape.logic.site import vocabulary

STEP_OF = N_("Need: %(title)s. %(status)s")
STANDING = N_("Status: %(status)s.")
DUE = N_("Due date: %(date)s.")


class Entry(NamedTuple):
    """Something new.

    Attributes:
        path: makes its id, the same for ever.
        type, name: of the record whose page tells more.
        title, summary: plain texts.
        published, updated: with time zone.
    """

    path: str
    type: str
    name: str
    title: str
    summary: str
    published: datetime
    updated: datetime


class Taken(NamedTuple):
    """A step of a need, with the number of its row."""

    id: int
    need_id: str
    status: str
    moment: datetime
    comment: str


def steps(need_ids: Iterable[str], limit: int) -> list[Taken]:
    """The last steps of some needs, the last first."""
    query = """
        SELECT id, need_id, status, moment, comment FROM culturape_agenda_status
        WHERE need_id = ANY(:needs) ORDER BY moment DESC, id DESC LIMIT :limit"""
    found = model.Session.execute(text(query), {"needs": list(need_ids), "limit": limit})
    return [Taken(*row) for row in found]


def of_need(package: Any, language: str, limit: int) -> list[Entry]:
    """The last steps of a need."""
    return [
        _step(taken, package.name, status_label(taken.status, language))
        for taken in steps([package.id], limit)
    ]


def of_agenda(package: Any, language: str, limit: int) -> list[Entry]:
    """Commitments and needs that are new or changed, and steps of needs."""
    own = [
        found
        for found in neighbours.of_record(package.id, readers.anybody())
        if found.is_incoming and found.field == "agenda" and found.is_public
    ]
    dates = _dates(found.id for found in own)
    entries = [_record(found, *dates[found.id], language) for found in own]
    entries += _steps({found.id: found for found in own if found.type == "necesidad"}, language, limit)
    return sorted(entries, key=lambda entry: (entry.updated, entry.path), reverse=True)[:limit]


def _steps(needs: Mapping[str, Neighbour], language: str, limit: int) -> Iterator[Entry]:
    for taken in steps(needs, limit):
        # That a need was received is told by the need itself.
        if taken.comment:
            need = needs[taken.need_id]
            words = {"title": need.title(language), "status": status_label(taken.status, language)}
            yield _step(taken, need.name, tk._(STEP_OF) % words)


def _step(taken: Taken, name: str, title: str) -> Entry:
    path = f"/necesidad/{taken.need_id}/historia/{taken.id}"
    return Entry(path, "necesidad", name, title, taken.comment or "", taken.moment, taken.moment)


def _record(found: Neighbour, created: datetime, modified: datetime, language: str) -> Entry:
    title = f"{culturape_type_word(found.type, 'singular')}: {found.title(language)}"
    label = status_label(found.state, language, "commitment-status" if found.type == "compromiso" else "need-status")  # fmt: skip
    said = [tk._(STANDING) % {"status": label}]
    due = found.record.get("due_date")
    said += [tk._(DUE) % {"date": due}] if due else []
    path = f"/{found.type}/{found.id}"
    return Entry(path, found.type, found.name, title, " ".join(said), created, modified)


def status_label(status: str, language: str, scheme: str = "need-status") -> str:
    """A status in words."""
    concept = vocabulary().concept(scheme, status)
    return concept.label(language) if concept else status


def _dates(ids: Iterable[str]) -> dict[str, tuple[datetime, datetime]]:
    """When records were made and changed last; CKAN keeps moments in UTC without saying so."""
    query = "SELECT id, metadata_created, metadata_modified FROM package WHERE id = ANY(:ids)"
    return {
        row[0]: (row[1].replace(tzinfo=timezone.utc), row[2].replace(tzinfo=timezone.utc))
        for row in model.Session.execute(text(query), {"ids": list(ids)})
    }
