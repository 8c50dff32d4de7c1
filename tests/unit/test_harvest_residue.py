"""What the schema has no room for is kept, comes back as long as nobody edits where it came from, and never past the rules of care."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ckanext.culturape.harvest.preview import as_stored
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.residue import Residue, emit, from_json, seal, to_json
from ckanext.culturape.namespaces import node
from ckanext.culturape.rdf.fragment import to_ntriples
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.mapping import dataset_to_rdf
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
CONTEXT = Context(VOCABULARY, "https://datos.example.org", "d1")
OPEN = {"sensitivity": ["ninguna"], "access_level": "abierto"}
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> . @prefix gsp: <http://www.opengis.net/ont/geosparql#> .
@prefix locn: <http://www.w3.org/ns/locn#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix x: <https://museo.example.org/> .
"""


def reading_of(statements: str, more: str = "", subject: str = "x:1", **options: Any) -> Reading:
    text = (
        PREFIXES
        + f'{subject} a dcat:Dataset ; dct:title "T"@es {"; " + statements if statements else ""} . {more}'
    )
    ntriples = to_ntriples(
        quad.triple for quad in parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=False)
    )
    return next(iter(read_document(ntriples, CONTEXT, **options)))


def stored(reading: Reading, **changes: Any) -> dict[str, Any]:
    return {**as_stored(reading), "id": "d1", **changes}


def emitted(reading: Reading, **changes: Any) -> str:
    """What is said again of a reading whose record was sealed as reviewed, and then edited."""
    sealed = seal(reading.residue, stored(reading, **OPEN))
    return to_ntriples(emit(sealed, stored(reading, **{**OPEN, **changes}), CONTEXT)).decode()


def exported(reading: Reading, **changes: Any) -> Graph:
    record = stored(reading, **{**OPEN, **changes})
    return Graph([*dataset_to_rdf(record, CONTEXT), *emit(seal(reading.residue, record), record, CONTEXT)])


@pytest.mark.parametrize(
    "statements",
    [
        'dct:issued "2020-01-01"', "dct:publisher \"Museo\"", 'dct:language "es"', 'dct:accrualPeriodicity "annual"',
        'dct:accrualPeriodicity [ a dct:Frequency ; rdfs:label "Anual", "Annual"@en ]', 'dcat:keyword "música"@es',
        'dct:spatial "Cusco"', 'dct:spatial [ a dct:Location ; skos:prefLabel "Cusco"@es ]', "dcat:landingPage \"https://x.pe/p\"",
        'dct:temporal "2010/2012"', 'dcat:distribution [ a dcat:Distribution ; dct:format "CSV" ; dcat:accessURL "https://x.pe/f.csv" ]',
        'dcat:distribution [ dct:format [ rdfs:label "CSV" ] ; dcat:mediaType "text/csv" ; dcat:accessURL <https://x.pe/f.csv> ]',
        "dct:language <http://lexvo.org/id/iso639-3/spa>", "dct:spatial <https://sws.geonames.org/3941583/>",
    ],
)  # fmt: skip
def test_what_the_record_says_is_not_kept_twice(statements):
    assert [line for group in reading_of(statements).residue.groups for line in group.lines] == []


@pytest.mark.parametrize(
    ("statements", "kept"),
    [
        ('dct:title "Regional"@es-PE', '"Regional"@es-pe'), ("dct:relation x:r", "terms/relation"), ("dct:license x:l", "terms/license"),
        ("dct:publisher x:org", "terms/publisher"), ("dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC>", "PUBLIC"),
        ('dct:issued "ayer"', '"ayer"'), ("dcat:theme <http://publications.europa.eu/resource/authority/data-theme/TRAN>", "TRAN"),
        ('dct:publisher [ foaf:name "Museo" ; foaf:phone <tel:1> ]', "tel:1"), ('dcat:inSeries x:s', "inSeries"),
        ('dcat:distribution [ dct:format "CSV" ; dcat:accessURL x:f ; dcat:downloadURL x:f ]', "downloadURL"),
        ('dct:creator [ foaf:name "A" ; foaf:homepage [ dct:title "Casa" ] ]', '"Casa"'),
    ],
)  # fmt: skip
def test_what_the_record_does_not_say_is_kept_and_said_again(statements, kept):
    assert kept in emitted(reading_of(statements))


def test_other_datasets_and_catalogues_are_not_taken_along():
    reading = reading_of(
        "dct:relation x:2 ; dct:isReferencedBy x:cat ; dct:source x:s",
        'x:2 a dcat:Dataset ; dct:title "Dos" . x:cat a dcat:Catalog ; dct:title "Catálogo" . x:s dct:title "Fuente" .',
    )
    text = emitted(reading)
    assert '"Fuente"' in text
    assert '"Dos"' not in text
    assert '"Catálogo"' not in text


def test_nodes_of_the_record_carry_what_is_kept_of_them():
    reading = reading_of(
        'dct:publisher [ foaf:name "Museo" ; foaf:phone <tel:1> ] ; dcat:contactPoint [ vcard:fn "Mesa" ; vcard:tel "2" ]'
    )
    graph = exported(reading)
    subject = NamedNode("https://museo.example.org/1")
    publishers = graph.objects(subject, "dct:publisher")
    assert len(publishers) == 1
    assert graph.text(publishers[0], "foaf:phone") == "tel:1"
    assert graph.text(graph.object(subject, "dcat:contactPoint"), "vcard:tel") == "2"


def test_distributions_without_address_carry_what_is_kept_of_them():
    reading = reading_of("""dcat:distribution [ dct:title "A" ; dcat:accessURL x:a ; dct:relation x:ra ],
        [ dct:title "B" ; dcat:accessURL x:b ; dct:relation x:rb ]""")
    graph = exported(reading)
    for part in graph.objects(NamedNode("https://museo.example.org/1"), "dcat:distribution"):
        assert graph.text(part, "dct:relation")[-1] == graph.text(part, "dct:title").lower()


def test_a_dataset_without_address_gets_that_of_the_portal_everywhere():
    reading = reading_of("dct:relation x:r ; foaf:isPrimaryTopicOf [ foaf:primaryTopic _:d ]", subject="_:d")
    graph = exported(reading)
    subject = NamedNode("https://datos.example.org/dataset/d1")
    assert graph.text(subject, "dct:relation") == "https://museo.example.org/r"
    assert graph.object(graph.object(subject, "foaf:isPrimaryTopicOf"), "foaf:primaryTopic") == subject


@pytest.mark.parametrize(
    ("statements", "field", "value"),
    [
        ('dct:title "Regional"@es-PE', "title_translated", {"es": "Otro"}), ("dct:publisher x:org", "publisher", [{"name": "Otro"}]),
        ('dct:publisher [ foaf:name "M" ; foaf:phone <tel:1> ]', "publisher", [{"name": "Otro"}]), ("dct:license x:l", "license_id", "CC0-1.0"),
        ('dct:issued "ayer"', "issued", "2020"), ("dct:spatial x:lugar", "territory", ["08"]), ("dcat:inSeries x:s", "in_series", []),
        ("dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC>", "access_level", "abierto-generalizado"),
        ('dct:accrualPeriodicity [ rdfs:label "annual" ; rdfs:comment "c" ]', "frequency", "MONTHLY"),
    ],
)  # fmt: skip
def test_what_came_from_a_field_goes_when_the_field_is_edited(statements, field, value):
    reading = reading_of(statements)
    assert emitted(reading)
    assert emitted(reading, notes_translated={"es": "otra cosa"})
    assert emitted(reading, **{field: value}) == ""


def test_what_came_from_no_field_stays_when_fields_are_edited():
    theme = "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/TRAN>"
    assert "TRAN" in emitted(reading_of(theme), sector=["museos"], cultural_right=["patrimonio"])


def test_a_theme_that_gave_a_value_goes_with_it():
    museums = 'dcat:theme [ skos:prefLabel "Museos"@es ; skos:definition "d" ]'
    reading = reading_of(museums)
    assert reading.record["sector"] == ["museos"]
    assert '"d"' in emitted(reading)
    assert '"d"' not in emitted(reading, sector=["archivos"])


def test_what_hangs_from_a_resource_goes_with_it():
    reading = reading_of(
        "dcat:distribution x:f1, x:f2",
        'x:f1 dcat:accessURL x:a ; dct:relation x:r . x:r dct:title "R" . x:f2 dcat:accessURL x:b .',
    )
    resources = stored(reading)["resources"]
    assert '"R"' in emitted(reading, resources=list(reversed(resources)))
    assert emitted(reading, resources=[r for r in resources if r["uri"].endswith("f2")]) == ""


PLACES = """dct:spatial [ a dct:Location ; rdfs:label "Sitio" ; locn:geometry "POINT(-72 -13)"^^gsp:wktLiteral ; dct:relation x:plano ] ;
    geo:lat "-13" ; dcat:bbox "POLYGON((0 0,0 1,1 1,1 0,0 0))"^^gsp:wktLiteral ; prov:atLocation x:cerro ; dct:relation x:r ;
    dcat:distribution [ dcat:accessURL x:f ; dct:spatial x:otro ]"""
MORE = 'x:cerro rdfs:label "Cerro" . x:r a dct:Location ; rdfs:label "Lugar" . x:plano dct:title "Plano" .'
HIDDEN = ("Sitio", "POINT", "-13", "POLYGON", "Cerro", "atLocation", "Plano", "otro")


@pytest.mark.parametrize(
    "care",
    [
        {"sensitivity": ["no-revisado"]}, {"sensitivity": []}, {"sensitivity": ["lugar-sagrado"]}, {"sensitivity": ["ubicacion-arqueologica"]},
        {"sensitivity": ["piaci"]}, {"sensitivity": ["menores"]}, {"sensitivity": ["ninguna"], "people": ["mashco-piro"]},
    ],
)  # fmt: skip
def test_places_stay_back_when_somebody_could_be_harmed_or_nobody_reviewed(care):
    reading = reading_of(PLACES, MORE)
    assert all(word in emitted(reading) for word in HIDDEN)
    text = emitted(reading, **care)
    assert [word for word in HIDDEN if word in text] == []
    assert "terms/relation" in text


@pytest.mark.parametrize("access", ["con-protocolo", "solo-metadatos"])
def test_links_to_content_stay_back_when_only_pages_are_allowed(access):
    reading = reading_of(
        """dcat:distribution x:f""", "x:f dcat:accessURL x:a ; dcat:downloadURL x:a, x:b ; dct:relation x:r ."
    )
    record = stored(reading, **{**OPEN, "access_level": access})
    text = to_ntriples(emit(seal(reading.residue, record), record, CONTEXT)).decode()
    assert "downloadURL" not in text
    assert "relation" in text


@pytest.mark.parametrize(
    "harm",
    ["<javascript:alert(1)>", "<JavaScript:alert(1)>", '"data:text/html,<script>"', "<vbscript:x>"],
)
def test_what_runs_when_followed_never_gets_out(harm):
    assert emitted(reading_of(f"foaf:homepage {harm}, <https://x.pe/>")).count("homepage") == 1


def test_too_much_is_cut_and_told():
    many = " ; ".join(f'dct:relation "{"x" * 90} {n}"' for n in range(100))
    reading = reading_of(f"{many} ; dct:license x:l", most=2_000)
    assert 0 < len(reading.residue) < 20
    assert reading.residue.dropped == 101 - len(reading.residue)
    assert "terms/license" in emitted(reading)
    assert [f.params["number"] for f in reading.faults if "number" in f.params] == [reading.residue.dropped]


def test_a_residue_is_the_same_in_every_reading():
    text = """dct:source [ dct:title "S" ; dct:relation [ dct:title "a" ], [ dct:title "b" ] ], [ dct:title "S" ] ;
        dcat:distribution [ dcat:accessURL x:f ; dct:source [ dct:title "S" ] ]"""
    one, other = reading_of(text), reading_of(text)
    assert one.residue == other.residue
    assert (
        len(
            {
                t.subject
                for t in emit(one.residue, stored(one, **OPEN), CONTEXT)
                if isinstance(t.subject, BlankNode)
            }
        )
        == 5
    )


def test_blank_nodes_of_datasets_do_not_meet():
    reading = reading_of('dct:source [ dct:title "S" ]')
    names = [
        {
            t.subject
            for t in emit(reading.residue, stored(reading, id=key), replace(CONTEXT, dataset=key))
            if isinstance(t.subject, BlankNode)
        }
        for key in ("d1", "d2")
    ]
    assert names[0] and names[1] and not names[0] & names[1]


def test_cycles_of_blank_nodes_end():
    reading = reading_of("dct:source _:a", "_:a dct:relation _:b . _:b dct:relation _:a, _:b .")
    assert emitted(reading).count("terms/relation") == 3


def test_a_residue_survives_storage():
    reading = reading_of(PLACES, MORE)
    assert from_json(to_json(reading.residue)) == reading.residue
    assert from_json(to_json(Residue())) == Residue()


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"groups": [1]}'])
def test_what_is_no_residue_is_refused(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_json(text)


def test_addresses_that_look_like_ours_do_no_harm():
    reading = reading_of(
        "dct:relation <urn:culturape:residue:node:a>, <urn:culturape:residue:resource:x>, <urn:culturape:residue:other>"
    )
    list(emit(reading.residue, stored(reading, **OPEN), CONTEXT))


terms = st.one_of(
    st.sampled_from(
        [NamedNode("https://x.pe/a"), NamedNode("https://x.pe/b"), BlankNode("p"), BlankNode("q")]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8).map(Literal),
    st.sampled_from(["es", "en", "es-PE", "fr"]).map(lambda tag: Literal("texto", language=tag)),
)
predicates = st.sampled_from(
    [node(name) for name in (
        "dct:title", "dct:relation", "dct:publisher", "dct:license", "dct:issued", "dcat:theme", "dct:subject", "dct:language", "dcat:keyword",
        "dct:temporal", "foaf:name", "dcat:contactPoint", "dcat:distribution", "dct:format", "dct:rights", "dct:provenance", "rdfs:label",
        "dct:accrualPeriodicity", "dcat:landingPage", "dct:isPartOf", "dct:conformsTo", "dct:identifier",
    )]
)  # fmt: skip
subjects = st.sampled_from(
    [NamedNode("https://x.pe/1"), NamedNode("https://x.pe/a"), BlankNode("p"), BlankNode("q")]
)


@given(st.lists(st.builds(Triple, subjects, predicates, terms), max_size=12))
def test_any_graph_is_read_and_written_again(triples):
    dataset = NamedNode("https://x.pe/1")
    given_ = [
        *triples,
        Triple(dataset, node("rdf:type"), node("dcat:Dataset")),
        Triple(dataset, node("dct:title"), Literal("T", language="es")),
    ]
    reading = next(iter(read_document(to_ntriples(given_), CONTEXT)))
    graph = exported(reading)
    texts = {
        t.object.value.strip()
        for s in graph.subjects()
        for t in graph.about(s)
        if isinstance(t.object, Literal)
    }
    for triple in triples:
        if triple.subject == dataset and triple.predicate == node("dct:relation"):
            assert triple.object in graph.objects(dataset, "dct:relation") or isinstance(
                triple.object, BlankNode
            )
        if (
            triple.subject == dataset
            and triple.predicate in {node("dct:title"), node("dcat:keyword")}
            and isinstance(triple.object, Literal)
        ):
            assert triple.object.value.strip() in texts
