"""Mail to those who follow a need or a commitment: after the change was made, by a job, at most once for each person and change."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer
from redis.exceptions import RedisError

from ckanext.culturape import config
from ckanext.culturape.agenda.news import entries, followers, letter
from ckanext.culturape.agenda.news.feeds import title_of
from ckanext.culturape.agenda.news.letter import Letter, Say
from ckanext.culturape.agenda.public import sender
from ckanext.culturape.logic.flooding import is_within
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.messages import translator

log = logging.getLogger(__name__)

#: Mails that one person gets; what comes in between is on the pages and in the feeds.
MOST = "20/day"

#: No filter of holidays answers a mail that says this (RFC 3834).
HEADERS = {"Auto-Submitted": "auto-generated"}


def step_taken(need_id: str, step_id: int, actor: str) -> None:
    """A step was taken with a need: have those who support it told."""
    _enqueue(mail_step, [need_id, step_id, actor], [need_id])


def promise_changed(promise_id: str, state: str, due: str, due_before: str, actor: str) -> None:
    """A commitment was fulfilled or withdrawn (``state``), or is due at another time: have those who follow it or its agenda told."""
    # Two changes of the same kind are two occasions.
    package: Any = model.Package.get(promise_id)
    occasion = f"{promise_id}:{package.metadata_modified.isoformat()}"
    args = [promise_id, occasion, state, due, due_before, actor]
    _enqueue(mail_change, args, _followed(promise_id))


def _enqueue(job: Callable[..., None], args: list[Any], followed: Iterable[str]) -> None:
    """Leave it to the worker. The change is made already: whatever goes wrong here is logged, and no more."""
    try:
        if config.agenda_mail() and followers.is_followed(followed):
            tk.enqueue_job(job, args, title=f"mail to those who follow {args[0]}")
    except RedisError:
        log.exception("nobody is told by mail of the change of %s", args[0])


def mail_step(need_id: str, step_id: int, actor: str, after: str = "") -> None:
    """The job: tell some of those who support a need of a step, and leave the others to the next job."""
    package = _active(need_id)
    step = next((one for one in entries.steps([need_id], 10_000) if one.id == step_id), None)
    if package is None or step is None:
        return
    who = sender.of_need(model.Session, need_id)

    def write(user: Any) -> Letter:
        spoken = who.language if who is not None and who.user_id == user.id else config.default_language()
        page = _page(package)
        status = entries.status_label(step.status, spoken)
        told = letter.Step(title_of(package, spoken), status, step.comment or "", page, f"{page}#apoyo", _site())  # fmt: skip
        return letter.of_step(told, translator(spoken))

    found = followers.batch(package, [need_id], after, actor)
    if _send(found.people, f"step:{step_id}", write) and found.last:
        _enqueue(mail_step, [need_id, step_id, actor, found.last], [need_id])


def mail_change(
    promise_id: str, occasion: str, state: str, due: str, due_before: str, actor: str, after: str = ""
) -> None:
    """The job: tell some of those who follow a commitment or its agenda of a change, and leave the others to the next job."""
    package = _active(promise_id)
    if package is None:
        return
    language, followed = config.default_language(), _followed(promise_id)
    reason = str(package.extras.get("withdrawn_reason") or "") if state == "retirado" else ""
    told = letter.Change(
        title_of(package, language),
        entries.status_label(state, language, "commitment-status") if state else "",
        due,
        due_before,
        reason,
        _page(package),
        tuple(_page(model.Package.get(one)) for one in followed),
        _site(),
    )
    say: Say = translator(language)
    found = followers.batch(package, followed, after, actor)
    if _send(found.people, f"change:{occasion}", lambda _user: letter.of_change(told, say)) and found.last:
        args = [promise_id, occasion, state, due, due_before, actor, found.last]
        _enqueue(mail_change, args, followed)


def need_received(need_id: str) -> None:
    """Somebody stated a need: have those told who publish it or refuse it."""
    try:
        if config.agenda_mail():
            tk.enqueue_job(mail_waiting, [need_id], title=f"mail to those who read {need_id}")
    except RedisError:
        log.exception("nobody is told by mail that %s waits", need_id)


def mail_waiting(need_id: str) -> None:
    """The job: tell those who may change a need that it waits, unless somebody has dealt with it."""
    package = _active(need_id)
    if package is None or not package.private:
        return
    language = config.default_language()
    page = tk.url_for("culturape_needs.waiting", _external=True, locale="default")
    mail = letter.of_waiting(title_of(package, language), _page(package), page, _site(), translator(language))
    _send(followers.of_organization(str(package.owner_org)), f"waiting:{need_id}", lambda _user: mail)


def _followed(promise_id: str) -> list[str]:
    """A commitment, and its agenda unless that is private: whoever follows one hears of both."""
    package: Any = model.Package.get(promise_id)
    agendas = [_active(one) for one in ids_of(package.extras.get("agenda"))]
    return [promise_id, *(agenda.id for agenda in agendas if agenda is not None and not agenda.private)]


def _active(record_id: str) -> Any:
    package: Any = model.Package.get(record_id)
    return package if package is not None and package.state == model.State.ACTIVE else None


def _page(package: Any) -> str:
    return tk.url_for(f"{package.type}.read", id=package.name, _external=True, locale="default")


def _site() -> str:
    return str(tk.config.get("ckan.site_title") or "")


def _send(people: Iterable[Any], occasion: str, write: Callable[[Any], Letter]) -> bool:
    """Send to each of these people; whether it makes sense to go on with others. What goes wrong is logged."""
    for user in people:
        if not is_within(f"mail:{occasion}", "1/month", user.id) or not is_within("mail", MOST, user.id):
            log.warning("no mail on %s to %s: they had it, or many others today", occasion, user.name)
            continue
        mail = write(user)
        try:
            mailer.mail_user(user, mail.subject, mail.body, headers=dict(HEADERS))
        except (mailer.MailerException, OSError) as error:
            log.error("the mail on %s to %s could not be sent: %s", occasion, user.name, error)
            if not isinstance(error.__context__, smtplib.SMTPRecipientsRefused):
                # The next one would wait as long for the same answer.
                return False
        except Exception:
            log.exception("the mail on %s to %s could not be sent", occasion, user.name)
    return True
