"""Codecs of plain values: texts, dates, numbers, addresses, documents. Each is a pair: to RDF, and back.

``x_to_rdf(subject, field, value, context)`` yields triples; ``x_from_rdf(graph, subject, field, context)`` gives what
``values`` makes canonical, or ``None``. Reading is lenient, writing strict.
"""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import Literal

from ckanext.culturape.fields import Field
from ckanext.culturape.namespaces import MEDIA_TYPES
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.likeness import name_of
from ckanext.culturape.rdf.terms import (
    Context,
    Triples,
    date_literal,
    is_a,
    link,
    literal,
    text_in,
    triple,
    typed,
)  # fmt: skip
from ckanext.culturape.values.dates import parse_date

#: Datatype of the literals of a kind.
DATATYPES = {
    "number": "xsd:decimal",
    "integer": "xsd:nonNegativeInteger",
    "duration": "xsd:duration",
    "boolean": "xsd:boolean",
}

#: Class of the node of statements that share dct:provenance.
STATEMENTS = {"consent": "culturape:ConsentStatement", "generalisation": "culturape:GeneralisationStatement"}


_ZONED = re.compile(r"^(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:Z|[+-]\d{2}:\d{2})$")

#: Where others state what we read from another predicate, which comes first.
ALSO = {"dcat:version": ("owl:versionInfo", "schema:version"), "dct:isPartOf": ("dcat:inSeries",)}


def predicate_of(field: Field) -> str:
    """The prefixed predicate of a field."""
    return field.rdf.predicate if field.rdf else ""


def text_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """A plain literal."""
    yield triple(subject, predicate_of(field), literal(value))


def text_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """The text of the first literal or address that holds one, or of a node that has a notation."""
    terms = objects_of(graph, subject, field)
    texts = (value_of(term).strip() or graph.text(term, "skos:notation") for term in terms)
    return next(filter(None, texts), None)


def objects_of(graph: Graph, subject: Subject, field: Field) -> list[Object]:
    """All objects of the predicate of a field and of those that others use in its place."""
    predicate = predicate_of(field)
    return [term for name in (predicate, *ALSO.get(predicate, ())) for term in graph.objects(subject, name)]


def typed_to_rdf(subject: Subject, field: Field, value: Any, context: Context) -> Triples:
    """A literal of the datatype of the kind."""
    text = str(value).lower() if field.kind == "boolean" else str(value)
    yield triple(subject, predicate_of(field), typed(text, DATATYPES[field.kind]))


def date_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """A date in its precision."""
    yield triple(subject, predicate_of(field), date_literal(value))


def date_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """The first date that can be read, else the first text, so that somebody can say what is wrong with it."""
    texts = [without_zone(value_of(term)) for term in graph.objects(subject, predicate_of(field))]
    return next((text for text in texts if parse_date(text)), None) or next(filter(None, texts), None)


def without_zone(text: str) -> str:
    """A day, month or year without the zone that XML Schema allows there: ``2020-01-01Z``."""
    return _ZONED.sub(r"\1", text.strip())


def text_translated_to_rdf(
    subject: Subject, field: Field, value: dict[str, str], context: Context
) -> Triples:
    """A literal for each language."""
    for language, text in value.items():
        yield triple(subject, predicate_of(field), text_in(language, text, context))


def text_translated_from_rdf(
    graph: Graph, subject: Subject, field: Field, context: Context
) -> dict[str, str] | None:
    """Texts by language; what has none is in the default language."""
    found: dict[str, str] = {}
    for term in graph.objects(subject, predicate_of(field)):
        if isinstance(term, Literal) and term.value.strip():
            found.setdefault(term.language or context.default_language, term.value)
    return found or None


def tags_translated_to_rdf(
    subject: Subject, field: Field, value: dict[str, list[str]], context: Context
) -> Triples:
    """A literal for each keyword."""
    for language, words in value.items():
        for word in words:
            yield triple(subject, predicate_of(field), text_in(language, word, context))


def tags_translated_from_rdf(
    graph: Graph, subject: Subject, field: Field, context: Context
) -> dict[str, list[str]] | None:
    """Keywords by language."""
    found: dict[str, list[str]] = {}
    for term in graph.objects(subject, predicate_of(field)):
        if isinstance(term, Literal):
            found.setdefault(term.language or context.default_language, []).append(term.value)
    return found or None


def _linker(*classes: str) -> tuple[Any, Any]:
    """A pair for one or several addresses whose nodes are of these classes."""

    def to_rdf(subject: Subject, field: Field, value: Any, context: Context) -> Triples:
        addresses: list[str] = value if field.is_list else [value]
        for address in addresses:
            yield from link(subject, predicate_of(field), address, *classes)

    def from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> Any:
        found = [value_of(term).strip() for term in objects_of(graph, subject, field)]
        found = [text for text in found if text]
        return (found if field.is_list else found[0]) if found else None

    return to_rdf, from_rdf


link_to_rdf, link_from_rdf = _linker()
document_to_rdf, document_from_rdf = _linker("foaf:Document")
standards_to_rdf, standards_from_rdf = _linker("dct:Standard")
policy_to_rdf, policy_from_rdf = _linker("odrl:Policy")


def adms_identifiers_to_rdf(subject: Subject, field: Field, value: list[str], context: Context) -> Triples:
    """A node with a notation for each identifier."""
    for text in value:
        node = context.blank(value_of(subject), field.name, text)
        yield triple(subject, predicate_of(field), node)
        yield from is_a(node, "adms:Identifier")
        yield triple(node, "skos:notation", literal(text))


def adms_identifiers_from_rdf(
    graph: Graph, subject: Subject, field: Field, context: Context
) -> list[str] | None:
    """The notations, or literals and addresses where others write those."""
    found = (
        graph.text(term, "skos:notation") or value_of(term)
        for term in graph.objects(subject, predicate_of(field))
    )
    return [text for text in found if text] or None


def media_type_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """The address of IANA's register."""
    yield from link(subject, predicate_of(field), MEDIA_TYPES + value, "dct:MediaType")


def media_type_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """The type, from an address, a literal or a node with a name."""
    term = graph.object(subject, predicate_of(field))
    text = "" if term is None else value_of(term).strip() or name_of(graph, term)
    _, found, name = text.partition("/media-types/")
    return (name if found else text).partition(";")[0].strip() or None


def access_url_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """The address of the file or page; spaces are written as addresses write them."""
    yield from link(subject, predicate_of(field), value.strip().replace(" ", "%20"), "rdfs:Resource")


def access_url_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """Where the data can be had: the address of access, else that of the download, which DCAT lets stand alone."""
    addresses = (graph.text(subject, name).strip() for name in (predicate_of(field), "dcat:downloadURL"))
    return next(filter(None, addresses), None)


def rights_text_to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
    """A statement of rights with its text."""
    yield from _statement(
        subject, predicate_of(field), literal(value), context, field.name, "dct:RightsStatement"
    )


def rights_text_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
    """The text of the statement, or its address."""
    for term in graph.objects(subject, predicate_of(field)):
        text = name_of(graph, term) or value_of(term)
        if text:
            return text
    return None


def _statement(subject: Subject, predicate: str, text: Literal, context: Context, *path: str) -> Triples:
    """A node with a label, of the classes that stand last in the path."""
    classes = [name for name in path if ":" in name]
    node = context.blank(value_of(subject), predicate, *path, text.language or "")
    yield triple(subject, predicate, node)
    yield from is_a(node, *classes)
    yield triple(node, "rdfs:label", text)


def _statement_pair(name: str) -> tuple[Any, Any]:
    """A pair for a text that shares dct:provenance with others and is told apart by its class."""

    def to_rdf(subject: Subject, field: Field, value: str, context: Context) -> Triples:
        classes = ("dct:ProvenanceStatement", STATEMENTS[name])
        yield from _statement(subject, predicate_of(field), literal(value), context, field.name, *classes)

    def from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> str | None:
        nodes = graph.objects(subject, predicate_of(field))
        texts = (graph.text(term, "rdfs:label") for term in nodes if graph.has_type(term, STATEMENTS[name]))
        return next(texts, None)

    return to_rdf, from_rdf


consent_to_rdf, consent_from_rdf = _statement_pair("consent")
generalisation_to_rdf, generalisation_from_rdf = _statement_pair("generalisation")


def provenance_to_rdf(subject: Subject, field: Field, value: dict[str, str], context: Context) -> Triples:
    """A statement for each language."""
    for language, text in value.items():
        yield from _statement(
            subject,
            predicate_of(field),
            text_in(language, text, context),
            context,
            field.name,
            "dct:ProvenanceStatement",
        )


def provenance_from_rdf(
    graph: Graph, subject: Subject, field: Field, context: Context
) -> dict[str, str] | None:
    """The texts of the statements that are of no other kind."""
    found: dict[str, str] = {}
    for term in graph.objects(subject, predicate_of(field)):
        if not any(graph.has_type(term, kind) for kind in STATEMENTS.values()):
            for label in _labels(graph, term):
                found.setdefault(label.language or context.default_language, label.value)
    return found or None


def _labels(graph: Graph, term: Object) -> list[Literal]:
    named = graph.objects(term, "rdfs:label") or graph.objects(term, "dct:description")
    found = [term] if isinstance(term, Literal) else named
    return [label for label in found if isinstance(label, Literal)]
