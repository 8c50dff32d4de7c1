"""``/validar``: anybody may ask, within limits, and nothing that they send or name does harm."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import ckan.plugins as p
import ckan.tests.factories as factories
import pytest
from bs4 import BeautifulSoup

from ckanext.culturape.dcat.shacl import public

SCRIPT = "<script>alert(1)</script>"
TURTLE = f"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<http://x.pe/d> a dcat:Dataset ; dct:title "{SCRIPT}"@es ; dct:spatial "{SCRIPT}" ; dcat:distribution <http://x.pe/f> .
<http://x.pe/f> a dcat:Distribution .
"""


class Server(BaseHTTPRequestHandler):
    """A catalogue inside the house."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(TURTLE.encode())


@pytest.fixture
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def portal(clean: None, reset_redis: Any) -> None:
    """An empty portal where nobody has asked yet."""
    reset_redis()


@pytest.fixture
def allowed(server: str, ckan_config: Any, monkeypatch: Any) -> str:
    monkeypatch.setitem(ckan_config, "ckanext.culturape.allowed_sources", server)
    return server


@pytest.fixture
def rate(ckan_config: Any, monkeypatch: Any) -> Any:
    def set_rate(value: str, proxies: int = 0) -> None:
        monkeypatch.setitem(ckan_config, "ckanext.culturape.validation_rate", value)
        monkeypatch.setitem(ckan_config, "ckanext.culturape.trusted_proxies", proxies)

    return set_rate


def ask(
    app: Any,
    status: int = 200,
    prefix: str = "",
    headers: Any = None,
    address: str = "192.0.2.1",
    **data: Any,
) -> Any:
    return app.post(
        f"{prefix}/validar",
        data=data,
        status=status,
        headers=headers or {},
        environ_overrides={"REMOTE_ADDR": address},
    )


def alert(answer: Any) -> str:
    (found,) = BeautifulSoup(answer.body, "html.parser").select("[role=alert]")
    return found.text.strip()


def test_the_form(app: Any) -> None:
    page = BeautifulSoup(app.get("/validar").body, "html.parser")
    form = page.select_one("form[action$=validar]")
    assert form
    names = {field["name"] for field in form.select("[name]")}
    assert {"url", "file", "text", "format"} <= names
    for field in form.select("input:not([type=hidden]), textarea, select"):
        assert page.find("label", attrs={"for": field["id"]}), field
    assert "Validar un catálogo" in page.text
    assert "Validate a catalogue" in app.get("/en/validar").body


def test_head_examines_nothing(app: Any, rate: Any) -> None:
    rate("1/hour")
    client = app.flask_app.test_client()
    # CKAN 2.11 finds the language in front of Flask.
    spanish = {"CKAN_LANG": "es"}
    assert client.head("/validar", environ_overrides=spanish).status_code == 200
    assert client.head("/validar?url=http://127.0.0.1/", environ_overrides=spanish).status_code == 200
    ask(app, text=TURTLE)


def test_a_text_a_file_and_an_address_get_the_same_report(app: Any, allowed: str) -> None:
    file = (io.BytesIO(TURTLE.encode("utf-16")), "catálogo.ttl")
    for answer in (
        ask(app, text=TURTLE),
        ask(app, file=file),
        ask(app, url=f"{allowed}/catalogo.ttl"),
        app.get(f"/validar?url={allowed}/catalogo.ttl"),
    ):
        report = BeautifulSoup(answer.body, "html.parser").select_one("section[aria-labelledby=informe]")
        assert report
        assert "No es conforme" in report.text
        assert "Falta la descripción." in report.text
        assert "Falta la dirección del archivo o de la página." in report.text
        assert "1 conjunto de datos" in report.text


def test_scripts_of_strangers_are_texts(app: Any) -> None:
    for data in (
        {"text": TURTLE},
        {"text": SCRIPT},
        {"url": f"{SCRIPT}"},
        {"text": TURTLE, "format": "html"},
    ):
        answer = app.post("/validar", data=data)
        assert SCRIPT not in answer.body
        assert "alert(1)" in answer.body


def test_the_report_to_keep(app: Any) -> None:
    found = json.loads(ask(app, text=TURTLE, format="json").body)
    assert found["conforms"] is False
    assert found["counts"]["violation"] == len(
        [row for row in found["findings"] if row["severity"] == "violation"]
    )
    answer = ask(app, text=TURTLE, format="csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    _, *rows = csv.reader(io.StringIO(answer.body.removeprefix("\ufeff")))
    assert len(rows) == len(found["findings"])
    answer = ask(app, text=TURTLE, format="html")
    assert "<!doctype html>" in answer.body
    for form in ("csv", "json", "html"):
        assert "public" not in ask(app, text=TURTLE, format=form).headers["Cache-Control"]


REFUSED = [
    ({}, 400, "Indique una dirección", "Give an address"),
    ({"text": " \n"}, 400, "Indique una dirección", "Give an address"),
    ({"text": TURTLE, "format": "pdf"}, 400, "csv, json", "csv, json"),
    ({"url": "file:///etc/passwd"}, 422, "http://", "http://"),
    ({"url": "http://127.0.0.1:5432/"}, 422, "Internet", "public Internet"),
    ({"url": "http://[::1"}, 422, "http://", "http://"),
    ({"url": "http://no-such-name.invalid/"}, 422, "no-such-name.invalid", "cannot be reached"),
    ({"text": "<html><body>Entrar</body></html>"}, 422, "página web", "web page"),
    ({"text": "\x00\x01\x02\x1f"}, 422, "RDF", "RDF"),
    ({"text": '{"a": 1}'}, 422, "JSON-LD", "JSON-LD"),
    ({"text": '{"@context": "http://169.254.169.254/", "@id": "a"}'}, 422, "169.254.169.254", "fetches none"),
    ({"text": '<!DOCTYPE r [<!ENTITY a "b">]><rdf:RDF/>'}, 422, "DTD", "DTD"),
    ({"text": "[" * 100_000 + '"@id"'}, 422, "niveles", "levels"),
]


@pytest.mark.parametrize(
    ("data", "status", "spanish", "english"), REFUSED, ids=[str(row[0])[:40] for row in REFUSED]
)
def test_refusals_are_one_sentence(app: Any, data: Any, status: int, spanish: str, english: str) -> None:
    if data.get("format"):
        assert spanish in ask(app, status, **data).body
        return
    said = alert(ask(app, status, **data))
    assert spanish in said
    assert english in alert(ask(app, status, prefix="/en", **data))
    assert said.count("\n") == 0
    plain = ask(app, status, format="json", **data)
    assert plain.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert plain.body.strip() == said


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 50,
        b"\xff" * 1000,
        b"PK\x03\x04" + b"\0" * 500,
        b"\x89PNG\r\n\x1a\n" + b"\0\x01" * 300,
    ],
)
def test_files_that_are_something_else_are_refused(app: Any, content: bytes) -> None:
    assert alert(ask(app, 422, file=(io.BytesIO(content), "foto.ttl")))


def test_what_is_too_large_is_refused(app: Any) -> None:
    large = TURTLE.encode() + b"#" + b"a" * public.LIMITS.size
    assert "5 MB" in alert(ask(app, 413, file=(io.BytesIO(large), "a.ttl")))
    assert "5 MB" in alert(ask(app, 413, text=large.decode()))
    assert "5 MB" in ask(app, 413, file=(io.BytesIO(large * 3), "a.ttl")).body


def test_a_text_may_be_as_large_as_a_file(app: Any) -> None:
    assert "No es conforme" in ask(app, text=TURTLE + "#" * 2_000_000).body


def test_an_address_inside_the_house_needs_the_operator(app: Any, server: str) -> None:
    assert "Internet" in alert(ask(app, 422, url=f"{server}/catalogo.ttl"))


def test_who_asks_too_often_waits(app: Any, rate: Any) -> None:
    rate("1/hour")
    ask(app, text=TURTLE)
    assert "más tarde" in alert(ask(app, 429, text=TURTLE))
    ask(app, 429, text=TURTLE, headers={"X-Forwarded-For": "198.51.100.7"})
    ask(app, text=TURTLE, address="192.0.2.2")
    app.get("/validar", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})


def test_one_network_of_ipv6_is_one_client(app: Any, rate: Any) -> None:
    rate("1/hour")
    ask(app, text=TURTLE, address="2001:db8:1:1::1")
    ask(app, 429, text=TURTLE, address="2001:db8:1:1:ffff::2")
    ask(app, text=TURTLE, address="2001:db8:1:2::1")


def test_behind_a_proxy_the_right_hop_counts(app: Any, rate: Any) -> None:
    rate("1/hour", proxies=1)

    def through(forwarded: str, status: int = 200) -> None:
        ask(app, status, text=TURTLE, headers={"X-Forwarded-For": forwarded}, address="10.0.0.1")

    through("203.0.113.1")
    through("203.0.113.1", 429)
    through("forged, 198.51.100.9, 203.0.113.1", 429)
    through("203.0.113.2")
    # Past the proxy, with two of them expected, nothing is believed.
    rate("1/hour", proxies=2)
    ask(app, text=TURTLE, headers={"X-Forwarded-For": "198.51.100.1"}, address="192.0.2.9")
    ask(app, 429, text=TURTLE, headers={"X-Forwarded-For": "198.51.100.2"}, address="192.0.2.9")


def test_a_person_is_counted_by_name(app: Any, rate: Any) -> None:
    rate("1/hour")
    user = factories.UserWithToken()
    headers = {"Authorization": user["token"]}
    ask(app, text=TURTLE, headers=headers)
    ask(app, 429, text=TURTLE, headers=headers, address="192.0.2.77")


@pytest.mark.parametrize("value", ["0/hour", "often", ""])
def test_the_page_can_be_closed_to_all_but_system_administrators(app: Any, rate: Any, value: str) -> None:
    rate(value)
    ask(app, 429, text=TURTLE)
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    for _ in range(3):
        ask(app, text=TURTLE, headers=headers)


def test_the_page_works_without_its_counter(app: Any, ckan_config: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(ckan_config, "ckan.redis.url", "redis://127.0.0.1:1/0")
    assert "No es conforme" in ask(app, text=TURTLE).body


def test_only_so_many_at_one_time(app: Any) -> None:
    assert public._ROOM.acquire(blocking=False)
    assert public._ROOM.acquire(blocking=False)
    try:
        assert "momento" in alert(ask(app, 503, text=TURTLE))
    finally:
        public._ROOM.release()
        public._ROOM.release()
    # What fails gives its room back.
    for _ in range(3):
        ask(app, 422, text="{")
    ask(app, text=TURTLE)


WITHOUT = "culturape culturape_dcat scheming_datasets scheming_organizations dcat structured_data activity"


@pytest.mark.ckan_config("ckan.plugins", WITHOUT)
@pytest.mark.usefixtures("with_plugins")
def test_without_harvest_nothing_is_registered(app: Any, allowed: str) -> None:
    assert not p.plugin_loaded("harvest")
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    assert "Registrar este catálogo" not in ask(app, url=f"{allowed}/a.ttl", headers=headers).body


HARVEST = (
    "culturape culturape_dcat scheming_datasets scheming_organizations dcat structured_data activity harvest"
)


@pytest.mark.ckan_config("ckan.plugins", HARVEST)
@pytest.mark.usefixtures("with_plugins")
def test_those_who_may_register_a_source_find_its_form_filled(
    app: Any, allowed: str, migrate_db_for: Any
) -> None:
    assert p.plugin_loaded("harvest")
    migrate_db_for("harvest")
    sysadmin, visitor = factories.SysadminWithToken(), factories.UserWithToken()
    address = f"{allowed}/catalogo.ttl?tema=museos&pagina=1"
    answer = ask(app, url=address, headers={"Authorization": sysadmin["token"]})
    link = BeautifulSoup(answer.body, "html.parser").select_one("a.btn[href*=harvest]")
    assert link
    form = BeautifulSoup(
        app.get(link["href"], headers={"Authorization": sysadmin["token"]}).body, "html.parser"
    )
    field = form.select_one("form [name=url]")
    assert field
    assert field["value"] == address
    assert "Registrar este catálogo" not in ask(app, url=address).body
    assert (
        "Registrar este catálogo"
        not in ask(app, url=address, headers={"Authorization": visitor["token"]}).body
    )
    assert (
        "Registrar este catálogo"
        not in ask(app, text=TURTLE, headers={"Authorization": sysadmin["token"]}).body
    )


def test_relative_addresses_are_shown_as_they_were_written(app: Any) -> None:
    body = ask(app, text=TURTLE.replace("http://x.pe/", "")).body
    assert "example.invalid" not in body
    assert "<small>d</small>" in body
