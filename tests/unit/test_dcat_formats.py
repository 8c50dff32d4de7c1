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

from ckanext.culturape.dcat.formats import FORMATS, Format, stream, write

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
