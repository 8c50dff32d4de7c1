"""What does the catalogue say of itself? What the operator did not configure is left out, and told by the check."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from ckanext.culturape import config
from ckanext.culturape.fields import Field, Rdf
from ckanext.culturape.rdf import codecs_concepts
from ckanext.culturape.rdf.terms import (
    Context,
    Triples,
    concept_link,
    date_literal,
    iri,
    is_a,
    link,
    literal,
    triple,
)

THEMES = "http://publications.europa.eu/resource/authority/data-theme"

#: Path of the feed of changes.
FEED = "/catalogo/cambios"
TAXONOMIES = ("cultural-right", "sector", "cultural-domain")
_PLACES = Field("territory", "territory", "", "", vocabulary="territory", rdf=Rdf("dct:spatial", "places"))
_LANGUAGES = Field(
    "language", "concepts", "", "", vocabulary="language", rdf=Rdf("dct:language", "languages")
)

#: Options that DCAT-AP asks for or recommends, with the words for an administrator.
WANTED = {
    "title": config.catalog_title,
    "description": config.catalog_description,
    "publisher_name": config.catalog_publisher_name,
    "publisher_uri": config.catalog_publisher_uri,
    "publisher_type": config.catalog_publisher_type,
    "license": config.catalog_license,
    "issued": config.catalog_issued,
    "territory": config.catalog_territory,
    "languages": config.catalog_languages,
}


def missing_options() -> Iterator[str]:
    """Options of the catalogue that nobody set."""
    yield from (f"{config.PREFIX}catalog.{name}" for name, getter in WANTED.items() if not getter())


def catalogue_to_rdf(subject: NamedNode, context: Context) -> Triples:
    """The catalogue node."""
    language = config.default_language()
    yield from is_a(subject, "dcat:Catalog", "dcat:Resource")
    for predicate, text in (
        ("dct:title", config.catalog_title()),
        ("dct:description", config.catalog_description()),
    ):
        if text:
            yield triple(subject, predicate, literal(text, language))
    yield from link(subject, "foaf:homepage", config.catalog_homepage(), "foaf:Document")
    yield from _publisher(subject, context)
    yield from codecs_concepts.languages_to_rdf(subject, _LANGUAGES, config.catalog_languages(), context)
    yield from codecs_concepts.places_to_rdf(subject, _PLACES, config.catalog_territory(), context)
    yield from codecs_concepts.standard_licence(subject, config.catalog_license(), context)
    if config.catalog_issued():
        yield triple(subject, "dct:issued", date_literal(config.catalog_issued()))
    yield from _taxonomies(subject, context)
    # No dcat:service: harvesters would list it among the services of the institutions.
    yield from link(subject, "rdfs:seeAlso", f"{subject.value.rstrip('/')}{FEED}")


def _publisher(subject: NamedNode, context: Context) -> Triples:
    name = config.catalog_publisher_name()
    if not name:
        return
    # An address even where none was configured: a crawler that joins the pages must find one publisher, not many.
    node = iri(config.catalog_publisher_uri()) or NamedNode(f"{subject.value}/#publisher")
    yield triple(subject, "dct:publisher", node)
    yield from is_a(node, "foaf:Agent")
    yield triple(node, "foaf:name", literal(name, config.default_language()))
    kind = context.vocabulary.concept("publisher-type", config.catalog_publisher_type())
    if kind:
        yield from concept_link(node, "dct:type", kind, context)


def _taxonomies(subject: NamedNode, context: Context) -> Triples:
    yield from link(subject, "dcat:themeTaxonomy", THEMES, "skos:ConceptScheme")
    yield triple(NamedNode(THEMES), "dct:title", literal("Data theme", "en"))
    for scheme_id in TAXONOMIES:
        scheme = context.vocabulary.schemes.get(scheme_id)
        if scheme:
            yield from link(subject, "dcat:themeTaxonomy", scheme.uri, "skos:ConceptScheme")
            for language, title in scheme.titles.items():
                yield triple(NamedNode(scheme.uri), "dct:title", literal(title, language))
