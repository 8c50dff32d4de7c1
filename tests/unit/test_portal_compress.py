"""Answers are compressed for clients that accept it, and only where that is right."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from culturape_portal.compress import Compress, accepts_gzip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = b"<p>datos culturales</p>" * 200


class Site:
    """A small WSGI application whose answer the test chooses."""

    def __init__(
        self, headers: dict[str, str], body: Iterable[bytes] = (PAGE,), status: str = "200 OK"
    ) -> None:
        self.headers, self.body, self.status = headers, body, status

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(self.status, list(self.headers.items()))
        return self.body


def ask(site: Any, accept: str | None = "gzip, br", method: str = "GET") -> tuple[dict[str, str], bytes]:
    """Headers (names in lower case) and body of the answer."""
    environ = {"REQUEST_METHOD": method, **({"HTTP_ACCEPT_ENCODING": accept} if accept else {})}
    told: dict[str, str] = {}
    body = Compress(site)(
        environ, lambda _status, headers, *_: told.update({k.lower(): v for k, v in headers})
    )
    return told, b"".join(body)


def html(**more: str) -> dict[str, str]:
    return {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(PAGE)), **more}


def test_a_page_is_compressed_and_says_so() -> None:
    headers, body = ask(Site(html()))
    assert gzip.decompress(body) == PAGE
    assert headers["content-encoding"] == "gzip"
    assert "content-length" not in headers
    assert headers["vary"] == "Accept-Encoding"


def test_vary_keeps_what_the_application_said() -> None:
    headers, _ = ask(Site(html(Vary="Cookie")))
    assert headers["vary"] == "Cookie, Accept-Encoding"


def test_vary_is_sent_to_clients_that_get_the_plain_page_too() -> None:
    headers, body = ask(Site(html()), accept=None)
    assert body == PAGE
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-length"] == str(len(PAGE))


@pytest.mark.parametrize(
    "kind",
    [
        "text/turtle",
        "application/ld+json",
        "application/rdf+xml",
        "application/n-triples",
        "application/json",
    ],
)
def test_catalogues_are_compressed(kind: str) -> None:
    headers, body = ask(Site({"Content-Type": kind}))
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == PAGE


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "image/png"}, "200 OK"),
        ({"Content-Type": "text/event-stream"}, "200 OK"),
        (html(**{"Content-Encoding": "br"}), "200 OK"),
        (html(**{"Cache-Control": "no-transform"}), "200 OK"),
        (html(**{"Content-Range": "bytes 0-99/100"}), "206 Partial Content"),
        (html(), "304 Not Modified"),
        (html(**{"Content-Length": "120"}), "200 OK"),
    ],
)
def test_what_must_not_be_compressed_passes_unchanged(headers: dict[str, str], status: str) -> None:
    told, body = ask(Site(headers, status=status))
    assert body == PAGE
    assert told == {name.lower(): value for name, value in headers.items()}


def test_head_keeps_its_headers_and_has_no_body() -> None:
    headers, body = ask(Site(html(), body=()), method="HEAD")
    assert (headers["vary"], body) == ("Accept-Encoding", b"")
    assert "content-encoding" not in headers


@pytest.mark.parametrize(("etag", "weak"), [('"abc"', 'W/"abc"'), ('W/"abc"', 'W/"abc"')])
def test_the_etag_of_compressed_bytes_is_weak(etag: str, weak: str) -> None:
    assert ask(Site(html(ETag=etag)))[0]["etag"] == weak


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0, *", False),
        ("br", False),
        ("", False),
    ],
)
def test_the_client_chooses(accept: str, expected: bool) -> None:
    assert accepts_gzip({"HTTP_ACCEPT_ENCODING": accept}) is expected


def test_a_stream_is_not_gathered_and_is_closed() -> None:
    taken = 0
    closed = False

    def lines() -> Iterator[bytes]:
        nonlocal taken, closed
        try:
            for number in range(2000):
                taken += 1
                yield f'<http://example.org/{number * 7919 % 104729}> <urn:p> "{number}" .\n'.encode() * 20
        finally:
            closed = True

    environ = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip"}
    body: Any = Compress(Site({"Content-Type": "application/n-triples"}, lines()))(environ, lambda *_: None)
    next(iter(body))
    assert taken < 1000
    body.close()
    assert closed


def test_an_application_that_starts_late_is_served() -> None:
    def late(_environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield PAGE
        yield PAGE

    assert gzip.decompress(ask(late)[1]) == PAGE * 2


def test_what_a_late_application_holds_is_released_when_the_client_goes_away() -> None:
    released: list[str] = []

    class Late:
        def __init__(self, start_response: Any) -> None:
            self.start_response = start_response

        def __iter__(self) -> Iterator[bytes]:
            self.start_response("200 OK", [("Content-Type", "image/png")])
            yield PAGE

        def close(self) -> None:
            released.append("connection")

    body: Any = Compress(lambda _environ, start: Late(start))({"REQUEST_METHOD": "GET"}, lambda *_: None)
    body.close()
    assert released == ["connection"]
