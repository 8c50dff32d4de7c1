"""Which serialisations do we offer? N-Triples go in, in pieces; any format comes out, whole or as a stream of flat memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import RdfFormat, parse, serialize

from ckanext.culturape.namespaces import PREFIXES


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation: the suffix of addresses, its media type, and what pyoxigraph calls it."""

    suffix: str
    media_type: str
    rdf: RdfFormat

    @property
    def has_graphs(self) -> bool:
        """Whether it can hold named graphs."""
        return self.rdf.supports_datasets


class Snapshot(Protocol):
    """Something that waits to be written as a stream, and holds a connection until then."""

    def write(self, form: Format) -> Iterator[bytes]:
        """The whole in a format, piece by piece."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


FORMATS = {
    found.suffix: found
    for found in (
        Format("ttl", "text/turtle", RdfFormat.TURTLE),
        Format("xml", "application/rdf+xml", RdfFormat.RDF_XML),
        Format("jsonld", "application/ld+json", RdfFormat.JSON_LD),
        Format("nt", "application/n-triples", RdfFormat.N_TRIPLES),
        Format("rdf", "application/rdf+xml", RdfFormat.RDF_XML),
        Format("n3", "text/n3", RdfFormat.TURTLE),
    )
}

#: Those of the feed of changes, whose specification wants named graphs, and the others for who knows none.
FEED_FORMATS = {
    found.suffix: found
    for found in (
        Format("trig", "application/trig", RdfFormat.TRIG),
        FORMATS["jsonld"],
        Format("nq", "application/n-quads", RdfFormat.N_QUADS),
        *(FORMATS[suffix] for suffix in ("ttl", "xml", "nt")),
    )
}

_GZIP = 16 + zlib.MAX_WBITS
_XML_START = b"<rdf:RDF"
_XML_END = b"</rdf:RDF>"


def write(pieces: Iterable[bytes], form: Format) -> bytes:
    """A graph given as pieces of N-Triples, or of N-Quads for a format that has graphs, in a format."""
    lines = b"".join(pieces)
    if form.rdf in {RdfFormat.N_TRIPLES, RdfFormat.N_QUADS}:
        return lines
    # Lenient reading checks no address again: what comes in here was written by us, strictly.
    quads = parse(lines, format=RdfFormat.N_QUADS, lenient=True)
    statements = quads if form.has_graphs else (quad.triple for quad in quads)
    prefixes = None if form.rdf == RdfFormat.JSON_LD else PREFIXES
    return serialize(statements, format=form.rdf, prefixes=prefixes) or b""


def in_graph(ntriples: bytes, name: str) -> bytes:
    """N-Triples as the N-Quads of a named graph."""
    end = f"<{name}> .\n".encode()
    return b"".join(line.removesuffix(b".\n") + end for line in ntriples.splitlines(keepends=True))


def stream(pieces: Iterable[bytes], form: Format) -> Iterator[bytes]:
    """The same, piece by piece: the head once, the bodies, the end. Holds one piece in memory at a time."""
    head, end = _frame(form)
    yield head
    is_first = True
    for piece in pieces:
        body = _body(write([piece], form), form) if piece else b""
        if body:
            yield b",\n" + body if form.rdf == RdfFormat.JSON_LD and not is_first else body
            is_first = False
    yield end


def _frame(form: Format) -> tuple[bytes, bytes]:
    """What stands before and after the statements."""
    if form.rdf == RdfFormat.JSON_LD:
        return b"[", b"]\n"
    if form.rdf == RdfFormat.TURTLE:
        return "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items()).encode(), b""
    if form.rdf == RdfFormat.RDF_XML:
        spaces = "".join(f' xmlns:{name}="{address}"' for name, address in PREFIXES.items())
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'.encode(), _XML_END + b"\n"
    return b"", b""


def _body(written: bytes, form: Format) -> bytes:
    """A serialisation without its frame."""
    if form.rdf == RdfFormat.JSON_LD:
        return written.strip()[1:-1]
    if form.rdf == RdfFormat.TURTLE:
        lines = written.split(b"\n")
        start = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
        return b"\n".join(lines[start:])
    if form.rdf == RdfFormat.RDF_XML:
        start = written.index(b">", written.index(_XML_START)) + 1
        return written[start : written.rindex(_XML_END)] if _XML_END in written else b""
    return written


def gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Compressed as a file of gzip, without a date, so that the same dump is the same file."""
    packer = zlib.compressobj(level=6, wbits=_GZIP)
    for chunk in chunks:
        packed = packer.compress(chunk)
        if packed:
            yield packed
    yield packer.flush()
