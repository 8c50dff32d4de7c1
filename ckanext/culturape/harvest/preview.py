"""What would a source give? Read in a process of its own, writing nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, cast

from ckanext.culturape.care.facts import SUBJECTS
from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.cautious import make_cautious
from ckanext.culturape.harvest.options import Options, read_options
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.residue import MOST, Residue, digest, emit
from ckanext.culturape.harvest.trail import Document, Trail, adapt, follow
from ckanext.culturape.intake import cell
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
    site: Site,
    address: str = "",
    content: bytes = b"",
    name: str = "",
    limits: Limits = LIMITS,
    pages: int = 1,
    options: str | None = None,
) -> dict[str, Any]:
    """What a document gives that is given, or that stands at an address.

    Args:
        site: what the reading must know of it.
        address: of the first page, to be fetched.
        content: a document that is given.
        name: the address that it would have.
        limits: for all pages together.
        pages: that are read at most of an address; of a document, one.
        options: of a source, as JSON that was checked; without them the document is read as it is.

    Gives ``datasets`` (``uri``, ``title``, ``fields``, ``residue`` as lines of N-Triples), ``refused`` (``uri``, ``field``, ``value``,
    ``reason``), ``error`` (``None``, or why nothing could be read), ``export``, the N-Triples that would be exported again, ``pages``,
    how many were read, ``more``, whether there are more, and ``family``, that of the first page.
    """
    arguments = {"site": asdict(site), "address": address, "name": name, "pages": pages, "options": options}
    try:
        return cell.run(f"{__name__}:examine", arguments, content, limits)
    except Fault as fault:
        return nothing(fault.text(translator(site.language)))


def nothing(error: str) -> dict[str, Any]:
    """The answer where nothing could be read."""
    return {
        "datasets": [],
        "refused": [],
        "error": error,
        "export": "",
        "pages": 0,
        "more": False,
        "family": "",
    }


def examine(arguments: Mapping[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    """The same, here and now. Raises: Fault when nothing can be read."""
    site = Site(**arguments["site"])
    options = read_options(arguments["options"]) if arguments.get("options") else None
    context = context_of(site, options)
    if arguments.get("address"):
        trail = follow(
            str(arguments["address"]), int(arguments.get("pages") or 1), limits, site.allowed, options
        )
    else:
        adapted = adapt(Document(content, "", str(arguments.get("name") or "")), limits, options)
        trail = Trail([adapted], bool(adapted.next))
    readings = list(_readings(trail, context, site, options))
    return {
        "datasets": [_told(reading, context, site) for reading in readings if not reading.is_refused],
        "refused": [*_unusable(trail, site), *_refused(readings, site)],
        "error": None,
        "export": to_ntriples(
            triple for reading in readings for triple in exported(reading, context)
        ).decode(),
        "pages": len(trail.pages),
        "more": trail.is_more,
        "family": trail.pages[0].family,
    }


def context_of(site: Site, options: Options | None) -> Context:
    """The context of reading; a source may have a language of its own."""
    vocabulary = load_vocabulary(site.vocabulary_base, site.pack)
    language = options.default_language if options else ""
    return Context(vocabulary, site.base, "", language or site.default_language)


def _readings(trail: Trail, context: Context, site: Site, options: Options | None) -> Iterator[Reading]:
    """The datasets of all pages, each the first time that it is met; with options, as they would be stored."""
    seen: set[str] = set()
    for page in trail.pages:
        for reading in read_document(page.ntriples, context, site.most):
            if reading.uri not in seen:
                seen.add(reading.uri)
                yield _careful(reading, options, context) if options else reading


def _careful(reading: Reading, options: Options, context: Context) -> Reading:
    """A reading as the rules of care and the choices of a source leave it."""
    if reading.is_refused:
        return reading
    record, reduced = make_cautious(reading.record, options, context.vocabulary)
    return replace(reading, record=record, faults=(*reading.faults, *reduced))


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
    nobody: Record = {name: [] for name in SUBJECTS.values()}
    free = {**record, **nobody, "sensitivity": ["ninguna"], "access_level": "abierto"}
    unbound = replace(residue, values={}, groups=tuple(replace(group, fields=()) for group in residue.groups))
    yield from to_ntriples(emit(unbound, free, replace(context, dataset=record["id"]))).decode().splitlines()


def _unusable(trail: Trail, site: Site) -> Iterator[dict[str, str]]:
    """What the adapter of the family left out, and pages that could not be read."""
    say = translator(site.language)
    for error in (error for page in trail.pages for error in page.errors):
        yield {"uri": error.uri, "field": error.field, "value": error.value, "reason": error.fault.text(say)}
    for address, fault in trail.lost:
        yield {"uri": address, "field": "", "value": "", "reason": fault.text(say)}


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
