"""Pages as portions: each reads as it would within its page, and has a digest that knows no order, serialisation or names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.split import MOST, Page, open_splitter, split
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.vocab.pack import Vocabulary

HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
"""
ONE = """
<https://x.example.org/1> a dcat:Dataset ; dct:title "Uno"@es ; dct:publisher <https://x.example.org/museo> ;
    dcat:contactPoint [ vcard:fn "Mesa de partes" ; vcard:hasEmail <mailto:mesa@x.example.org> ] ;
    dcat:distribution [ dct:title "Datos" ; dcat:accessURL <https://x.example.org/1.csv> ] , [ dct:title "Guía" ; dcat:accessURL <https://x.example.org/1.pdf> ] .
"""
MUSEUM = '<https://x.example.org/museo> a foaf:Agent ; foaf:name "Museo" .\n'
TWO = '<https://x.example.org/2> a dcat:Dataset ; dct:title "Dos"@es ; dct:publisher <https://x.example.org/museo> .\n'
LIMITS = Limits(triples=2_000_000, errors=1000, memory=1_500_000_000)


def page_of(text: str, kind: str = "text/turtle") -> Page:
    """A page of a document."""
    return split(
        (HEAD + text if kind == "text/turtle" else text).encode(), kind, "https://x.example.org/c", LIMITS
    )


def digests(text: str, kind: str = "text/turtle") -> dict[str, str]:
    """Digests by URI."""
    return {portion.uri: portion.digest for portion in page_of(text, kind).portions}


def test_the_order_of_statements_does_not_count() -> None:
    lines = ONE.replace(
        'dct:title "Uno"@es ; dct:publisher <https://x.example.org/museo> ;',
        'dct:publisher <https://x.example.org/museo> ; dct:title "Uno"@es ;',
    )
    assert digests(ONE + MUSEUM + TWO) == digests(TWO + lines + MUSEUM)


@pytest.mark.parametrize("form", [RdfFormat.RDF_XML, RdfFormat.N_TRIPLES, RdfFormat.JSON_LD])
def test_the_serialisation_does_not_count(form: RdfFormat) -> None:
    triples = [quad.triple for quad in parse((HEAD + ONE + MUSEUM).encode(), format=RdfFormat.TURTLE)]
    text = (serialize(triples, format=form) or b"").decode()
    assert digests(text, form.media_type) == digests(ONE + MUSEUM)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Uno", "Una"),
        ("Mesa de partes", "Mesa"),
        ("Guía", "Manual"),
        ("1.pdf", "2.pdf"),
        ('"Museo"', '"Archivo"'),
        ('"Uno"@es', '"Uno"@en'),
    ],
)
def test_every_change_of_a_value_counts(before: str, after: str) -> None:
    text = ONE + MUSEUM + TWO
    old, new = digests(text), digests(text.replace(before, after))
    assert old["https://x.example.org/1"] != new["https://x.example.org/1"]


def test_what_concerns_one_dataset_does_not_change_the_others() -> None:
    old, new = digests(ONE + MUSEUM + TWO), digests(ONE.replace("Uno", "Una") + MUSEUM + TWO)
    assert old["https://x.example.org/2"] == new["https://x.example.org/2"]


def test_a_shared_publisher_goes_with_each_dataset() -> None:
    assert all(b'"Museo"' in portion.ntriples for portion in page_of(ONE + MUSEUM + TWO).portions)


def test_where_it_goes_on_and_how_many_there_are() -> None:
    paging = "<https://x.example.org/c> a hydra:PagedCollection ; hydra:next <https://x.example.org/c?p=2> ; hydra:totalItems 7 ."
    page = page_of(paging + ONE + MUSEUM)
    assert (page.next, page.total, page.is_whole) == (("https://x.example.org/c?p=2",), 7, True)
    assert page_of(ONE).total is None


def test_a_dataset_without_end_is_refused_and_the_others_go_on() -> None:
    words = " , ".join(f'"p{n}"' for n in range(MOST + 1))
    page = page_of(f"<https://x.example.org/9> a dcat:Dataset ; dcat:keyword {words} ." + ONE + MUSEUM)
    assert [portion.uri for portion in page.portions] == ["https://x.example.org/1"]
    assert [error.uri for error in page.errors] == ["https://x.example.org/9"]


def test_another_family_than_the_one_that_was_set_is_a_fault() -> None:
    with pytest.raises(Fault, match="csw"):
        split((HEAD + ONE).encode(), "text/turtle", "https://x.example.org/c", LIMITS, profile="csw")


def test_a_process_of_its_own_gives_the_same() -> None:
    content = (
        HEAD + ONE + MUSEUM + TWO + '<https://x.example.org/3> a dcat:Dataset ; dct:title "Tres"@a_b .'
    ).encode()
    here = split(content, "text/turtle", "https://x.example.org/c", LIMITS)
    with open_splitter(LIMITS) as splitter:
        for _ in range(2):
            there = splitter(content, "text/turtle", "https://x.example.org/c", "", "")
            assert (there.portions, there.next, there.total, there.is_whole) == (
                here.portions,
                here.next,
                here.total,
                here.is_whole,
            )
            assert [error.fault.text() for error in there.errors] == [
                error.fault.text() for error in here.errors
            ]
        with pytest.raises(Fault) as raised:
            splitter(b"@prefix", "text/turtle", "https://x.example.org/c", "", "")
        assert raised.value.text()
        assert splitter(content, "text/turtle", "https://x.example.org/c", "", "").portions == here.portions


def test_what_kills_the_process_costs_one_document() -> None:
    small = Limits(triples=2_000_000, memory=150_000_000, total=20)
    many = "".join(
        f'<https://x.example.org/{n}> a dcat:Dataset ; dct:title "{n}" .\n' for n in range(150_000)
    )
    with open_splitter(small) as splitter:
        with pytest.raises(Fault):
            splitter((HEAD + many).encode(), "text/turtle", "https://x.example.org/c", "", "")
        assert (
            len(splitter((HEAD + ONE).encode(), "text/turtle", "https://x.example.org/c", "", "").portions)
            == 1
        )


def kept(reading: Reading) -> list[tuple[tuple[str, ...], bool, list[str]]]:
    """The residue, whatever its blank nodes are called: a blank node that stands for itself is named by what is said of it elsewhere."""
    return [
        (g.fields, g.is_place, sorted(re.sub(r"_:\w+", "_:b", line) for line in g.lines))
        for g in reading.residue.groups
    ]


def test_a_record_of_the_catalogue_that_changes_every_day_does_not_count() -> None:
    text = (
        ONE
        + '<https://x.example.org/1> foaf:isPrimaryTopicOf [ a dcat:CatalogRecord ; dct:modified "2024-01-01" ] .'
    )
    assert digests(text) == digests(text.replace("2024-01-01", "2024-01-02"))


@pytest.mark.shared
def test_each_portion_reads_as_it_would_within_its_page(shared: Path, vocabulary: Vocabulary) -> None:
    context = Context(vocabulary, "https://portal.example.org", "", "es")
    compared = 0
    for file in sorted(
        [
            *(shared / "catalogs/real").iterdir(),
            *(shared / "catalogs/json").iterdir(),
            *(shared / "catalogs/paging").iterdir(),
        ]
    ):
        address = f"https://x.example.org/{file.name}"
        try:
            adapted = to_dcat(file.read_bytes(), "", address, LIMITS)
        except Fault:
            continue
        whole = {reading.uri: reading for reading in read_document(adapted.ntriples, context)}
        page = split(file.read_bytes(), "", address, LIMITS)
        assert [portion.uri for portion in page.portions] == list(whole), file.name
        for portion in page.portions:
            [alone] = read_document(portion.ntriples, context)
            within = whole[portion.uri]
            assert alone.record == within.record, (file.name, portion.uri)
            assert kept(alone) == kept(within), (file.name, portion.uri)
            assert [fault.text() for fault in alone.faults] == [fault.text() for fault in within.faults], (
                file.name
            )
            compared += 1
    assert compared > 250
