"""The vocabularies as linked data: by suffix, by negotiation, and never with words that only serve to find."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from rdflib.namespace import RDF, SKOS

from ckanext.culturape.vocab.pack import load_vocabulary

READERS = {"nt": "nt", "ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}
IDENTITY = rdflib.URIRef("https://w3id.org/culturape/def/cultural-right/identidad")


def read(app: Any, path: str) -> rdflib.Graph:
    suffix = path.rsplit(".", 1)[1]
    return rdflib.Graph().parse(data=app.get(path).body, format=READERS[suffix])


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize("suffix", READERS)
def test_a_scheme_and_a_concept_in_every_format(app: Any, suffix: str) -> None:
    scheme = read(app, f"/vocabulario/cultural-right.{suffix}")
    assert len(list(scheme.subjects(RDF.type, SKOS.Concept))) == 7
    for graph in (scheme, read(app, f"/vocabulario/cultural-right/identidad.{suffix}")):
        assert (IDENTITY, SKOS.prefLabel, rdflib.Literal("Identidad cultural", lang="es")) in graph
        assert len(list(graph.objects(IDENTITY, SKOS.definition))) == 2
        assert list(graph.objects(IDENTITY, SKOS.closeMatch))


@pytest.mark.usefixtures("with_plugins")
def test_all_at_once_without_the_words_that_only_find(app: Any) -> None:
    graph = read(app, "/vocabulario.nt")
    vocabulary = load_vocabulary()
    assert len(set(graph.subjects(RDF.type, SKOS.ConceptScheme))) >= len(vocabulary.schemes) - 2
    shown = {str(text) for text in graph.objects() if isinstance(text, rdflib.Literal)}
    for people in vocabulary.scheme("people"):
        named = {name for names in people.alt.values() for name in names} | set(people.labels.values())
        assert not (set(people.hidden) - named) & shown


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/turtle", "ttl"), ("application/ld+json", "jsonld"), ("application/rdf+xml;q=0.9, text/html;q=0.5", "xml"),
        ("application/n-triples", "nt"),
    ],
)  # fmt: skip
def test_programs_are_sent_to_what_they_read(app: Any, accept: str, suffix: str) -> None:
    for path in ("/vocabulario/cultural-right", "/vocabulario/cultural-right/identidad", "/vocabulario/"):
        answer = app.get(path, headers={"Accept": accept}, follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{path.rstrip('/')}.{suffix}")


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "", "image/png"])
def test_people_get_the_page(app: Any, accept: str) -> None:
    answer = app.get("/vocabulario/cultural-right", headers={"Accept": accept}, follow_redirects=False)
    assert answer.status_code == 200
    assert "<html" in answer.body


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    "path",
    ["/vocabulario/nada.ttl", "/vocabulario/cultural-right/nada.ttl", "/vocabulario/cultural-right.foo"],
)
def test_what_is_not_there(app: Any, path: str) -> None:
    assert app.get(path, expect_errors=True).status_code in {400, 404}


@pytest.mark.usefixtures("with_plugins")
def test_an_identifier_may_have_dots(app: Any) -> None:
    assert "<html" in app.get("/vocabulario/licence/CC-BY-4.0").body
    assert "licence/CC-BY-4.0>" in app.get("/vocabulario/licence/CC-BY-4.0.nt").body


@pytest.mark.usefixtures("with_plugins")
def test_an_unchanged_vocabulary_is_not_sent_again(app: Any) -> None:
    etag = app.get("/vocabulario/sector.ttl").headers["ETag"]
    assert app.get("/vocabulario/sector.ttl", headers={"If-None-Match": etag}).status_code == 304
