"""Another catalogue, made up: a file in Turtle on a server of its own, which tests change as they like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CATALOGUE = """<https://museo.example.org/catalogo> a dcat:Catalog ; dct:title "Catálogo ficticio de un museo"@es ;
  dct:description "Catálogo inventado para mostrar cómo se cosecha."@es ;
  dct:publisher [ a foaf:Agent ; foaf:name "Museo ficticio" ] ; dcat:dataset {datasets} .
"""
DATASET = """<https://museo.example.org/conjunto/{n}> a dcat:Dataset ; {title}
  dct:description "Registro inventado para mostrar cómo se cosecha."@es ; {more}
  dct:publisher [ a foaf:Agent ; foaf:name "Museo ficticio" ] ; dcat:distribution <https://museo.example.org/archivo/{n}> .
<https://museo.example.org/archivo/{n}> a dcat:Distribution ; dcat:accessURL <https://museo.example.org/archivo/{n}.csv> .
"""
#: What each dataset is called; one has no title, as happens.
TITLES = (
    "Visitas al museo por mes, 2024 (ficticio)", "Talleres y sus asistentes, 2024 (ficticio)",
    "Piezas en exhibición por sala (ficticio)", "", "Donaciones recibidas por año (ficticio)",
    "Publicaciones del museo (ficticio)",
)  # fmt: skip
#: What some say in a way that no catalogue understands.
MORE = {1: 'dct:issued "el año pasado" ;'}


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map: ClassVar[dict[str, str]] = {".ttl": "text/turtle"}

    def log_message(self, *arguments: Any) -> None:
        """Says nothing."""


class Neighbour:
    """A catalogue in a folder.

    Attributes:
        base: address of the server.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.base = folder, ""
        self.tell(range(len(TITLES)))

    @property
    def address(self) -> str:
        """Of its description."""
        return f"{self.base}/catalogo.ttl"

    def tell(self, numbers: Any) -> None:
        """Hold these datasets from now on."""
        addresses = ", ".join(f"<https://museo.example.org/conjunto/{n}>" for n in numbers)
        datasets = (
            DATASET.format(
                n=n, title=f'dct:title "{TITLES[n]}"@es ;' if TITLES[n] else "", more=MORE.get(n, "")
            )
            for n in numbers
        )
        text = "\n".join([HEAD, CATALOGUE.format(datasets=addresses), *datasets])
        (self.folder / "catalogo.ttl").write_text(text, encoding="utf-8")

    @contextmanager
    def serving(self) -> Iterator[Neighbour]:
        """While this lasts, others can read it."""
        handler = partial(_Quiet, directory=str(self.folder))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            self.base = f"http://127.0.0.1:{server.server_port}"
            Thread(target=server.serve_forever, daemon=True).start()
            yield self
            server.shutdown()
