"""What others say of a dataset stands beside what we write of its record; what they do wrong stays theirs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ckanext.culturape.namespaces import node
from ckanext.culturape.rdf.formats import FORMATS, write
from ckanext.culturape.rdf.fragment import beside, describe, make_fragment, statements_of, to_ntriples
from ckanext.culturape.rdf.strict import well_formed
from ckanext.culturape.rdf.terms import Context, concept_link
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
RECORD = {"id": "d1", "title_translated": {"": "Sin lengua", "es": "Título"}, "sector": ["museos"]}
S, P = NamedNode("https://x.pe/s"), node("dct:relation")
READERS = {"nt": "nt", "ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}


def site() -> Context:
    """The context of the site; it remembers what was described in it."""
    return Context(VOCABULARY, "https://datos.example.org")


def line(text: str) -> Triple:
    """A statement read as leniently as a residue."""
    (quad,) = parse(text, format=RdfFormat.N_TRIPLES, lenient=True)
    return quad.triple


def readable(triples: list[Triple]) -> None:
    """All formats can be read again, by readers that take nothing but what is right."""
    lines = to_ntriples(triples)
    strict = len(list(parse(lines, format=RdfFormat.N_TRIPLES))) if lines else 0
    for suffix, reader in READERS.items():
        assert len(rdflib.Graph().parse(data=write([lines], FORMATS[suffix]), format=reader)) == strict


@pytest.mark.parametrize(
    "text",
    [
        '<https://x.pe/s> <https://x.pe/p> "x" .', '_:a <http://purl.org/dc/terms/title> "x"@es-PE .', "<https://x.pe/s> <https://x.pe/p> _:a .",
        '<urn:x:y> <urn:x:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .', "<https://x.pe/ñ> <https://x.pe/año> <mailto:a@x.pe> .",
        '<https://x.pe/s> <https://x.pe/a.b-1> "línea\\ny otra\\tmás" .', '<https://x.pe/s> <https://x.pe/1a> "x"@x-propia .',
    ],
)  # fmt: skip
def test_what_is_right_stays_as_it_is(text):
    assert well_formed(line(text)) == line(text)
    readable([line(text)])


@pytest.mark.parametrize(
    "text",
    [
        '<s> <https://x.pe/p> "x" .', '<https://x.pe/con espacio> <https://x.pe/p> "x" .', "<https://x.pe/s> <https://x.pe/p> <https://x.pe/{y}> .",
        '<https://x.pe/s> <p> "x" .', "<https://x.pe/s> <https://x.pe/p> <https://x.pe/%zz> .", '<https://x.pe/s> <https://x.pe/p> "x"@demasiadolargo .',
        '<https://x.pe/s> <https://x.pe/p> "x"^^<tipo> .', "<https://x.pe/s> <https://x.pe/p> <<( <a:a> <a:b> <a:c> )>> .",
        '<https://x.pe/s> <https://x.pe/123> "x" .', '<https://x.pe/s> <https://x.pe/> "x" .', '<https://x.pe/s> <https://x.pe/a(b)> "x" .',
        '<https://x.pe/s> <https://x.pe/a²> "x" .', '<https://x.pe/s> <https://x.pe/豈a> "x" .', '<https://x.pe/s> <https://x.pe/-.1> "x" .',
    ],
)  # fmt: skip
def test_what_would_break_a_page_is_left_out(text):
    assert well_formed(line(text)) is None


@pytest.mark.parametrize(
    ("text", "mended"),
    [('"cam\\u0007pana"@es', '"campana"@es'), ('"x\\u0000"', '"x"'), ('"x"@es--ltr', '"x"@es'), ('"\\uFFFE1"^^<http://www.w3.org/2001/XMLSchema#int>', '"1"^^<http://www.w3.org/2001/XMLSchema#int>')],
)  # fmt: skip
def test_characters_that_no_text_may_hold_are_left_out(text, mended):
    found = well_formed(line(f"<https://x.pe/s> <https://x.pe/p> {text} ."))
    assert found == line(f"<https://x.pe/s> <https://x.pe/p> {mended} .")
    readable([found])


@given(
    st.text(max_size=12), st.text(st.characters(codec="utf-8"), max_size=6), st.text("abcXYZ-@_ñ1", max_size=9)
)  # fmt: skip
def test_nothing_that_is_let_through_breaks_a_format(address, text, tag):
    terms: list[Any] = [Literal(text)]
    for lexical in (f'"x"@{tag}', f'"x"^^<urn:x:{address}>'):
        with suppress(SyntaxError):
            terms += [line(f"<urn:x:s> <urn:x:p> {lexical} .").object]
    with suppress(SyntaxError):
        terms += [line(f"<urn:x:s> <urn:x:p> <https://x.pe/{address}> .").object]
    given_ = [Triple(S, P, term) for term in terms]
    given_ += [Triple(S, term, Literal("x")) for term in terms if isinstance(term, NamedNode)]
    readable([found for triple in given_ if (found := well_formed(triple))])


def test_a_text_with_its_language_takes_the_place_of_the_same_without():
    own = list(statements_of(RECORD, site(), {}, {}))
    subject, title = NamedNode("https://datos.example.org/dataset/d1"), node("dct:title")
    tagged = Triple(subject, title, Literal("Sin lengua", language="qu"))
    joined = list(beside(own, [tagged]))
    assert {t.object for t in joined if (t.subject, t.predicate) == (subject, title)} == {
        Literal("Título", language="es"),
        Literal("Sin lengua", language="qu"),
    }
    assert list(beside(own, [])) == own


def test_nobody_beside_changes_nothing():
    alone = make_fragment(RECORD, site(), {})
    assert make_fragment(RECORD, site(), {}, {"otro": lambda context: ()}) == alone
    assert alone.problem == ""


def test_they_speak_in_the_context_of_the_dataset():
    seen: list[Context] = []

    def say(context: Context) -> Any:
        seen.append(context)
        concept = VOCABULARY.concept("theme", "TRAN")
        assert concept
        yield Triple(context.blank("otro"), P, Literal("x"))
        yield from concept_link(S, "dcat:theme", concept, context)
        context.problems.add("algo")

    made = make_fragment(RECORD, site(), {}, {"otro": say})
    assert seen[0].dataset == "d1"
    assert str(site().blank()) != str(seen[0].blank())
    assert "theme/TRAN" in made.concept_keys
    assert b"TRAN" in describe(made.concepts, site())
    assert made.problem == "algo"


def test_who_fails_half_way_leaves_nothing_behind():
    def say(context: Context) -> Any:
        concept = VOCABULARY.concept("theme", "TRAN")
        assert concept
        yield from concept_link(S, "dcat:theme", concept, context)
        yield Triple(S, P, BlankNode("a"))
        raise SyntaxError("no line")

    good = Triple(S, P, Literal("de otro"))
    without = make_fragment(RECORD, site(), {}, {"bueno": lambda context: [good]})
    made = make_fragment(RECORD, site(), {}, {"malo": say, "bueno": lambda context: [good]})
    assert made == replace(without, problem="malo: SyntaxError: no line")
    # Where concepts are described at once, a description of theirs that was dropped is not missing in ours.
    described = list(statements_of(RECORD, site(), {}, {"malo": say}))
    assert to_ntriples(described) == to_ntriples(statements_of(RECORD, site(), {}, {}))  # fmt: skip


def test_a_record_that_cannot_be_written_is_not_rescued_by_others():
    made = make_fragment({"id": "d", "resources": 5}, site(), {}, {"otro": lambda context: [Triple(S, P, S)]})  # fmt: skip
    assert made.ntriples == b""
    assert made.problem
