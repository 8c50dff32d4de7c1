"""To which dataset does a node belong? Walks from each dataset along its statements; works on lines of N-Triples, which is fast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Literal, RdfFormat, parse

from ckanext.culturape.namespaces import expand

_TYPE = f"<{expand('rdf:type')}>"
_TITLE = f"<{expand('dct:title')}>"
_DISTRIBUTION = expand("dcat:distribution")
_DATASETS = frozenset(f"<{expand(name)}>" for name in ("dcat:Dataset", "dcat:DatasetSeries"))
_OWNERS = _DATASETS | {f"<{expand('dcat:DataService')}>"}
_OTHERS = frozenset({f"<{expand('dcat:Catalog')}>"})

#: A dataset, its distribution, the service of that, and what belongs to the service.
DEPTH = 3

_Links = Mapping[str, list[tuple[str, str]]]


class Place(NamedTuple):
    """Where a node stands: its dataset, the properties that lead to it, and the distribution on the way."""

    owner: str
    steps: tuple[str, ...] = ()
    part: str = ""


def trace(ntriples: bytes) -> dict[str, Place]:
    """The place of every node that belongs to a dataset; nodes are addresses, or ``_:`` and a label."""
    links, owners, others = _read(ntriples)
    found = {owner: Place(owner) for owner in owners}
    for owner in owners:
        layer = [owner]
        for _ in range(DEPTH):
            layer = [node for parent in layer for node in _step(parent, links, found, others)]
    return {_bare(node): place._replace(owner=_bare(place.owner)) for node, place in found.items()}


def _step(parent: str, links: _Links, found: dict[str, Place], others: frozenset[str]) -> Iterator[str]:
    """The nodes that a node leads to and that belong to nobody yet."""
    place = found[parent]
    for predicate, target in links.get(parent, ()):
        if target not in found and target not in others:
            part = _bare(target) if predicate == _DISTRIBUTION else place.part
            found[target] = Place(place.owner, (*place.steps, predicate), part)
            yield target


def _read(ntriples: bytes) -> tuple[_Links, list[str], frozenset[str]]:
    """Statements between nodes by subject, the datasets, and the catalogues."""
    links: dict[str, list[tuple[str, str]]] = defaultdict(list)
    owners: dict[str, None] = {}
    others: set[str] = set()
    for line in ntriples.decode().split("\n"):
        subject, _, rest = line.partition(" ")
        predicate, _, value = rest.partition(" ")
        if predicate == _TYPE:
            if value[:-2] in _OWNERS:
                owners[subject] = None
            elif value[:-2] in _OTHERS:
                others.add(subject)
        elif value[:1] in {"<", "_"}:
            links[subject].append((predicate[1:-1], value[:-2]))
    return links, list(owners), frozenset(others)


def _bare(node: str) -> str:
    return node[1:-1] if node.startswith("<") else node


def datasets_of(ntriples: bytes) -> list[str]:
    """The datasets and series that a graph describes, in their order."""
    found: dict[str, None] = {}
    for line in ntriples.decode().split("\n"):
        subject, _, rest = line.partition(" ")
        predicate, _, value = rest.partition(" ")
        if predicate == _TYPE and value[:-2] in _DATASETS:
            found[_bare(subject)] = None
    return list(found)


def titles(ntriples: bytes) -> dict[str, dict[str, str]]:
    """The titles that a graph gives, by node and language."""
    wanted = f" {_TITLE} ".encode()
    lines = b"\n".join(line for line in ntriples.split(b"\n") if wanted in line)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in parse(lines, format=RdfFormat.N_TRIPLES):
        if isinstance(quad.object, Literal):
            node = (
                str(quad.subject)
                if str(quad.subject).startswith("_:")
                else str(getattr(quad.subject, "value", ""))
            )
            found[node].setdefault(quad.object.language or "", quad.object.value)
    return dict(found)
