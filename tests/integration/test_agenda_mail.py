"""Those who support a need or follow a commitment are told by mail: once, by the worker, and nobody who may not read it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any, cast

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from agendas import Make, maker
from ckan import model
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis
from redis.exceptions import ConnectionError as RedisConnectionError

from ckanext.culturape import config
from ckanext.culturape.agenda.news import followers, mailing

pytestmark = pytest.mark.usefixtures("clean")

MAIL = "ckanext.culturape.agenda.mail"


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


@pytest.fixture(autouse=True)
def counters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mail goes out; nobody had any before, and no job waits."""
    monkeypatch.setitem(tk.config, MAIL, "true")
    monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@example.org")
    jobs.get_queue().empty()
    yield
    jobs.get_queue().empty()
    found = connect_to_redis()
    for key in found.scan_iter("LIMITS:*"):
        found.delete(key)


def person(name: str, **more: Any) -> dict[str, Any]:
    return factories.User(name=name, email=f"{name}@example.org", **more)


def follow(user: dict[str, Any], record: dict[str, Any]) -> None:
    tk.get_action("follow_dataset")({"user": user["name"]}, {"id": record["id"]})


def step(user: dict[str, Any], need: dict[str, Any], status: str, comment: str = "Se lee.") -> None:
    context = {"user": user["name"], "ignore_auth": False, "auth_user_obj": model.User.get(user["name"])}
    tk.get_action("culturape_need_status_set")(
        context, {"id": need["id"], "status": status, "comment": comment}
    )


def change(user: dict[str, Any], record: dict[str, Any], **more: Any) -> None:
    tk.get_action("package_patch")({"user": user["name"]}, {"id": record["id"], **more})


def work(app: Any) -> int:
    """What the worker does with the jobs that wait; how many there were."""
    number = 0
    with app.flask_app.test_request_context():
        while waiting := jobs.get_queue().jobs:
            for job in waiting:
                job.func(*job.args, **job.kwargs)
                job.delete()
                number += 1
    return number


def taken(mail_server: Any) -> dict[str, EmailMessage]:
    """Mails since this was asked last, by address; nobody has two."""
    found = mail_server.get_smtp_messages()
    mails = {
        to[0]: cast("EmailMessage", message_from_string(content, policy=policy.default))
        for _, _, to, content in found
    }
    assert len(mails) == len(found)
    assert all(len(to) == 1 for _, _, to, _ in found)
    mail_server.clear_smtp_messages()
    return mails


def test_a_step_is_told_to_those_who_support_the_need(
    app: Any, make: Make, editor: dict[str, Any], mail_server: Any
) -> None:
    need = make("necesidad", title_translated={"es": "Hablantes por distrito", "en": "Speakers"})
    one, two, closed, silent = (person(name) for name in ("una", "dos", "cerrada", "callada"))
    for user in (one, two, closed):
        follow(user, need)
    helpers.call_action("user_delete", {"ignore_auth": True}, id=closed["id"])
    step(editor, need, "en-revision", "Se lee.\nY se responde.")
    assert taken(mail_server) == {}
    assert work(app) == 1
    mails = taken(mail_server)
    assert set(mails) == {"una@example.org", "dos@example.org"}
    mail = mails["una@example.org"]
    assert mail["Subject"] == "En revisión: Hablantes por distrito"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert "Se lee.\nY se responde." in body
    assert f"http://test.ckan.net/necesidad/{need['name']}#apoyo" in body
    assert "Dejar de apoyar" in body
    assert not any(
        hidden in mail.as_string() + body
        for hidden in ("dos@example.org", silent["email"], editor["name"], editor["email"])
    )


def test_who_states_a_need_supports_it_and_is_answered_in_their_language(
    app: Any, organization: dict[str, Any], editor: dict[str, Any], mail_server: Any
) -> None:
    asker = person("quien-pide")
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "en"}):
        said = {"title": "Speakers by district", "description": "Teachers need to know how many children speak it.", "language": "en",
                "purpose": ["educacion"], "requester_type": "persona"}  # fmt: skip
        tk.config["ckanext.culturape.needs.organization"] = organization["name"]
        try:
            made = tk.get_action("culturape_need_state")({"user": asker["name"]}, said)
        finally:
            tk.config["ckanext.culturape.needs.organization"] = ""
    # Those who answer hear that it waits.
    work(app)
    assert asker["email"] not in taken(mail_server)
    step(editor, made, "en-revision", "We read it.")
    work(app)
    mails = taken(mail_server)
    assert set(mails) == {asker["email"]}
    assert mails[asker["email"]]["Subject"] == "Under review: Speakers by district"
    assert "Stop supporting it" in mails[asker["email"]].get_content()


def test_nobody_is_told_of_what_they_may_not_read_or_no_longer_follow(
    app: Any, make: Make, editor: dict[str, Any], mail_server: Any
) -> None:
    need = make("necesidad")
    stays, leaves = person("queda"), person("deja")
    follow(stays, need)
    follow(leaves, need)
    tk.get_action("unfollow_dataset")({"user": leaves["name"]}, {"id": need["id"]})
    step(editor, need, "en-revision")
    change(editor, need, private=True)
    work(app)
    assert taken(mail_server) == {}
    change(editor, need, private=False)
    step(editor, need, "aceptada")
    work(app)
    assert set(taken(mail_server)) == {stays["email"]}
    step(editor, need, "comprometida")
    helpers.call_action("package_delete", {"user": editor["name"]}, id=need["id"])
    work(app)
    assert taken(mail_server) == {}


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Una\r\nBcc: victima@example.org", "En revisión: Una Bcc: victima@example.org"),
        ("Una\u2028dos\u202e", "En revisión: Una dos"),
        ("%(status)s %s %", "En revisión: %(status)s %s %"),
        ("ñ" * 900, "En revisión: " + "ñ" * 150),
    ],
)
def test_a_title_makes_no_header(
    app: Any, make: Make, editor: dict[str, Any], mail_server: Any, title: str, subject: str
) -> None:
    need = make("necesidad")
    follow(person("una"), need)
    package: Any = model.Package.get(need["id"])
    step(editor, need, "en-revision")
    # As records were written before anybody looked at them.
    package.title, package.extras["title_translated"] = title, ""
    model.Session.commit()
    work(app)
    mail = taken(mail_server)["una@example.org"]
    assert mail["Subject"] == subject
    assert (mail["Bcc"], mail["To"].count("@")) == (None, 1)


def test_a_change_of_a_commitment_is_told_to_those_who_follow_it_or_its_agenda(
    app: Any, make: Make, make_dataset: Make, editor: dict[str, Any], mail_server: Any
) -> None:
    agenda, dataset = make("agenda"), make_dataset()
    promise = make("compromiso", agenda=agenda["name"], title_translated={"es": "Abrir"})
    both, one = person("ambas"), person("agenda")
    for record in (promise, agenda):
        follow(both, record)
    follow(one, agenda)
    change(editor, promise, lead_actor="Otra")
    assert work(app) == 0
    change(editor, promise, due_date="2032-06")
    work(app)
    mails = taken(mail_server)
    assert set(mails) == {both["email"], one["email"]}
    mail = mails[one["email"]]
    assert mail["Subject"] == "Cambió un compromiso: Abrir"
    assert "Fecha límite: 2032-06\nFecha límite anterior: 2031-12" in mail.get_content()
    assert "Estado" not in mail.get_content()
    assert all(f"http://test.ckan.net/{record['type']}/{record['name']}" in mail.get_content() for record in (promise, agenda))  # fmt: skip
    change(editor, promise, fulfilled_by=[dataset["name"]])
    work(app)
    assert all("Estado: Cumplido" in mail.get_content() for mail in taken(mail_server).values())
    change(editor, promise, withdrawn_reason="Ya no.\nBcc: x@example.org")
    work(app)
    mails = taken(mail_server)
    assert set(mails) == {both["email"], one["email"]}
    assert "Motivo" in mails[one["email"]].get_content()
    assert "Ya no. Bcc: x@example.org" in mails[one["email"]].get_content()
    change(editor, promise, withdrawn_reason="Ya no, de verdad.")
    assert work(app) == 0


def test_a_private_agenda_is_told_to_nobody_but_those_of_its_public_commitment(
    app: Any, make: Make, editor: dict[str, Any], mail_server: Any
) -> None:
    agenda = make("agenda", private=True)
    promise = make("compromiso", agenda=agenda["name"])
    user = person("una")
    follow(user, promise)
    change(editor, promise, due_date="2032")
    work(app)
    assert agenda["name"] not in taken(mail_server)[user["email"]].get_content()


def test_many_are_told_batch_by_batch_each_once(
    app: Any, make: Make, editor: dict[str, Any], mail_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "BATCH", 2)
    need = make("necesidad")
    people = [person(f"persona-{number}") for number in range(5)]
    for user in people:
        follow(user, need)
    step(editor, need, "en-revision")
    first = jobs.get_queue().jobs[0]
    # The editor supports it as well, and needs not be told.
    assert work(app) == 3 + 1
    assert set(taken(mail_server)) == {user["email"] for user in people}
    with app.flask_app.test_request_context():
        first.func(*first.args)
    work(app)
    assert taken(mail_server) == {}


def test_many_steps_do_not_flood(
    app: Any, make: Make, editor: dict[str, Any], mail_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "MOST", "2/day")
    need = make("necesidad")
    follow(person("una"), need)
    for status in ("en-revision", "aceptada", "comprometida", "no-procede"):
        step(editor, need, status)
    assert work(app) == 4
    assert len(mail_server.get_smtp_messages()) == 2


def test_a_mail_server_that_is_down_loses_no_step(
    app: Any, make: Make, editor: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    need = make("necesidad")
    calls: list[Any] = []

    def refuse(*args: Any, **more: Any) -> None:
        calls.append(args)
        raise OSError("down")

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    follow(person("una"), need)
    follow(person("dos"), need)
    step(editor, need, "en-revision")
    work(app)
    assert len(calls) == 1
    assert helpers.call_action("package_show", id=need["id"])["need_status"] == "en-revision"


def test_a_queue_that_is_down_loses_no_step(
    make: Make, editor: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    need = make("necesidad")
    follow(person("una"), need)
    with monkeypatch.context() as down:
        down.setattr(jobs, "connect_to_redis", _gone)
        down.setattr(jobs, "_queues", {})
        step(editor, need, "en-revision")
    assert helpers.call_action("package_show", id=need["id"])["need_status"] == "en-revision"


def _gone() -> None:
    raise RedisConnectionError("down")


@pytest.mark.parametrize(
    ("chosen", "server", "expected"),
    [
        ("", "localhost", False),
        ("", "mail.example.org:587", True),
        ("", "", False),
        ("false", "mail.example.org", False),
        ("true", "localhost", True),
    ],
)
def test_when_mail_goes_out(
    monkeypatch: pytest.MonkeyPatch, chosen: str, server: str, expected: bool
) -> None:
    monkeypatch.setitem(tk.config, MAIL, chosen)
    monkeypatch.setitem(tk.config, "smtp.server", server)
    assert config.agenda_mail() is expected


def test_without_mail_or_followers_no_job_waits(
    app: Any, make: Make, editor: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    need = make("necesidad")
    tk.get_action("unfollow_dataset")({"user": editor["name"]}, {"id": need["id"]})
    step(editor, need, "en-revision")
    assert work(app) == 0
    follow(person("una"), need)
    monkeypatch.setitem(tk.config, MAIL, "false")
    step(editor, need, "aceptada")
    assert work(app) == 0


def test_those_who_answer_are_told_that_a_need_waits(
    app: Any, mail_server: Any, make: Make, editor: dict[str, Any], organization: dict[str, Any]
) -> None:
    agenda = make("agenda")
    tk.get_action("user_patch")(
        {"ignore_auth": True, "user": editor["name"]}, {"id": editor["name"], "email": "edita@example.org"}
    )
    member = person("miembro")
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=member["name"], role="member"
    )
    asks = person("pide")
    said = {
        "title": "Hablantes por distrito", "description": "La escuela necesita saber cuántos son.", "purpose": ["educacion"],
        "requester_type": "academia", "agenda": agenda["name"], "contact_name": "Persona", "contact_email": "persona@example.org",
    }  # fmt: skip
    tk.get_action("culturape_need_state")({"user": asks["name"], "ignore_auth": False}, said)
    assert work(app) == 1
    mails = taken(mail_server)
    # Whoever made the organisation administers it.
    assert len(mails) == 2 and not {"miembro@example.org", "pide@example.org"} & set(mails)
    mail = mails["edita@example.org"]
    assert "Hablantes por distrito" in mail["Subject"]
    body = mail.get_content()
    assert "/necesidades/por-revisar" in body
    assert "persona@example.org" not in body and "pide" not in body and "cuántos son" not in body
