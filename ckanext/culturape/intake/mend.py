"""How would a statement read that is almost well formed? For those who would rather have it mended than not at all."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

#: Characters that no address may hold, as addresses write them.
ESCAPED = {code: f"%{code:02X}" for code in (*range(0x21), *map(ord, '<>"{}|\\^`'))}


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
