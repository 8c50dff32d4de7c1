"""Which needs wait for somebody of the organisation to read them? And what does a person see of their own?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context
from sqlalchemy import text

from ckanext.culturape.agenda.needs import RECEIVED, status_of
from ckanext.culturape.agenda.public import sender
from ckanext.culturape.agenda.public.statement import numbers_in
from ckanext.culturape.agenda.rows import extras_of
from ckanext.culturape.types import Record

#: Needs that a list shows.
MOST = 200


def organizations_of(user: str) -> list[str]:
    """Ids of the organisations whose needs a person may change."""
    if not user:
        return []
    asked = cast("Context", {"user": user})
    found = tk.get_action("organization_list_for_user")(asked, {"permission": "update_dataset"})
    return [organization["id"] for organization in found]


#: Needs from outside that nobody of some organisations has published or answered.
_WAITING = """
    FROM package p JOIN culturape_agenda_sender s ON s.need_id = p.id LEFT JOIN "group" g ON g.id = p.owner_org
    WHERE p.private AND p.state = 'active' AND p.owner_org = ANY(:owners)
    AND (SELECT status FROM culturape_agenda_status WHERE need_id = p.id ORDER BY id DESC LIMIT 1) = :received"""


def number_waiting(organizations: Iterable[str]) -> int:
    """How many needs from outside wait until somebody of these organisations reads them."""
    values = {"owners": list(organizations), "received": RECEIVED}
    return int(model.Session.execute(text(f"SELECT count(*) {_WAITING}"), values).scalar() or 0)


@tk.side_effect_free
def culturape_need_waiting(context: Context, data_dict: Record) -> list[Record]:
    """Needs from outside that wait to be read, of the organisations whose records the person may change; the oldest first, at most 200.

    :returns: dictionaries with ``id``, ``name``, ``title``, ``description``, ``moment``, ``response_due``, ``organization``, ``is_signed`` (whether there is a contact), and
        ``numbers``: what may be a telephone number or one of an identity card
    """
    tk.check_access("culturape_need_waiting", context, data_dict)
    query = f"""
        SELECT p.id, p.name, p.title, coalesce(p.notes, ''), s.moment, {extras_of()} ->> 'response_due', coalesce(nullif(g.title, ''), g.name),
            s.name <> '' OR s.email <> '' {_WAITING} ORDER BY s.moment LIMIT {MOST}"""
    values = {"owners": organizations_of(str(context.get("user") or "")), "received": RECEIVED}
    return [_waiting(*row) for row in model.Session.execute(text(query), values)]


def _waiting(
    need_id: str, name: str, title: str, description: str, moment: datetime, due: str | None, organization: str, is_signed: bool
) -> Record:  # fmt: skip
    return {
        "id": need_id,
        "name": name,
        "title": title,
        "description": description,
        "moment": moment.isoformat(timespec="seconds"),
        "response_due": due or "",
        "organization": organization,
        "is_signed": is_signed,
        "numbers": numbers_in(title or "", description),
    }


@tk.side_effect_free
def culturape_need_mine(context: Context, data_dict: Record) -> list[Record]:
    """The needs that a person stated, the last first.

    :returns: dictionaries with ``id``, ``name``, ``title``, ``status`` and ``is_public``
    """
    tk.check_access("culturape_need_mine", context, data_dict)
    user: Any = model.User.get(context.get("user"))
    found: list[Any] = [
        model.Package.get(need_id) for need_id in sender.of_user(model.Session, user.id)[:MOST]
    ]
    return [
        {
            "id": package.id,
            "name": package.name,
            "title": package.title,
            "status": status_of(package.extras),
            "is_public": not package.private,
        }
        for package in found
        if package is not None and package.state == model.State.ACTIVE
    ]


@tk.side_effect_free
def culturape_need_contact(context: Context, data_dict: Record) -> Record:
    """How whoever stated a need can be reached; for those who may change it, and for that person.

    :param id: id or name of the need

    :returns: ``name`` and ``email``, empty when they did not say or it was forgotten; ``is_own``: whether the person asks for their own
    """
    who, is_own = _sender_for(context, data_dict)
    return {"name": who.name, "email": who.email, "is_own": is_own}


def culturape_need_contact_forget(context: Context, data_dict: Record) -> None:
    """Forget name and address of whoever stated a need; the need stays. For those who may change it, and for that person.

    :param id: id or name of the need
    """
    who, _ = _sender_for(context, data_dict)
    sender.forget(model.Session, who.need_id)
    model.Session.commit()


def _sender_for(context: Context, data_dict: Record) -> tuple[sender.Sender, bool]:
    """Who stated a need, and whether it is the person who asks. Raises: ObjectNotFound, NotAuthorized."""
    package: Any = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None or package.type != "necesidad":
        raise tk.ObjectNotFound(tk._("Need not found"))
    tk.check_access("culturape_need_contact", context, {"id": package.id})
    who = sender.of_need(model.Session, package.id)
    if who is None:
        raise tk.ObjectNotFound(tk._("This need was not stated from outside."))
    return who, _is_sender(context, who)


def _is_sender(context: Context, who: sender.Sender | None) -> bool:
    user: Any = model.User.get(context.get("user")) if context.get("user") else None
    return bool(user is not None and who is not None and who.user_id == user.id)


def culturape_need_contact_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may change the need, and who stated it."""
    package: Any = model.Package.get(data_dict["id"])
    if package is None or not _is_sender(context, sender.of_need(model.Session, package.id)):
        tk.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}


def of_people(context: Context, data_dict: Record) -> AuthResult:
    """Anybody with an account: each sees what is theirs."""
    return {"success": True}
