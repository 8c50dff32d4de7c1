"""Sending mail from a process that has better things to do than to wait for a mail server."""

from __future__ import annotations

import logging
import smtplib
from threading import Lock, Thread
from typing import NamedTuple

from ckan import model
from ckan.lib import mailer

from ckanext.culturape.harvest.letter import Letter

log = logging.getLogger(__name__)

#: Seconds that a harvest waits for the mail server.
PATIENCE = 10.0


class Recipient(NamedTuple):
    """Somebody who gets mails."""

    name: str
    address: str


#: Held while mails go out from this process; a mail server that never answers keeps one of its threads, not one for each run.
_busy = Lock()


def send_patiently(mail: Letter, people: list[Recipient]) -> None:
    """Send from a thread, and go on without it when the server takes its time."""
    if not _busy.acquire(blocking=False):
        log.error("no mail on “%s”: the mail server has not answered an earlier one", mail.subject)
        return

    def work() -> None:
        try:
            send(mail, people)
        finally:
            # Plugins that notify in their own way may have opened one.
            model.Session.remove()
            _busy.release()

    thread = Thread(target=work, name="culturape-mail", daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if thread.is_alive():
        log.error("the mail server does not answer; the harvest goes on without the mail “%s”", mail.subject)


def send(mail: Letter, people: list[Recipient]) -> None:
    """Send a mail to each of these people; what goes wrong is logged."""
    for person in people:
        try:
            mailer.mail_recipient(person.name, person.address, mail.subject, mail.body)
        except (mailer.MailerException, OSError) as error:
            log.error("the mail “%s” to %s could not be sent: %s", mail.subject, person.name, error)
            if not isinstance(error.__context__, smtplib.SMTPRecipientsRefused):
                # The next one would wait as long for the same answer.
                return
        except Exception:
            log.exception("the mail “%s” to %s could not be sent", mail.subject, person.name)
