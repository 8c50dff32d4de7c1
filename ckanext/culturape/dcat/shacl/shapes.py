"""Which rules is a catalogue held to? Shapes of SHACL from files and folders, ours or any others.

Nothing is fetched: what a file imports from elsewhere must stand beside it, and is named when it does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from ckanext.culturape.errors import N_, Fault

SHACL = "http://www.w3.org/ns/shacl#"
IMPORTS = "http://www.w3.org/2002/07/owl#imports"

#: The shapes of our profile.
OWN = Path(__file__).parent.parent / "shapes" / "culturape.ttl"

#: Files of a folder that are read; a README.txt would pass for N-Triples otherwise.
_SUFFIXES = frozenset({".ttl", ".trig", ".nt", ".nq", ".n3", ".rdf", ".xml", ".jsonld"})

#: Names that anonymous property shapes get, so that what they say can be looked up; never shown.
NAMES = "urn:culturape:shape:"


@dataclass(frozen=True, slots=True)
class Shapes:
    """Rules, ready for the engine.

    Attributes:
        ntriples: all shapes of all files.
        messages: what each shape says of a fault, by its address and by language.
        version: changes when the rules do.
        missing: addresses that the files import and that were not read.
    """

    ntriples: bytes
    messages: Mapping[str, Mapping[str, str]]
    version: str
    missing: tuple[str, ...] = ()


def read_shapes(paths: Iterable[Path] = ()) -> Shapes:
    """The shapes of these files and folders (the files that stand right in them); those of our profile when none is named.

    Raises: Fault naming the file that cannot be read, or a place that has no shapes.
    """
    return _read(tuple(paths) or (OWN,))


@lru_cache(maxsize=8)
def _read(paths: tuple[Path, ...]) -> Shapes:
    triples = list(
        dict.fromkeys(triple for number, file in enumerate(_files(paths)) for triple in _named(file, number))
    )
    if not any(triple.predicate.value.startswith(SHACL) for triple in triples):
        raise Fault(N_("There are no SHACL shapes in %(path)s."), {"path": ", ".join(map(str, paths))})
    ntriples = (
        serialize((t for t in triples if t.predicate.value != IMPORTS), format=RdfFormat.N_TRIPLES) or b""
    )
    digest = hashlib.sha256(b"".join(sorted(ntriples.splitlines()))).hexdigest()[:16]
    return Shapes(ntriples, _messages(triples), digest, tuple(_missing(triples)))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.is_file() and file.suffix in _SUFFIXES)
        else:
            yield path


def _format(path: Path) -> RdfFormat | None:
    return RdfFormat.from_extension(path.suffix.removeprefix(".")) if path.suffix else None


def read_statements(paths: Iterable[Path]) -> bytes:
    """The statements of files and folders, such as authority tables that rules look into, as N-Triples.

    Raises: Fault naming the file that cannot be read.
    """
    triples = {triple: None for number, file in enumerate(_files(paths)) for triple in _named(file, number)}
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _named(path: Path, number: int) -> list[Triple]:
    """The triples of a file, in which every property shape has a name and no blank node is that of another file."""
    try:
        quads = list(parse(path=str(path), format=_format(path) or RdfFormat.TURTLE))
    except (OSError, SyntaxError, ValueError) as error:
        raise Fault(
            N_("%(path)s cannot be read as RDF: %(reason)s"), {"path": str(path), "reason": str(error)}
        ) from error
    return list(_renamed(quads, number))


def _renamed(quads: list[Quad], number: int) -> Iterator[Triple]:
    """The triples, with names of this file for property shapes and blank nodes."""
    properties = (quad.object for quad in quads if quad.predicate.value == f"{SHACL}property")
    names: dict[BlankNode, NamedNode | BlankNode] = {}
    for term in properties:
        if isinstance(term, BlankNode):
            names.setdefault(term, NamedNode(f"{NAMES}{number}:{len(names)}"))
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, BlankNode):
            subject = names.setdefault(subject, BlankNode(f"f{number}n{len(names)}"))
        if isinstance(value, BlankNode):
            value = names.setdefault(value, BlankNode(f"f{number}n{len(names)}"))
        yield Triple(subject, quad.predicate, value)


def _messages(triples: Iterable[Triple]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for triple in triples:
        if triple.predicate.value == f"{SHACL}message" and isinstance(triple.object, Literal):
            texts = found.setdefault(str(getattr(triple.subject, "value", "")), {})
            texts.setdefault(triple.object.language or "", triple.object.value)
    return MappingProxyType({shape: MappingProxyType(texts) for shape, texts in found.items()})


def _missing(triples: Iterable[Triple]) -> list[str]:
    triples = list(triples)
    wanted = [
        t.object.value for t in triples if t.predicate.value == IMPORTS and isinstance(t.object, NamedNode)
    ]
    there = {t.subject.value for t in triples if isinstance(t.subject, NamedNode)}
    return sorted(set(wanted) - there)
