"""In which serialisation is a text written? What it holds counts more than what is declared of it."""

from __future__ import annotations

import re

from pyoxigraph import RdfFormat

from ckanext.culturape.errors import N_, Fault

#: By media type or by suffix, where the content alone does not tell. All else is read as TriG, which Turtle and N-Triples are part of.
_DECLARED = {"application/n-quads": RdfFormat.N_QUADS, "nq": RdfFormat.N_QUADS}

#: Serialisations with a parser of their own; the others are part of TriG.
_STRICT = frozenset({RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.N_QUADS})

#: Brackets begin statements of Turtle and TriG as well.
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{]")

#: An element with a namespace; an address of Turtle holds neither a space nor an equals sign.
_XML = re.compile(r"<([?!]|rdf:)|<[\w.:-]+\s+[\w.:-]+\s*=", re.IGNORECASE)
_WEB_PAGE = re.compile(r"(<\?.*?\?>\s*|<!--.*?-->\s*)*(<!doctype\s+html|<html)", re.IGNORECASE | re.DOTALL)

#: The parser takes declarations anywhere, even within the root, so they are looked for everywhere.
_DTD = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)

_HEAD = 2_000


def form_of(name: str) -> RdfFormat | None:
    """The serialisation of a suffix or media type, such as ``ttl`` or ``text/turtle``; ``None`` for what is none."""
    wanted = name.partition(";")[0].strip().lower()
    found = RdfFormat.from_media_type(wanted) or RdfFormat.from_extension(wanted)
    if wanted == "text/plain" or found is None:
        return None
    return found if found in _STRICT else RdfFormat.TRIG


def sniff(text: str, content_type: str = "", address: str = "", known: RdfFormat | None = None) -> RdfFormat:
    """The serialisation of a text, where it is not known. Raises: Fault for an empty one and for a web page."""
    head = text[:_HEAD].lstrip()
    if not head:
        raise Fault(N_("The document is empty."))
    if known is None and _JSON.match(head):
        return RdfFormat.JSON_LD
    if _WEB_PAGE.match(head):
        raise Fault(
            N_("This is a web page, not a description in RDF. Give the address of the description itself.")
        )
    return known or (RdfFormat.RDF_XML if _XML.match(head) else _declared(content_type, address))


def _declared(content_type: str, address: str) -> RdfFormat:
    media_type = content_type.partition(";")[0].strip().lower()
    suffix = address.partition("?")[0].rpartition(".")[2].lower()
    return _DECLARED.get(media_type) or _DECLARED.get(suffix) or RdfFormat.TRIG


def refuse_dtd(text: str) -> None:
    """Entities of a DTD may grow without end or read files; RDF/XML needs none. Raises: Fault."""
    if _DTD.search(text):
        raise Fault(
            N_(
                "The document declares a DTD, which this site does not read: write prefixes and addresses in full."
            )
        )
