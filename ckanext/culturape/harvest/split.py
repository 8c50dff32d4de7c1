from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import NamedTuple

from pyoxigraph import RdfFormat, parse

from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.scope import *
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.rdf.fragment import to_ntriples
from ckanext.culturape.rdf.graph import Graph


class Portion(NamedTuple):
    uri: str
    title: str
    digest: str
    ntriples: bytes


class Page(NamedTuple):
    portions: tuple
    next: tuple
    errors: tuple
    family: str
    is_whole: bool
    total: int | None


def split(content, content_type, address, limits, *, format="", profile=""):
    a = to_dcat(content, content_type, address, limits)
    graph = Graph(respell(q.triple for q in parse(a.ntriples, format=RdfFormat.N_TRIPLES, lenient=True)))
    apart, digests = things_apart(graph), Digests(graph)
    out = []
    for d in find_datasets(graph):
        s = scope_of(graph, d, apart)
        nt = to_ntriples(t for t, _ in s.statements)
        out.append(
            Portion(key_of(graph, d, digests), graph.text(d, "dct:title"), hashlib.sha256(nt).hexdigest(), nt)
        )
    return Page(tuple(out), a.next, a.errors, a.family, a.is_whole, None)


@contextmanager
def open_splitter(limits):
    yield lambda c, t, a, f, p: split(c, t, a, limits)
