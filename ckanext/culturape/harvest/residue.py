"""What does a source say of a dataset that our record has no room for? Kept as N-Triples, and said again when the record is written.

A statement that came from a field is bound to the value that the field had: once somebody edits the field, the statement is not said again.
Nodes that the record names itself stand under addresses that are replaced when the residue is written, since their own follow from
the record: the dataset, its distributions, and blank nodes of fields.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import quote, unquote

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from ckanext.culturape.harvest import withheld
from ckanext.culturape.rdf.mapping import dataset_iri, distribution_iri
from ckanext.culturape.rdf.terms import Context, Triples
from ckanext.culturape.types import Record

#: Beginnings of the addresses that are replaced.
PLACE = "urn:culturape:residue:"
DATASET = f"{PLACE}dataset"
RESOURCE = f"{PLACE}resource:"
NODE = f"{PLACE}node:"

#: Stands for the value of a field of a resource that is no more.
GONE = "gone"

#: Characters of all statements of one dataset that are kept.
MOST = 500_000


@dataclass(frozen=True, slots=True)
class Group:
    """Statements that came from the same fields.

    Attributes:
        fields: names of fields of the dataset, or ``<key of resource> <field>``; none when they came from no field.
        is_place: whether they hang from a statement of place.
        lines: N-Triples, sorted.
    """

    fields: tuple[str, ...]
    is_place: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Residue:
    """All that is kept of a dataset beside its record.

    Attributes:
        groups: the statements.
        values: digest of the value of each field that a group is bound to.
        dropped: statements that were too many to be kept.
    """

    groups: tuple[Group, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    dropped: int = 0

    def __len__(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def seal(residue: Residue, record: Mapping[str, Any]) -> Residue:
    """The residue bound to the values of this record: to be called with the record as it was stored."""
    bound = {name for group in residue.groups for name in group.fields}
    return replace(residue, values=_digests(bound, record))


def _digests(names: Iterable[str], record: Mapping[str, Any]) -> dict[str, str]:
    resources = keyed_resources(record)
    found: dict[str, str] = {}
    for name in sorted(names):
        key, _, of_resource = name.rpartition(" ")
        holder = resources.get(key) if key else record
        found[name] = GONE if holder is None else digest(holder.get(of_resource))
    return found


def digest(value: Any) -> str:
    """What changes when the value of a field does; an empty value is none."""
    text = json.dumps(value or None, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def keyed_resources(record: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The resources of a record by what identifies each: its own address, else that of its data, counted when it repeats."""
    found: dict[str, Mapping[str, Any]] = {}
    for resource in cast("Iterable[Mapping[str, Any]]", record.get("resources") or ()):
        key = start = quote(str(resource.get("uri") or resource.get("url") or "-"), safe="/:")
        count = 1
        while key in found:
            count += 1
            key = f"{start}+{count}"
        found[key] = resource
    return found


def emit(residue: Residue, record: Mapping[str, Any], context: Context) -> Triples:
    """The statements of a residue that may stand beside what is written of a record.

    Args:
        residue: what was kept.
        record: as ``package_show`` gives it; a value that the rules of care took away from it counts as edited.
        context: that of the export of this dataset.

    Left out: what came from fields that were edited since, what hangs from resources that are gone, and what the rules of care
    hold back. Never raises for what is stored.
    """
    present = _digests(residue.values, record)
    rules = withheld.Withheld.of(record, context.vocabulary)
    nodes = _Nodes(record, context)
    for group in residue.groups:
        is_bound = all(present.get(name) == residue.values.get(name) for name in group.fields)
        if is_bound and not (group.is_place and rules.places):
            yield from (found for found in nodes.read(group.lines) if not rules.holds_back(found))


class _Nodes:
    """The nodes that a record names itself, in place of the addresses that stand for them."""

    def __init__(self, record: Mapping[str, Any], context: Context) -> None:
        self._context = context
        self._places = {DATASET: dataset_iri(record, context)}
        for key, resource in keyed_resources(record).items():
            if resource.get("id") or resource.get("uri"):
                self._places[RESOURCE + key] = distribution_iri(resource, record, context)

    def read(self, lines: Iterable[str]) -> Iterator[Triple]:
        """The statements of some lines, but for those of which a node is gone."""
        for quad in parse("\n".join(lines), format=RdfFormat.N_TRIPLES, lenient=True):
            subject, value = self._term(quad.subject), self._term(quad.object)
            if subject is not None and value is not None:
                yield Triple(subject, quad.predicate, value)

    def _term(self, term: Any) -> Any:
        if isinstance(term, BlankNode):
            return self._context.blank("residue", term.value)
        if not isinstance(term, NamedNode) or not term.value.startswith(PLACE):
            return term
        if not term.value.startswith(NODE):
            return self._places.get(term.value)
        steps = unquote(term.value[len(NODE) :]).split("\x1f")
        known = [(self._places.get(step), step) for step in steps]
        if any(place is None and step.startswith(PLACE) for place, step in known):
            return None
        return self._context.blank(*(place.value if place else step for place, step in known))


def to_json(residue: Residue) -> str:
    """The residue as text, for a column of a table."""
    groups = [[list(group.fields), group.is_place, "\n".join(group.lines)] for group in residue.groups]
    return json.dumps(
        {"groups": groups, "values": dict(residue.values), "dropped": residue.dropped}, ensure_ascii=False
    )


def from_json(text: str) -> Residue:
    """The residue that a text holds. Raises: ValueError, KeyError, TypeError for any other text."""
    raw = json.loads(text)
    groups = tuple(
        Group(tuple(names), bool(is_place), tuple(lines.split("\n")))
        for names, is_place, lines in raw["groups"]
    )
    return Residue(groups, dict(raw["values"]), int(raw["dropped"]))


def gather(
    parts: Mapping[tuple[tuple[str, ...], bool], Iterable[Triple]], record: Record, most: int = MOST
) -> Residue:
    """A residue from statements by fields and place; when they are too many, the small groups are kept."""
    groups = [
        Group(
            names,
            is_place,
            tuple(sorted(set((serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode().splitlines()))),
        )
        for (names, is_place), triples in parts.items()
    ]
    kept: list[Group] = []
    room = most
    for group in sorted(groups, key=lambda group: (sum(map(len, group.lines)), group.fields, group.is_place)):
        lines: list[str] = []
        for line in group.lines:
            room -= len(line)
            if room >= 0:
                lines.append(line)
        if lines:
            kept.append(replace(group, lines=tuple(lines)))
    residue = Residue(
        tuple(sorted(kept, key=lambda g: (g.fields, g.is_place))),
        {},
        sum(len(g.lines) for g in groups) - sum(len(g.lines) for g in kept),
    )
    return seal(residue, record)
