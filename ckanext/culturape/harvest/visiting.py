"""What does a page of a source bring? Its datasets are told apart into new, changed and unchanged, in one transaction for each page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy.engine import Connection

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest import notes, objects, rows, runs, visited
from ckanext.culturape.harvest.errand import Errand
from ckanext.culturape.harvest.notes import Note
from ckanext.culturape.harvest.rows import KEPT, Known, Sighting
from ckanext.culturape.harvest.split import Page, Portion
from ckanext.culturape.intake.fetch import Fetched

CONFLICT = N_(
    "Another source, or this catalogue itself, has a dataset with this address already; it was not taken over twice."
)
WITHDRAWN = N_("It was deleted here, and stays so. Restore it from the trash if it shall come back.")
TWICE = N_("The source shows it more than once; the first time counts.")
OWN = N_("It is a dataset of this portal, which the source has from here.")

Split = Callable[[bytes, str, str, str, str], Page]


class Fetch(Protocol):
    """How a document is fetched."""

    def __call__(self, address: str, etag: str = "", modified: str = "") -> Fetched:
        """The document, or that it has not changed. Raises: Fault."""
        ...


class Visit(NamedTuple):
    """What came of a page: where it leads, of which family it is, how many datasets it shows, and how many the source says it has."""

    next: list[str]
    family: str
    datasets: int
    total: int | None
    is_whole: bool


class Look(NamedTuple):
    """What was found at an address.

    Attributes:
        address: that was asked for.
        fetched: what the server answered.
        digest: of the document.
        page: its datasets.
    """

    address: str
    fetched: Fetched
    digest: str
    page: Page


def trusted(connection: Connection, errand: Errand, address: str) -> visited.Page | None:
    """The page at an address as it was read before, when its datasets need to be looked at only if it has changed."""
    kept = visited.page(connection, errand.source_id, address)
    is_sound = kept and kept.rules == errand.rules
    return kept if is_sound and rows.is_at_rest(connection, errand.source_id, address, errand.rules) else None


def look(
    errand: Errand, address: str, before: visited.Page | None, fetch: Fetch, split: Split
) -> Look | visited.Page:
    """Fetch a page and tell its datasets apart; what was read before when it has not changed. Raises: Fault.

    Without a connection to the database, which need not wait for a server that takes its time.
    """
    fetched = fetch(address, *((before.etag, before.modified) if before else ("", "")))
    digest = "" if fetched.is_unchanged else hashlib.sha256(fetched.content).hexdigest()
    if before and (fetched.is_unchanged or digest == before.digest):
        return before
    options = errand.options
    page = split(fetched.content, fetched.content_type, fetched.address, options.format, options.profile)
    return Look(address, fetched, digest, page)


def visit(connection: Connection, errand: Errand, position: int, found: Look | visited.Page) -> Visit:
    """Write down what is to be done with the datasets of a page, in the transaction of ``connection``."""
    now = runs.moment()
    if isinstance(found, visited.Page):
        rows.see_page_again(connection, errand.source_id, errand.run, found.address, now)
        visited.keep_page(connection, errand.source_id, found._replace(run=errand.run, position=position))
        return _visit(found)
    page, fetched = found.page, found.fetched
    _sort(connection, errand, found.address, page, now)
    read = visited.Page(
        address=found.address, run=errand.run, position=position, rules=errand.rules, etag=fetched.etag,
        modified=fetched.modified, digest=found.digest, next=list(page.next), family=page.family,
        datasets=len(page.portions), total=page.total, is_whole=page.is_whole,
    )  # fmt: skip
    visited.keep_page(connection, errand.source_id, read)
    return _visit(read)


def _visit(page: visited.Page) -> Visit:
    return Visit(page.next, page.family, page.datasets, page.total, page.is_whole)


@dataclass(slots=True)
class _Sorted:
    """The datasets of a page by what is to be done with them."""

    sightings: list[Sighting] = field(default_factory=list[Sighting])
    wanted: list[Portion] = field(default_factory=list[Portion])
    told: list[Note] = field(default_factory=list[Note])
    about: list[str] = field(default_factory=list[str])

    def leave(self, portion: Portion, state: str, outcome: str, message: str) -> None:
        """Do not take it over, and say why."""
        self.sightings.append(Sighting(portion.uri, portion.title, portion.digest, state, outcome))
        self.about.append(rows.key_of(portion.uri))
        self.told.append(Note(outcome, portion.uri, "uri", portion.uri, Fault(message)))

    def want(self, portion: Portion, state: str) -> None:
        """Have it read and taken over."""
        self.sightings.append(Sighting(portion.uri, portion.title, "", state))
        self.wanted.append(portion)


def _sort(connection: Connection, errand: Errand, address: str, page: Page, now: datetime) -> None:
    known = rows.known(connection, errand.source_id, [rows.key_of(p.uri) for p in page.portions])
    undecided = [p.uri for p in page.portions if _is_undecided(known.get(rows.key_of(p.uri)))]
    held = rows.held_elsewhere(connection, errand.source_id, undecided)
    done = _Sorted()
    done.told += [Note("document", error.uri, error.field, error.value, error.fault) for error in page.errors]
    for portion in page.portions:
        _sort_one(done, errand, address, portion, known.get(rows.key_of(portion.uri)), held)
    source = errand.source_id
    rows.see(connection, source, errand.run, address, done.sightings, now)
    rows.leave_page(connection, source, errand.run, address)
    notes.note(connection, source, errand.run, done.told, done.about, address)
    objects.add(connection, source, errand.run, ((p.uri, p.digest, p.ntriples) for p in done.wanted), now)


def _is_undecided(known: Known | None) -> bool:
    """Whether nobody has decided yet that this source may bring the dataset."""
    return known is None or known.state in ("waiting", "conflict", "gone")


def _sort_one(
    done: _Sorted,
    errand: Errand,
    address: str,
    portion: Portion,
    known: Known | None,
    held: Mapping[str, str],
) -> None:
    if known and known.seen == errand.run and known.page != address:
        done.told.append(Note("document", portion.uri, "uri", portion.uri, Fault(TWICE)))
    elif _is_own(errand, portion.uri):
        done.leave(portion, "conflict", "conflict", OWN)
    elif portion.uri in held and held[portion.uri] != (known.package_id if known else None):
        done.leave(portion, "conflict", "conflict", CONFLICT)
    elif known and known.state in (*KEPT, "withdrawn") and known.package_state == "deleted":
        done.leave(portion, "withdrawn", "withdrawn", WITHDRAWN)
    elif known and _is_unchanged(known, portion, errand):
        done.sightings.append(Sighting(portion.uri, portion.title, portion.digest, known.state))
    else:
        done.want(portion, _state_until_read(known))


def _is_own(errand: Errand, uri: str) -> bool:
    return uri.startswith(f"{errand.context().base}/dataset/")


def _is_unchanged(known: Known, portion: Portion, errand: Errand) -> bool:
    if (known.digest, known.rules) != (portion.digest, errand.rules):
        return False
    return known.state == "refused" or (known.state in KEPT and known.package_state == "active")


def _state_until_read(known: Known | None) -> str:
    """A dataset keeps its state until it has been read again, unless it has none that holds."""
    return known.state if known and known.state in (*KEPT, "gone", "refused") else "waiting"
