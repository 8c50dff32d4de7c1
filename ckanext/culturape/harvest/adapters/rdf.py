"""The statements of a document of RDF, mended where they are almost well formed."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.adapters.markup import without_doubled_texts
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.intake.decode import decode
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.parse import NAMES, Parsed, parse_document

#: Schemes of addresses that a browser runs or shows as a page of the site.
SCRIPTS = frozenset({"javascript", "vbscript", "data"})


def statements(
    content: bytes, content_type: str, place: Place, limits: Limits, *, rename: bool = False
) -> list[Triple]:
    """The statements of a document; what cannot be read is named at the place.

    Args:
        content: bytes in any usual encoding.
        content_type: as its server declares it.
        place: of the document; knows its address.
        limits: bounds.
        rename: give blank nodes other names, for documents whose statements are put together.

    Raises: Fault.
    """
    parsed = _parsed(content, content_type, place, limits)
    if not parsed.is_whole and parsed.format == NAMES[RdfFormat.RDF_XML]:
        parsed = _without_doubled(parsed, decode(content, content_type), place, limits)
    if parsed.is_cut:
        # Its last dataset may be half of what it is; better none than that.
        raise Fault(
            N_("The document cannot be read to its end: %(reason)s"),
            {"reason": parsed.errors[-1] if parsed.errors else ""},
        )
    for words in parsed.errors:
        note = place.refuse if parsed.is_whole else place.lose
        note("", N_("It cannot be read as it stands: %(reason)s"), {"reason": words})
    quads = parse(parsed.ntriples, format=RdfFormat.N_TRIPLES, rename_blank_nodes=rename)
    return [quad.triple for quad in quads if not _is_script(quad.triple, place)]


def _is_script(triple: Triple, place: Place) -> bool:
    """Whether a statement is about, or leads to, what a browser would run; it is then named at the place."""
    for term in (triple.subject, triple.object):
        scheme = term.value.partition(":")[0].lower() if isinstance(term, NamedNode) else ""
        if scheme in SCRIPTS:
            place.at(triple.predicate.value).refuse(
                term, N_("Addresses that begin with “%(scheme)s:” are not kept."), {"scheme": scheme}
            )
            return True
    return False


def _parsed(content: bytes, content_type: str, place: Place, limits: Limits) -> Parsed:
    return parse_document(content, content_type, place.report.address, limits, mend=True)


def _without_doubled(parsed: Parsed, text: str, place: Place, limits: Limits) -> Parsed:
    """The same document without the texts that stand beside addresses, as GeoNetwork writes them; as it was when it is no XML."""
    try:
        return _parsed(without_doubled_texts(text), "application/rdf+xml", place, limits)
    except Fault:
        return parsed
