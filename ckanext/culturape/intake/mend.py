"""Is a statement well formed, and how would it read if it almost is? For those who would rather have it mended than not at all."""

from __future__ import annotations

from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Triple

#: Characters that no address may hold, as addresses write them.
ESCAPED = {code: f"%{code:02X}" for code in (*range(0x21), *map(ord, '<>"{}|\\^`'))}


def fault_of(triple: Triple, known: set[Any]) -> str:
    """Why a statement cannot be used: an address with a space is none, however often it is written.

    Args:
        triple: the statement.
        known: addresses and tags that were found to be good; most come again and again, and looking takes time.
    """
    subject, predicate, value = cast("tuple[Any, Any, Any]", triple)
    for term in (subject, predicate, value.datatype if isinstance(value, Literal) else value):
        if isinstance(term, NamedNode) and term not in known:
            try:
                known.add(NamedNode(term.value))
            except ValueError as error:
                return _told(predicate, term, error)
        elif isinstance(term, Triple):
            return f"{predicate}: a statement about a statement"
    tag = value.language if isinstance(value, Literal) else None
    if tag and tag not in known:
        try:
            known.add(Literal("", language=tag).language)
        except ValueError as error:
            return _told(predicate, value, error)
    return ""


def _told(predicate: object, term: object, error: Exception) -> str:
    return f"{predicate} {str(term)[:200]}: {error}"


def normal(triple: Triple) -> Triple:
    """The triple with the tag of its language in small letters: not all parsers write it so."""
    value = triple.object
    if isinstance(value, Literal) and value.language and not value.language.islower():
        return Triple(triple.subject, triple.predicate, Literal(value.value, language=value.language))
    return triple


def mended(triple: Triple) -> Triple | None:
    """A statement with well-formed addresses and tags; ``None`` for one that cannot be mended."""
    terms = [triple.subject, triple.predicate, triple.object]
    try:
        return Triple(*map(_mended, terms))
    except (TypeError, ValueError):
        return None


def _mended(term: Any) -> Any:
    if isinstance(term, NamedNode):
        return NamedNode(term.value.strip().translate(ESCAPED))
    if isinstance(term, Literal):
        return _with_tag(term) if term.language else Literal(term.value, datatype=_mended(term.datatype))
    return term


def _with_tag(text: Literal) -> Literal:
    """A text with its tag, without one when it is none."""
    try:
        return Literal(text.value, language=text.language)
    except ValueError:
        return Literal(text.value)
