"""Does the record that was read say what a statement says? Compares what others wrote with what we would write of the record.

The rules are written down in docs/decisions/0015-harvest-reading.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.namespaces import RDF_TYPE, node
from ckanext.culturape.rdf.codecs import ALSO
from ckanext.culturape.rdf.codecs_concepts import CONTENT_LANGUAGE, FORMAT_TEXT, standard_licence_from_rdf
from ckanext.culturape.rdf.declared import PAIRS, SUBJECT
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_value
from ckanext.culturape.vocab.find import address_key

#: Predicates that a codec reads beside that of the field.
_READ_TOO: Mapping[str, tuple[str, ...]] = {
    "licence": ("dct:license", "dct:rights"), "hash": ("spdx:checksum",), "languages": (CONTENT_LANGUAGE,),
    "places": ("dct:coverage",), "file_format": (FORMAT_TEXT,), "access_url": ("dcat:downloadURL",),
}  # fmt: skip
#: Statements of ours that say what the standard property cannot.
_IN_PLACE = {"dct:format": FORMAT_TEXT, "dct:language": CONTENT_LANGUAGE}


@cache
def fields_of(kind: str, predicate: NamedNode) -> tuple[Field, ...]:
    """The fields of ``dataset`` or ``resource`` that are read from a predicate."""
    schema = load_schema()
    fields = schema.resource_fields if kind == "resource" else schema.fields
    return tuple(field for field in fields if predicate in _predicates(field))


def _predicates(field: Field) -> tuple[NamedNode, ...]:
    if field.rdf is None or field.rdf.codec == SUBJECT:
        return ()
    names = (field.rdf.predicate, *ALSO.get(field.rdf.predicate, ()), *_READ_TOO.get(field.rdf.codec, ()))
    return tuple(node(name) for name in names)


class Only(Graph):
    """A graph in which one subject has one statement; the others are as they were."""

    __slots__ = ("_graph", "_statement")

    def __init__(self, graph: Graph, statement: Triple) -> None:
        self._graph, self._statement = graph, statement

    def objects(self, subject: Subject | Object, predicate: str) -> list[Object]:
        """All objects of a subject and a prefixed predicate."""
        if subject != self._statement.subject:
            return self._graph.objects(subject, predicate)
        return (
            [cast("Object", self._statement.object)] if node(predicate) == self._statement.predicate else []
        )


def value_of_statement(graph: Graph, statement: Triple, field: Field, context: Context) -> Any:
    """The canonical value that a field has when it is read from this statement alone, ``None`` when none."""
    only = Only(graph, statement)
    subject = cast("Subject", statement.subject)
    raw = PAIRS[field.rdf.codec][1](only, subject, field, context) if field.rdf else None
    if raw is None and field.rdf and field.rdf.codec == "licence":
        raw = standard_licence_from_rdf(only, subject, context)
    value, faults = canonical_value(field, raw, context.vocabulary, context.default_language)
    return None if faults else value


def holds(whole: Any, part: Any) -> bool:
    """Whether a canonical value holds another of the same field."""
    if isinstance(whole, Mapping) and isinstance(part, Mapping):
        known = cast("Mapping[str, Any]", whole)
        return all(
            key in known and holds(known[key], item) for key, item in cast("Mapping[str, Any]", part).items()
        )
    if isinstance(whole, list) and isinstance(part, list):
        items = cast("list[Any]", whole)
        return all(any(holds(other, item) for other in items) for item in cast("list[Any]", part))
    return bool(whole == part)


def is_same(one: Object, other: Object) -> bool:
    """Whether two terms say the same: a literal and the address of the same text, http and https, a number in two ways of writing."""
    if one == other:
        return True
    if isinstance(one, Literal) and isinstance(other, Literal):
        if (one.language or "").lower() != (other.language or "").lower():
            return False
        return one.value.strip() == other.value.strip() or _number(one) == _number(other) != ""
    if isinstance(one, BlankNode) or isinstance(other, BlankNode):
        return False
    texts = [value_of(term).strip().removeprefix("mailto:").replace(" ", "%20") for term in (one, other)]
    return texts[0] == texts[1] or ("://" in texts[0] and address_key(texts[0]) == address_key(texts[1]))


def _number(term: Literal) -> str:
    try:
        return "" if term.language else repr(float(term.value))
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Written:
    """What we would write of a record: by subject and predicate."""

    known: Mapping[tuple[Object, NamedNode], list[Object]]
    about: Mapping[Object, list[Object]]

    @staticmethod
    def of(triples: Iterable[Triple]) -> Written:
        """An index of triples."""
        known: dict[tuple[Object, NamedNode], list[Object]] = {}
        about: dict[Object, list[Object]] = {}
        for triple in triples:
            subject, value = cast("Object", triple.subject), cast("Object", triple.object)
            known.setdefault((subject, triple.predicate), []).append(value)
            about.setdefault(subject, []).append(value)
        return Written(known, about)

    def objects(self, subject: Object, predicate: NamedNode) -> list[Object]:
        """All objects of a subject and a predicate."""
        return self.known.get((subject, predicate), [])

    def values(self, subject: Object) -> list[Object]:
        """All objects of a subject."""
        return self.about.get(subject, [])

    def says(self, subject: Object, predicate: NamedNode, value: Object) -> bool:
        """Whether a statement is written, in the same or in an equivalent form."""
        return any(is_same(value, other) for other in self.objects(subject, predicate))

    def in_place_of(self, subject: Object, predicate: NamedNode) -> list[Object]:
        """All objects that we write under a predicate, or under the one of ours that stands in its place."""
        others = (node(ours) for name, ours in _IN_PLACE.items() if node(name) == predicate)
        return [value for name in (predicate, *others) for value in self.objects(subject, name)]


def is_read(
    graph: Graph, statement: Triple, record: Record, fallback: Record, kind: str, context: Context
) -> bool:
    """Whether a field of the record holds all that a statement says, a node being no more than what it is called.

    Args:
        graph: where the object is described.
        statement: about the dataset or a distribution.
        record: the record or the resource.
        fallback: values that stand in for those that a resource lacks.
        kind: ``dataset`` or ``resource``.
        context: vocabularies.
    """
    for field in fields_of(kind, statement.predicate):
        value = value_of_statement(graph, statement, field, context)
        whole = record.get(field.name, fallback.get(field.name))
        if value is not None and whole is not None and holds(whole, value):
            return _has_language(statement, value) and _is_only_named(graph, statement, field, value, context)
    return False


def _has_language(statement: Triple, value: Any) -> bool:
    """Whether the language of a text is kept in full: ``es-PE`` is read as ``es``, which is less."""
    language = statement.object.language if isinstance(statement.object, Literal) else None
    return not (language and isinstance(value, Mapping)) or language in value


def _is_only_named(graph: Graph, statement: Triple, field: Field, value: Any, context: Context) -> bool:
    """Whether nothing is lost with a node: its address alone says the value, or each statement about it says the very same, or its class."""
    if isinstance(statement.object, NamedNode):
        return value_of_statement(Graph([]), statement, field, context) == value
    if not isinstance(statement.object, BlankNode):
        return True
    for said in graph.about(statement.object):
        if said.predicate != RDF_TYPE:
            alone = Triple(statement.subject, statement.predicate, said.object)
            if value_of_statement(graph, alone, field, context) != value:
                return False
    return True
