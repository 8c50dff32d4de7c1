"""A catalogue by others in a process of its own, made up as it is asked for: ``python _source.py FOLDER`` prints its address.

``/<name>/<datasets>/<per page>/catalogo.ttl?p=N`` are the pages of a catalogue in Turtle, marked with an ETag; ``/change/<name>/<every>``
changes one dataset of so many; ``/real/<file>`` and ``/bad/<file>`` are the files of folders in the folder. A dataset has 41 statements and three distributions.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KINDS = {
    ".ttl": "text/turtle", ".rdf": "application/rdf+xml", ".xml": "application/rdf+xml", ".jsonld": "application/ld+json",
    ".nt": "application/n-triples", ".trig": "application/trig",
}  # fmt: skip
THEMES = ("EDUC", "SOCI", "REGI", "GOVE")
FREQUENCIES = ("ANNUAL", "MONTHLY", "QUARTERLY")
HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix eu: <http://publications.europa.eu/resource/authority/> .
"""


def page(base: str, name: str, total: int, size: int, number: int, every: int) -> str:
    """A page of a catalogue; every so many-th dataset is changed, none for 0."""
    address = f"{base}/{name}/{total}/{size}/catalogo.ttl"
    first, last = (number - 1) * size + 1, min(total, number * size)
    following = f"hydra:next <{address}?p={number + 1}> ;" if last < total else ""
    paging = f"<{address}?p={number}> a hydra:PagedCollection ; {following} hydra:totalItems {total} ."
    described = (describe(name, n, bool(every) and n % every == 0) for n in range(first, last + 1))
    return "\n".join([HEAD, paging, *described])


def describe(name: str, number: int, is_changed: bool) -> str:
    """A dataset in Turtle."""
    here = f"https://otro.example.org/{name}/conjunto/{number}"
    said = "corregido" if is_changed else "tal como es"
    return f"""
<{here}> a dcat:Dataset ;
    dct:title "Museo regional {number} de {name}"@es, "Regional museum {number} of {name}"@en ;
    dct:description "Registro {number} del catálogo de prueba, {said}. {"Colección, sala y vitrina. " * 6}"@es ;
    dct:identifier "{name}-{number}" ;
    dct:issued "20{10 + number % 10}-01-15"^^xsd:date ; dct:modified "2024-0{1 + number % 9}-20"^^xsd:date ;
    dct:language <http://publications.europa.eu/resource/authority/language/SPA> ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/{THEMES[number % 4]}> ;
    dcat:keyword "museos"@es, "patrimonio"@es, "tema {number % 30}"@es ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/{FREQUENCIES[number % 3]}> ;
    dct:spatial <http://publications.europa.eu/resource/authority/country/PER> ;
    dct:publisher [ a foaf:Organization ; foaf:name "Dirección de prueba {number % 12}" ] ;
    dcat:contactPoint [ a vcard:Organization ; vcard:fn "Mesa de partes" ; vcard:hasEmail <mailto:mesa@otro.example.org> ] ;
    dcat:landingPage <{here}.html> ;
    dct:license <http://creativecommons.org/licenses/by/4.0/> ;
    dcat:distribution <{here}/1>, <{here}/2>, <{here}/3> .
""" + "".join(distribution(here, number, part) for part in (1, 2, 3))


def distribution(here: str, number: int, part: int) -> str:
    """A distribution in Turtle."""
    return f"""<{here}/{part}> a dcat:Distribution ; dct:title "Datos {number}, parte {part}"@es ;
    dcat:accessURL <{here}/{part}.csv> ; dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;
    dct:license <http://creativecommons.org/licenses/by/4.0/> .
"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        path, _, query = self.path.partition("?p=")
        steps = path.strip("/").split("/")
        kind = "text/turtle"
        if len(steps) == 1 or (steps[0] not in {"change", "real", "bad"} and not steps[1].isdigit()):
            self.send_error(404)
            return
        if steps[0] == "change":
            server.changed[steps[1]], body = int(steps[2]), b"changed"
        elif steps[0] in {"real", "bad"}:
            file = server.folder / steps[0] / steps[1]
            kind, body = KINDS.get(file.suffix, "text/plain"), file.read_bytes()
        else:
            every = server.changed.get(steps[0], 0)
            body = page(server.base, steps[0], int(steps[1]), int(steps[2]), int(query or 1), every).encode()
        self._answer(kind, body)

    do_HEAD = do_GET  # noqa: N815  (the name that the library looks for)

    def _answer(self, kind: str, body: bytes) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        is_known = self.headers.get("If-None-Match") == tag
        self.send_response(304 if is_known else 200)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", "0" if is_known else str(len(body)))
        self.end_headers()
        if not is_known and self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Quietly."""


@contextmanager
def source(folder: Path) -> Iterator[str]:
    """Address of a running source."""
    command = [sys.executable, __file__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.folder, server.changed = Path(sys.argv[1]), {}
    server.base = f"http://127.0.0.1:{server.server_port}"
    print(server.base, flush=True)
    server.serve_forever()
