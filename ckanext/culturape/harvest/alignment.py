"""Which node of a source is which of those that we would write? By address, by place in the record, or by what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import quote

from pyoxigraph import BlankNode, NamedNode, Triple

from ckanext.culturape.harvest.expressed import Written, is_same
from ckanext.culturape.harvest.naming import stable_names
from ckanext.culturape.harvest.residue import DATASET, NODE, RESOURCE, keyed_resources
from ckanext.culturape.harvest.scope import Scope
from ckanext.culturape.namespaces import RDF_TYPE
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.mapping import dataset_iri, dataset_to_rdf, distribution_iri
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record

#: Stands for a portal while we only want to know what we would write.
NOWHERE = "https://residue.invalid"

#: How deep blank nodes are compared.
DEPTH = 3


@dataclass(frozen=True, slots=True)
class Alignment:
    """A source beside what we would write of its record.

    Attributes:
        written: what we would write.
        nodes: for nodes of the source, the ones that we would write; for other blank nodes, names that stay the same.
        stand_ins: for nodes that follow from the record, the addresses that stand for them in a residue.
        keys: of the resources, in their order.
    """

    written: Written
    nodes: Mapping[Subject, Subject]
    stand_ins: Mapping[Subject, str]
    keys: tuple[str, ...]

    def ours(self, term: Any) -> Any:
        """The term that we would write for a term of the source."""
        return self.nodes.get(term, term)

    def portable(self, statement: Triple) -> Triple:
        """A statement of the source as it is kept in a residue."""
        terms = [self.ours(term) for term in (statement.subject, statement.object)]
        subject, value = (
            NamedNode(self.stand_ins[term]) if term in self.stand_ins else term for term in terms
        )
        return Triple(subject, statement.predicate, value)


def align(graph: Graph, scope: Scope, record: Record, context: Context) -> Alignment:
    """The alignment of a source with the record that was read from it."""
    paths: dict[str, tuple[str, ...]] = {}
    own = replace(
        context, base=NOWHERE, dataset="residue", described=set(), later=None, problems=set(), paths=paths
    )
    numbered = _numbered(record)
    written = Written.of(dataset_to_rdf(numbered, own))
    subject = dataset_iri(numbered, own)
    parts = [distribution_iri(resource, numbered, own) for resource in numbered["resources"]]
    keys = tuple(keyed_resources(record))
    stand_ins: dict[Subject, str] = dict(zip(parts, (RESOURCE + key for key in keys), strict=True))
    stand_ins[subject] = DATASET
    starts: dict[Subject, Subject] = dict(zip(scope.parts, parts, strict=True))
    starts[scope.dataset] = subject
    nodes = _Pairing(graph, written).pair(starts)
    named = {value_of(node): stand_in for node, stand_in in stand_ins.items()}
    for name, steps in paths.items():
        path = "\x1f".join(named.get(step, step) for step in steps)
        stand_ins[BlankNode(name)] = NODE + quote(path, safe="")
    return Alignment(written, {**stable_names(scope), **nodes}, stand_ins, keys)


def _numbered(record: Record) -> Record:
    """The record with the identifiers that it needs to be written."""
    given = cast("list[Record]", record.get("resources") or [])
    resources: list[Record] = []
    for number, resource in enumerate(given):
        resources.append({**resource, "id": str(number)})
    return {**record, "id": "dataset", "resources": resources}


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Blank nodes of a source and those that we would write in their place."""

    graph: Graph
    written: Written

    def pair(self, starts: Mapping[Subject, Subject]) -> dict[Subject, Subject]:
        """For each blank node of the source the one of ours that stands under the same statement and has the most in common with it."""
        nodes = dict(starts)
        taken: set[Object] = set()
        waiting = list(starts)
        while waiting:
            subject = waiting.pop(0)
            for _, blank, ours in sorted(
                self._candidates(subject, nodes[subject]), key=lambda found: -found[0]
            ):
                if blank not in nodes and ours not in taken:
                    taken.add(ours)
                    nodes[blank] = ours
                    waiting.append(blank)
        return nodes

    def _candidates(self, subject: Subject, known: Subject) -> Iterator[tuple[int, BlankNode, BlankNode]]:
        for statement in self.graph.about(subject):
            if isinstance(statement.object, BlankNode):
                for ours in self._blanks(known, statement.predicate):
                    score = self._likeness(statement.object, ours)
                    if score:
                        yield score, statement.object, ours

    def _blanks(self, subject: Object, predicate: NamedNode) -> Iterator[BlankNode]:
        return (value for value in self.written.objects(subject, predicate) if isinstance(value, BlankNode))

    def _likeness(self, blank: BlankNode, ours: BlankNode, depth: int = DEPTH) -> int:
        """How much two blank nodes have in common: twice what stands under the same predicate, once what stands under another."""
        total = 0
        for said in self.graph.about(blank):
            if said.predicate == RDF_TYPE:
                continue
            value = cast("Object", said.object)
            if isinstance(value, BlankNode):
                below = self._blanks(ours, said.predicate) if depth else ()
                total += max((self._likeness(value, other, depth - 1) for other in below), default=0)
            elif self.written.says(ours, said.predicate, value):
                total += 2
            else:
                total += any(is_same(value, other) for other in self.written.values(ours))
        return total
