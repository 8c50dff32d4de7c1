"""Keywords that CKAN does not know yet. It looks for each and adds it when it finds none, so that two workers at once add it twice; the database does not forbid it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from ckan import model
from sqlalchemy import text

from ckanext.culturape.types import Record
from ckanext.culturape.values.record import core_tags

#: Words that this process has seen among those of CKAN; forgotten when they are many.
_known: set[str] = set()
MANY = 50_000


def make_known(record: Record) -> None:
    """Add the keywords of a record to those of CKAN, each once, before it is saved."""
    wanted = {tag["name"] for tag in core_tags(record.get("tags_translated") or {})} - _known
    if not wanted:
        return
    if len(_known) > MANY:
        _known.clear()
    _add(sorted(wanted))
    _known.update(wanted)


def _add(names: Iterable[str]) -> None:
    values = {"names": list(names), "lock": "culturape_harvest keywords"}
    values["ids"] = [str(uuid.uuid4()) for _ in values["names"]]
    with model.ensure_engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:lock, 0))"), values)
        connection.execute(text(_ADD), values)


_ADD = """
    INSERT INTO tag (id, name)
    SELECT given.id, given.name FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[])) AS given (id, name)
    WHERE NOT EXISTS (SELECT 1 FROM tag t WHERE t.name = given.name AND t.vocabulary_id IS NULL)"""
