"""Which answers of which actors are kept? A row per version; one that is replaced stays, one that is removed keeps its place and loses its texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from ckanext.culturape.agenda.evaluation import Answers, Given, key_of
from ckanext.culturape.agenda.rows import Reader

_COLUMNS = "e.id, e.agenda_id, e.about_id, e.actor, e.actor_key, e.actor_type, e.answers, e.lessons, e.moment, e.user_id, e.ended, e.removal"

#: Of each actor about each thing the newest row.
_NEWEST = """
    SELECT DISTINCT ON (agenda_id, about_id, actor_key) * FROM culturape_agenda_evaluation
    WHERE agenda_id = :agenda ORDER BY agenda_id, about_id, actor_key, id DESC"""

#: Whether a row still says something; one that was removed does not.
_SAYS = "(e.answers <> CAST('{}' AS jsonb) OR e.lessons <> '')"


class Evaluation(NamedTuple):
    """What an actor answered about a commitment or an agenda.

    Attributes:
        id, agenda_id, about_id: of the row, the agenda, and the commitment or the agenda itself.
        actor, actor_key, actor_type: name, name as it is compared, concept of ``actor-type``.
        answers, lessons: what was answered and learnt; empty once removed.
        moment, user_id: when it was entered, and by whom, which the public is not told.
        ended: when it was replaced or removed; ``None`` for what holds.
        removal: why it was removed; empty for all others.
    """

    id: int
    agenda_id: str
    about_id: str
    actor: str
    actor_key: str
    actor_type: str
    answers: Answers
    lessons: str
    moment: datetime
    user_id: str
    ended: datetime | None
    removal: str


class About(NamedTuple):
    """The record that an evaluation is about, as CKAN stores it."""

    id: str
    name: str
    type: str
    title: str
    is_public: bool


def current(reader: Reader, agenda_id: str, about_id: str, actor_key: str) -> Evaluation | None:
    """What holds of an actor about a thing; ``None`` when it answered nothing, or that was removed."""
    query = f"""
        SELECT {_COLUMNS} FROM culturape_agenda_evaluation e
        WHERE agenda_id = :agenda AND about_id = :about AND actor_key = :actor AND ended IS NULL"""  # noqa: S608
    values = {"agenda": agenda_id, "about": about_id, "actor": actor_key}
    found = reader.execute(text(query), values).one_or_none()
    return Evaluation(*found) if found else None


def by_id(reader: Reader, number: int) -> Evaluation | None:
    """The row of that number."""
    query = f"SELECT {_COLUMNS} FROM culturape_agenda_evaluation e WHERE e.id = :id"  # noqa: S608
    found = reader.execute(text(query), {"id": number}).one_or_none()
    return Evaluation(*found) if found else None


def put(reader: Reader, agenda_id: str, given: Given, moment: datetime, user_id: str) -> None:
    """Add answers, in place of those that the actor gave about the thing before."""
    key = key_of(given.actor)
    values = {**given._asdict(), "answers": json.dumps(given.answers), "agenda": agenda_id, "key": key}
    end = """
        UPDATE culturape_agenda_evaluation SET ended = :moment
        WHERE agenda_id = :agenda AND about_id = :about_id AND actor_key = :key AND ended IS NULL"""
    add = """
        INSERT INTO culturape_agenda_evaluation (agenda_id, about_id, actor, actor_key, actor_type, answers, lessons, moment, user_id)
        VALUES (:agenda, :about_id, :actor, :key, :actor_type, CAST(:answers AS jsonb), :lessons, :moment, :user)"""
    for query in (end, add):
        reader.execute(text(query), {**values, "moment": moment, "user": user_id})


def remove(reader: Reader, found: Evaluation, moment: datetime, reason: str) -> None:
    """Take the texts out of all that an actor answered about a thing; that it was there, and why it went, stays."""
    query = """
        UPDATE culturape_agenda_evaluation SET answers = CAST('{}' AS jsonb), lessons = '',
            removal = CASE WHEN ended IS NULL THEN :reason ELSE removal END, ended = coalesce(ended, :now)
        WHERE agenda_id = :agenda AND about_id = :about AND actor_key = :actor"""
    values = {"agenda": found.agenda_id, "about": found.about_id, "actor": found.actor_key}
    reader.execute(text(query), {**values, "now": moment, "reason": reason})


def newest(
    reader: Reader, agenda_id: str, limit: int, offset: int, about_id: str | None = None
) -> Iterator[tuple[Evaluation, About]]:
    """The newest row of each actor about each thing: first the agenda, then its commitments by title; of so many things, after so many."""
    things = """
        SELECT p.id, p.name, p.type, p.title, p.state = 'active' AND p.private IS NOT TRUE AS is_public, (p.id <> :agenda) AS place FROM package p
        WHERE p.id IN (SELECT about_id FROM culturape_agenda_evaluation WHERE agenda_id = :agenda)
        AND p.state = 'active' AND (CAST(:about AS text) IS NULL OR p.id = :about)
        ORDER BY place, p.title, p.id LIMIT :limit OFFSET :offset"""
    query = f"""
        SELECT {_COLUMNS}, t.id, t.name, t.type, t.title, t.is_public FROM ({_NEWEST}) e JOIN ({things}) t ON t.id = e.about_id
        ORDER BY t.place, t.title, t.id, e.actor, e.id"""  # noqa: S608
    values = {"agenda": agenda_id, "about": about_id, "limit": limit, "offset": offset}
    width = len(Evaluation._fields)
    for row in reader.execute(text(query), values):
        yield Evaluation(*row[:width]), About(*row[width:])


def earlier(reader: Reader, agenda_id: str, about_ids: Iterable[str]) -> Iterator[Evaluation]:
    """What was replaced and still has its texts, and what was removed, the last first."""
    query = f"""
        SELECT {_COLUMNS} FROM culturape_agenda_evaluation e
        WHERE agenda_id = :agenda AND about_id = ANY(:about) AND ended IS NOT NULL AND ({_SAYS} OR removal <> '')
        ORDER BY id DESC"""  # noqa: S608
    for row in reader.execute(text(query), {"agenda": agenda_id, "about": list(about_ids)}):
        yield Evaluation(*row)


def at(reader: Reader, agenda_id: str, until: datetime) -> Iterator[Evaluation]:
    """What held just before a moment, except for what was removed since."""
    query = f"""
        SELECT {_COLUMNS} FROM culturape_agenda_evaluation e
        WHERE agenda_id = :agenda AND moment < :until AND (ended IS NULL OR ended >= :until) AND {_SAYS}
        ORDER BY about_id, actor, id"""  # noqa: S608
    for row in reader.execute(text(query), {"agenda": agenda_id, "until": until}):
        yield Evaluation(*row)
