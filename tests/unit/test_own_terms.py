"""Every term of our own namespace that we write is described, in both languages, and leads to terms that exist."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

import ckanext.culturape.rdf.records as home
from ckanext.culturape.fields import RECORD_TYPES, load_schema
from ckanext.culturape.namespaces import PREFIXES, expand
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.records import CLASSES
from ckanext.culturape.vocab.terms import HOME, Term, load_terms, terms_to_rdf

ROOT = Path(home.__file__).parent.parent
TERMS = load_terms().terms
WRITTEN = re.compile(r"""["']culturape:([A-Za-z]+)["']""")


def used() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")]
    schemas = resources.files("ckanext.culturape.schemas")
    sources += [(schemas / f"{name}.yaml").read_text(encoding="utf-8") for name in RECORD_TYPES]
    return {name for source in sources for name in WRITTEN.findall(source)}


def test_what_is_written_is_described_and_what_is_described_is_written() -> None:
    assert {term.id for term in TERMS} == used()
    assert len({term.id for term in TERMS}) == len(TERMS)


def test_every_predicate_of_a_schema_has_a_known_prefix() -> None:
    fields = [
        f for name in RECORD_TYPES for s in [load_schema(name)] for f in (*s.fields, *s.resource_fields)
    ]
    names = {field.rdf.predicate for field in fields if field.rdf and field.rdf.predicate}
    assert all(expand(name).startswith("http") for name in names)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_term_says_what_it_is(term: Term) -> None:
    for texts in (term.labels, term.comments):
        assert {"es", "en"} == set(texts)
        assert all(text.strip() for text in texts.values())
    assert term.id[0].isupper() == term.is_class
    own = {one.name for one in TERMS}
    for name in (*term.wider, *filter(None, (term.of, term.to))):
        assert name in own or (expand(name) and not name.startswith("culturape:"))


def test_classes_that_records_bear_are_those_that_the_namespace_says() -> None:
    wider = {term.name: term.wider for term in TERMS}
    for classes in CLASSES.values():
        assert set(wider[classes[0]]) == set(classes[1:])


def test_the_namespace_is_told_to_programs() -> None:
    graph = Graph(terms_to_rdf(load_terms()))
    assert graph.has_type(NamedNode(HOME), "owl:Ontology")
    promise = NamedNode(f"{PREFIXES['culturape']}Commitment")
    assert graph.has_type(promise, "rdfs:Class")
    assert NamedNode(expand("prov:Plan")) in graph.objects(promise, "rdfs:subClassOf")
    assert graph.object(promise, "rdfs:isDefinedBy") == NamedNode(HOME)
    fulfilled = NamedNode(f"{PREFIXES['culturape']}fulfilledBy")
    assert graph.object(fulfilled, "rdfs:range") == NamedNode(expand("dcat:Dataset"))
    assert len(graph.objects(fulfilled, "rdfs:label")) == 2
