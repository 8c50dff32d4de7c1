"""Somebody states a need: it is received as a private record of the organisation that answers, and becomes public once it was read there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.culturape import config
from ckanext.culturape.agenda.news import mailing
from ckanext.culturape.agenda.public import receivers, sender, statement
from ckanext.culturape.agenda.public.sender import Sender
from ckanext.culturape.agenda.public.statement import Statement
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic import flooding, links, readers
from ckanext.culturape.types import Record

#: In the context of the record that is made: who stated the need.
SENDER = "culturape_need_sender"

SERVICE = "needs"

LOG_IN = N_("Log in to state a need.")
CLOSED = N_("Needs are not received on this site.")
OFTEN = N_("You have stated many needs in a short time. Please come back later.")
NOT_READABLE = N_("“%(value)s” was not found among what can be linked to here.")


def culturape_need_state(context: Context, data_dict: Record) -> Record:
    """State a need. An institution reads it before it becomes public.

    :param title: which data are needed, in one line
    :param description: who needs them, to do what
    :param language: of these two texts, a short tag (default: that of the site)
    :param purpose: list of concepts of ``purpose``
    :param requester_type: who needs them, a concept of ``actor-type``
    :param cultural_right, sector, territory, people, subject_language: lists of concepts (optional)
    :param about_dataset: list of datasets that lack what is needed (optional)
    :param agenda: id or name of the agenda that should answer (optional where the site or a dataset names an organisation)
    :param requester_name: for everybody to read (optional)
    :param contact_name, contact_email: for those who answer alone (optional)

    :returns: ``id``, ``name`` and ``title`` of the need, ``organization`` (title of who answers), ``is_new`` (false when the same was received from the
        same person before)
    """
    tk.check_access("culturape_need_state", context, data_dict)
    said = statement.read(data_dict, config.default_language())
    user: Any = model.User.get(context.get("user")) if context.get("user") else None
    record = _record(said, user)
    _refuse_flood()
    digest = said.digest(str(user.id) if user else "")
    known = sender.by_digest(model.Session, digest)
    if known is not None and (package := model.Package.get(known.need_id)) is not None:
        model.Session.rollback()
        return _receipt(package.id, is_new=False)
    who = Sender(
        "",
        str(user.id) if user else "",
        digest,
        datetime.now(timezone.utc),
        culturape_language(),
        *said.contact.values(),
    )
    made = _make(record, who)
    mailing.need_received(str(made["id"]))
    if user:
        with suppress(tk.ValidationError, tk.NotAuthorized):
            tk.get_action("follow_dataset")(cast("Context", {"user": user.name}), {"id": made["id"]})
    return _receipt(made["id"], is_new=True)


def _record(said: Statement, user: Any) -> Record:
    """The record that it becomes. Raises: ValidationError."""
    found = list(statement.faults(said))
    record = said.record()
    agenda = None
    try:
        agenda = receivers.agenda_of(said.agenda) if said.agenda else None
        about = _readable(said.choices["about_dataset"], user)
        record |= {"about_dataset": about} if about else {}
        record["owner_org"] = receivers.owner_of(agenda, about)
    except Fault as fault:
        found.append(fault)
    _refuse(found)
    due = date.today() + timedelta(days=config.needs_answer_days())
    return {
        **record,
        **({"agenda": agenda.id} if agenda is not None else {}),
        "response_due": due.isoformat(),
    }


def _readable(datasets: Sequence[str], user: Any) -> list[str]:
    """Ids of the datasets, as far as the person may read them: the record is made with rights that they do not have."""
    asked = cast("Context", {"user": user.name, "auth_user_obj": user}) if user else readers.anybody()
    found = {value: links.find(value, ("dataset",), asked) for value in datasets}
    for value, target in found.items():
        if target is None:
            raise Fault(NOT_READABLE, {"value": value[:200]}, "about_dataset")
    return [target for target in found.values() if target]


def _refuse(found: Iterable[Fault]) -> None:
    errors: dict[str, Any] = {}
    for fault in found:
        errors.setdefault(fault.field, []).append(fault.text(tk._))
    if errors:
        raise tk.ValidationError(errors)


def _refuse_flood() -> None:
    if not flooding.may_go_on(SERVICE, config.needs_rate()):
        raise tk.ValidationError({"title": [tk._(OFTEN)]})


def _make(record: Record, who: Sender) -> Record:
    """The record, made by the site itself: whoever states a need may stay unknown to the public, also in the activities."""
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"user": site, "ignore_auth": True, SENDER: who}
    try:
        return tk.get_action("package_create")(cast("Context", context), {**record, "private": True})
    except tk.ValidationError as error:
        model.Session.rollback()
        raise tk.ValidationError(
            {_NAMES.get(name, name): words for name, words in error.error_dict.items()}
        ) from error


#: Fields of the record under the names that the statement gives them.
_NAMES: Mapping[str, str] = {"title_translated": "title", "notes_translated": "description"}


def record_made(context: Context, pkg_dict: Record) -> None:
    """Remember who stated a need, in the transaction that makes its record."""
    who: Any = context.get(SENDER)
    if who is not None:
        sender.keep(model.Session, who._replace(need_id=str(pkg_dict["id"])))


def _receipt(need_id: str, *, is_new: bool) -> Record:
    package: Any = model.Package.get(need_id)
    organization: Any = model.Group.get(package.owner_org)
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title,
        "organization": organization.title or organization.name if organization is not None else "",
        "is_new": is_new,
    }


@tk.auth_allow_anonymous_access
def culturape_need_state_auth(context: Context, data_dict: Record) -> AuthResult:
    """Whom the operator lets: nobody, people with an account, or anybody."""
    who = config.needs_from()
    if who == "anyone" or (who == "people" and context.get("user")):
        return {"success": True}
    message = LOG_IN if who == "people" else CLOSED
    return {"success": False, "msg": tk._(message)}
