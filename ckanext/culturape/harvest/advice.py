"""What is to be done about a note? Above all: what to ask of whoever runs the source, in words for people who know no RDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.advice_words import BY_FIELD, BY_KIND, BY_MESSAGE, BY_RUN, GENERAL, OF_FORM
from ckanext.culturape.harvest.spots import field_of

#: Kinds of notes about a value, for which it helps to know how our form asks for the field.
ABOUT_VALUES = ("value", "refused", "document")


class Advice(NamedTuple):
    """What is to be done.

    Attributes:
        sentences: the words.
        vocabulary: id of the scheme whose terms are accepted; empty when there is none.
    """

    sentences: tuple[Fault, ...]
    vocabulary: str = ""


def advise(kind: str, group: str, message: str, inner: str = "") -> Advice:
    """The advice on a kind of notes.

    Args:
        kind: of the notes, as ``notes.Note`` names them.
        group: what they are about, see ``spots``.
        message: msgid of their fault.
        inner: msgid of the fault of a part, where the fault is of a composite.
    """
    words = BY_MESSAGE.get(inner) or BY_MESSAGE.get(message) or BY_KIND.get(kind)
    field = field_of(group)
    sentences = [Fault(words.advice)] if words else []
    if kind in ABOUT_VALUES and (words is None or words.with_field):
        sentences += _on_field(group, is_alone=not sentences)
    vocabulary = field.vocabulary if field and words and words.shows_vocabulary else ""
    return Advice(tuple(sentences) or (Fault(GENERAL),), vocabulary)


def _on_field(group: str, *, is_alone: bool) -> Iterator[Fault]:
    """How a field is to be filled: what we know of it, else what its form says, where nothing else is known."""
    field = field_of(group)
    if group in BY_FIELD:
        yield Fault(BY_FIELD[group])
    elif field is not None and is_alone:
        yield Fault(OF_FORM, {"label": field.label, "reason": field.help})


def advise_on_run(message: str) -> Fault | None:
    """What is to be done about a run that failed, by the msgid of its fault; ``None`` when the fault says all there is to say."""
    found = BY_RUN.get(message)
    return Fault(found) if found else None
