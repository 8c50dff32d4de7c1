"""The statements of one dataset, made once and joined with those of others: what the store keeps.

A fragment holds N-Triples whose blank nodes are named from the dataset, and names the concepts that it uses; whoever joins
fragments describes each concept once.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, cast

from pyoxigraph import Literal, RdfFormat, Triple, serialize

from ckanext.culturape.errors import error_text
from ckanext.culturape.rdf.codecs_concepts import describe_later
from ckanext.culturape.rdf.mapping import dataset_iri, dataset_to_rdf
from ckanext.culturape.rdf.strict import well_formed
from ckanext.culturape.rdf.terms import Context, Triples

log = logging.getLogger(__name__)

#: Gives what somebody else says of a dataset, in the context of that dataset.
Say = Callable[[Context], Iterable[Triple]]
NOBODY: Mapping[str, Say] = MappingProxyType({})

#: What may go wrong with a record that was written past validation.
UNWRITABLE = (AttributeError, KeyError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Fragment:
    """What the catalogue says of one dataset.

    Attributes:
        iri: address of the dataset in RDF.
        ntriples: the statements, each once, in a stable order; empty when the dataset cannot be written.
        concepts: keys of the concepts that they speak of, for ``describe``.
        problem: fields that were left out because their value has a shape that nobody can write, and others whose statements
            were left out because they failed.
    """

    iri: str
    ntriples: bytes = b""
    concepts: frozenset[str] = frozenset()
    problem: str = ""

    @property
    def concept_keys(self) -> str:
        """The concepts as one text, in a stable order."""
        return " ".join(sorted(self.concepts))

    @property
    def digest(self) -> str:
        """Changes when, and only when, the statements or the concepts do."""
        return digest_of(self.ntriples, self.concept_keys)


def digest_of(ntriples: bytes, concept_keys: str) -> str:
    """A digest of statements and of the concepts that they speak of; empty without statements."""
    return hashlib.sha256(ntriples + concept_keys.encode()).hexdigest()[:32] if ntriples else ""


def make_fragment(
    record: Mapping[str, Any],
    context: Context,
    organization: Mapping[str, Any],
    others: Mapping[str, Say] = NOBODY,
) -> Fragment:
    """The fragment of a dataset for who may read this record. Never raises: what cannot be written is left out and named.

    Args:
        record: as ``package_show`` gives it.
        context: of the site.
        organization: of the dataset, with all fields.
        others: who else says something of the dataset, by name.
    """
    own = replace(context, dataset=str(record.get("id")), later=set(), problems=set())
    try:
        address = dataset_iri(record, own).value
        ntriples = to_ntriples(statements_of(record, own, organization, others))
    except UNWRITABLE as error:
        return Fragment(f"{context.base}/dataset/{record.get('id')}", problem=error_text(error, 500))
    return Fragment(address, ntriples, frozenset(own.later or ()), " ".join(sorted(own.problems)))


def statements_of(
    record: Mapping[str, Any], context: Context, organization: Mapping[str, Any], others: Mapping[str, Say]
) -> Triples:
    """What we write of a record and what others say beside; an other that fails says nothing and is named in ``problems``.

    Raises: those of ``UNWRITABLE`` for a record that was written past validation.
    """
    written = dataset_to_rdf(record, context, organization)
    said = [triple for name, say in others.items() for triple in _said(name, say, context)]
    return beside(written, said) if said else written


def _said(name: str, say: Say, context: Context) -> list[Triple]:
    """What somebody else says, as far as every format can hold it; nothing when that fails."""
    later = None if context.later is None else set[str]()
    apart = replace(context, described=set(context.described), later=later, problems=set())
    try:
        found = [strict for triple in say(apart) if (strict := well_formed(triple))]
    except Exception as error:
        # It is the code of others; a dataset, and a page with a hundred of them, is written without what they say.
        log.warning("%s says nothing of dataset %s", name, context.dataset, exc_info=True)
        context.problems.add(f"{name}: {error_text(error)}"[:300])
        return []
    context.described.update(apart.described)
    context.problems.update(apart.problems)
    if context.later is not None:
        context.later.update(later or ())
    return found


def beside(written: Iterable[Triple], said: Iterable[Triple]) -> Triples:
    """What we write of a record together with what others say: a text that they say with its language is not said without it as well."""
    said = list(said)
    tagged = {
        (t.subject, t.predicate, t.object.value)
        for t in said
        if isinstance(t.object, Literal) and t.object.language
    }
    for triple in written:
        value = triple.object
        is_plain = tagged and isinstance(value, Literal) and not value.language
        if not is_plain or (triple.subject, triple.predicate, cast("Literal", value).value) not in tagged:
            yield triple
    yield from said


def to_ntriples(triples: Iterable[Triple]) -> bytes:
    """Triples as N-Triples, each once, in a stable order."""
    written = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    # A line is a statement, and lines are sorted faster than triples.
    return b"".join(sorted(set(written.splitlines(keepends=True))))


def describe(keys: Iterable[str], context: Context) -> bytes:
    """The descriptions of all concepts that fragments speak of, as N-Triples."""
    return to_ntriples(describe_later(keys, replace(context, described=set(), later=None)))
