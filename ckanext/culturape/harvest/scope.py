"""Which datasets does a graph describe, and which statements speak of each?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.namespaces import RDF_TYPE, node
from ckanext.culturape.rdf.graph import Graph, Subject
from ckanext.culturape.rdf.mapping import distributions

#: Things that stand for themselves: what is said of them is not said of a dataset that links to them.
APART = ("dcat:Dataset", "dcat:DatasetSeries", "dcat:Catalog", "dcat:CatalogRecord")
#: Those of them that records are made of.
DATASETS = ("dcat:Dataset", "dcat:DatasetSeries")
#: Nodes that a thing beside a dataset may name under one predicate; more are a list of its own, such as the concepts of a scheme or
#: all datasets of a service, and would go with each dataset.
LIST = 100
#: Statements of one dataset that are read at most; the whole description of a large dataset has some hundreds.
LARGEST = 20_000

_DISTRIBUTION = node("dcat:distribution")


@dataclass(frozen=True, slots=True)
class Root:
    """A statement about a dataset or one of its distributions, from which others hang.

    Attributes:
        part: position of the distribution, ``None`` for the dataset itself.
        triple: the statement.
    """

    part: int | None
    triple: Triple


@dataclass(frozen=True, slots=True)
class Scope:
    """All that a graph says of one dataset.

    Attributes:
        dataset: its node.
        parts: its distributions, in the order of the resources of its record.
        statements: each with the root that it hangs from; a root hangs from itself.
        omitted: number of statements that there were besides, before somebody cut them off.
    """

    dataset: Subject
    parts: tuple[Subject, ...]
    statements: tuple[tuple[Triple, Root], ...]
    omitted: int = 0

    @property
    def is_too_large(self) -> bool:
        """Whether there is more than is read of one dataset."""
        return len(self.statements) + self.omitted > LARGEST


def find_datasets(graph: Graph) -> list[Subject]:
    """The datasets and series that a graph describes, in the order of the document; what it only names is no dataset of it."""
    found = {
        value
        for subject in graph.subjects()
        for value in graph.objects(subject, "dcat:dataset")
        if not isinstance(value, Literal)
    }
    found.update(subject for name in DATASETS for subject in graph.subjects_of_type(name))
    return [subject for subject in graph.subjects() if subject in found]


def things_apart(graph: Graph) -> frozenset[Subject]:
    """All nodes that no dataset may take along: other datasets, series, catalogues and their records."""
    return frozenset([*(s for name in APART for s in graph.subjects_of_type(name)), *find_datasets(graph)])


def scope_of(
    graph: Graph, dataset: Subject, apart: frozenset[Subject], first: Sequence[NamedNode] = ()
) -> Scope:
    """The statements about a dataset, its distributions, and the nodes that hang from them.

    Args:
        graph: where it is described.
        dataset: its node.
        apart: nodes that are left out, see ``things_apart``.
        first: predicates whose nodes are theirs even when others lead there too.
    """
    parts = tuple(distributions(graph, dataset))
    roots = [Root(None, triple) for triple in graph.about(dataset)]
    roots += [
        Root(n, triple) for n, part in enumerate(parts) if part != dataset for triple in graph.about(part)
    ]
    taken: set[Subject] = {*parts, dataset}
    below: dict[Root, list[Triple]] = {root: [] for root in roots}
    for root in sorted(roots, key=lambda root: root.triple.predicate not in first):
        below[root] = list(_hanging(graph, root.triple.object, taken, apart))
    return Scope(
        dataset, parts, tuple((triple, root) for root in roots for triple in (root.triple, *below[root]))
    )


def _hanging(graph: Graph, start: object, taken: set[Subject], apart: frozenset[Subject]) -> Iterator[Triple]:
    waiting = deque([start])
    while waiting:
        term = waiting.popleft()
        if isinstance(term, (NamedNode, BlankNode)) and term not in taken and term not in apart:
            taken.add(term)
            for triple in _without_lists(graph, term):
                yield triple
                if triple.predicate != RDF_TYPE:
                    waiting.append(triple.object)


def _without_lists(graph: Graph, subject: Subject) -> Iterator[Triple]:
    for values in graph.groups(subject):
        if len(values) <= LIST or sum(not isinstance(value, Literal) for value in values) <= LIST:
            yield from values.values()
