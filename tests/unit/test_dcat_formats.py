"""Whole or in pieces, every format says the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from ckanext.culturape.rdf.formats import FEED_FORMATS, FORMATS, Format, in_graph, stream, write

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20) | st.sampled_from(
    ["</rdf:RDF>", "@prefix x: <y> .", "]", "[{", "\n@prefix dct: <z> .\n", "<rdf:RDF", "\\"]
)
pieces = st.lists(st.lists(st.tuples(st.integers(0, 5), texts), max_size=4), max_size=4)


def ntriples(piece: list[tuple[int, str]]) -> bytes:
    predicate = NamedNode("http://purl.org/dc/terms/title")
    triples = [Triple(NamedNode(f"http://x.pe/{n}"), predicate, Literal(text)) for n, text in piece]
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def graph(data: bytes, form: Format) -> Dataset:
    found = Dataset(Quad(q.subject, q.predicate, q.object) for q in parse(data, format=form.rdf))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


@pytest.mark.parametrize("suffix", FORMATS)
@given(given_pieces=pieces)
def test_a_stream_says_what_the_whole_says(suffix: str, given_pieces: list[list[tuple[int, str]]]) -> None:
    form = FORMATS[suffix]
    written = [ntriples(piece) for piece in given_pieces]
    whole = graph(b"".join(written), FORMATS["nt"])
    assert graph(write(written, form), form) == whole
    assert graph(b"".join(stream(written, form)), form) == whole


@pytest.mark.parametrize("suffix", [name for name, form in FEED_FORMATS.items() if form.has_graphs])
@given(first=pieces, second=pieces)
def test_named_graphs_hold_what_was_put_in_them(suffix, first, second):
    form = FEED_FORMATS[suffix]
    given_pieces = {"http://x.pe/g1": first, "http://x.pe/g2": second}
    written = write(
        [in_graph(ntriples(piece), name) for name, group in given_pieces.items() for piece in group], form
    )
    found = list(parse(written, format=form.rdf))
    for name, group in given_pieces.items():
        wanted = {
            quad.triple for piece in group for quad in parse(ntriples(piece), format=RdfFormat.N_TRIPLES)
        }
        assert {quad.triple for quad in found if quad.graph_name == NamedNode(name)} == wanted
    assert {quad.graph_name.value for quad in found} <= set(given_pieces)
