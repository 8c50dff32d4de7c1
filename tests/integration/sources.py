"""A catalogue by others for tests: pages of DCAT in Turtle on a server of its own, which tests change as they like."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix ex: <https://otro.example.org/vocab#> .
"""


@dataclass
class Answer:
    """What the server says at an address."""

    body: bytes
    kind: str = "text/turtle"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Catalogue:
    """A catalogue, and the server at which it stands.

    Attributes:
        datasets: titles by number, in their order.
        more: further statements about a dataset, by number.
        size: datasets of a page.
        tagged: whether the server marks its pages and answers that they have not changed.
        answers: what is said at a path in place of the catalogue.
        asked: paths that were asked for.
        sent: paths for which a whole page went out.
    """

    datasets: dict[int, str] = field(default_factory=dict)
    more: dict[int, str] = field(default_factory=dict)
    size: int = 5
    tagged: bool = True
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    base: str = ""

    @property
    def address(self) -> str:
        """Of its first page."""
        return f"{self.base}/catalogo.ttl"

    def uri(self, number: int) -> str:
        """Of a dataset."""
        return f"https://otro.example.org/conjunto/{number}"

    def page(self, number: int) -> str:
        """A page in Turtle."""
        numbers = list(self.datasets)
        start = (number - 1) * self.size
        lines = [HEAD, self._paging(number, start + self.size < len(numbers))]
        return "\n".join([*lines, *(self.describe(n) for n in numbers[start : start + self.size])])

    def _paging(self, number: int, is_more: bool) -> str:
        here = f"{self.address}?p={number}"
        following = f"hydra:next <{self.address}?p={number + 1}> ;" if is_more else ""
        return f"<{here}> a hydra:PagedCollection ; {following} hydra:totalItems {len(self.datasets)} ."

    def describe(self, number: int) -> str:
        """A dataset in Turtle."""
        return f"""
<{self.uri(number)}> a dcat:Dataset ;
    dct:title "{self.datasets[number]}"@es ;
    dct:description "Registro {number} del catálogo de prueba."@es ;
    dct:identifier "reg-{number}" ;
    dct:publisher [ a foaf:Agent ; foaf:name "Dirección de prueba" ] ;
    dcat:keyword "museos"@es, "registro {number}"@es ;
    ex:sala "{number % 7}" ;
    {self.more.get(number, "")}
    dcat:distribution <{self.uri(number)}/csv> .
<{self.uri(number)}/csv> a dcat:Distribution ;
    dct:title "Datos {number}"@es ;
    dcat:accessURL <https://otro.example.org/archivo/{number}.csv> ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> .
"""

    def answer(self, path: str) -> Answer:
        """What the server says."""
        if path in self.answers:
            return self.answers[path]
        name, _, query = path.partition("?p=")
        if name != "/catalogo.ttl":
            return Answer(b"", status=404)
        body = self.page(int(query or 1)).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        return Answer(body, headers={"ETag": tag} if self.tagged else {})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        catalogue: Catalogue = self.server.catalogue  # type: ignore[attr-defined]
        catalogue.asked.append(self.path)
        answer = catalogue.answer(self.path)
        tag = answer.headers.get("ETag")
        if tag and self.headers.get("If-None-Match") == tag:
            answer = Answer(b"", status=304, headers=answer.headers)
        else:
            catalogue.sent.append(self.path)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *arguments: Any) -> None:
        """Quietly."""


@contextmanager
def serve(catalogue: Catalogue) -> Iterator[Catalogue]:
    """Serve a catalogue on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.catalogue = catalogue  # type: ignore[attr-defined]
    catalogue.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield catalogue
    finally:
        server.shutdown()
        server.server_close()
