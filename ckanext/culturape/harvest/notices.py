"""What is told of a source: notes with what they are about, grouped, and its datasets with how each stands here."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ckanext.culturape.errors import N_, Fault

#: Kinds of notes in words.
KINDS = {
    "document": N_("Not read"), "value": N_("Left out"), "refused": N_("Not taken over"), "conflict": N_("In another source"),
    "kept": N_("Edited here"), "withdrawn": N_("Deleted here"),
}  # fmt: skip


class Example(NamedTuple):
    """A value, what is wrong with it, and how often it was met."""

    value: str
    fault: Fault
    number: int


class Problem(NamedTuple):
    """What is wrong in the same way with several datasets.

    Attributes:
        id: short name that stays the same.
        kind, message, inner: of the notes; ``inner`` is the msgid of the fault of a part.
        notes, datasets: how many there are, and about how many datasets or pages.
        examples: the most frequent values.
    """

    id: str
    kind: str
    message: str
    inner: str
    notes: int
    datasets: int
    examples: tuple[Example, ...]


class Group(NamedTuple):
    """All that is wrong with one field."""

    name: str
    notes: int
    datasets: int
    problems: list[Problem]


class Notice(NamedTuple):
    """A note with what it is about.

    Attributes:
        group, kind, field, value, fault: as it was written down.
        uri, title: of the dataset; of a document, ``page`` is its address.
        package: name of our record, ``None`` when there is none in the catalogue.
        run: that wrote it.
    """

    group: str
    kind: str
    field: str
    value: str
    fault: Fault
    uri: str
    title: str
    package: str | None
    page: str
    run: str


class Holding(NamedTuple):
    """A dataset of a source.

    Attributes:
        uri, title: as the source has them.
        state: a key of ``account.STATES``.
        reason: why it is not up to date.
        package: name of our record, ``None`` when it does not stand in the catalogue.
        is_private: whether only its organisation sees it.
        first_seen, last_seen, changed: when the source showed it first and last, and when the record followed it last.
    """

    uri: str
    title: str
    state: str
    reason: Fault | None
    package: str | None
    is_private: bool
    first_seen: datetime
    last_seen: datetime
    changed: datetime | None
