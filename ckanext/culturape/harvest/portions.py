"""What a page says of one dataset, as a document of its own: the same however the page is written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from ckanext.culturape.harvest.naming import blanks, places, stable_names
from ckanext.culturape.harvest.scope import Scope, scope_of, things_apart
from ckanext.culturape.harvest.withheld import PLACES
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.likeness import NAMES, texts_of
from ckanext.culturape.rdf.terms import plain
from ckanext.culturape.values.texts import shorten
from ckanext.culturape.vocab.concept import best_text

#: Characters of a title.
TITLE = 300

#: The first line of a portion: the node of the dataset, what identifies it, and how many statements were cut off. A comment, which nothing that a source states can become,
#: since statements are written by us.
_HEAD = re.compile(r'# (?:<([^>]+)>|_:(\w+)) ("[^\n]*") (\d{1,9})\n')


class Portion(NamedTuple):
    """What a page says of one dataset.

    Attributes:
        uri: what identifies it in its source.
        title: as the source gives it, for lists of what was found.
        digest: of its statements; changes with every value, but not with order, serialisation, names of blank nodes or what the page says of
            other things.
        ntriples: the statements as a document, which ``read_document`` reads as it would read them within the page.
    """

    uri: str
    title: str
    digest: str
    ntriples: bytes


def portion(graph: Graph, uri: str, scope: Scope) -> Portion:
    """The portion of a dataset.

    Args:
        graph: where it is described.
        uri: what identifies it.
        scope: its statements; when they are too many, the portion holds none of them and reads as refused.
    """
    if scope.is_too_large:
        nameless = dict.fromkeys(blanks(scope), BlankNode("r"))
        digest = _digest(_lines(scope, nameless))
        return Portion(uri, _title(graph, scope), digest, _head(uri, scope, nameless, len(scope.statements)))
    names = stable_names(scope)
    lines = _lines(scope, names)
    told = places(scope) if any("x" in name.value for name in names.values()) else {}
    # Nodes that nothing tells apart are counted in the order of the document, which the digest must not know.
    counted = _lines(scope, {node: BlankNode(place) for node, place in told.items()}) if told else lines
    head = _head(uri, scope, names)
    return Portion(uri, _title(graph, scope), _digest(counted), b"".join([head, *lines]))


def _head(uri: str, scope: Scope, names: Mapping[Any, BlankNode], omitted: int = 0) -> bytes:
    return f"# {names.get(scope.dataset, scope.dataset)} {json.dumps(uri)} {omitted}\n".encode()


def _digest(lines: list[bytes]) -> str:
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def _lines(scope: Scope, names: Mapping[BlankNode, BlankNode]) -> list[bytes]:
    """The statements as N-Triples, with these names, in the order of the document."""
    triples = (triple for triple, _ in scope.statements)
    named = (_named(triple, names) for triple in triples) if names else triples
    return (serialize(named, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)


def _named(triple: Triple, names: Mapping[Any, BlankNode]) -> Triple:
    subject, value = names.get(triple.subject), names.get(triple.object)
    if subject is None and value is None:
        return triple
    return Triple(subject or triple.subject, triple.predicate, value or triple.object)


def _title(graph: Graph, scope: Scope) -> str:
    for predicate in ("dct:title", *NAMES):
        texts = {
            text.language or "": text.value.strip() for text in texts_of(graph, scope.dataset, (predicate,))
        }
        if any(texts.values()):
            return shorten(plain(best_text(texts, "")), TITLE)
    return ""


def portion_of(ntriples: bytes, graph: Graph) -> list[tuple[str, Scope]]:
    """The one dataset that a portion is of, with what identifies it; none when the document is no portion.

    Args:
        ntriples: the document.
        graph: what it states.
    """
    first = ntriples[: ntriples.find(b"\n") + 1].decode() if ntriples.startswith(b"# ") else ""
    head = _HEAD.fullmatch(first)
    if head is None:
        return []
    address, name, uri, omitted = head.groups()
    node = NamedNode(address) if address else BlankNode(name)
    scope = scope_of(graph, node, things_apart(graph), PLACES)
    return [(json.loads(uri), replace(scope, omitted=int(omitted)))]
