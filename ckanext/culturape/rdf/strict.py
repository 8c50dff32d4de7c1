"""Which statements of others may stand among ours? Those that every serialisation can hold: one that breaks a page breaks it for all."""

from __future__ import annotations

import re
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.rdf.terms import CONTROL, iri

#: Characters that a name in XML begins with and goes on with, without the colon (Extensible Markup Language 1.0, section 2.3).
_BEGINS = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_BEGIN = re.compile(f"[{_BEGINS}]")
_GO_ON = re.compile(r"[-.0-9\xb7\u0300-\u036f\u203f\u2040]")


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
    if iri(address) is None:
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
