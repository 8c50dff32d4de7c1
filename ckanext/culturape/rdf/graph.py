"""Triples by subject and predicate, for reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.namespaces import RDF_TYPE, node

Subject = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal


@lru_cache(maxsize=512)
def _node(name: str) -> NamedNode:
    return node(name)


class Graph:
    """An index of triples; it is not changed once it is made."""

    __slots__ = ("_index",)

    def __init__(self, triples: Iterable[Triple]) -> None:
        # By subject, predicate and object; the triples themselves are kept, since making one takes longer than finding it.
        self._index: dict[Subject, dict[NamedNode, dict[Object, Triple]]] = {}
        for triple in triples:
            subject, predicate, value = cast("tuple[Subject, NamedNode, Object]", triple)
            below = self._index.get(subject)
            if below is None:
                below = self._index[subject] = {}
            values = below.get(predicate)
            if values is None:
                below[predicate] = {value: triple}
            elif value not in values:
                values[value] = triple

    def objects(self, subject: Subject | Object, predicate: str) -> list[Object]:
        """All objects of a subject and a prefixed predicate, without repeats."""
        if isinstance(subject, Literal):
            return []
        return list(self._index.get(subject, {}).get(_node(predicate), ()))

    def object(self, subject: Subject | Object, predicate: str) -> Object | None:
        """The first of them."""
        return next(iter(self.objects(subject, predicate)), None)

    def text(self, subject: Subject | Object, predicate: str) -> str:
        """The first of them as a text, empty when there is none."""
        found = self.object(subject, predicate)
        return "" if found is None else value_of(found)

    def about(self, subject: Subject | Object) -> Iterator[Triple]:
        """All statements about a subject, each once, in the order of the document."""
        if not isinstance(subject, Literal):
            for values in self.groups(subject):
                yield from values.values()

    def groups(self, subject: Subject) -> Iterable[Mapping[Object, Triple]]:
        """The same by predicate, each by its object."""
        return self._index.get(subject, {}).values()

    def subjects(self) -> Iterator[Subject]:
        """All subjects, in the order of the document."""
        return iter(self._index)

    def subjects_of_type(self, name: str) -> Iterator[Subject]:
        """All subjects of a class."""
        wanted = _node(name)
        return (subject for subject, below in self._index.items() if wanted in below.get(RDF_TYPE, ()))

    def has_type(self, subject: Subject | Object, name: str) -> bool:
        """Whether a subject is of a class."""
        return _node(name) in self.objects(subject, "rdf:type")


def value_of(term: Object) -> str:
    """The text of a literal or the address of a node; empty for a blank node."""
    return "" if isinstance(term, BlankNode) else term.value
