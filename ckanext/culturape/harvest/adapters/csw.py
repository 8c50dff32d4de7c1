"""RDF in answers of a catalogue service (CSW 2.0.2 and 3.0), as GeoNetwork gives it for ``outputSchema=http://www.w3.org/ns/dcat#``.

Records of other schemas are named and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pyoxigraph import Triple

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.adapters.markup import children, name_of, source_of, xml_root
from ckanext.culturape.harvest.adapters.rdf import statements
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.namespaces import PREFIXES
from ckanext.culturape.rdf.terms import plain

RESPONSES = frozenset({"GetRecordsResponse", "GetRecordByIdResponse", "ExceptionReport"})

#: The beginning of such an answer.
LOOKS_LIKE = re.compile(r"<(?:[\w.-]+:)?(?:GetRecordsResponse|GetRecordByIdResponse|ExceptionReport)\b")

_MATCHED = "numberOfRecordsMatched"
_DIGITS = re.compile(r"[0-9]{1,9}")
_RDF, _DCAT = PREFIXES["rdf"], PREFIXES["dcat"]


def to_dcat(text: str, place: Place, limits: Limits) -> tuple[Iterator[Triple], tuple[str, ...], int | None]:
    """The statements of all records, the address of the next page, and how many records there are in all. Raises: Fault."""
    root = xml_root(text)
    if name_of(root)[1] == "ExceptionReport":
        raise Fault(
            N_("The catalogue service answers with an error: %(reason)s"),
            {"reason": plain(" ".join("".join(root.itertext()).split()))[:500]},
        )
    found = [child for child in children(root) if name_of(child)[1] == "SearchResults"]
    results = found[0] if found else root
    matched = results.get(_MATCHED)
    total = _number(matched) if _DIGITS.fullmatch(str(matched).strip()) else None
    return _statements(results, place, limits), next_page(results, place.report.address), total


def _statements(results: Any, place: Place, limits: Limits) -> Iterator[Triple]:
    for position, record in enumerate(children(results)):
        here = place.at("record").at(position)
        space, name = name_of(record)
        if space not in {_RDF, _DCAT}:
            message = N_("The record is in the schema %(schema)s; ask the service for DCAT.")
            here.lose(name, message, {"schema": space or name})
            continue
        try:
            # Records may use the same names for nodes without address.
            yield from statements(_document(record, space), "application/rdf+xml", here, limits, rename=True)
        except Fault as fault:
            here.lose("", N_("The record cannot be read: %(reason)s"), {"reason": fault})


def _document(record: Any, space: str) -> bytes:
    """A record as a document of RDF/XML, whether it is one or only an element of one."""
    source = source_of(record)
    return source if space == _RDF else b'<rdf:RDF xmlns:rdf="%s">%s</rdf:RDF>' % (_RDF.encode(), source)


def next_page(results: Any, address: str) -> tuple[str, ...]:
    """The address of the records that follow, told by ``nextRecord`` or by how many there are in all."""
    counts = {
        name: _number(results.get(name)) for name in ("nextRecord", _MATCHED, "numberOfRecordsReturned")
    }
    try:
        parts = urlsplit(address)
    except ValueError:
        return ()
    query = parse_qsl(parts.query, keep_blank_values=True)
    start = next((_number(value) for name, value in query if name.lower() == "startposition"), 0) or 1
    follows = counts["nextRecord"]
    if results.get("nextRecord") is None:
        follows = start + counts["numberOfRecordsReturned"]
    if not parts.scheme or not start < follows <= counts[_MATCHED]:
        return ()
    kept = [(name, value) for name, value in query if name.lower() != "startposition"]
    return (
        urlunsplit(parts._replace(query=urlencode([*kept, ("startPosition", str(follows))]), fragment="")),
    )


def _number(text: Any) -> int:
    return int(text) if text is not None and _DIGITS.fullmatch(str(text).strip()) else 0
