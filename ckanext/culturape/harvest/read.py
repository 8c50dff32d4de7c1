"""What does a source say of its datasets? The common way of all formats: N-Triples in; records, faults and residue out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import RdfFormat, parse

from ckanext.culturape.care.rules import NOT_REVIEWED
from ckanext.culturape.errors import N_, Fault, error_text
from ckanext.culturape.fields import Schema, load_schema
from ckanext.culturape.harvest.leftover import residue_of
from ckanext.culturape.harvest.naming import described
from ckanext.culturape.harvest.portions import portion_of
from ckanext.culturape.harvest.residue import MOST, Residue
from ckanext.culturape.harvest.scope import LARGEST, Scope
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.rdf.fragment import UNWRITABLE
from ckanext.culturape.rdf.graph import Graph, Subject
from ckanext.culturape.rdf.likeness import NAMES, texts_of
from ckanext.culturape.rdf.mapping import dataset_from_rdf
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_value
from ckanext.culturape.values.texts import shorten
from ckanext.culturape.vocab.concept import best_text


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one dataset.

    Attributes:
        uri: what identifies it in its source.
        record: its canonical record; empty when it is refused.
        faults: what of it could not be read, or why it is refused.
        residue: what the record has no room for.
    """

    uri: str
    record: Record
    faults: tuple[Fault, ...] = ()
    residue: Residue = field(default_factory=Residue)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it can be taken over."""
        return not self.record

    def title(self, language: str = "es") -> str:
        """Its title, best in this language."""
        return best_text(self.record.get("title_translated") or {}, language)


def read_document(
    ntriples: bytes,
    context: Context,
    most: int = MOST,
) -> Iterator[Reading]:
    """The datasets and series that a document describes, each once, in its order.

    Args:
        ntriples: the statements; those of a portion are read as of the dataset that it is of.
        context: vocabularies, address of this portal, default language.
        most: characters of residue that are kept of one dataset.
    """
    graph = Graph(respell(quad.triple for quad in parse(ntriples, format=RdfFormat.N_TRIPLES, lenient=True)))
    for uri, scope in portion_of(ntriples, graph) or described(graph):
        yield _read(uri, scope, context, most)


def _read(uri: str, scope: Scope, context: Context, most: int) -> Reading:
    if scope.is_too_large:
        message = N_("It has more than %(number)s statements, and is not taken over.")
        return Reading(uri, {}, (Fault(message, {"number": LARGEST}),))
    # Only what is said of it counts, so that it reads the same in a page of others and alone.
    graph, dataset = Graph(triple for triple, _ in scope.statements), scope.dataset
    try:
        record, faults = dataset_from_rdf(graph, dataset, context)
        _complete(load_schema(), record, graph, dataset, context)
        if not record.get("title_translated"):
            return Reading(
                uri, {}, (Fault(N_("A dataset without a title is not taken over."), {}, "title_translated"),)
            )
        residue = residue_of(graph, scope, record, context, most)
    except UNWRITABLE as error:
        reason = Fault(N_("It cannot be read: %(value)s"), {"value": error_text(error)})
        return Reading(uri, {}, (reason,))
    told = list(faults)
    if residue.dropped:
        message = N_("%(number)s statements are more than is kept of one dataset, and are left out.")
        told.append(Fault(message, {"number": residue.dropped}))
    return Reading(uri, record, tuple(told), residue)


def _complete(schema: Schema, record: Record, graph: Graph, dataset: Subject, context: Context) -> None:
    """What a harvested record is where its source says nothing, or too much: nobody reviewed it; a text of an unknown language is its title."""
    record.setdefault("sensitivity", [NOT_REVIEWED])
    record.setdefault("access_level", NOT_REVIEWED)
    for declared in schema.fields:
        if declared.community_only:
            # A community says it here by itself; what the source says of it is kept beside the record.
            record.pop(declared.name, None)
        if declared.at_most and len(record.get(declared.name) or ()) > declared.at_most:
            record[declared.name] = record[declared.name][: declared.at_most]
    if not record.get("title_translated"):
        _name(schema, record, graph, dataset, context)


def _name(schema: Schema, record: Record, graph: Graph, dataset: Subject, context: Context) -> None:
    """A title from another property that names things, or from a text in a language that we do not know or that is too long."""
    texts: dict[str, str] = {}
    for text in texts_of(graph, dataset, ("dct:title", *NAMES)):
        texts.setdefault(
            text.language or context.default_language,
            shorten(text.value.strip(), schema.field("title_translated").longest),
        )
    value, _ = canonical_value(
        schema.field("title_translated"), texts, context.vocabulary, context.default_language
    )
    first = next(filter(None, texts.values()), "")
    title = value or ({context.default_language: first} if first else None)
    if title:
        record["title_translated"] = title
