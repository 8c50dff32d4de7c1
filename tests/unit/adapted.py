"""What adapters say, as a graph and as records of ours: the organisations and data in these tests are invented."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import RdfFormat, parse

from ckanext.culturape.harvest.adapters.family import Adapted, to_dcat
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.rdf.graph import Graph, value_of
from ckanext.culturape.rdf.mapping import dataset_from_rdf
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
BASE = "https://datos.example.org"
HERE = "https://museo.example.org/data.json"


def adapted(document: Any, address: str = HERE, content_type: str = "", **limits: Any) -> Adapted:
    """A document, given as text, bytes or JSON, after its adapter."""
    if not isinstance(document, (str, bytes)):
        document = json.dumps(document)
    content = document.encode() if isinstance(document, str) else document
    return to_dcat(content, content_type, address, Limits(**limits))


class Said:
    """The graph of what an adapter said, with short ways to ask."""

    def __init__(self, result: Adapted) -> None:
        self.result = result
        self.graph = Graph(quad.triple for quad in parse(result.ntriples, format=RdfFormat.N_TRIPLES))
        self.datasets = sorted(self.graph.subjects_of_type("dcat:Dataset"), key=lambda node: self.title(node))

    def title(self, node: Any) -> str:
        return self.graph.text(node, "dct:title")

    def values(self, predicate: str, node: Any = None) -> list[str]:
        """Values of a path such as ``dct:publisher/foaf:name`` from the first dataset."""
        nodes = [self.datasets[0] if node is None else node]
        for step in predicate.split("/"):
            nodes = [found for one in nodes for found in self.graph.objects(one, step)]
        return sorted(value_of(one) for one in nodes)

    def terms(self, predicate: str) -> list[str]:
        """The same as terms of RDF."""
        return sorted(map(str, self.graph.objects(self.datasets[0], predicate)))

    def record(self, number: int = 0) -> dict[str, Any]:
        """A dataset as the fields of the schema hold it."""
        record, _ = dataset_from_rdf(self.graph, self.datasets[number], Context(VOCABULARY, BASE))
        return record

    def refused(self) -> dict[str, str]:
        """What was left out: where, and the words why."""
        return {fault.field: str(fault.fault) for fault in self.result.errors}


def said(document: Any, address: str = HERE, **more: Any) -> Said:
    return Said(adapted(document, address, **more))
