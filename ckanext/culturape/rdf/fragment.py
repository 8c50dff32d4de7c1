"""The statements of one dataset, made once and joined with those of others: what the store keeps.

A fragment holds N-Triples whose blank nodes are named from the dataset, and names the concepts that it uses; whoever joins
fragments describes each concept once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import RdfFormat, Triple, serialize

from ckanext.culturape.rdf.codecs_concepts import describe_later
from ckanext.culturape.rdf.mapping import dataset_iri, dataset_to_rdf
from ckanext.culturape.rdf.terms import Context

#: What may go wrong with a record that was written past validation.
UNWRITABLE = (AttributeError, KeyError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Fragment:
    """What the catalogue says of one dataset.

    Attributes:
        iri: address of the dataset in RDF.
        ntriples: the statements, each once, in a stable order; empty when the dataset cannot be written.
        concepts: keys of the concepts that they speak of, for ``describe``.
        problem: fields that were left out because their value has a shape that nobody can write.
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


def make_fragment(record: Mapping[str, Any], context: Context, organization: Mapping[str, Any]) -> Fragment:
    """The fragment of a dataset as anybody may see it. Never raises: what cannot be written is left out and named."""
    own = replace(context, dataset=str(record.get("id")), later=set(), problems=set())
    try:
        address = dataset_iri(record, own).value
        ntriples = to_ntriples(dataset_to_rdf(record, own, organization))
    except UNWRITABLE as error:
        return Fragment(
            f"{context.base}/dataset/{record.get('id')}", problem=f"{type(error).__name__}: {error}"[:500]
        )
    return Fragment(address, ntriples, frozenset(own.later or ()), " ".join(sorted(own.problems)))


def to_ntriples(triples: Iterable[Triple]) -> bytes:
    """Triples as N-Triples, each once, in a stable order."""
    written = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    # A line is a statement, and lines are sorted faster than triples.
    return b"".join(sorted(set(written.splitlines(keepends=True))))


def describe(keys: Iterable[str], context: Context) -> bytes:
    """The descriptions of all concepts that fragments speak of, as N-Triples."""
    return to_ntriples(describe_later(keys, replace(context, described=set(), later=None)))
