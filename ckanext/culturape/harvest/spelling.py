"""Which of today's terms does an old or misspelled one stand for? Terms only: addresses of things stay as they are."""

from __future__ import annotations

from collections.abc import Container, Iterable

from pyoxigraph import NamedNode, Triple

from ckanext.culturape.namespaces import RDF_TYPE, READ_PREFIXES

_DC, _DCT = READ_PREFIXES["dc"], READ_PREFIXES["dct"]


def _other_scheme(address: str) -> str:
    """The same address with https for http, or the other way round."""
    return (
        address.replace("https://", "http://", 1)
        if address[4] == "s"
        else address.replace("http://", "https://", 1)
    )


#: Beginnings of terms that stand for others: https for http, and namespaces that DCAT once had.
OLD = {
    **{_other_scheme(address): address for address in READ_PREFIXES.values()},
    "http://vocab.deri.ie/dcat#": READ_PREFIXES["dcat"],
    "http://www.w3.org/TR/vocab-dcat#": READ_PREFIXES["dcat"],
    "http://www.w3.org/TR/vocab-dcat/": READ_PREFIXES["dcat"],
}


def respell(triples: Iterable[Triple]) -> list[Triple]:
    """The statements with predicates and classes of today.

    The elements of Dublin Core (``dc:``) are read as the terms of the same name (``dct:``), where the subject does not
    state that term as well.
    """
    known: dict[NamedNode, NamedNode] = {}
    respelled = [_respelled(triple, known) for triple in triples]
    stated = {(t.subject, t.predicate.value) for t in respelled if t.predicate.value.startswith(_DCT)}
    return [_from_elements(triple, stated) for triple in respelled]


def _respelled(triple: Triple, known: dict[NamedNode, NamedNode]) -> Triple:
    predicate = _term(triple.predicate, known)
    is_class = predicate == RDF_TYPE and isinstance(triple.object, NamedNode)
    return Triple(triple.subject, predicate, _term(triple.object, known) if is_class else triple.object)  # type: ignore[arg-type]


def _term(term: NamedNode, known: dict[NamedNode, NamedNode]) -> NamedNode:
    if term not in known:
        old = next((start for start in OLD if term.value.startswith(start)), "")
        known[term] = NamedNode(OLD[old] + term.value[len(old) :]) if old else term
    return known[term]


def _from_elements(triple: Triple, stated: Container[tuple[object, str]]) -> Triple:
    name = triple.predicate.value
    if not name.startswith(_DC):
        return triple
    term = _DCT + name[len(_DC) :]
    return (
        triple if (triple.subject, term) in stated else Triple(triple.subject, NamedNode(term), triple.object)
    )
