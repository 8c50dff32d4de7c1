"""What became of a need, step by step? A history that only grows: each step has a date and a comment for everybody.

Who took a step is kept for those who manage the need; the public sees the institution that answers, not the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context
from sqlalchemy import text

from ckanext.culturape.agenda.rows import Reader
from ckanext.culturape.errors import N_
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

#: Characters of a comment.
LONGEST = 5_000

#: In the context of a change that takes a step; any other change leaves the status as it is.
STEP = "culturape_need_step"

SHORT = N_("Say why, in a sentence that anybody can read.")
LONG = N_("The text is too long: at most %(limit)s characters.")
UNKNOWN = N_("“%(value)s” is no status of a need.")
SAME = N_("The need has this status already.")


class Step(NamedTuple):
    """A step: the status from then on, when, who set it, and what was said to everybody."""

    status: str
    moment: datetime
    user_id: str
    comment: str


def begin(reader: Reader, need_id: str, user_id: str, status: str) -> None:
    """The first step, unless there is one."""
    query = """
        INSERT INTO culturape_agenda_status (need_id, status, moment, user_id)
        SELECT :need, :status, :moment, :user
        WHERE NOT EXISTS (SELECT 1 FROM culturape_agenda_status WHERE need_id = :need)"""
    values = {"need": need_id, "status": status, "user": user_id, "moment": datetime.now(timezone.utc)}
    reader.execute(text(query), values)


def steps(reader: Reader, need_id: str) -> Iterator[Step]:
    """All steps of a need, the first first."""
    query = "SELECT status, moment, user_id, comment FROM culturape_agenda_status WHERE need_id = :need ORDER BY id"
    for row in reader.execute(text(query), {"need": need_id}):
        yield Step(*row)


def steps_of(reader: Reader, need_ids: Iterable[str]) -> Iterator[tuple[str, Step]]:
    """All steps of some needs, each with the id of the need, the first first."""
    query = """
        SELECT need_id, status, moment, user_id, comment FROM culturape_agenda_status
        WHERE need_id = ANY(:needs) ORDER BY need_id, id"""
    for need_id, *found in reader.execute(text(query), {"needs": list(need_ids)}):
        yield need_id, Step(*found)


def _add(need_id: str, step: Step) -> None:
    query = """
        INSERT INTO culturape_agenda_status (need_id, status, moment, user_id, comment)
        VALUES (:need, :status, :moment, :user_id, :comment)"""
    model.Session.execute(text(query), {"need": need_id, **step._asdict()})


def culturape_need_status_set(context: Context, data_dict: Record) -> Record:
    """Say what has become of a need.

    :param id: id or name of the need
    :param status: a concept of ``need-status``
    :param comment: the reason, for everybody to read

    :returns: the need

    Refused while somebody else takes a step at the same time: the later one sees the earlier one first.
    """
    package = _need(data_dict)
    tk.check_access("culturape_need_status_set", context, {"id": package.id})
    # Two who take a step at once come one after the other; the row is read again once the lock is held.
    model.Session.refresh(package, with_for_update=True)
    status, comment = _asked(package, data_dict)
    user: Any = model.User.get(context.get("user"))
    _add(package.id, Step(status, datetime.now(timezone.utc), user.id if user else "", comment))
    changed = {"user": context.get("user"), "ignore_auth": True, STEP: True}
    try:
        return tk.get_action("package_patch")(
            cast("Context", changed), {"id": package.id, "need_status": status}
        )
    except tk.ValidationError:
        model.Session.rollback()
        raise


def _need(data_dict: Record) -> Any:
    package: Any = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None or package.type != "necesidad":
        raise tk.ObjectNotFound(tk._("Need not found"))
    return package


def _asked(package: Any, data_dict: Record) -> tuple[str, str]:
    status, comment = (str(data_dict.get(name) or "").strip() for name in ("status", "comment"))
    wrong: dict[str, Any] = {}
    concept = vocabulary().concept("need-status", status)
    if concept is None:
        wrong["status"] = [tk._(UNKNOWN) % {"value": status[:80]}]
    elif package.extras.get("need_status") == status:
        wrong["status"] = [tk._(SAME)]
    if len(comment) < 3:
        wrong["comment"] = [tk._(SHORT)]
    elif len(comment) > LONGEST:
        wrong["comment"] = [tk._(LONG) % {"limit": LONGEST}]
    if wrong:
        raise tk.ValidationError(wrong)
    return status, comment


def culturape_need_status_set_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may change the need."""
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.side_effect_free
def culturape_need_history(context: Context, data_dict: Record) -> list[Record]:
    """What became of a need, step by step.

    :param id: id or name of the need

    :returns: dictionaries with ``status``, ``date`` and ``comment``, the first step first; ``user`` only for those who may change the need
    """
    package = _need(data_dict)
    tk.check_access("package_show", context, {"id": package.id})
    asked = {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}
    may_change = _may(asked, package.id)
    return [
        {
            "status": step.status,
            "date": step.moment.isoformat(timespec="seconds"),
            "comment": step.comment,
            **({"user": step.user_id} if may_change else {}),
        }
        for step in steps(model.Session, package.id)
    ]


def _may(asked: Record, need_id: str) -> bool:
    try:
        tk.check_access("package_update", cast("Context", asked), {"id": need_id})
    except tk.NotAuthorized:
        return False
    return True
