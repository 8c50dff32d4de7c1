"""Who is told by mail that a run ended: once, by a real mail server, and without holding up the harvest when there is none."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from aiosmtpd.controller import Controller
from ckan.lib import jobs
from ending import ending
from harvests import harvest, sql
from sources import Answer, Catalogue

Make = Callable[..., Any]
MAIL = "ckanext.culturape.harvest.mail"


class Box:
    """What a mail server was given: mails, and to whom."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Refuse some people."""
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a mail."""
        mail = cast("EmailMessage", message_from_bytes(envelope.content, policy=policy.default))
        self.mails += [(address, mail) for address in envelope.rcpt_tos]
        return "250 OK"

    def taken(self) -> list[tuple[str, EmailMessage]]:
        """What came since this was asked last."""
        found, self.mails = self.mails, []
        return found

    def subjects(self) -> set[str]:
        """Of what came since this was asked last."""
        return {str(mail["Subject"]) for _, mail in self.taken()}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """A mail server on loopback."""
    found = Box()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{controller.port}")
    monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@example.org")
    yield found
    controller.stop()


@pytest.fixture
def source(catalogue: Catalogue, make_source: Make, organization: dict[str, Any]) -> str:
    """A source whose organisation has an administrator, an editor, and one whose account was closed."""
    for name, role in (("administra", "admin"), ("edita", "editor"), ("cerrada", "admin")):
        factories.User(name=name, email=f"{name}@example.org")
        helpers.call_action("organization_member_create", id=organization["id"], username=name, role=role)
    helpers.call_action("user_delete", {"ignore_auth": True}, id="cerrada")
    return make_source(catalogue.address)


def in_the_site(app: Any, work: Callable[[], Any]) -> Any:
    """As commands work: within a request of the site."""
    with app.flask_app.test_request_context():
        return work()


def test_mail_on_what_failed_and_on_what_waits(app: Any, box: Box, catalogue: Catalogue, source: str) -> None:
    in_the_site(app, lambda: harvest(source))
    assert box.taken() == []

    for n in (1, 5, 9):
        del catalogue.datasets[n]
    in_the_site(app, lambda: harvest(source))
    assert box.subjects() == {"POR CONFIRMAR: cosecha de fuente"}

    catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    in_the_site(app, lambda: harvest(source))
    mails = box.taken()
    people = [address for address, _ in mails]
    assert len(people) == len(set(people))
    assert "administra@example.org" in people
    assert {"edita@example.org", "cerrada@example.org"}.isdisjoint(people)
    mail = mails[0][1]
    assert mail["Subject"] == "FALLÓ: cosecha de fuente"
    body = mail.get_content()
    assert "El servidor respondió con el estado 404" in body
    assert f"http://test.ckan.net/cosechas/{source}" in body
    assert mail.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("choice", "failing", "number"),
    [
        ("never", True, 0),
        ("failed", False, 0),
        ("always", False, 1),
        ("always", True, 1),
        ("sometimes", True, 1),
    ],
)
def test_the_operator_chooses(
    app: Any, box: Box, catalogue: Catalogue, source: str, monkeypatch: pytest.MonkeyPatch,
    choice: str, failing: bool, number: int,
) -> None:  # fmt: skip
    monkeypatch.setitem(tk.config, MAIL, choice)
    if failing:
        catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    in_the_site(app, lambda: harvest(source))
    assert len(box.subjects()) == number


def test_in_english_where_the_site_is(
    app: Any, box: Box, catalogue: Catalogue, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckan.locale_default", "en")
    catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    in_the_site(app, lambda: harvest(source))
    assert box.subjects() == {"FAILED: harvest of fuente"}


def test_one_mailbox_that_is_full_keeps_nothing_from_the_others(
    app: Any, box: Box, catalogue: Catalogue, source: str
) -> None:
    emails = [row[0] for row in sql("""SELECT email FROM "user" WHERE sysadmin AND email IS NOT NULL""")]
    box.refused = {email for email in emails if email}
    catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    in_the_site(app, lambda: harvest(source))
    assert [address for address, _ in box.taken()] == ["administra@example.org"]


def test_a_mail_server_that_is_down_fails_nothing(
    app: Any, catalogue: Catalogue, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{free_port()}")
    monkeypatch.setitem(tk.config, MAIL, "always")
    assert in_the_site(app, lambda: harvest(source)).state == "finished"


def test_a_mail_server_that_says_nothing_holds_up_nothing(
    app: Any, catalogue: Catalogue, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.culturape.harvest import posting

    monkeypatch.setattr(posting, "PATIENCE", 0.5)
    monkeypatch.setitem(tk.config, MAIL, "always")
    in_the_site(app, lambda: harvest(source))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{silent.getsockname()[1]}")
        with ending():
            for _ in range(3):
                assert in_the_site(app, lambda: harvest(source)).state == "finished"
    # The connection ends with the server, and the thread with it.
    assert posting._busy.acquire(timeout=10)
    posting._busy.release()


def test_a_worker_sends_when_there_is_one(
    app: Any, box: Box, catalogue: Catalogue, source: str, with_test_worker: None
) -> None:
    catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    worker = jobs.Worker()
    worker.register_birth()
    try:
        in_the_site(app, lambda: harvest(source))
        assert box.taken() == []
    finally:
        worker.register_death()
    jobs.Worker().work(burst=True)
    assert box.subjects() == {"FALLÓ: cosecha de fuente"}


@pytest.mark.parametrize(
    ("option", "ours", "failing", "subjects"),
    [
        ("all", "failed", True, {"FALLÓ: cosecha de fuente"}),
        ("all", "failed", False, {"Portal de pruebas - Harvesting Job Successful - Summary Notification"}),
        ("all", "always", False, {"Cosecha terminada: fuente"}),
        ("all", "never", True, {"Portal de pruebas - Harvesting Job - Error Notification"}),
        ("errored", "failed", True, {"FALLÓ: cosecha de fuente"}),
    ],
)
def test_ckanext_harvest_sends_no_second_mail(
    app: Any, box: Box, catalogue: Catalogue, source: str, monkeypatch: pytest.MonkeyPatch,
    option: str, ours: str, failing: bool, subjects: set[str],
) -> None:  # fmt: skip
    monkeypatch.setitem(tk.config, f"ckan.harvest.status_mail.{option}", True)
    monkeypatch.setitem(tk.config, MAIL, ours)
    if failing:
        catalogue.answers["/catalogo.ttl"] = Answer(b"no", "text/plain", 404)
    in_the_site(app, lambda: harvest(source))
    assert box.subjects() == subjects


def test_who_asks_the_action_gets_all_recipients(app: Any, source: str) -> None:
    user = {"user": factories.Sysadmin()["name"]}
    found = helpers.call_action(
        "harvest_get_notifications_recipients", {**user, "ignore_auth": False}, source_id=source
    )
    assert "administra@example.org" in {person["email"] for person in found}
