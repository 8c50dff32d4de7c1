"""Which statements of a source does the record that was read from it not say? Compares the source with what we would write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from pyoxigraph import BlankNode, NamedNode, Triple

from ckanext.culturape.fields import Field
from ckanext.culturape.harvest.alignment import Alignment, align
from ckanext.culturape.harvest.expressed import fields_of, is_read, value_of_statement
from ckanext.culturape.harvest.residue import MOST, Residue, gather
from ckanext.culturape.harvest.scope import Root, Scope
from ckanext.culturape.harvest.withheld import PLACES, is_of_place
from ckanext.culturape.rdf.graph import Graph, Object, Subject
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record


def residue_of(graph: Graph, scope: Scope, record: Record, context: Context, most: int = MOST) -> Residue:
    """What has to be kept of a dataset beside its record.

    Args:
        graph: the source.
        scope: its statements about the dataset.
        record: the canonical record that was read from it.
        context: that of the reading.
        most: characters of statements that are kept.
    """
    comparison = Comparison(graph, scope, record, context, align(graph, scope, record, context))
    parts: dict[tuple[tuple[str, ...], bool], list[Triple]] = {}
    names: dict[Root, tuple[str, ...]] = {}
    for statement, root in comparison.unsaid():
        if root not in names:
            names[root] = comparison.fields_of_root(root)
        is_place = root.triple.predicate in PLACES or is_of_place(statement)
        parts.setdefault((names[root], is_place), []).append(comparison.alignment.portable(statement))
    return gather(parts, record, most)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A source, the record that was read from it, and what we would write of that."""

    graph: Graph
    scope: Scope
    record: Record
    context: Context
    alignment: Alignment

    def unsaid(self) -> Iterator[tuple[Triple, Root]]:
        """The statements that we would not write, in the same or in an equivalent form, with their roots."""
        once = self._blanks_that_hang_once()
        said_with_their_root: set[Object] = set()
        for statement, root in self.scope.statements:
            if statement.subject in said_with_their_root or self._is_written(statement):
                continue
            if statement is root.triple and self._is_read(root):
                if statement.object in once:
                    said_with_their_root.add(cast("Object", statement.object))
                continue
            yield statement, root

    def _blanks_that_hang_once(self) -> frozenset[BlankNode]:
        """Blank nodes that belong to one statement only, so that they go where that goes."""
        seen: set[BlankNode] = set()
        again: set[BlankNode] = set()
        for statement, _ in self.scope.statements:
            if isinstance(statement.object, BlankNode):
                (again if statement.object in seen else seen).add(statement.object)
        return frozenset(seen - again)

    def _is_written(self, statement: Triple) -> bool:
        ours = self.alignment.ours
        return self.alignment.written.says(
            ours(statement.subject), statement.predicate, ours(statement.object)
        )

    def _is_read(self, root: Root) -> bool:
        """Whether a field holds all that a root says, and writes it under the same predicate."""
        if not self._has_place(root.triple):
            return False
        if root.part is None:
            return is_read(self.graph, root.triple, self.record, {}, "dataset", self.context)
        resource = self.record["resources"][root.part]
        fallback = {"license": self.record.get("license_id")}
        return is_read(self.graph, root.triple, resource, fallback, "resource", self.context)

    def _has_place(self, statement: Triple) -> bool:
        """Whether we write the predicate of a statement, and an address where it has one: a blank node would lose it."""
        subject = self.alignment.ours(cast("Subject", statement.subject))
        ours = self.alignment.written.in_place_of(subject, statement.predicate)
        if isinstance(statement.object, NamedNode):
            return any(not isinstance(value, BlankNode) for value in ours)
        return bool(ours)

    def fields_of_root(self, root: Root) -> tuple[str, ...]:
        """The fields that a statement came from: that of its predicate, or, where several share it, those that it gives a value to."""
        fields = fields_of("dataset" if root.part is None else "resource", root.triple.predicate)
        if len(fields) > 1:
            holder = self.record if root.part is None else self.record["resources"][root.part]
            fields = tuple(
                field for field in fields if field.name in holder and self._gives_value(root.triple, field)
            )
        if root.part is None:
            return tuple(field.name for field in fields)
        key = self.alignment.keys[root.part]
        return tuple(f"{key} {field.name}" for field in fields) or (f"{key} ",)

    def _gives_value(self, statement: Triple, field: Field) -> bool:
        return value_of_statement(self.graph, statement, field, self.context) is not None
