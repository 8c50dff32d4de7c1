"""Who stated a need, and how can they be reached? A table of its own, that no record, index, feed or activity shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from sqlalchemy import text

from ckanext.culturape.agenda.needs import CLOSED
from ckanext.culturape.agenda.rows import Reader


class Sender(NamedTuple):
    """Who stated a need.

    Attributes:
        need_id: id of the need.
        user_id: id of the account; empty for a visitor.
        digest: stands for what was said by whom, so that nothing is received twice.
        moment: when it was received.
        language: in which they want to be answered, a short tag.
        name, email: how they can be reached; empty when they did not say.
    """

    need_id: str
    user_id: str
    digest: str
    moment: datetime
    language: str
    name: str
    email: str


_COLUMNS = ", ".join(Sender._fields)


def keep(reader: Reader, sender: Sender) -> None:
    """Remember who stated a need."""
    values = ", ".join(f":{name}" for name in Sender._fields)
    query = f"INSERT INTO culturape_agenda_sender ({_COLUMNS}) VALUES ({values})"  # noqa: S608
    reader.execute(text(query), sender._asdict())


def of_need(reader: Reader, need_id: str) -> Sender | None:
    """Who stated a need; ``None`` for one that an editor wrote."""
    return next(_found(reader, "need_id = :value", need_id), None)


def by_digest(reader: Reader, digest: str) -> Sender | None:
    """Who said the same before. Whoever else says it at this moment waits until this transaction ends."""
    reader.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:value, 0))"), {"value": digest})
    return next(_found(reader, "digest = :value", digest), None)


def of_user(reader: Reader, user_id: str) -> list[str]:
    """Ids of the needs that a person stated, the last first."""
    return [sender.need_id for sender in _found(reader, "user_id = :value ORDER BY moment DESC", user_id)]


def _found(reader: Reader, condition: str, value: str) -> Iterator[Sender]:
    query = f"SELECT {_COLUMNS} FROM culturape_agenda_sender WHERE {condition}"  # noqa: S608
    for row in reader.execute(text(query), {"value": value}):
        yield Sender(*row)


def forget(reader: Reader, need_id: str) -> None:
    """Forget name and address of who stated a need."""
    query = "UPDATE culturape_agenda_sender SET name = '', email = '' WHERE need_id = :value"
    reader.execute(text(query), {"value": need_id})


def forget_old(reader: Reader, days: int) -> int:
    """Forget names and addresses of needs that were answered, refused or deleted so many days ago; how many there were."""
    query = """
        UPDATE culturape_agenda_sender s SET name = '', email = ''
        FROM package p WHERE p.id = s.need_id AND (s.name <> '' OR s.email <> '') AND (
            (p.state = 'deleted' AND p.metadata_modified < :before_naive)
            OR EXISTS (
                SELECT 1 FROM culturape_agenda_status t
                WHERE t.id = (SELECT max(id) FROM culturape_agenda_status WHERE need_id = p.id)
                AND t.status = ANY(:closed) AND t.moment < :before))"""
    before = datetime.now(timezone.utc) - timedelta(days=days)
    values = {"closed": list(CLOSED), "before": before, "before_naive": before.replace(tzinfo=None)}
    return reader.execute(text(query), values).rowcount
