"""Bytes of strangers become statements, or one sentence says why not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from ckanext.culturape.errors import Fault
from ckanext.culturape.intake.decode import decode
from ckanext.culturape.intake.jsonld import depth
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.parse import parse_document
from ckanext.culturape.intake.sniff import sniff

TEXT = '<http://x.pe/a> <http://purl.org/dc/terms/title> "Ñandú, música y “ñawi”"@es .'
LATIN = '<http://x.pe/a> <http://purl.org/dc/terms/title> "Ñandú, música y ñawi"@es .'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/terms/"'
XML = f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://x.pe/a"><d:title>%s</d:title></rdf:Description></rdf:RDF>'
DTD = '<!DOCTYPE r [<!ENTITY a "AAAAAAAAAA"><!ENTITY b "&a;&a;">]>'
ONE = "<http://x.pe/a> <http://x.pe/p> <http://x.pe/o> .\n"


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "cp1252",
    ],
)
def test_the_encoding_is_found_without_being_told(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_latin_1_is_not_taken_for_something_else() -> None:
    assert decode(LATIN.encode("latin-1")) == LATIN
    assert decode(TEXT.encode("cp1252"), "text/turtle; charset=ISO-8859-1") == TEXT
    assert decode(b"\x81") == "\x81"


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "utf-16", "UTF-16LE", "ascii", "no-such", "idna", "undefined"]
)
def test_a_wrong_declaration_does_not_spoil_utf_8(declared: str) -> None:
    assert decode(TEXT.encode(), f'text/turtle; charset="{declared}"') == TEXT
    assert decode(f'<?xml version="1.0" encoding="{declared}"?><a>ñ</a>'.encode()) == "<a>ñ</a>"


def test_a_declaration_counts_where_it_may_be_true() -> None:
    czech = "<a>žluťoučký kůň</a>"
    declared = f'<?xml version="1.0" encoding="windows-1250"?>{czech}'
    assert decode(declared.encode("cp1250")) == czech
    assert decode(czech.encode("cp1250"), "application/rdf+xml; charset=windows-1250") == czech


@given(st.binary(max_size=60), st.text(max_size=40))
def test_decoding_never_fails(content: bytes, said: str) -> None:
    assert isinstance(decode(content, f"text/turtle; charset={said}"), str)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('{"@id": "http://x.pe/a"}', RdfFormat.JSON_LD),
        ('[{"@id": "http://x.pe/a"}]', RdfFormat.JSON_LD),
        ("{}", RdfFormat.JSON_LD),
        ("[] <http://x.pe/p> 1 .", RdfFormat.TRIG),
        ("{ <http://x.pe/a> <http://x.pe/p> 1 }", RdfFormat.TRIG),
        ('<http://x.pe/a> <http://x.pe/p> "<html>" .', RdfFormat.TRIG),
        ("# no rdf:RDF here\n" + ONE, RdfFormat.TRIG),
        (XML % "x", RdfFormat.RDF_XML),
        ('<?xml version="1.0"?><!-- <html> --><r:RDF xmlns:r="x"/>', RdfFormat.RDF_XML),
        ('<r:RDF\n  xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', RdfFormat.RDF_XML),
        ("  \n" + XML % "&lt;html>", RdfFormat.RDF_XML),
    ],
)
def test_what_a_text_holds_tells_its_serialisation(text: str, form: RdfFormat) -> None:
    assert sniff(text, "text/html", "https://x.pe/catalogo.html") == form


def test_lines_of_quads_are_told_by_their_declaration() -> None:
    assert sniff(ONE, "application/n-quads; charset=utf-8") == RdfFormat.N_QUADS
    assert sniff(ONE, "", "https://x.pe/a.nq?x=1") == RdfFormat.N_QUADS


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><title>Iniciar sesión</title>",
        "<html>",
        '<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml">',
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
    ],
)
def test_a_web_page_is_told_from_a_description(page: str) -> None:
    with pytest.raises(Fault, match="web page"):
        sniff(page)


@pytest.mark.parametrize("content", [b"", b" \n ", b"\xef\xbb\xbf"])
def test_nothing_is_nothing(content: bytes) -> None:
    with pytest.raises(Fault, match="empty"):
        parse_document(content)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (ONE, "Turtle", ""),
        ("@prefix x: <http://x.pe/> . x:a x:p x:o .", "Turtle", ""),
        ("<http://x.pe/g> { <http://x.pe/a> <http://x.pe/p> <http://x.pe/o> }", "Turtle", ""),
        (ONE.replace(" .", " <http://x.pe/g> ."), "N-Quads", "application/n-quads"),
        ('{"@id": "http://x.pe/a", "http://x.pe/p": {"@id": "http://x.pe/o"}}', "JSON-LD", ""),
        (
            (XML % '').replace('<d:title></d:title>', '<x:p xmlns:x="http://x.pe/" rdf:resource="http://x.pe/o"/>'),
            "RDF/XML",
            "",
        ),
    ],
)  # fmt: skip
def test_every_serialisation_states_the_same(content: str, name: str, kind: str) -> None:
    parsed = parse_document(content.encode(), kind)
    assert (parsed.ntriples.decode(), parsed.triples, parsed.format, parsed.errors) == (ONE, 1, name, ())


def test_relative_addresses_are_read_against_the_place_of_the_document() -> None:
    parsed = parse_document(b"<a> <p> <o> .", address="http://x.pe/catalogo.ttl")
    assert parsed.ntriples.decode() == ONE


BAD = {
    "Turtle": '<http://x.pe/a> <http://x.pe/p> <http://x.pe/o>, <http://x.pe/con espacio>, "x"@etiqueta-demasiado-larga .',
    "JSON-LD": json.dumps({
        "@id": "http://x.pe/a",
        "http://x.pe/p": [
            {"@id": "http://x.pe/o"}, {"@id": "http://x.pe/con espacio"},
            {"@value": "x", "@language": "etiqueta-demasiado-larga"},
        ],
    }),
    "RDF/XML": f'<rdf:RDF {RDF} xmlns:x="http://x.pe/"><rdf:Description rdf:about="http://x.pe/a"><x:p rdf:resource="http://x.pe/o"/>'
    '<x:p rdf:resource="http://x.pe/con espacio"/><x:p xml:lang="etiqueta-demasiado-larga">x</x:p></rdf:Description></rdf:RDF>',
    "N-Quads": ONE + ONE.replace("/o>", "/con espacio>")
    + '<http://x.pe/a> <http://x.pe/p> "x"@etiqueta-demasiado-larga .',
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_addresses_and_tags_are_named_and_the_rest_is_read(name: str) -> None:
    parsed = parse_document(BAD[name].encode(), "application/n-quads" if name == "N-Quads" else "")
    assert parsed.format == name
    assert parsed.ntriples.decode() == ONE
    assert len(parsed.errors) == 2
    assert "con espacio" in "".join(parsed.errors)
    assert "etiqueta-demasiado-larga" in "".join(parsed.errors)


def test_however_many_addresses_are_bad_the_rest_is_read() -> None:
    bad = "".join(f"<http://x.pe/a> <http://x.pe/p> <http://x.pe/ {n}> .\n" for n in range(50))
    parsed = parse_document((bad + ONE).encode())
    assert parsed.ntriples.decode() == ONE
    assert (len(parsed.errors), parsed.more) == (20, True)


def test_after_a_fault_of_syntax_what_can_be_read_is_read() -> None:
    parsed = parse_document((ONE + "no:prefix no:prefix 1 .\n" + ONE.replace("/a>", "/c>")).encode())
    assert ONE.encode() in parsed.ntriples
    assert "line 2" in parsed.errors[0]


def test_a_text_with_endless_faults_ends() -> None:
    with pytest.raises(Fault, match="no statement"):
        parse_document(b"\xc3\xb1 . " * 100_000)


@pytest.mark.parametrize(
    "start",
    [
        f"{DTD}{XML}",
        f"<!-->{DTD}<!-- -->{XML}",
        f"<!--->-->{DTD}{XML}",
        f'<?xml version="1.0"?>\n<!-- <x> -->\n{DTD.lower()}{XML}',
        XML.replace("><rdf:Desc", f">{DTD}<rdf:Desc", 1),
        f"<![CDATA[x]]>{DTD}{XML}",
        f"<!-- a -->x{DTD}{XML}",
    ],
)
def test_no_dtd_is_read_wherever_it_stands(start: str) -> None:
    with pytest.raises(Fault, match="DTD"):
        parse_document((start % "&b;").encode())


def test_deep_json_is_refused_before_it_is_read() -> None:
    deep = '{"http://x.pe/p":' * 100_000
    with pytest.raises(Fault, match="nested deeper than 100"):
        parse_document(deep.encode())


@given(
    st.recursive(
        st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    )
)
def test_depth_is_that_of_the_json(value: object) -> None:
    def levels(inner: object) -> int:
        parts = list(inner.values()) if isinstance(inner, dict) else inner
        return 0 if isinstance(inner, str) else 1 + max(map(levels, parts), default=0)

    assert depth(json.dumps(value)) == depth(json.dumps(value, ensure_ascii=False)) == levels(value)


@pytest.mark.parametrize(
    "context",
    [
        "https://w3id.org/contexto.jsonld",
        "file:///etc/passwd",
        "http://127.0.0.1/c",
        ["https://schema.org", "https://otro.example.org/"],
        {"@import": "https://otro.example.org/"},
        {"x": {"@id": "http://x.pe/x", "@context": "https://otro.example.org/"}},
    ],
)
def test_no_context_is_fetched(context: object) -> None:
    document = {"@context": context, "@id": "http://x.pe/a", "http://x.pe/p": "x"}
    with pytest.raises(Fault, match="it fetches none"):
        parse_document(json.dumps(document).encode())


def test_a_context_of_the_list_is_known() -> None:
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": "Fiestas",
        "url": "https://x.pe/",
    }
    parsed = parse_document(json.dumps(document).encode())
    assert b"<http://schema.org/url> <https://x.pe/>" in parsed.ntriples


def test_json_that_is_not_json_ld_is_told() -> None:
    with pytest.raises(Fault, match="not JSON-LD"):
        parse_document(b'{"title": "x"}')
    with pytest.raises(Fault, match="cannot be read"):
        parse_document(b'{"@id": ')


def test_too_many_statements_are_not_read() -> None:
    text = "".join(f"<http://x.pe/a> <http://x.pe/p> {n} .\n" for n in range(11))
    assert parse_document(text.encode(), limits=Limits(triples=11)).triples == 11
    with pytest.raises(Fault, match="more than 10 statements"):
        parse_document(text.encode(), limits=Limits(triples=10))


def read(content: bytes, kind: str = "", address: str = "") -> str:
    """What became of a document: its statements, or the sentence that says why there are none."""
    try:
        return parse_document(content, kind, address).ntriples.decode()
    except Fault as fault:
        return str(fault)


STARTS = st.sampled_from(
    ["", "{", '{"@id":', "<rdf:RDF ", f"<rdf:RDF {RDF}>", "<?xml", "@prefix : <", "<a> <b> ", "[", '[{"']
)
NASTY = st.text() | st.text(alphabet='<>{}[]"\\:@.;,() \n?!-_aé\0\ud800#^', max_size=60)


@given(STARTS, NASTY, st.sampled_from(["", "application/n-quads", "text/turtle; charset=utf-16"]))
def test_any_text_is_read_or_refused(start: str, rest: str, kind: str) -> None:
    assert read((start + rest).encode("utf-8", "surrogatepass"), kind, "http://x.pe/ a")


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert read(content)
