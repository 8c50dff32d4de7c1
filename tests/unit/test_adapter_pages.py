"""Answers of a CSW, pages of hydra, and RDF that is almost well formed. All institutions are invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from adapted import adapted, said
from pyoxigraph import RdfFormat, parse

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import CSW, RDF
from ckanext.culturape.harvest.adapters.hydra import next_pages
from ckanext.culturape.harvest.adapters.report import Place, Report
from ckanext.culturape.intake.parse import parse_document

SERVICE = "https://geo.example.org/csw?service=CSW&request=GetRecords&startPosition=1&maxRecords=2"
NAMES = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/"'


def record(number: int, more: str = "") -> str:
    return (
        f'<rdf:RDF {NAMES}><dcat:Dataset rdf:about="https://geo.example.org/{number}"><dct:title>Capa {number}</dct:title>'
        f'<dct:publisher rdf:nodeID="a"/>{more}</dcat:Dataset></rdf:RDF>'
    )


def answer(
    *records: str, attributes: str = 'numberOfRecordsMatched="5" numberOfRecordsReturned="2" nextRecord="3"'
) -> str:
    inner = "".join(records)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">'
        f"<csw:SearchStatus/><csw:SearchResults {attributes}>{inner}</csw:SearchResults></csw:GetRecordsResponse>"
    )


def test_records_of_a_csw_and_the_next_page() -> None:
    found = said(answer(record(1), record(2)), SERVICE)
    assert found.result.family == CSW and [found.title(node) for node in found.datasets] == [
        "Capa 1",
        "Capa 2",
    ]
    assert found.result.next == (
        "https://geo.example.org/csw?service=CSW&request=GetRecords&maxRecords=2&startPosition=3",
    )


def test_nodes_of_two_records_with_one_name_stay_apart() -> None:
    found = said(answer(record(1), record(2)), SERVICE)
    one, other = (found.graph.object(node, "dct:publisher") for node in found.datasets)
    assert one != other


@pytest.mark.parametrize(
    "attributes",
    [
        'numberOfRecordsMatched="5" numberOfRecordsReturned="2" nextRecord="0"',
        'numberOfRecordsMatched="2" numberOfRecordsReturned="2"',
        'numberOfRecordsMatched="5" numberOfRecordsReturned="0"',
        'numberOfRecordsMatched="5" nextRecord="1"',
        'numberOfRecordsMatched="x" nextRecord="-3"',
        "",
    ],
)
def test_the_last_page_has_no_next(attributes: str) -> None:
    assert adapted(answer(record(1), attributes=attributes), SERVICE).next == ()


def test_the_next_page_is_reckoned_where_the_service_does_not_tell_it() -> None:
    given = answer(record(1), attributes='numberOfRecordsMatched="5" numberOfRecordsReturned="2"')
    assert adapted(given, SERVICE).next[0].endswith("startPosition=3")


def test_elements_of_dcat_without_rdf_around_them() -> None:
    bare = f'<dcat:Dataset {NAMES} rdf:about="https://geo.example.org/9"><dct:title>Sola</dct:title></dcat:Dataset>'
    assert said(answer(bare), SERVICE).values("dct:title") == ["Sola"]


def test_records_of_other_schemas_are_named_and_lost() -> None:
    iso = '<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>'
    result = adapted(answer(record(1), iso), SERVICE)
    assert not result.is_whole and "isotc211" in str(result.errors[0].fault) and b"Capa 1" in result.ntriples


def test_a_broken_record_is_named_and_the_others_are_read() -> None:
    broken = f'<rdf:RDF {NAMES}><dcat:Dataset rdf:about="x" rdf:nodeID="1 2"/></rdf:RDF>'
    result = adapted(answer(broken, record(2)), SERVICE)
    assert not result.is_whole and b"Capa 2" in result.ntriples


def test_an_error_of_the_service_is_told() -> None:
    report = '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception><ows:ExceptionText>No hay</ows:ExceptionText></ows:Exception></ows:ExceptionReport>'
    with pytest.raises(Fault, match="No hay"):
        adapted(report, SERVICE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("<csw:Get", '<!DOCTYPE a [<!ENTITY b "c">]><csw:Get', 1), "DTD"),
        (lambda text: text[:-40], "XML cannot be read"),
        (lambda text: text.replace("Capa 1", "&nada;"), "XML cannot be read"),
    ],
)
def test_dtd_entities_and_cut_answers_are_refused(change: Callable[[str], str], words: str) -> None:
    with pytest.raises(Fault, match=words):
        adapted(change(answer(record(1))), SERVICE)


def test_a_property_with_address_and_text_does_not_cost_the_record() -> None:
    double = (
        '<dcat:theme rdf:resource="https://example.org/t">Tema</dcat:theme><dct:language>es</dct:language>'
    )
    found = said(record(1, double * 3), SERVICE)
    assert found.values("dcat:theme") == ["https://example.org/t"] and found.values("dct:language") == ["es"]
    assert found.result.family == RDF and found.result.is_whole


def test_an_address_with_a_space_is_mended_and_named() -> None:
    found = said("<https://e.org/a b> a <http://www.w3.org/ns/dcat#Dataset> .")
    assert [node.value for node in found.datasets] == ["https://e.org/a%20b"]
    assert found.result.is_whole and "a b" in str(found.result.errors[0].fault)


def test_a_document_that_ends_early_is_not_read_in_part() -> None:
    with pytest.raises(Fault, match="end"):
        adapted(
            "<https://e.org/a> a <http://www.w3.org/ns/dcat#Dataset> . <https://e.org/b> a <http",
            "https://e.org/",
        )


def test_a_document_with_a_fault_in_the_middle_is_not_whole() -> None:
    result = adapted(
        "<https://e.org/a> a <http://www.w3.org/ns/dcat#Dataset> . <https://e.org/b> a b c . <https://e.org/d> a <http://www.w3.org/ns/dcat#Dataset> .",
        "https://e.org/",
    )
    assert b"https://e.org/d" in result.ntriples
    assert not result.is_whole


def test_many_bad_addresses_do_not_end_the_reading() -> None:
    lines = "".join(f"<https://e.org/a {n}> a <http://www.w3.org/ns/dcat#Dataset> .\n" for n in range(200))
    assert len(said(lines).datasets) == 200


HYDRA = "@prefix h: <http://www.w3.org/ns/hydra/core#> . @prefix o: <http://purl.org/hydra/core#> . "
AT = "https://e.org/catalog.ttl?page=1"
NEXT = {
    "an IRI": "<?page=1> a h:PartialCollectionView ; h:next <?page=2> .",
    "a literal": '<?page=1> a h:PagedCollection ; h:nextPage "https://e.org/catalog.ttl?page=2" .',
    "a relative literal": '<?page=1> a h:PagedCollection ; h:nextPage "catalog.ttl?page=2#x" .',
    "in the old namespace": "<?page=1> a o:PagedCollection ; o:nextPage <?page=2> .",
    "of a node without address": '[] a h:PagedCollection ; h:next "?page=2" .',
    "among those of other views": "<?page=1> h:next <?page=2> . <?page=7> h:next <?page=8> .",
    "of a collection": "<https://e.org/> h:view <?page=1> . <?page=1> h:next <?page=2> ; h:last <?page=9> .",
}  # fmt: skip


def pages(turtle: str, address: str = AT) -> tuple[tuple[str, ...], Report]:
    report = Report(address)
    triples = [
        quad.triple
        for quad in parse(
            HYDRA + turtle, format=RdfFormat.TURTLE, base_iri=address or "https://example.invalid/"
        )
    ]
    return next_pages(triples, address, Place(report)), report


@pytest.mark.parametrize("way", NEXT)
def test_the_next_page_is(way: str) -> None:
    assert pages(NEXT[way])[0] == ("https://e.org/catalog.ttl?page=2",)


@pytest.mark.parametrize("link", ['""', "<?page=1>", '"#other"', f'"{AT}"'])
def test_a_page_is_never_its_own_next(link: str) -> None:
    assert pages(f"<?page=1> h:next {link} .") == ((), Report(AT))


@pytest.mark.parametrize("link", ["<file:///etc/passwd>", '"javascript:alert(1)"', '"http://["', "<urn:x:y>"])
def test_a_link_that_nobody_may_follow_is_named(link: str) -> None:
    found, report = pages(f"<?page=1> h:next {link} .")
    assert found == () and report.refused[0].field == "hydra:next"


def test_a_relative_link_of_a_document_without_address_leads_nowhere() -> None:
    assert pages('<> h:next "?page=2" .', "")[0] == ()


def test_the_entry_tells_the_pages_of_rdf() -> None:
    result = adapted(HYDRA + NEXT["an IRI"], AT, "text/turtle")
    assert result.family == RDF and result.next == ("https://e.org/catalog.ttl?page=2",)


def test_who_does_not_ask_for_mending_gets_none() -> None:
    lines = b'<https://e.org/a b> <https://e.org/p> "x" . <https://e.org/c> <https://e.org/p> "x" .'
    strict, mended = parse_document(lines), parse_document(lines, mend=True)
    assert (
        (strict.triples, mended.triples) == (1, 2)
        and strict.errors == mended.errors != ()
        and strict.is_whole
    )


def test_a_bad_address_in_json_ld_is_named_not_passed_over() -> None:
    document = b'{"@context": {"p": "https://e.org/p", "q": null}, "@id": "https://e.org/a b", "p": "x", "r": "nobody says what it means"}'
    assert "a b" in parse_document(document + b" ", mend=True).errors[0]
    assert parse_document(document, mend=True).triples == 1
