"""What does a validator find? One frozen value for each result of SHACL (section 3.6 of the recommendation)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

VIOLATION, WARNING, INFO = "violation", "warning", "info"

#: From what must be mended to what may be.
SEVERITIES = (VIOLATION, WARNING, INFO)

#: Faults that no shape finds, named as constraints are: what cannot be written, what cannot be read, and a description of nothing.
UNWRITABLE, UNREADABLE, NO_DATASET = "Unwritable", "Unreadable", "NoDataset"
MORE_UNREADABLE = "MoreUnreadable"

#: Longer values are cut: a description of 5 MB that is wrong is named, not repeated.
MOST_VALUE = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a validation.

    Attributes:
        severity: one of ``SEVERITIES``.
        focus: node that is at fault: an address, or ``_:`` and a label.
        path: address of the property, or a SHACL path in words; empty when the node itself is at fault.
        value: the value that is at fault, cut; empty when it is a missing one.
        component: local name of the constraint, such as ``MinCount``.
        messages: what the shape says of it, by language tag; ``""`` for words without one.
        owner: address of the dataset that the node belongs to; empty for the catalogue and what belongs to nobody.
        steps: properties that lead from the owner to the node.
        part: address of the distribution that the node is or belongs to; empty for all else.
    """

    severity: str
    focus: str
    path: str
    value: str
    component: str
    messages: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    owner: str = ""
    steps: tuple[str, ...] = ()
    part: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Two findings of the same key say the same."""
        return (self.severity, self.focus, self.path, self.value, self.component, *self.messages.values())


def order(found: Iterable[Finding]) -> list[Finding]:
    """Each finding once: by dataset, what must be mended first."""
    once = {finding.key: finding for finding in found}
    return sorted(
        once.values(),
        key=lambda f: (
            f.owner,
            SEVERITIES.index(f.severity),
            f.part,
            f.path,
            f.key,
        ),
    )


def conforms(found: Iterable[Finding]) -> bool:
    """Whether nothing must be mended."""
    return not any(finding.severity == VIOLATION for finding in found)


def count(found: Iterable[Finding]) -> dict[str, int]:
    """How many there are of each severity."""
    numbers = Counter(finding.severity for finding in found)
    return {severity: numbers[severity] for severity in SEVERITIES}


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """For JSON."""
    return {name.name: getattr(finding, name.name) for name in fields(finding)} | {
        "messages": dict(finding.messages)
    }


def finding_from_dict(raw: Mapping[str, Any]) -> Finding:
    """From JSON."""
    given: dict[str, Any] = dict(raw)
    given["messages"] = MappingProxyType(dict(given["messages"]))
    given["steps"] = tuple(given["steps"])
    return Finding(**given)
