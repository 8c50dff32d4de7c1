"""The manners of a guest: robots.txt, pauses, patience; and what certificates and addresses forbid."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ending import ending
from requests_hardened import ip_filter_adapter
from urllib3.util import connection

from ckanext.culturape.errors import Fault
from ckanext.culturape.intake import courtesy
from ckanext.culturape.intake.courtesy import open_errand
from ckanext.culturape.intake.fetch import fetch, get
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.session import open_session

LIMITS = Limits(connect=2, read=2, total=5)
Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.site.connections += 1  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.asked.append((self.path, dict(self.headers), time.monotonic()))
        found = site.reply(self)
        if callable(found):
            with suppress(OSError):
                found(self)
            self.close_connection = True
            return
        status, body, headers = found
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Quietly."""


class Site:
    """A server on loopback."""

    def __init__(self, scheme: str = "http", certificate: Path | None = None) -> None:
        self.replies: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str], float]] = []
        self.connections = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.site = self  # type: ignore[attr-defined]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.base = f"{scheme}://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def reply(self, handler: Handler) -> Any:
        """What stands at a path: a body, what somebody does in place of an answer, or a list of these, one after the other."""
        found = self.replies.get(handler.path)
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if found is None:
            return 404, b"", {}
        return (200, found, {}) if isinstance(found, bytes) else found

    def paths(self) -> list[str]:
        """What was asked for."""
        return [path for path, _, _ in self.asked]


@pytest.fixture
def site() -> Iterator[Site]:
    """A server without robots.txt."""
    served = Site()
    yield served
    served.server.shutdown()
    served.server.server_close()


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.replies["/c"] = [
        (200, b"todo", {"ETag": '"a"', "Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT"}),
        (304, b"", {}),
    ]
    with open_errand(LIMITS, [f"{site.base}/"]) as errand:
        first = errand.fetch(f"{site.base}/c")
        assert (first.content, first.is_unchanged) == (b"todo", False)
        again = errand.fetch(f"{site.base}/c", first.etag, first.modified)
    assert (again.content, again.is_unchanged, again.etag) == (b"", True, '"a"')
    headers = site.asked[-1][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == (
        '"a"',
        "Tue, 24 Nov 2026 10:00:00 GMT",
    )


def test_one_document_can_be_asked_for_conditionally_as_well(site: Site) -> None:
    site.replies["/c"] = (304, b"", {"ETag": '"b"'})
    found = fetch(f"{site.base}/c", LIMITS, [f"{site.base}/"], etag='"a"', modified="yesterday")
    assert (found.is_unchanged, found.etag, found.modified) == (True, '"b"', "yesterday")
    with pytest.raises(Fault, match="304"):
        fetch(f"{site.base}/c", LIMITS, [f"{site.base}/"])


def test_all_documents_come_through_one_connection(site: Site) -> None:
    site.replies |= {"/robots.txt": b"", "/c": b"x" * 200_000, "/d": (304, b"", {})}
    with open_errand(LIMITS, [f"{site.base}/"]) as errand:
        for _ in range(3):
            errand.fetch(f"{site.base}/c")
            errand.fetch(f"{site.base}/d", etag='"a"')
    assert site.connections == 1


def test_unchanged_is_no_answer_to_who_never_read_it(site: Site) -> None:
    site.replies["/c"] = (304, b"", {})
    with open_errand(LIMITS, [f"{site.base}/"]) as errand, pytest.raises(Fault, match="304"):
        errand.fetch(f"{site.base}/c")


def test_what_robots_forbids_is_not_read(site: Site) -> None:
    site.replies |= {
        "/robots.txt": b"User-agent: ckanext-culturape\nDisallow: /privado\nUser-agent: *\nDisallow: /",
        "/c": b"x",
        "/privado/c": b"x",
    }
    with open_errand(LIMITS, [f"{site.base}/"]) as errand:
        assert errand.fetch(f"{site.base}/c").content == b"x"
        with pytest.raises(Fault, match="robots"):
            errand.fetch(f"{site.base}/privado/c")
    assert site.paths() == ["/robots.txt", "/c"]


@pytest.mark.parametrize(
    "robots", [None, (500, b"", {}), b"\xff\xfe\x00", b"<html>", b"Disallow", b"a" * 600_000]
)
def test_a_robots_txt_that_nobody_can_read_forbids_nothing(site: Site, robots: Any) -> None:
    site.replies |= {"/robots.txt": robots, "/c": b"x"}
    with open_errand(LIMITS, [f"{site.base}/"]) as errand:
        assert errand.fetch(f"{site.base}/c").content == b"x"


def test_what_robots_of_another_server_forbids_is_not_read_through_a_redirect(site: Site) -> None:
    other = Site()
    try:
        other.replies = {
            "/robots.txt": b"User-agent: *\nDisallow: /cerrado",
            "/cerrado.ttl": b"",
            "/abierto.ttl": b"x",
        }
        for name in ("cerrado", "abierto"):
            site.replies[f"/{name}.ttl"] = (302, b"", {"Location": f"{other.base}/{name}.ttl"})
        with open_errand(LIMITS, [f"{site.base}/", f"{other.base}/"]) as errand:
            assert errand.fetch(f"{site.base}/abierto.ttl").content == b"x"
            with pytest.raises(Fault, match="robots"):
                errand.fetch(f"{site.base}/cerrado.ttl")
    finally:
        other.server.shutdown()


def test_pauses_are_kept(site: Site) -> None:
    site.replies |= {"/robots.txt": b"User-agent: *\nCrawl-delay: 0.4", "/c": b"x"}
    with open_errand(LIMITS, [f"{site.base}/"], pause=0.1) as errand:
        errand.fetch(f"{site.base}/c")
        errand.fetch(f"{site.base}/c")
    moments = [moment for path, _, moment in site.asked if path == "/c"]
    assert moments[1] - moments[0] >= 0.39


def test_a_busy_server_is_asked_again_when_it_says(site: Site) -> None:
    site.replies["/c"] = [(503, b"", {"Retry-After": "1"}), (200, b"x", {})]
    with open_errand(LIMITS, [f"{site.base}/"]) as errand:
        assert errand.fetch(f"{site.base}/c").content == b"x"
    moments = [moment for path, _, moment in site.asked if path == "/c"]
    assert moments[1] - moments[0] >= 0.95


def test_a_server_that_stays_busy_is_left_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "AGAIN", (0.01, 0.01))
    site.replies["/c"] = (503, b"", {})
    with open_errand(LIMITS, [f"{site.base}/"]) as errand, pytest.raises(Fault, match="503"):
        errand.fetch(f"{site.base}/c")
    assert site.paths().count("/c") == 3
    site.replies["/c"] = (429, b"", {"Retry-After": "86400"})
    with open_errand(LIMITS, [f"{site.base}/"]) as errand, pytest.raises(Fault, match="429"):
        errand.fetch(f"{site.base}/c")
    assert site.paths().count("/c") == 4


def test_what_will_not_change_is_not_asked_again(site: Site) -> None:
    with open_errand(LIMITS, [f"{site.base}/"]) as errand, pytest.raises(Fault, match="404"):
        errand.fetch(f"{site.base}/nada")
    assert site.paths().count("/nada") == 1


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/c", "http://[::1]/c", "http://169.254.169.254/latest", "file:///etc/passwd"],
)
def test_addresses_inside_the_house_are_not_fetched_nor_asked_for_their_robots(address: str) -> None:
    with open_errand(LIMITS, []) as errand, pytest.raises(Fault):
        errand.fetch(address)


def test_a_redirect_into_the_house_is_not_followed(site: Site) -> None:
    site.replies["/c"] = (302, b"", {"Location": "http://127.0.0.1:9/secreto"})
    with open_errand(LIMITS, [f"{site.base}/"]) as errand, pytest.raises(Fault):
        errand.fetch(f"{site.base}/c")


def reset(handler: Handler) -> None:
    """Break off without a word."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def break_off(handler: Handler) -> None:
    """Break off in the middle."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def drip(handler: Handler) -> None:
    """Send a byte now and then, for ever, from the first of the body."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    dribble(handler)


def dribble(handler: Handler) -> None:
    """The same from the first of the head, as it does not end; for longer than the tests wait."""
    for _ in range(1000):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("break_down", [reset, break_off, (502, b"", {}), (503, b"", {}), (504, b"", {})])
def test_what_went_wrong_once_is_tried_again(
    site: Site, monkeypatch: pytest.MonkeyPatch, break_down: Any
) -> None:
    monkeypatch.setattr(courtesy, "AGAIN", (0.01, 0.01))
    site.replies["/c"] = [break_down, break_down, b"x"]
    with open_errand(LIMITS, [f"{site.base}/"]) as errand:
        assert errand.fetch(f"{site.base}/c").content == b"x"
    site.replies["/c"] = break_down
    with open_errand(LIMITS, [f"{site.base}/"]) as errand, pytest.raises(Fault):
        errand.fetch(f"{site.base}/c")
    assert site.paths().count("/c") == 6


@pytest.mark.parametrize("slow", [drip, dribble])
@pytest.mark.parametrize("path", ["/c", "/robots.txt"])
def test_a_slow_server_takes_no_more_than_its_time(
    site: Site, monkeypatch: pytest.MonkeyPatch, slow: Reply, path: str
) -> None:
    monkeypatch.setattr(courtesy, "ROBOTS", Limits(total=0.5))
    site.replies |= {"/c": b"x", path: slow}
    with ending(30), open_errand(Limits(total=0.5), [f"{site.base}/"]) as errand:
        if path == "/c":
            with pytest.raises(Fault, match="longer than 0 seconds"):
                errand.fetch(f"{site.base}/c")
            assert site.paths().count("/c") == 1
            site.replies["/c"] = b"x"
        assert errand.fetch(f"{site.base}/c").content == b"x"


def test_a_name_that_leads_elsewhere_the_second_time_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])
    gone: list[str] = []

    def resolve(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        address = next(answers) if host == "museo.example.org" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        gone.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(connection, "create_connection", connect)
    with open_session(LIMITS) as session:
        for reason in ("cannot be reached", "not on the public Internet"):
            with pytest.raises(Fault, match=reason):
                get(session, "http://museo.example.org/c", LIMITS)
    assert gone == ["93.184.216.34"]


def test_servers_know_who_asks(site: Site) -> None:
    site.replies["/c"] = b"x"
    with open_errand(LIMITS, [f"{site.base}/"], portal="https://datos.example.org") as errand:
        errand.fetch(f"{site.base}/c")
    [name] = {headers["User-Agent"] for _, headers, _ in site.asked}
    assert re.fullmatch(r"ckanext-culturape/[\d.]+\S* \(\+https://datos\.example\.org\)", name)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody vouches for."""
    key, file = tmp_path / "key.pem", tmp_path / "site.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=otra.example.org",
    ]
    subprocess.run([*command, "-keyout", str(key), "-out", str(file)], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[Site]:
    """A server with such a certificate."""
    served = Site("https", certificate)
    served.replies |= {"/robots.txt": b"", "/c": b"x"}
    yield served
    served.server.shutdown()
    served.server.server_close()


def test_a_certificate_that_is_not_valid_is_accepted_only_when_somebody_says_so(encrypted: Site) -> None:
    address, allowed = f"{encrypted.base}/c", [f"{encrypted.base}/"]
    with open_errand(LIMITS, allowed) as errand, pytest.raises(Fault, match="certificate"):
        errand.fetch(address)
    with open_errand(LIMITS, allowed, verify=False) as errand:
        assert errand.fetch(address).content == b"x"
    with open_errand(LIMITS, [], verify=False) as errand, pytest.raises(Fault, match="Internet"):
        errand.fetch(address)
    assert fetch(address, LIMITS, allowed, verify=False).content == b"x"
    with pytest.raises(Fault, match="certificate"):
        fetch(address, LIMITS, allowed)


def test_the_same_holds_for_names_whose_addresses_are_looked_at(
    encrypted: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ip_filter_adapter, "filter_host", lambda *_, **__: "127.0.0.1")
    address = encrypted.base.replace("127.0.0.1", "museo.example.org") + "/c"
    with pytest.raises(Fault, match="certificate"):
        fetch(address, LIMITS)
    assert fetch(address, LIMITS, verify=False).content == b"x"
    assert encrypted.asked[-1][1]["Host"].startswith("museo.example.org")


@pytest.mark.parametrize("slow", [drip, dribble])
def test_a_slow_server_is_cut_off_behind_encryption_as_well(encrypted: Site, slow: Reply) -> None:
    encrypted.replies["/c"] = slow
    with ending(30), pytest.raises(Fault, match="longer than 0 seconds"):
        fetch(f"{encrypted.base}/c", Limits(total=0.5), [f"{encrypted.base}/"], verify=False)
