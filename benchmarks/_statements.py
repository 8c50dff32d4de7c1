"""How much of what other catalogues say of their datasets does a site export again? Compared as the contract tests compare."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "contract"))

from comparing import Export, Said, nodes_of, walk
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.rdf.graph import Graph


def said_by(path: Path, address: str) -> Graph:
    """The statements of a file that stands at an address, in the terms of today."""
    ntriples = to_dcat(path.read_bytes(), "", address).ntriples
    return Graph(respell([quad.triple for quad in parse(ntriples, format=RdfFormat.N_TRIPLES)]))


def kept_of(source: Graph, ntriples: str, portal: str) -> Counter[str]:
    """Of the datasets that have a title, their statements and the names of their publishers: how many the source has, and how many are exported.

    Without a title nothing can stand in a catalogue, and none may be invented; ours tells of those datasets in its report.
    """
    graph = Graph(triple for line in ntriples.splitlines() for triple in _read(line))
    counts: Counter[str] = Counter()
    free = nodes_of(graph)
    shared: set[Said] = set()
    for dataset in nodes_of(source):
        if not _titles(source, dataset):
            continue
        same = _same(source, dataset, graph, free)
        if same is not None:
            free.remove(same)
        export = Export(walk(graph, same, portal)) if same is not None else None
        names = _publishers(source, dataset)
        # What is said of a thing that several datasets share is one statement.
        said = [
            one
            for one in walk(source, dataset, portal).said
            if one[0] in ("dataset", "part") or one not in shared
        ]
        shared.update(said)
        counts.update(
            {
                "datasets": 1,
                "datasets kept": int(export is not None),
                "publishers": len(names),
                "publishers kept": len(names & _publishers(graph, same)),
                "statements": len(said),
                "statements kept": sum(export.judge(one) != "lost" for one in said) if export else 0,
            }
        )
    return counts


def _read(line: str) -> list[Triple]:
    """A statement, leniently, and none of what nobody could read: the stock exports addresses that are none."""
    try:
        return [quad.triple for quad in parse(line.encode(), format=RdfFormat.N_TRIPLES, lenient=True)]
    except SyntaxError:
        return []


def _same(source: Graph, dataset: Any, graph: Graph, free: list[Any]) -> Any:
    """The same dataset in the export: by its address, and one without by its titles."""
    if isinstance(dataset, NamedNode) and dataset in free:
        return dataset
    titles = _titles(source, dataset)
    return next((found for found in free if _titles(graph, found) & titles), None)


def _publishers(graph: Graph, dataset: Any) -> set[str]:
    """Names of the publishers of a dataset."""
    nodes = graph.objects(dataset, "dct:publisher") if dataset is not None else ()
    return {
        name.value.strip()
        for publisher in nodes
        if not isinstance(publisher, Literal)
        for name in graph.objects(publisher, "foaf:name")
    }


def _titles(graph: Graph, dataset: Any) -> set[str]:
    return {title.value for title in graph.objects(dataset, "dct:title")}
