"""What can still be read of what is not well formed? Addresses with their characters encoded, and RDF/XML by a parser that forgives more."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote
from xml.sax import SAXException

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

#: What no address may hold, and a sign of percent that encodes nothing.
_NO_ADDRESS = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")


def mended_term(term: Any) -> Any:
    """The term with its address encoded, or without a tag that is none. Raises: ValueError, TypeError when that does not help."""
    if isinstance(term, Triple):
        raise TypeError("a statement about a statement")
    if isinstance(term, NamedNode):
        return _address(term.value)
    if isinstance(term, Literal) and term.language:
        return _text(term.value, term.language)
    return term


def _address(text: str) -> NamedNode:
    return NamedNode(_NO_ADDRESS.sub(lambda match: quote(match[0]), text))


def _text(text: str, language: str) -> Literal:
    try:
        return Literal(text, language=language)
    except ValueError:
        return Literal(text)


def forgiving(text: str, address: str, most: int) -> Iterator[Triple]:
    """The statements that rdflib reads of RDF/XML, at most so many; nothing when it cannot read it either.

    The caller has refused documents with a DTD.
    """
    import rdflib
    from rdflib.exceptions import Error as RdfFault

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph()
    try:
        graph.parse(data=text, format="xml", publicID=address)
    except (SAXException, ValueError, AssertionError, RdfFault):
        return
    for statement in islice(sorted(graph), most):
        try:
            yield Triple(*(_from_rdflib(term) for term in statement))
        except (TypeError, ValueError):
            continue


def _from_rdflib(term: Any) -> Any:
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return _address(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if term.language:
        return _text(str(term), str(term.language))
    return Literal(str(term), datatype=_address(str(term.datatype)) if term.datatype else None)
