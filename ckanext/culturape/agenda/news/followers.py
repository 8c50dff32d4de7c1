"""Who follows a record, and may still read it? Batch by batch, so that no job grows with the number of people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ckan import model
from sqlalchemy import text

from ckanext.culturape.logic.links import may_read

#: People of one batch.
BATCH = 50


class Batch(NamedTuple):
    """Some of those who follow.

    Attributes:
        people: accounts that are open, have an address and may read the record.
        last: id after which the next batch begins; empty when this was the last.
    """

    people: list[Any]
    last: str


def number(record_id: str) -> int:
    """How many people with an open account follow a record."""
    query = """
        SELECT count(*) FROM user_following_dataset f JOIN "user" u ON u.id = f.follower_id
        WHERE f.object_id = :record AND u.state = 'active'"""
    return int(model.Session.execute(text(query), {"record": record_id}).scalar() or 0)


def is_followed(record_ids: Iterable[str]) -> bool:
    """Whether anybody follows one of these."""
    return bool(_ids(record_ids, "", 1))


def batch(package: Any, followed: Iterable[str], after: str, without: str) -> Batch:
    """The next people who follow one of some records and may read this one.

    Args:
        package: what they hear of.
        followed: ids of records.
        after: id of the last person of the batch before.
        without: id of whoever did it and needs not be told.
    """
    ids = _ids(followed, after, BATCH)
    people: list[Any] = [model.User.get(one) for one in ids if one != without]
    told = [
        user
        for user in people
        if user is not None and user.state == model.State.ACTIVE and user.email and _may_read(package, user)
    ]
    return Batch(told, ids[-1] if len(ids) == BATCH else "")


def of_organization(organization_id: str) -> list[Any]:
    """Some of the people with an open account and an address who may change the records of an organisation: as many as get a mail, administrators first."""
    query = """
        SELECT m.table_id FROM member m JOIN "user" u ON u.id = m.table_id
        WHERE m.group_id = :organization AND m.table_name = 'user' AND m.state = 'active' AND m.capacity IN ('admin', 'editor')
        AND u.state = 'active' AND u.email <> '' ORDER BY m.capacity, u.id LIMIT :limit"""
    values = {"organization": organization_id, "limit": BATCH}
    return [model.User.get(row[0]) for row in model.Session.execute(text(query), values)]


def _may_read(package: Any, user: Any) -> bool:
    return may_read(package, {"user": user.name, "auth_user_obj": user})


def _ids(followed: Iterable[str], after: str, limit: int) -> list[str]:
    query = """
        SELECT DISTINCT follower_id FROM user_following_dataset
        WHERE object_id = ANY(:records) AND follower_id > :after ORDER BY follower_id LIMIT :limit"""
    values = {"records": list(followed), "after": after, "limit": limit}
    return [row[0] for row in model.Session.execute(text(query), values)]
