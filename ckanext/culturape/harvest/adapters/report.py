"""What of a document could not be used, where it stood, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyoxigraph import BlankNode

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.rdf.terms import plain

#: Longest part of a value that a report quotes.
QUOTED = 200


class Refused(NamedTuple):
    """One value that was left out.

    Attributes:
        uri: address of the dataset, or its identifier or title where it has none; empty for the document itself.
        field: where in the source, such as ``distribution.0.accessURL``.
        value: the value, cut.
        fault: why.
    """

    uri: str
    field: str
    value: str
    fault: Fault


@dataclass(slots=True)
class Report:
    """What was left out of one document.

    Attributes:
        address: where the document was found.
        refused: values, in the order of the document.
        unknown: names that no field takes; each is told once.
        is_whole: whether no dataset was lost; if one was, nothing may be concluded from what is missing.
    """

    address: str = ""
    refused: list[Refused] = field(default_factory=list[Refused])
    unknown: set[str] = field(default_factory=set[str])
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document a value stands.

    Attributes:
        report: takes what is refused.
        dataset: by what the dataset is known; blank nodes are named after it, so that they do not change with its position.
        path: names and positions below the dataset.
        salt: tells nodes of several datasets apart that are known by the same words.
    """

    report: Report
    dataset: str = ""
    path: tuple[object, ...] = ()
    salt: str = ""

    def at(self, step: object) -> Place:
        """The place of a part of the value."""
        return Place(self.report, self.dataset, (*self.path, step), self.salt)

    def refuse(self, value: Any, message: str, params: Mapping[str, Any] | None = None) -> None:
        """Note that a value is left out, and why."""
        where = plain(".".join(map(str, self.path)))[:QUOTED]
        self.report.refused.append(
            Refused(self.dataset, where, plain(str(value)[:QUOTED]), Fault(message, params))
        )

    def lose(self, value: Any, message: str, params: Mapping[str, Any] | None = None) -> None:
        """Note that a dataset, or nobody knows how many, cannot be read."""
        self.report.is_whole = False
        self.refuse(value, message, params)

    def unfit(self, value: Any, accepted: str) -> None:
        """Note that a value is not what was expected (a msgid)."""
        self.refuse(value, N_("This cannot be read: %(accepted)s was expected."), {"accepted": accepted})

    def unknown(self, names: set[str]) -> None:
        """Note names that no field takes, each once for the document."""
        for name in sorted(names - self.report.unknown):
            self.report.unknown.add(name)
            self.at(name).refuse("", N_("No field takes this; it is left out of all datasets."))

    def blank(self) -> BlankNode:
        """A blank node whose name follows from the place."""
        parts = (
            plain(self.report.address),
            self.salt or self.dataset,
            *(plain(str(step)) for step in self.path),
        )
        return BlankNode(f"a{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:24]}")
