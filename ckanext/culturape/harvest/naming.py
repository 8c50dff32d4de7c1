"""What identifies a dataset, and how are its blank nodes called, so that both are the same in every reading? Only what is said of them counts."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from pyoxigraph import BlankNode, NamedNode, Triple

from ckanext.culturape.harvest.scope import Scope, find_datasets, scope_of, things_apart
from ckanext.culturape.harvest.withheld import PLACES
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of

#: How deep blank nodes are looked into to tell them apart.
DEPTH = 8

_About = Mapping[Subject, list[Triple]]


def described(graph: Graph) -> Iterator[tuple[str, Scope]]:
    """The datasets and series that a graph describes, each once: what identifies it within its source, and what is said of it."""
    apart = things_apart(graph)
    seen: set[str] = set()
    for dataset in find_datasets(graph):
        scope = scope_of(graph, dataset, apart, PLACES)
        uri = _key(graph, scope)
        if uri in seen:
            uri = _key_of_content(scope)
        if uri not in seen:
            seen.add(uri)
            yield uri, scope


def _key(graph: Graph, scope: Scope) -> str:
    """The address of a dataset, else its identifier, its landing page, or a digest of what is said of it."""
    texts = (
        value_of(scope.dataset),
        graph.text(scope.dataset, "dct:identifier"),
        graph.text(scope.dataset, "dcat:landingPage"),
    )
    # No database keeps a zero.
    return next(filter(None, (text.replace("\0", "").strip() for text in texts)), "") or _key_of_content(
        scope
    )


def _key_of_content(scope: Scope) -> str:
    return f"urn:sha256:{_Digests(_about(scope)).said(scope.dataset, DEPTH)}"


def _about(scope: Scope) -> _About:
    about: dict[Subject, list[Triple]] = {}
    for triple, _ in scope.statements:
        about.setdefault(cast("Subject", triple.subject), []).append(triple)
    return about


@dataclass(slots=True)
class _Digests:
    """Digests of what is said of nodes, in which blank nodes have no names."""

    about: _About
    _known: dict[tuple[Object, int], str] = field(default_factory=dict[tuple[Object, int], str])

    def of(self, term: Object, depth: int = DEPTH) -> str:
        """The digest of what is said of a blank node, down to a depth; of anything else, its own text."""
        return self.said(term, depth) if isinstance(term, BlankNode) else str(term)

    def said(self, subject: Subject, depth: int) -> str:
        """The digest of what is said of a node."""
        key = (subject, depth)
        if key not in self._known:
            below = self.about.get(subject, ()) if depth else ()
            said = sorted(f"{t.predicate} {self.of(cast('Object', t.object), depth - 1)}" for t in below)
            self._known[key] = hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]
        return self._known[key]


def stable_names(scope: Scope) -> dict[BlankNode, BlankNode]:
    """Names of blank nodes that follow from their place and from what is said of them, not from the document.

    Those that cannot be told apart, however the document is ordered, are counted.
    """
    counts: Counter[str] = Counter()
    names: dict[BlankNode, BlankNode] = {}
    for blank, place in places(scope).items():
        counts[place] += 1
        names[blank] = BlankNode(place if counts[place] == 1 else f"{place}x{counts[place]}")
    return names


def blanks(scope: Scope) -> set[BlankNode]:
    """All blank nodes that the statements of a dataset name."""
    terms = (term for triple, _ in scope.statements for term in (triple.subject, triple.object))
    return {term for term in terms if isinstance(term, BlankNode)}


def places(scope: Scope) -> dict[BlankNode, str]:
    """What tells the blank nodes of a dataset apart: the way to each, and what is said of it where that leads to several.

    The same for those that differ in nothing.
    """
    if not blanks(scope):
        return {}
    about = _about(scope)
    digests = _Digests(about)
    # Nodes in an order that does not depend on the document: the dataset, those with addresses, and what hangs from them.
    addresses = sorted((s for s in about if isinstance(s, NamedNode)), key=value_of)
    ways: dict[Subject, str] = {scope.dataset: "r", **{address: address.value for address in addresses}}
    waiting: deque[Subject] = deque(dict.fromkeys([scope.dataset, *addresses]))
    while waiting:
        subject = waiting.popleft()
        for way, blank in sorted(_ways_on(ways[subject], about.get(subject, []), digests), key=_way):
            if blank not in ways:
                ways[blank] = way
                waiting.append(blank)
    return {node: way for node, way in ways.items() if isinstance(node, BlankNode)}


def _ways_on(way: str, triples: list[Triple], digests: _Digests) -> Iterator[tuple[str, BlankNode]]:
    found = [(t.predicate, t.object) for t in triples if isinstance(t.object, BlankNode)]
    # One that stands alone under its predicate is told by that, and keeps its name whatever is said of it.
    counts = Counter(predicate for predicate, _ in found)
    for predicate, blank in found:
        said = digests.of(blank) if counts[predicate] > 1 else ""
        yield f"r{hashlib.sha256(f'{way} {predicate} {said}'.encode()).hexdigest()[:24]}", blank


def _way(found: tuple[str, BlankNode]) -> str:
    return found[0]
