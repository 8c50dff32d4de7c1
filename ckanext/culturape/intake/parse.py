"""What does a document state? Any serialisation of RDF, recognised by what it holds, read within limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.decode import decode
from ckanext.culturape.intake.jsonld import read_json
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.mend import forgiving, mended_term

#: By media type or by suffix, where the content alone does not tell. All else is read as TriG, which Turtle and N-Triples are part of.
_DECLARED = {"application/n-quads": RdfFormat.N_QUADS, "nq": RdfFormat.N_QUADS}
NAMES = {
    RdfFormat.RDF_XML: "RDF/XML", RdfFormat.JSON_LD: "JSON-LD", RdfFormat.TRIG: "Turtle", RdfFormat.N_QUADS: "N-Quads",
}  # fmt: skip
#: Brackets begin statements of Turtle and TriG as well.
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{]")
_BASE = "https://example.invalid/"
_HEAD = 2_000
#: Mended addresses that are told of.
_MENDED = 200


class Parsed(NamedTuple):
    """What was read.

    Attributes:
        ntriples: the statements of all graphs.
        triples: how many.
        format: name of the serialisation.
        errors: what could not be read, in the words of the parser, with lines.
        mended: statements with an address that is none, which were read with its characters encoded: subject, predicate, the
            address as it was written.
    """

    ntriples: bytes
    triples: int
    format: str
    errors: tuple[str, ...]
    mended: tuple[tuple[str, str, str], ...] = ()


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
        mend: read statements whose addresses hold what no address may, such as spaces, with those characters encoded, instead of
            leaving them out.

    Raises: Fault when nothing can be read, or more than the limits allow.
    """
    bounds = limits or Limits()
    text = decode(content, content_type)
    form = sniff(text, content_type, address)
    if form == RdfFormat.RDF_XML:
        _refuse_dtd(text)
    if form == RdfFormat.JSON_LD:
        text = read_json(text, bounds)
    errors: list[str] = []
    mended: list[tuple[str, str, str]] = []
    quads = _quads(text, form, address, bounds, errors, is_lenient=mend or form != RdfFormat.JSON_LD)
    triples = dict.fromkeys(_triples(quads, bounds, errors, mended if mend else None))
    if errors and mend and form == RdfFormat.RDF_XML:
        triples, errors = _read_again(text, address, bounds, triples, errors)
    if not triples:
        reason = errors[0] if errors else ""
        raise Fault(N_("It holds no statement of RDF that can be read. %(reason)s"), {"reason": reason})
    written = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return Parsed(written, len(triples), NAMES[form], tuple(errors), tuple(mended))


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


def _refuse_dtd(text: str) -> None:
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


def _read_again(
    text: str, address: str, limits: Limits, triples: dict[Triple, None], errors: list[str]
) -> tuple[dict[Triple, None], list[str]]:
    """What a parser that forgives more reads of RDF/XML, when it reads as much: some catalogues write text beside ``rdf:resource``."""
    found = dict.fromkeys(forgiving(text, address or _BASE, limits.triples))
    return (found, []) if len(found) >= len(triples) else (triples, errors)


def _triples(
    quads: Iterator[Quad], limits: Limits, errors: list[str], mended: list[tuple[str, str, str]] | None
) -> Iterator[Triple]:
    for count, quad in enumerate(quads, 1):
        if count > limits.triples:
            raise Fault(
                N_("The document holds more than %(number)s statements, the limit of this site."),
                {"number": limits.triples},
            )
        fault = _fault(quad)
        whole = quad.triple if not fault else None if mended is None else _mended(quad, mended)
        if whole is not None:
            yield whole
        elif len(errors) < limits.errors and fault not in errors:
            errors.append(fault)


def _mended(quad: Quad, mended: list[tuple[str, str, str]]) -> Triple | None:
    """The statement with its addresses encoded; ``None`` when that does not help."""
    try:
        terms = [mended_term(term) for term in (quad.subject, quad.predicate, quad.object)]
    except (TypeError, ValueError):
        return None
    for before, after in zip((quad.subject, quad.predicate, quad.object), terms, strict=True):
        if before != after and len(mended) < _MENDED:
            mended.append(
                (
                    str(getattr(terms[0], "value", "")),
                    terms[1].value,
                    getattr(before, "value", str(before))[:500],
                )
            )
    return Triple(*terms)


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


def _quads(
    text: str, form: RdfFormat, address: str, limits: Limits, errors: list[str], *, is_lenient: bool
) -> Iterator[Quad]:
    """Statement by statement; parsers of lines go on after a fault, the others end there."""
    try:
        parser = parse(text, format=form, base_iri=address or _BASE, lenient=is_lenient)
    except (SyntaxError, ValueError) as error:
        errors.append(str(error))
        return
    while len(errors) < limits.errors:
        try:
            yield next(parser)
        except StopIteration:
            return
        except (SyntaxError, ValueError) as error:
            if str(error) in errors:
                return
            errors.append(str(error))
