"""Of which family is a document, and what does it say in DCAT? The one entry to all adapters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from pyoxigraph import RdfFormat, Triple, serialize

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.adapters import csw, data_json, dkan, dkan_pages, hydra, rdf, schema_org
from ckanext.culturape.harvest.adapters.document import (
    HEAD,
    Document,
    is_data_json,
    is_page,
    json_of,
    too_deep,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.lenient import mapping
from ckanext.culturape.harvest.adapters.markup import scripts
from ckanext.culturape.harvest.adapters.report import Place, Refused, Report
from ckanext.culturape.intake.decode import decode
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.sniff import form_of
from ckanext.culturape.rdf.terms import plain

RDF, DATA_JSON, SCHEMA_ORG, HTML, CSW, CKAN = "rdf", "data.json", "schema.org", "html", "csw", "ckan"

_JSON_LD = "application/ld+json"


class Adapted(NamedTuple):
    """What a document says, in DCAT.

    Attributes:
        triples: the statements, each once, with the names of blank nodes of this document.
        family: one of ``rdf``, ``data.json``, ``schema.org``, ``html``, ``csw``, ``ckan``.
        next: addresses of the documents that follow, absolute; whoever reads them knows which were read.
        errors: what was left out, where, and why.
        is_whole: whether no dataset was lost on the way; if one was, none may be taken for deleted at the source.
        total: datasets that the whole source says it has, ``None`` when it says nothing.
    """

    triples: list[Triple]
    family: str
    next: tuple[str, ...]
    errors: tuple[Refused, ...]
    is_whole: bool = True
    total: int | None = None

    @property
    def ntriples(self) -> bytes:
        """The statements as a document."""
        return serialize(self.triples, format=RdfFormat.N_TRIPLES) or b""


class _Read(NamedTuple):
    family: str
    triples: Iterator[Triple]
    next: tuple[str, ...] = ()
    total: int | None = None


def to_dcat(
    content: bytes,
    content_type: str = "",
    address: str = "",
    limits: Limits | None = None,
    *,
    format: str = "",
    profile: str = "",
) -> Adapted:
    """What a document of any family says, in DCAT.

    Args:
        content: bytes in any usual encoding.
        content_type: as its server declares it; the content counts more.
        address: where it was found.
        limits: bounds.
        format: suffix or media type of the serialisation, when it is known better than from document and server.
        profile: the family, when the document shall be of that and no other.

    Raises: Fault, and nothing else, when nothing can be read, when it is of another family, or when there is more than the limits allow.
    """
    bounds = limits or Limits()
    report = Report(plain(address))
    text = decode(content, content_type)
    document = Document(content, text, content_type, bounds, Place(report), form_of(format))
    try:
        read = _as(profile, document) if profile else _read(document)
        triples = _bounded(read.triples, bounds)
    except RecursionError:
        raise too_deep(bounds) from None
    return Adapted(triples, read.family, read.next, tuple(report.refused), report.is_whole, read.total)


def _bounded(triples: Iterator[Triple], limits: Limits) -> list[Triple]:
    found: dict[Triple, None] = {}
    for triple in triples:
        found[triple] = None
        if len(found) > limits.triples:
            raise Fault(
                N_("The document holds more than %(number)s statements, the limit of this site."),
                {"number": limits.triples},
            )
    return list(found)


def _read(document: Document) -> _Read:
    """A document of the family that it seems to be of."""
    head = document.text[:HEAD].lstrip()
    is_plain = document.form not in {None, RdfFormat.JSON_LD, RdfFormat.RDF_XML}
    if not is_plain and head[:1] in {"{", "["} and (value := json_of(document)) is not None:
        return _json_family(value, document)
    if document.form is None and is_page(head):
        return _page(document)
    if not is_plain and csw.LOOKS_LIKE.search(head):
        return _csw(document)
    return _rdf(document)


def _as(profile: str, document: Document) -> _Read:
    """A document of the family that it has to be of. Raises: Fault when it is not."""
    if profile in {RDF, HTML}:
        return _rdf(document) if profile == RDF else _page(document)
    if profile == CSW and csw.LOOKS_LIKE.search(document.text):
        return _csw(document)
    value = None if profile == CSW else json_of(document)
    if profile == CKAN and {"result", "success"} & set(mapping(value)):
        return _ckan(value, document)
    if profile == DATA_JSON and (isinstance(value, list) or "dataset" in mapping(value)):
        return _Read(DATA_JSON, data_json.to_dcat(value, document.place))
    if profile == SCHEMA_ORG and (nodes := schema_org.nodes_of(value, document.place.report.address)):
        return _Read(SCHEMA_ORG, schema_org.to_dcat(nodes, document.place))
    raise Fault(
        N_("The document is not of the family “%(family)s”, which was chosen for it."), {"family": profile}
    )


def _json_family(value: Any, document: Document) -> _Read:
    facts, place = mapping(value), document.place
    if "result" in facts and ("success" in facts or "help" in facts):
        return _ckan(value, document)
    nodes = schema_org.nodes_of(value, place.report.address)
    if nodes:
        return _Read(SCHEMA_ORG, schema_org.to_dcat(nodes, place))
    if is_data_json(value):
        return _Read(DATA_JSON, data_json.to_dcat(value, place))
    return _rdf(document)


def _page(document: Document) -> _Read:
    """The descriptions in a web page, each block of JSON-LD for itself. Raises: Fault for a page without one."""
    found: list[Iterator[Triple]] = []
    for position, script in enumerate(scripts(document.text, _JSON_LD)):
        place = document.place.at("script").at(position)
        block = Document(script.encode("utf-8", "replace"), script, _JSON_LD, document.limits, place)
        try:
            value = json_of(block)
            if value is None:
                place.unfit(script, N_("a description in JSON"))
            elif nodes := schema_org.nodes_of(value, place.report.address):
                found.append(schema_org.to_dcat(nodes, place))
        except Fault as fault:
            place.lose(script, N_("It cannot be read: %(reason)s"), {"reason": fault})
    if not found:
        raise Fault(
            N_("This web page describes no dataset in a way that machines read (JSON-LD of schema.org).")
        )
    return _Read(HTML, chain.from_iterable(found))


def _ckan(value: Any, document: Document) -> _Read:
    triples, pages = dkan.to_dcat(value, document.place)
    return _Read(CKAN, triples, pages, dkan_pages.total_of(value))


def _csw(document: Document) -> _Read:
    triples, pages, total = csw.to_dcat(document.text, document.place, document.limits)
    return _Read(CSW, triples, pages, total)


def _rdf(document: Document) -> _Read:
    address = document.place.report.address
    triples = rdf.statements(
        document.content, document.content_type, document.place, document.limits, form=document.form
    )
    pages = hydra.next_pages(triples, address, document.place)
    return _Read(RDF, iter(triples), pages, hydra.total_of(triples))
