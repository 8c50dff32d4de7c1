"""Agendas, commitments and needs as statements, from plain records: what their schemas say and what follows from it.

Pure: who calls it brings the records and the address of each record that anybody may read, so that what is written today
and what is kept of a past day are written by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from ckanext.culturape.agenda import commitments
from ckanext.culturape.errors import error_text
from ckanext.culturape.fields import load_schema
from ckanext.culturape.rdf.fragment import UNWRITABLE, describe, to_ntriples
from ckanext.culturape.rdf.records import record_iri, record_to_rdf
from ckanext.culturape.rdf.terms import Context, Triples, concept_link, iri, is_a, literal, triple, typed

#: Gives the address in RDF of the record of an id; empty for one that not everybody may read.
Resolve = Callable[[str], str]

STATE = "culturape:commitmentStatus"
STEP = "culturape:step"


class Told(NamedTuple):
    """What is known of a record beside its fields.

    Attributes:
        organization: the organisation that keeps it, with all fields.
        steps: what became of a need, as ``culturape_need_history`` gives it: ``status``, ``date``, ``comment``.
        today: the day for which the state of a commitment is computed, ISO 8601; empty to say no state.
        state: the state of a commitment where it is known already.
    """

    organization: Mapping[str, Any] | None = None
    steps: Iterable[Mapping[str, Any]] = ()
    today: str = ""
    state: str = ""


NOTHING = Told()


class Written(NamedTuple):
    """Records as N-Triples whose blank nodes are named from them, keys of the concepts that they speak of, and what could not be written, by id."""

    ntriples: bytes
    concepts: frozenset[str]
    problems: Mapping[str, str]


def triples_of(
    record: Mapping[str, Any], context: Context, resolve: Resolve, told: Told = NOTHING
) -> Triples:
    """All that is said of an agenda, a commitment or a need, as far as the rules of care let it be said.

    Args:
        record: as ``package_show`` gives it: ``id``, ``type``, the declared fields, ``resources`` of an agenda.
        context: of the site (``logic.site.make_context``); the key of the record is put into it here.
        resolve: tells where the records stand that this one links to; what it does not know is not mentioned.
        told: what is known of the record beside its fields.

    Raises: those of ``UNWRITABLE`` for a record without ``id`` or ``type``, or one that was written past validation.
    """
    own = replace(context, dataset=str(record["id"]), address_of=resolve)
    subject = record_iri(record, own)
    yield from record_to_rdf(record, own, told.organization)
    yield from _references(subject, record, resolve)
    if record["type"] == "compromiso" and (told.state or told.today):
        yield from _state(subject, record, own, told)
    for position, step in enumerate(told.steps):
        yield from _step(subject, position, step, own)


def _references(subject: NamedNode, record: Mapping[str, Any], resolve: Resolve) -> Triples:
    """The links to datasets in standard terms, from both ends: the fragments of datasets say nothing of agendas."""
    for field in load_schema(str(record["type"])).fields:
        if field.is_link and "dataset" in field.record_types:
            for address in filter(None, map(resolve, commitments.texts_of(record.get(field.name)))):
                target = iri(address)
                if target:
                    yield triple(subject, "dct:references", target)
                    yield triple(target, "dct:isReferencedBy", subject)


def _state(subject: NamedNode, record: Mapping[str, Any], context: Context, told: Told) -> Triples:
    """The state that follows from the fields; nobody reads it back."""
    named = commitments.texts_of(record.get("fulfilled_by"))
    published = {one for one in named if context.address_of(one)}
    state = told.state or commitments.state_of(record, published, told.today)
    concept = context.vocabulary.concept("commitment-status", state)
    if concept:
        yield from concept_link(subject, STATE, concept, context)


def _step(subject: NamedNode, position: int, step: Mapping[str, Any], context: Context) -> Triples:
    """A step of the history of a need, without who took it."""
    node = context.blank(subject.value, "step", position)
    yield triple(subject, STEP, node)
    yield from is_a(node, "culturape:Step", "prov:Activity")
    yield triple(node, "prov:endedAtTime", typed(step["date"], "xsd:dateTime"))
    if step.get("comment"):
        yield triple(node, "dct:description", literal(step["comment"]))
    concept = context.vocabulary.concept("need-status", str(step["status"]))
    if concept:
        yield from concept_link(node, "adms:status", concept, context)


def write_records(
    records: Iterable[tuple[Mapping[str, Any], Told]], context: Context, resolve: Resolve
) -> Written:
    """Several records at once, without the descriptions of concepts; one that cannot be written is left out and named. Never raises for a record."""
    later, problems = set[str](), dict[str, str]()
    # Each line once: records of one organisation describe it alike.
    lines = set[bytes]()
    for record, told in records:
        own = replace(context, later=set(), problems=set())
        try:
            lines.update(to_ntriples(triples_of(record, own, resolve, told)).splitlines(keepends=True))
        except UNWRITABLE as error:
            problems[str(record.get("id"))] = error_text(error, 500)
            continue
        later |= own.later or set()
        if own.problems:
            problems[str(record.get("id"))] = " ".join(sorted(own.problems))
    return Written(b"".join(sorted(lines)), frozenset(later), problems)


def whole(written: Written, context: Context) -> Iterator[bytes]:
    """The statements with the description of every concept, as pieces of N-Triples for ``rdf.formats``."""
    yield written.ntriples
    yield describe(written.concepts, context)
