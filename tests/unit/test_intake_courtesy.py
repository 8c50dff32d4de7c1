"""The manners of a guest: robots.txt, pauses, patience; and what certificates and addresses forbid."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ckanext.culturape.errors import Fault
from ckanext.culturape.intake import courtesy
from ckanext.culturape.intake.courtesy import agent, open_errand
from ckanext.culturape.intake.limits import Limits

LIMITS = Limits(connect=2, read=2, total=5)
Reply = Callable[["Handler"], tuple[int, bytes, dict[str, str]]]


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.asked.append((self.path, dict(self.headers), time.monotonic()))
        status, body, headers = site.reply(self)
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
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.site = self  # type: ignore[attr-defined]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.base = f"{scheme}://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def reply(self, handler: Handler) -> tuple[int, bytes, dict[str, str]]:
        """What stands at a path: a body, or a list of answers that are given one after the other."""
        found = self.replies.get(handler.path)
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if found is None:
            return 404, b"", {}
        return found if isinstance(found, tuple) else (200, found, {})

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


def test_servers_know_who_asks(site: Site) -> None:
    site.replies["/c"] = b"x"
    with open_errand(LIMITS, [f"{site.base}/"], portal="https://datos.example.org") as errand:
        errand.fetch(f"{site.base}/c")
    assert {headers["User-Agent"] for _, headers, _ in site.asked} == {agent("https://datos.example.org")}


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


def test_a_certificate_that_is_not_valid_is_accepted_only_when_somebody_says_so(certificate: Path) -> None:
    site = Site("https", certificate)
    site.replies["/c"] = b"x"
    with open_errand(LIMITS, [f"{site.base}/"]) as errand, pytest.raises(Fault, match="certificate"):
        errand.fetch(f"{site.base}/c")
    with open_errand(LIMITS, [f"{site.base}/"], verify=False) as errand:
        assert errand.fetch(f"{site.base}/c").content == b"x"
    with open_errand(LIMITS, [], verify=False) as errand, pytest.raises(Fault, match="Internet"):
        errand.fetch(f"{site.base}/c")
    site.server.shutdown()
    site.server.server_close()
