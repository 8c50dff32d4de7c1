"""A WSGI layer that compresses what clients accept compressed; streams stay streams, memory stays flat."""

from __future__ import annotations

import re
import zlib
from itertools import chain
from typing import TYPE_CHECKING, Any

from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TEXTUAL = re.compile(
    r"text/(?!event-stream)|application/(json|javascript|xml|[\w.-]+\+(xml|json)|n-triples|trig|"
    r"n-quads|rdf|atom|wasm|geo)|image/svg",
    re.IGNORECASE,
)
SMALL = 500
GZIP = 16 + zlib.MAX_WBITS
Headers = list[tuple[str, str]]


class Compress:
    """Wraps a WSGI application; textual answers are sent as gzip to clients that accept it."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        answer: list[Any] = []

        def remember(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
            answer[:] = [status, headers, exc_info]
            return _no_write

        body = self.application(environ, remember)
        if not answer:
            body = _started(body)
        status, headers, exc_info = answer
        if not compressible(status, headers):
            start_response(status, headers, *([exc_info] if exc_info else []))
            return body
        headers = with_vary(headers)
        if accepts_gzip(environ) and environ["REQUEST_METHOD"] != "HEAD":
            headers = as_gzip(headers)
            body = Closing(body, gzipped(body))
        start_response(status, headers, *([exc_info] if exc_info else []))
        return body


class Closing:
    """A body whose end releases what the application's own body holds."""

    def __init__(self, body: Iterable[bytes], chunks: Iterable[bytes]) -> None:
        self.body, self.chunks = body, chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        """Called by the server, also when the client went away."""
        close = getattr(self.body, "close", None)
        if close:
            close()


def gzipped(body: Iterable[bytes]) -> Iterator[bytes]:
    """The compressed body, chunk by chunk."""
    packer = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    for chunk in body:
        packed = packer.compress(chunk)
        if packed:
            yield packed
    yield packer.flush()


def compressible(status: str, headers: Headers) -> bool:
    """Whether an answer is text, whole, not small, and not compressed yet."""
    fields = {name.lower(): value for name, value in headers}
    if status[:3] in {"204", "206", "304"} or "content-encoding" in fields or "content-range" in fields:
        return False
    if "no-transform" in fields.get("cache-control", ""):
        return False
    if fields.get("content-length", "").isdigit() and int(fields["content-length"]) < SMALL:
        return False
    return bool(TEXTUAL.match(fields.get("content-type", "")))


def accepts_gzip(environ: dict[str, Any]) -> bool:
    """Whether the client named gzip (or everything) with a quality above nothing."""
    accepted = dict(parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", "")))
    return accepted.get("gzip", accepted.get("x-gzip", accepted.get("*", 0))) > 0


def with_vary(headers: Headers) -> Headers:
    """The headers with Accept-Encoding named in Vary."""
    named = [value for name, value in headers if name.lower() == "vary"]
    if any("accept-encoding" in value.lower() or value.strip() == "*" for value in named):
        return headers
    rest = [(name, value) for name, value in headers if name.lower() != "vary"]
    return [*rest, ("Vary", ", ".join([*named, "Accept-Encoding"]))]


def as_gzip(headers: Headers) -> Headers:
    """The headers of the compressed answer: other length, and a weak ETag, for the bytes differ."""
    changed = [
        (name, value) for name, value in headers if name.lower() not in {"content-length", "accept-ranges"}
    ]
    weak = [
        (name, f"W/{value}" if name.lower() == "etag" and not value.startswith("W/") else value)
        for name, value in changed
    ]
    return [*weak, ("Content-Encoding", "gzip")]


def _started(body: Iterable[bytes]) -> Iterable[bytes]:
    """Run a lazy application to its first chunk, so that it has told its status."""
    chunks = iter(body)
    first = next(chunks, b"")
    return Closing(body, chain([first], chunks))


def _no_write(_data: bytes) -> None:
    raise RuntimeError("the write callable of WSGI is not supported")
