"""Which statements of a source does the record that was read from it not say? Compares the source with what we would write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import quote

from pyoxigraph import BlankNode, NamedNode, Triple

from ckanext.culturape.dcat.graph import Graph, Object, Subject, value_of
from ckanext.culturape.dcat.mapping import dataset_iri, dataset_to_rdf, distribution_iri
from ckanext.culturape.dcat.namespaces import RDF_TYPE
from ckanext.culturape.dcat.terms import Context
from ckanext.culturape.harvest.expressed import Written, fields_of, is_read, is_same, value_of_statement
from ckanext.culturape.harvest.residue import DATASET, MOST, NODE, RESOURCE, Residue, gather, keyed_resources
from ckanext.culturape.harvest.scope import Digests, Root, Scope, stable_names
from ckanext.culturape.harvest.withheld import PLACES, is_of_place
from ckanext.culturape.types import Record

#: Stands for a portal while we only want to know what we would write.
NOWHERE = "https://residue.invalid"


def residue_of(graph: Graph, scope: Scope, record: Record, context: Context, most: int = MOST) -> Residue:
    """What has to be kept of a dataset beside its record.

    Args:
        graph: the source.
        scope: its statements about the dataset.
        record: the canonical record that was read from it.
        context: that of the reading.
        most: characters of statements that are kept.
    """
    comparison = _Comparison(graph, scope, record, context)
    parts: dict[tuple[tuple[str, ...], bool], list[Triple]] = {}
    for statement, root in comparison.unsaid():
        is_place = root.triple.predicate in PLACES or is_of_place(statement)
        names = comparison.fields_of_root(root)
        parts.setdefault((names, is_place), []).append(comparison.portable(statement))
    return gather(parts, record, most)


@dataclass(slots=True)
class _Comparison:
    """A source and what we would write of the record that was read from it."""

    graph: Graph
    scope: Scope
    record: Record
    context: Context
    nodes: dict[Subject, Subject] = field(init=False)
    places: dict[Subject, str] = field(init=False)
    keys: list[str] = field(init=False)
    written: Written = field(init=False)

    def __post_init__(self) -> None:
        own = replace(
            self.context,
            base=NOWHERE,
            dataset="residue",
            described=set(),
            later=None,
            problems=set(),
            paths={},
        )
        resources = [
            {**resource, "id": str(n)} for n, resource in enumerate(self.record.get("resources") or ())
        ]
        numbered = {**self.record, "id": "dataset", "resources": resources}
        self.written = Written.of(dataset_to_rdf(numbered, own))
        subject = dataset_iri(numbered, own)
        ours = [distribution_iri(resource, numbered, own) for resource in resources]
        self.nodes = {**dict(zip(self.scope.parts, ours, strict=True)), self.scope.dataset: subject}
        self.keys = list(keyed_resources(self.record))
        self.places = {
            **{part: RESOURCE + key for part, key in zip(ours, self.keys, strict=True)},
            subject: DATASET,
        }
        self._align()
        self.places |= {BlankNode(name): self._path(steps) for name, steps in (own.paths or {}).items()}
        self.nodes |= {
            blank: name
            for blank, name in stable_names(self.scope, Digests(self.graph)).items()
            if blank not in self.nodes
        }

    def _path(self, steps: tuple[str, ...]) -> str:
        named = {value_of(cast("Object", subject)): place for subject, place in self.places.items()}
        return NODE + quote("\x1f".join(named.get(step, step) for step in steps), safe="")

    def portable(self, statement: Triple) -> Triple:
        """A statement with the nodes that it will have: those of the record under the addresses that stand for them."""
        return Triple(
            self._portable(statement.subject), statement.predicate, self._portable(statement.object)
        )

    def _portable(self, term: Any) -> Any:
        own = self.nodes.get(term, term)
        place = self.places.get(own)
        return NamedNode(place) if place else own

    def unsaid(self) -> Iterator[tuple[Triple, Root]]:
        """The statements that we would not write, in the same or in an equivalent form, with their roots."""
        named_only: set[Object] = set()
        for statement, root in self.scope.statements:
            if statement.subject in named_only or self._is_said(statement):
                continue
            if statement is root.triple and self._is_read(root):
                if self._hangs_once(statement.object):
                    named_only.add(cast("Object", statement.object))
                continue
            yield statement, root

    def _is_said(self, statement: Triple) -> bool:
        subject, value = (self.nodes.get(term, term) for term in (statement.subject, statement.object))  # type: ignore[arg-type]
        return self.written.says(cast("Object", subject), statement.predicate, cast("Object", value))

    def _is_read(self, root: Root) -> bool:
        statement, subject = root.triple, self.nodes.get(cast("Subject", root.triple.subject))
        if subject is None or not self._has_place(subject, statement):
            return False
        if root.part is None:
            return is_read(self.graph, statement, self.record, {}, "dataset", self.context)
        resource = self.record["resources"][root.part]
        fallback = {"license": self.record.get("license_id")}
        return is_read(self.graph, statement, resource, fallback, "resource", self.context)

    def _has_place(self, subject: Subject, statement: Triple) -> bool:
        """Whether we write the predicate of a statement, and an address where it has one: a blank node would lose it."""
        ours = self.written.in_place_of(subject, statement.predicate)
        is_address = isinstance(statement.object, NamedNode)
        return any(not isinstance(value, BlankNode) for value in ours) if is_address else bool(ours)

    def _hangs_once(self, term: Any) -> bool:
        """Whether a blank node belongs to one statement only, so that it goes where that goes."""
        if not isinstance(term, BlankNode) or term not in self.nodes:
            return False
        return sum(statement.object == term for statement, _ in self.scope.statements) == 1

    def fields_of_root(self, root: Root) -> tuple[str, ...]:
        """The fields that a statement came from: that of its predicate, or, where several share it, those that it gives a value to."""
        fields = fields_of("dataset" if root.part is None else "resource", root.triple.predicate)
        if len(fields) > 1:
            fields = tuple(
                field for field in fields
                if value_of_statement(self.graph, root.triple, field, self.context) is not None
            )  # fmt: skip
        if root.part is None:
            return tuple(field.name for field in fields)
        key = self.keys[root.part]
        return tuple(f"{key} {field.name}" for field in fields) or (f"{key} ",)

    def _align(self) -> None:
        """Find for each blank node of the source the one that we would write for it: under the same statement, with the most in common."""
        taken: set[Object] = set()
        waiting: list[Subject] = [self.scope.dataset, *self.scope.parts]
        while waiting:
            subject = waiting.pop(0)
            pairs = sorted(self._candidates(subject), key=lambda pair: -pair[0])
            for _, blank, ours in pairs:
                if blank not in self.nodes and ours not in taken:
                    taken.add(ours)
                    self.nodes[blank] = ours
                    waiting.append(blank)

    def _candidates(self, subject: Subject) -> Iterator[tuple[int, BlankNode, BlankNode]]:
        for statement in self.graph.about(subject):
            if isinstance(statement.object, BlankNode):
                for ours in self.written.objects(self.nodes[subject], statement.predicate):
                    score = self._likeness(statement.object, ours) if isinstance(ours, BlankNode) else 0
                    if score and isinstance(ours, BlankNode):
                        yield score, statement.object, ours

    def _likeness(self, blank: BlankNode, ours: BlankNode, depth: int = 3) -> int:
        """How much two blank nodes have in common: twice what stands under the same predicate, once what stands under another."""
        total = 0
        values = self.written.values(ours)
        for said in self.graph.about(blank):
            if said.predicate != RDF_TYPE:
                value = cast("Object", said.object)
                total += 2 * self.written.says(ours, said.predicate, value) or any(
                    is_same(value, v) for v in values
                )
                if isinstance(value, BlankNode) and depth:
                    nodes = self.written.objects(ours, said.predicate)
                    total += max(
                        (self._likeness(value, n, depth - 1) for n in nodes if isinstance(n, BlankNode)),
                        default=0,
                    )
        return total
