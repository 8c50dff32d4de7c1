"""What does a document state? Any serialisation of RDF, recognised by what it holds, read within limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.decode import decode
from ckanext.culturape.intake.jsonld import read_json
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.mend import fault_of, mended, normal
from ckanext.culturape.intake.sniff import refuse_dtd, sniff

NAMES = {
    RdfFormat.RDF_XML: "RDF/XML", RdfFormat.JSON_LD: "JSON-LD", RdfFormat.TRIG: "Turtle", RdfFormat.N_QUADS: "N-Quads",
}  # fmt: skip
#: What the parser says of a document that breaks off.
_END = "Unexpected end"
#: What relative addresses of a document without a place are read against; never shown to people.
BASE = "https://example.invalid/"


class Parsed(NamedTuple):
    """What was read.

    Attributes:
        ntriples: the statements of all graphs.
        triples: how many.
        format: name of the serialisation.
        errors: what could not be read, in the words of the parser, with lines; at most ``limits.errors``.
        more: whether there are more of them.
        is_whole: whether no fault of syntax stood in the way; if one did, statements may be missing.
        is_cut: whether it was not read to its end, because it breaks off or its parser cannot go on after a fault.
    """

    ntriples: bytes
    triples: int
    format: str
    errors: tuple[str, ...]
    more: bool = False
    is_whole: bool = True
    is_cut: bool = False


class _Faults:
    """Different faults, as many as are told.

    Those of syntax end the reading once there are too many, since each costs time; statements that cannot be used are passed over.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.told: dict[str, None] = {}
        self.more = False
        self.is_whole = True
        self.is_cut = False

    def add_syntax(self, fault: str) -> bool:
        """Keep a fault after which statements may be missing. Returns the same as ``add``."""
        self.is_whole = False
        self.is_cut = self.is_cut or _END in fault
        return self.add(fault)

    def add(self, fault: str) -> bool:
        """Keep a fault. Returns whether it is a new one and there was room."""
        if fault in self.told:
            return False
        if len(self.told) >= self.most:
            self.more = True
            return False
        self.told[fault] = None
        return True


class Statements(NamedTuple):
    """The same before it is written down.

    Attributes:
        triples: each once, in the order of the document.
        form: the serialisation.
        errors, more, is_whole, is_cut: as in ``Parsed``.
    """

    triples: list[Triple]
    form: RdfFormat
    errors: tuple[str, ...]
    more: bool
    is_whole: bool
    is_cut: bool


def parse_document(
    content: bytes,
    content_type: str = "",
    address: str = "",
    limits: Limits | None = None,
    *,
    mend: bool = False,
) -> Parsed:
    """The statements of a document as N-Triples; see ``read_statements``."""
    read = read_statements(content, content_type, address, limits, mend=mend)
    ntriples = serialize(read.triples, format=RdfFormat.N_TRIPLES) or b""
    return Parsed(
        ntriples, len(read.triples), NAMES[read.form], read.errors, read.more, read.is_whole, read.is_cut
    )


def read_statements(
    content: bytes,
    content_type: str = "",
    address: str = "",
    limits: Limits | None = None,
    *,
    mend: bool = False,
    form: RdfFormat | None = None,
) -> Statements:
    """The statements of a document.

    Args:
        content: bytes in any usual encoding.
        content_type: as a server declares it; the content counts more.
        address: where it was found; relative addresses are read against it.
        limits: bounds.
        mend: write what an address may not hold as addresses write it, and leave out a tag that is none, where a statement would
            else be left out; the errors name it all the same.
        form: the serialisation, where somebody knows it better.

    Raises: Fault when nothing can be read, or more than the limits allow.
    """
    bounds = limits or Limits()
    text = decode(content, content_type)
    form = sniff(text, content_type, address, form)
    if form == RdfFormat.RDF_XML:
        refuse_dtd(text)
    if form == RdfFormat.JSON_LD:
        text = read_json(text, bounds)
    faults = _Faults(bounds.errors)
    triples = dict.fromkeys(_triples(_quads(text, form, address, faults), bounds, faults, mend=mend))
    if not triples:
        reason = next(iter(faults.told), "")
        raise Fault(N_("It holds no statement of RDF that can be read. %(reason)s"), {"reason": reason})
    is_cut = faults.is_cut or (form == RdfFormat.RDF_XML and not faults.is_whole)
    return Statements(list(triples), form, tuple(faults.told), faults.more, faults.is_whole, is_cut)


def _triples(quads: Iterator[Quad], limits: Limits, faults: _Faults, *, mend: bool) -> Iterator[Triple]:
    known: set[Any] = set()
    for count, quad in enumerate(quads, 1):
        if count > limits.triples:
            raise Fault(
                N_("The document holds more than %(number)s statements, the limit of this site."),
                {"number": limits.triples},
            )
        fault = fault_of(quad.triple, known)
        if fault:
            faults.add(fault)
        triple = (mended(quad.triple) if mend else None) if fault else normal(quad.triple)
        if triple:
            yield triple


def _quads(text: str, form: RdfFormat, address: str, faults: _Faults) -> Iterator[Quad]:
    """Statement by statement; parsers of lines go on after a fault, the others end there."""
    try:
        # Lenient, so that a statement with an invalid address is named by us rather than dropped in silence.
        parser = parse(text, format=form, base_iri=address or BASE, lenient=True)
    except (SyntaxError, ValueError) as error:
        faults.add_syntax(str(error))
        return
    while True:
        try:
            yield next(parser)
        except StopIteration:
            return
        except (SyntaxError, ValueError) as error:
            if not faults.add_syntax(str(error)):
                return
