"""What would a source give? Read in a process of its own, writing nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, cast

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.adapters.report import Refused
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.residue import MOST, Residue, digest, emit
from ckanext.culturape.intake import cell
from ckanext.culturape.intake.fetch import fetch
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.messages import translator
from ckanext.culturape.rdf.fragment import statements_of, to_ntriples
from ckanext.culturape.rdf.terms import Context, Triples
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.pack import load_vocabulary

#: A page of a catalogue needs a fraction of this memory; what needs more is not one that we would read in one piece.
LIMITS = Limits(memory=300_000_000)


@dataclass(frozen=True, slots=True)
class Site:
    """What the reading must know of the site.

    Attributes:
        base: address of the portal.
        vocabulary_base, pack: of the vocabularies.
        default_language: of texts that do not say theirs.
        language: in which reasons are given.
        most: characters of residue that are kept of a dataset.
        allowed: beginnings of addresses inside the house that may be fetched.
    """

    base: str
    vocabulary_base: str
    pack: str
    default_language: str
    language: str
    most: int = MOST
    allowed: tuple[str, ...] = ()


def preview(
    site: Site, address: str = "", content: bytes = b"", name: str = "", limits: Limits = LIMITS
) -> dict[str, Any]:
    """What a document gives that is given, or that stands at an address.

    Gives ``datasets`` (``uri``, ``title``, ``fields``, ``residue`` as lines of N-Triples), ``refused`` (``uri``, ``field``, ``value``,
    ``reason``), ``error`` (``None``, or why nothing could be read), and ``export``, the N-Triples that would be exported again.
    """
    arguments = {"site": asdict(site), "address": address, "name": name}
    try:
        return cell.run(f"{__name__}:examine", arguments, content, limits)
    except Fault as fault:
        error = fault.text(translator(site.language))
        return {"datasets": [], "refused": [], "error": error, "export": ""}


def examine(arguments: Mapping[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    """The same, here and now. Raises: Fault when nothing can be read."""
    site = Site(**arguments["site"])
    kind, address = "", str(arguments.get("name") or "")
    if arguments.get("address"):
        fetched = fetch(str(arguments["address"]), limits, site.allowed)
        content, kind, address = fetched.content, fetched.content_type, fetched.address
    adapted = to_dcat(content, kind, address, limits)
    context = Context(load_vocabulary(site.vocabulary_base, site.pack), site.base, "", site.default_language)
    readings = list(read_document(adapted.ntriples, context, site.most))
    return {
        "datasets": [_told(reading, context, site) for reading in readings if not reading.is_refused],
        "refused": [*_unusable(adapted.errors, site), *_refused(readings, site)],
        "error": None,
        "export": to_ntriples(
            triple for reading in readings for triple in exported(reading, context)
        ).decode(),
    }


def exported(reading: Reading, context: Context) -> Triples:
    """What would be exported of a dataset once it were in the catalogue: the record, and the residue as far as care allows."""
    if reading.is_refused:
        return
    record = as_stored(reading)
    own = replace(context, dataset=record["id"])
    yield from statements_of(record, own, {}, {"residue": partial(emit, reading.residue, record)})


def as_stored(reading: Reading) -> Record:
    """The record with the identifiers that it needs to be written; those of a portal would be others."""
    key = digest(reading.uri)
    given = cast("list[Record]", reading.record.get("resources") or [])
    resources = [{**resource, "id": f"{key}-{n}"} for n, resource in enumerate(given)]
    return {**reading.record, "id": key, "resources": resources}


def _told(reading: Reading, context: Context, site: Site) -> dict[str, Any]:
    return {
        "uri": reading.uri,
        "title": reading.title(site.language),
        "fields": reading.record,
        "residue": list(_lines(reading.residue, as_stored(reading), context)),
    }


def _lines(residue: Residue, record: Record, context: Context) -> Iterator[str]:
    """The statements of a residue as they would be written if care held nothing back."""
    free = {**record, "sensitivity": ["ninguna"], "people": [], "access_level": "abierto"}
    unbound = replace(residue, values={}, groups=tuple(replace(group, fields=()) for group in residue.groups))
    yield from to_ntriples(emit(unbound, free, replace(context, dataset=record["id"]))).decode().splitlines()


def _unusable(errors: Iterable[Refused], site: Site) -> Iterator[dict[str, str]]:
    """What the adapter of the family left out."""
    say = translator(site.language)
    for error in errors:
        yield {"uri": error.uri, "field": error.field, "value": error.value, "reason": error.fault.text(say)}


def _refused(readings: Iterable[Reading], site: Site) -> Iterator[dict[str, str]]:
    say = translator(site.language)
    for reading in readings:
        for fault in reading.faults:
            place = fault.field if fault.resource is None else f"resources/{fault.resource}/{fault.field}"
            yield {"uri": reading.uri, "field": place, "value": _value(fault), "reason": fault.text(say)}


def _value(fault: Fault) -> str:
    """The value that a fault is about, also of a part of a composite."""
    inner = fault.params.get("reason")
    return _value(inner) if isinstance(inner, Fault) else str(fault.params.get("value", ""))
