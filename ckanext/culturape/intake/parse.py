"""What does a document state? Any serialisation of RDF, recognised by what it holds, read within limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.decode import decode
from ckanext.culturape.intake.jsonld import read_json
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.mend import mended

#: By media type or by suffix, where the content alone does not tell. All else is read as TriG, which Turtle and N-Triples are part of.
_DECLARED = {"application/n-quads": RdfFormat.N_QUADS, "nq": RdfFormat.N_QUADS}
NAMES = {
    RdfFormat.RDF_XML: "RDF/XML", RdfFormat.JSON_LD: "JSON-LD", RdfFormat.TRIG: "Turtle", RdfFormat.N_QUADS: "N-Quads",
}  # fmt: skip
#: Brackets begin statements of Turtle and TriG as well.
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{]")
_BASE = "https://example.invalid/"
_HEAD = 2_000


class Parsed(NamedTuple):
    """What was read.

    Attributes:
        ntriples: the statements of all graphs.
        triples: how many.
        format: name of the serialisation.
        errors: what could not be read, in the words of the parser, with lines.
        is_whole: whether the parser came to the end without a fault of syntax; if not, statements may be missing.
    """

    ntriples: bytes
    triples: int
    format: str
    errors: tuple[str, ...]
    is_whole: bool = True


def parse_document(
    content: bytes,
    content_type: str = "",
    address: str = "",
    limits: Limits | None = None,
    *,
    mend: bool = False,
) -> Parsed:
    """The statements of a document.

    Args:
        content: bytes in any usual encoding.
        content_type: as a server declares it; the content counts more.
        address: where it was found; relative addresses are read against it.
        limits: bounds.
        mend: write what an address may not hold as addresses write it, and leave out a tag that is none, where a statement would
            else be left out; the errors name it all the same.

    Raises: Fault when nothing can be read, or more than the limits allow.
    """
    bounds = limits or Limits()
    text = decode(content, content_type)
    form = sniff(text, content_type, address)
    if form == RdfFormat.RDF_XML:
        refuse_dtd(text)
    if form == RdfFormat.JSON_LD:
        text = read_json(text, bounds)
    log = _Log()
    triples = dict.fromkeys(_triples(_quads(text, form, address, bounds, log), bounds, log, mend=mend))
    if not triples:
        reason = log.errors[0] if log.errors else ""
        raise Fault(N_("It holds no statement of RDF that can be read. %(reason)s"), {"reason": reason})
    return Parsed(
        serialize(triples, format=RdfFormat.N_TRIPLES) or b"",
        len(triples),
        NAMES[form],
        tuple(log.errors),
        not log.syntax,
    )


def sniff(text: str, content_type: str = "", address: str = "") -> RdfFormat:
    """The serialisation of a text. Raises: Fault for an empty one and for a web page."""
    head = text[:_HEAD].lstrip()
    if not head:
        raise Fault(N_("The document is empty."))
    if _JSON.match(head):
        return RdfFormat.JSON_LD
    if head.lower().startswith(("<!doctype html", "<html")) or (head[0] == "<" and "<html" in head.lower()):
        raise Fault(
            N_("This is a web page, not a description in RDF. Give the address of the description itself.")
        )
    if head.startswith(("<?xml", "<!--", "<!DOCTYPE", "<rdf:", "<RDF")) or "rdf:RDF" in head:
        return RdfFormat.RDF_XML
    return _declared(content_type, address)


def _declared(content_type: str, address: str) -> RdfFormat:
    media_type = content_type.partition(";")[0].strip().lower()
    suffix = address.partition("?")[0].rpartition(".")[2].lower()
    return _DECLARED.get(media_type) or _DECLARED.get(suffix) or RdfFormat.TRIG


def refuse_dtd(text: str) -> None:
    """Entities of a DTD may grow without end or read files; RDF/XML needs none. Raises: Fault."""
    rest = text.lstrip()
    while rest.startswith(("<?", "<!--")):
        end = "?>" if rest.startswith("<?") else "-->"
        rest = rest.partition(end)[2].lstrip()
    if rest[:9].upper() == "<!DOCTYPE":
        raise Fault(
            N_(
                "The document declares a DTD, which this site does not read: write prefixes and addresses in full."
            )
        )


@dataclass(slots=True)
class _Log:
    """What could not be read: faults of syntax, after which statements may be missing, and statements that are none."""

    syntax: int = 0
    errors: list[str] = field(default_factory=list[str])

    def note(self, fault: str, limits: Limits) -> None:
        """Keep the words of a fault, each once, as many as the limits allow."""
        if len(self.errors) < limits.errors and fault not in self.errors:
            self.errors.append(fault)


def _triples(quads: Iterator[Quad], limits: Limits, log: _Log, *, mend: bool) -> Iterator[Triple]:
    for count, quad in enumerate(quads, 1):
        if count > limits.triples:
            raise Fault(
                N_("The document holds more than %(number)s statements, the limit of this site."),
                {"number": limits.triples},
            )
        fault = _fault(quad)
        if fault:
            log.note(fault, limits)
        triple = (mended(quad.triple) if mend else None) if fault else quad.triple
        if triple:
            yield triple


def _fault(quad: Quad) -> str:
    """Why a statement cannot be used: an address with a space is none, however often it is written."""
    for term in (quad.subject, quad.predicate, quad.object, getattr(quad.object, "datatype", None)):
        if isinstance(term, Triple):
            return f"{quad.predicate}: a statement about a statement"
        try:
            if isinstance(term, NamedNode):
                NamedNode(term.value)
            elif isinstance(term, Literal) and term.language:
                Literal("", language=term.language)
        except ValueError as error:
            return f"{quad.predicate} {str(term)[:200]}: {error}"
    return ""


def _quads(text: str, form: RdfFormat, address: str, limits: Limits, log: _Log) -> Iterator[Quad]:
    """Statement by statement; some parsers go on after a fault, the others end there."""
    is_json = form == RdfFormat.JSON_LD
    try:
        parser = parse(text, format=form, base_iri=address or _BASE, lenient=True)
    except (SyntaxError, ValueError) as error:
        log.syntax += 1
        log.note(str(error), limits)
        return
    while log.syntax < limits.errors:
        try:
            quad = next(parser)
        except StopIteration:
            return
        except (SyntaxError, ValueError) as error:
            log.syntax += 1
            log.note(str(error), limits)
            continue
        # A name that no context explains says nothing (JSON-LD 1.1, section 5.1.2 of the API).
        if not is_json or ":" in quad.predicate.value:
            yield quad
