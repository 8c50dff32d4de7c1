"""A page of the feed of changes: who follows its pages ends up with the catalogue as it is, deletions included.

A DCAT-AP Feed (https://semiceu.github.io/LDES-DCAT-AP-feeds/): a Linked Data Event Stream whose members are activities that
create, update or delete a dataset. See docs/decisions/0012-feed.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from ckanext.dcat.utils import catalog_uri
from pyoxigraph import NamedNode

from ckanext.culturape.dcat import building, changes, feed_terms, pages, versions
from ckanext.culturape.dcat.changes import Change
from ckanext.culturape.dcat.feed_terms import as_text
from ckanext.culturape.dcat.store import Kept
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.rdf.formats import Format, in_graph, write
from ckanext.culturape.rdf.fragment import describe, to_ntriples
from ckanext.culturape.rdf.terms import Triples, iri


@dataclass(frozen=True, slots=True)
class Ask:
    """A page of the feed.

    Attributes:
        form: serialisation.
        base: address of the feed, without suffix.
        per_page: changes on a page, one of which is the state of a dataset.
        since: from this moment on, UTC; ``None`` from the beginning.
        after: later than this moment, UTC; it comes from the address of a next page.
        size_asked: whether the size is not the usual one.
        query: of the address as the reader wrote it.
    """

    form: Format
    base: str
    per_page: int
    since: datetime | None = None
    after: datetime | None = None
    size_asked: bool = False
    query: str = ""

    @property
    def address(self) -> str:
        """Of this page, written as in the links to it."""
        given = {
            "since": as_text(self.since) if self.since and not self.after else "",
            "per_page": str(self.per_page) if self.size_asked else "",
            "after": as_text(self.after) if self.after else "",
        }
        query = urlencode({name: value for name, value in given.items() if value}, safe=":")
        return f"{self.base}.{self.form.suffix}{'?' if query else ''}{query}"

    @property
    def here(self) -> NamedNode:
        """This page under the address that was asked for: a client of LDES looks for a view of just that name."""
        asked = iri(f"{self.base}.{self.form.suffix}?{self.query}") if self.query else None
        return asked or NamedNode(self.address)


class Page(NamedTuple):
    """Changes, the fragments of those datasets that are there, and whether there is more today."""

    ask: Ask
    changes: list[Change]
    kept: Mapping[str, Kept]
    has_more: bool

    @property
    def next(self) -> str | None:
        """Address from which to go on, today or next year; ``None`` on an empty page, whose own address can be kept."""
        return replace(self.ask, after=self.changes[-1].changed).address if self.changes else None

    @property
    def etag(self) -> str:
        """Changes when, and only when, the page does."""
        shown = ((change.uri, change.kind, change.changed) for change in self.told())
        return pages.digest(
            self.ask.form.media_type,
            building.site_version(),
            self.ask.address,
            self.next,
            self.has_more,
            *shown,
        )

    @property
    def modified(self) -> datetime | None:
        """The last change on the page."""
        return self.changes[-1].changed if self.changes else None

    def told(self) -> Iterator[Change]:
        """The changes that can be told today; the others have moved to a later page."""
        return (change for change in self.changes if is_told(change, self.kept))

    def write(self) -> bytes:
        """In its format: with the statements of each dataset in a graph named by the activity, or all in one."""
        concepts = {key for fragment in self.kept.values() for key in fragment.concepts.split()}
        return write(
            [to_ntriples(self._head()), describe(concepts, make_context()), *self._members()], self.ask.form
        )

    def _head(self) -> Triples:
        """The event stream, its view that begins where the reader asked to begin, and the way on."""
        ask = self.ask
        view = NamedNode(replace(ask, after=None).address) if ask.after else ask.here
        yield from feed_terms.stream(ask.base, view, ask.since)
        if self.next:
            yield from feed_terms.way_on(ask.here, self.changes[-1].changed, self.next)

    def _members(self) -> Iterator[bytes]:
        for change in self.told():
            yield to_ntriples(feed_terms.activity(self.ask.base, change))
            if not change.removed:
                kept = self.kept[change.package_id]
                payload = pages.links([kept], catalog_uri()) + kept.ntriples
                graph = feed_terms.activity_iri(self.ask.base, change)
                yield in_graph(payload, graph) if self.ask.form.has_graphs else payload


def find(ask: Ask) -> Page:
    """The page that is asked for, of a catalogue that is brought up to date first."""
    building.refresh()
    with versions.reading() as connection:
        found = changes.page(connection, ask.per_page + 1, ask.since, ask.after)
        shown = found[: ask.per_page]
        # Asked anew: what was hidden or changed a moment ago is not told as it was.
        rows = versions.rows_of(connection, {change.package_id for change in shown if not change.removed})
        kept = {fragment.id: fragment for fragment in building.fragments(connection, rows)}
        changes.put_off(connection, [change for change in shown if not is_told(change, kept)])
    return Page(ask, shown, kept, len(found) > len(shown))


def is_told(change: Change, kept: Mapping[str, Kept]) -> bool:
    """Whether a dataset is today in the state that the change speaks of; else a later change speaks of it, or soon will."""
    there = kept.get(change.package_id)
    return change.removed or (there is not None and (there.uri, there.digest) == (change.uri, change.digest))
