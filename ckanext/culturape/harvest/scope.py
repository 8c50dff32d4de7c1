"""Which datasets does a graph describe, and which statements speak of each? Names that stay the same from one reading to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.namespaces import RDF_TYPE, node
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.mapping import distributions

#: Things that stand for themselves: what is said of them is not said of a dataset that links to them.
APART = ("dcat:Dataset", "dcat:DatasetSeries", "dcat:Catalog", "dcat:CatalogRecord")
#: Those of them that records are made of.
DATASETS = ("dcat:Dataset", "dcat:DatasetSeries")
#: How deep blank nodes are looked into to tell them apart.
DEPTH = 8

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
    """

    dataset: Subject
    parts: tuple[Subject, ...]
    statements: tuple[tuple[Triple, Root], ...]


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
    waiting = [start]
    while waiting:
        term = waiting.pop(0)
        if isinstance(term, (NamedNode, BlankNode)) and term not in taken and term not in apart:
            taken.add(term)
            for triple in graph.about(term):
                yield triple
                if triple.predicate != RDF_TYPE:
                    waiting.append(triple.object)


@dataclass(slots=True)
class Digests:
    """Digests of what is said of nodes, in which blank nodes have no names."""

    graph: Graph
    _known: dict[tuple[Object, int], str] = field(default_factory=dict[tuple[Object, int], str])

    def of(self, term: Object, depth: int = DEPTH) -> str:
        """The digest of what is said of a node, down to a depth; of anything else, its own text."""
        if not isinstance(term, BlankNode):
            return str(term)
        key = (term, depth)
        if key not in self._known:
            below = list(self.graph.about(term)) if depth else []
            said = sorted(f"{t.predicate} {self.of(cast('Object', t.object), depth - 1)}" for t in below)
            self._known[key] = hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]
        return self._known[key]


def key_of(graph: Graph, dataset: Subject, digests: Digests) -> str:
    """What identifies a dataset within its source: its address, else its identifier, its landing page, or a digest of what is said of it."""
    texts = (
        value_of(dataset),
        graph.text(dataset, "dct:identifier"),
        graph.text(dataset, "dcat:landingPage"),
    )
    return next(filter(None, (text.strip() for text in texts)), f"urn:sha256:{digests.of(dataset)}")


def stable_names(scope: Scope, digests: Digests) -> dict[BlankNode, BlankNode]:
    """Names of blank nodes that follow from their place and from what is said of them, not from the document."""
    below: dict[Subject, list[Triple]] = {}
    for triple, _ in scope.statements:
        below.setdefault(triple.subject, []).append(triple)  # type: ignore[arg-type]
    addresses = sorted((s for s in below if isinstance(s, NamedNode)), key=value_of)
    paths: dict[Subject, str] = {address: address.value for address in addresses}
    paths |= {scope.dataset: "", **{part: str(n) for n, part in enumerate(scope.parts)}}
    waiting = [scope.dataset, *scope.parts, *addresses]
    while waiting:
        subject = waiting.pop(0)
        waiting += _name_below(paths[subject], below.pop(subject, []), paths, digests)
    starts = {scope.dataset, *scope.parts}
    return {
        s: BlankNode(f"r{path}") for s, path in paths.items() if isinstance(s, BlankNode) and s not in starts
    }


def _name_below(
    above: str, triples: list[Triple], paths: dict[Subject, str], digests: Digests
) -> Iterator[BlankNode]:
    """Give each blank node that hangs directly from a node its path; equal ones are counted."""
    counts: dict[str, int] = {}
    blanks = [
        (f"{above} {t.predicate} {digests.of(cast('Object', t.object))}", t.object)
        for t in triples
        if isinstance(t.object, BlankNode)
    ]
    for path, target in sorted(blanks, key=lambda pair: pair[0]):
        if target not in paths:
            counts[path] = counts.get(path, 0) + 1
            paths[target] = hashlib.sha256(f"{path} {counts[path]}".encode()).hexdigest()[:24]
            yield target
