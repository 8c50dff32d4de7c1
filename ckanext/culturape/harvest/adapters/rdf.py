"""The statements of a document of RDF, mended where they are almost well formed."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.adapters.markup import without_doubled_texts
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.intake.decode import decode
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.parse import Statements, read_statements

#: Schemes of addresses that a browser runs or shows as a page of the site.
SCRIPTS = frozenset({"javascript", "vbscript", "data"})


def statements(
    content: bytes,
    content_type: str,
    place: Place,
    limits: Limits,
    *,
    form: RdfFormat | None = None,
    rename: bool = False,
) -> list[Triple]:
    """The statements of a document; what cannot be read is named at the place.

    Args:
        content: bytes in any usual encoding.
        content_type: as its server declares it.
        place: of the document; knows its address.
        limits: bounds.
        form: the serialisation, where somebody knows it better.
        rename: give blank nodes other names, for documents whose statements are put together.

    Raises: Fault.
    """
    read = _read(content, content_type, place, limits, form)
    if not read.is_whole and read.form == RdfFormat.RDF_XML:
        read = _without_doubled(read, decode(content, content_type), place, limits)
    if read.is_cut:
        # Its last dataset may be half of what it is; better none than that.
        raise Fault(
            N_("The document cannot be read to its end: %(reason)s"),
            {"reason": read.errors[-1] if read.errors else ""},
        )
    for words in read.errors:
        note = place.refuse if read.is_whole else place.lose
        note("", N_("It cannot be read as it stands: %(reason)s"), {"reason": words})
    triples = _renamed(read.triples) if rename else read.triples
    return [triple for triple in triples if not _is_script(triple, place)]


def _renamed(triples: list[Triple]) -> list[Triple]:
    written = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return [q.triple for q in parse(written, format=RdfFormat.N_TRIPLES, rename_blank_nodes=True)]


def _is_script(triple: Triple, place: Place) -> bool:
    """Whether a statement is about, or leads to, what a browser would run; it is then named at the place."""
    for term in (triple.subject, triple.object):
        if isinstance(term, NamedNode) and not term.value.startswith("http"):
            scheme = term.value.partition(":")[0].lower()
            if scheme in SCRIPTS:
                place.at(triple.predicate.value).refuse(
                    term, N_("Addresses that begin with “%(scheme)s:” are not kept."), {"scheme": scheme}
                )
                return True
    return False


def _read(
    content: bytes, content_type: str, place: Place, limits: Limits, form: RdfFormat | None
) -> Statements:
    return read_statements(content, content_type, place.report.address, limits, mend=True, form=form)


def _without_doubled(read: Statements, text: str, place: Place, limits: Limits) -> Statements:
    """The same document without the texts that stand beside addresses, as GeoNetwork writes them; as it was when it is no XML."""
    try:
        return _read(without_doubled_texts(text), "application/rdf+xml", place, limits, RdfFormat.RDF_XML)
    except Fault:
        return read
