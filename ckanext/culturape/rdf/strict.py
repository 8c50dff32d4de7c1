"""Which statements of others may stand among ours? Those that every serialisation can hold: one that breaks a page breaks it for all."""

from __future__ import annotations

import re
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.rdf.terms import CONTROL, iri

#: What names of elements begin with and go on with in all editions of XML 1.0: readers keep to the fourth or to the fifth.
_LETTERS = "A-Za-z_\xc0-\xd6\xd8-\xf6\xf8-\xff"
_NAMES = re.compile(f"[!-~{_LETTERS}]+")
_BEGIN = re.compile(f"[{_LETTERS}]")
_GO_ON = re.compile(r"[-.0-9]")


def well_formed(statement: Triple) -> Triple | None:
    """The statement without characters that no text may hold; ``None`` when an address or a tag is none, or RDF/XML cannot say it."""
    value = statement.object
    if isinstance(value, Literal):
        value = _text(value)
    elif not _is_node(value):
        return None
    if value is None or not _is_node(statement.subject) or not _is_property(statement.predicate.value):
        return None
    return statement if value is statement.object else Triple(statement.subject, statement.predicate, value)


def _is_node(term: NamedNode | BlankNode | Triple) -> bool:
    """Whether a term is an address or a blank node; a statement about a statement is neither."""
    return isinstance(term, BlankNode) or (isinstance(term, NamedNode) and iri(term.value) is not None)


@lru_cache(maxsize=1024)
def _is_property(address: str) -> bool:
    """Whether an address ends with a name: RDF/XML writes properties as elements."""
    if iri(address) is None or not _NAMES.fullmatch(address):
        return False
    for letter in reversed(address):
        if _BEGIN.match(letter):
            return True
        if not _GO_ON.match(letter):
            return False
    return False


def _text(literal: Literal) -> Literal | None:
    text, tag = literal.value, literal.language
    if not (_is_tag(tag) if tag else iri(literal.datatype.value)):
        return None
    # RDF 1.1 knows no direction of texts.
    if not CONTROL.search(text) and literal.direction is None:
        return literal
    text = CONTROL.sub("", text)
    return Literal(text, language=tag) if tag else Literal(text, datatype=literal.datatype)


@lru_cache(maxsize=1024)
def _is_tag(language: str) -> bool:
    """Whether it is a tag of a language (RFC 5646); what was read leniently may be none."""
    try:
        Literal("", language=language)
    except ValueError:
        return False
    return True
