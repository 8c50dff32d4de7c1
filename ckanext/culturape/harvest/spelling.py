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
    known: dict[NamedNode, NamedNode | None] = {}
    respelled = [_respelled(triple, known) for triple in triples]
    if not any((now or term).value.startswith(_DC) for term, now in known.items()):
        return respelled
    stated = {(t.subject, t.predicate.value) for t in respelled if t.predicate.value.startswith(_DCT)}
    return [_from_elements(triple, stated) for triple in respelled]


def _respelled(triple: Triple, known: dict[NamedNode, NamedNode | None]) -> Triple:
    """The triple with terms of today; the very same one when it has no others, since most are so and making one takes time."""
    predicate, kind = triple.predicate, None
    term = _today(predicate, known)
    if (term or predicate) == RDF_TYPE and isinstance(triple.object, NamedNode):
        kind = _today(triple.object, known)
    if term is None and kind is None:
        return triple
    return Triple(triple.subject, term or predicate, kind or triple.object)


def _today(term: NamedNode, known: dict[NamedNode, NamedNode | None]) -> NamedNode | None:
    """The term that an old one stands for; ``None`` for one of today."""
    if term not in known:
        old = next((start for start in OLD if term.value.startswith(start)), "")
        known[term] = NamedNode(OLD[old] + term.value[len(old) :]) if old else None
    return known[term]


def _from_elements(triple: Triple, stated: Container[tuple[object, str]]) -> Triple:
    name = triple.predicate.value
    if not name.startswith(_DC):
        return triple
    term = _DCT + name[len(_DC) :]
    return (
        triple if (triple.subject, term) in stated else Triple(triple.subject, NamedNode(term), triple.object)
    )
