"""Triples by subject and predicate, for reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.namespaces import RDF_TYPE, node

Subject = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal


class Graph:
    """An index of triples; it is not changed once it is made."""

    __slots__ = ("_index",)

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._index: dict[Subject, dict[NamedNode, list[Object]]] = {}
        for triple in triples:
            below = self._index.setdefault(triple.subject, {})  # type: ignore[arg-type]
            below.setdefault(triple.predicate, []).append(triple.object)  # type: ignore[arg-type]

    def objects(self, subject: Subject | Object, predicate: str) -> list[Object]:
        """All objects of a subject and a prefixed predicate, without repeats."""
        if isinstance(subject, Literal):
            return []
        return list(dict.fromkeys(self._index.get(subject, {}).get(node(predicate), [])))

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
            for predicate, values in self._index.get(subject, {}).items():
                yield from (Triple(subject, predicate, value) for value in dict.fromkeys(values))

    def subjects(self) -> Iterator[Subject]:
        """All subjects, in the order of the document."""
        return iter(self._index)

    def subjects_of_type(self, name: str) -> Iterator[Subject]:
        """All subjects of a class."""
        wanted = node(name)
        return (subject for subject, below in self._index.items() if wanted in below.get(RDF_TYPE, ()))

    def has_type(self, subject: Subject | Object, name: str) -> bool:
        """Whether a subject is of a class."""
        return node(name) in self.objects(subject, "rdf:type")


def value_of(term: Object) -> str:
    """The text of a literal or the address of a node; empty for a blank node."""
    return "" if isinstance(term, BlankNode) else term.value
