"""A page of the feed of changes: who follows its pages ends up with the catalogue as it is, deletions included.

A DCAT-AP Feed (https://semiceu.github.io/LDES-DCAT-AP-feeds/): a Linked Data Event Stream whose members are activities that
create, update or delete a dataset. See docs/decisions/0012-feed.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import urlencode

from ckanext.dcat.utils import catalog_uri
from pyoxigraph import BlankNode, Literal, NamedNode

from ckanext.culturape.dcat import building, changes, pages, versions
from ckanext.culturape.dcat.changes import Change
from ckanext.culturape.dcat.formats import Format, in_graph, write
from ckanext.culturape.dcat.fragment import describe, to_ntriples
from ckanext.culturape.dcat.namespaces import node
from ckanext.culturape.dcat.profile import make_context
from ckanext.culturape.dcat.store import Kept
from ckanext.culturape.dcat.terms import Triples, is_a, link, triple, typed

SHAPE = "https://semiceu.github.io/LDES-DCAT-AP-feeds/shape.ttl#ActivityShape"

#: How the stream is to be read: SHACL paths and classes of its members.
STREAM = {
    "ldes:timestampPath": "as:published",
    "ldes:versionOfPath": "as:object",
    "ldes:versionCreateObject": "as:Create",
    "ldes:versionUpdateObject": "as:Update",
    "ldes:versionDeleteObject": "as:Delete",
}


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
    """

    form: Format
    base: str
    per_page: int
    since: datetime | None = None
    after: datetime | None = None
    size_asked: bool = False

    @property
    def address(self) -> str:
        """Of this page."""
        given = {
            "since": as_text(self.since) if self.since and not self.after else "",
            "per_page": str(self.per_page) if self.size_asked else "",
            "after": as_text(self.after) if self.after else "",
        }
        query = urlencode({name: value for name, value in given.items() if value}, safe=":")
        return f"{self.base}.{self.form.suffix}{'?' if query else ''}{query}"


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
        pieces = [to_ntriples(_stream(self)), describe(concepts, make_context())]
        for change in self.told():
            pieces.append(to_ntriples(_activity(change, self.ask)))
            if not change.removed:
                kept = self.kept[change.package_id]
                payload = pages.links([kept], catalog_uri()) + kept.ntriples
                pieces.append(
                    in_graph(payload, _iri(change, self.ask)) if self.ask.form.has_graphs else payload
                )
        return write(pieces, self.ask.form)


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


def as_text(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the millionth of a second."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _iri(change: Change, ask: Ask) -> str:
    """Address of an activity: no two have the same moment."""
    return f"{ask.base}#{as_text(change.changed)}"


def _literal(moment: datetime) -> Literal:
    return typed(as_text(moment), "xsd:dateTime")


def _activity(change: Change, ask: Ask) -> Triples:
    """What happened to a dataset. Of one that is gone nothing is said but its address."""
    activity = NamedNode(_iri(change, ask))
    yield from link(NamedNode(f"{ask.base}#feed"), "tree:member", activity.value)
    yield from is_a(activity, f"as:{change.kind}")
    yield triple(activity, "as:object", NamedNode(change.uri))
    yield triple(activity, "as:published", _literal(change.changed))


def _stream(page: Page) -> Triples:
    """The event stream, its view that begins where the reader asked to begin, and the way on."""
    ask, first = page.ask, replace(page.ask, after=None)
    feed, view = NamedNode(f"{ask.base}#feed"), NamedNode(first.address)
    yield from is_a(feed, "ldes:EventStream")
    yield from link(feed, "tree:shape", SHAPE)
    yield from link(feed, "tree:view", view.value, "ldes:EventSource")
    for predicate, value in STREAM.items():
        yield triple(feed, predicate, node(value))
    yield from _retention(view, ask.since)
    if page.next:
        way = BlankNode("next")
        yield triple(NamedNode(ask.address), "tree:relation", way)
        yield from is_a(way, "tree:GreaterThanRelation")
        yield triple(way, "tree:path", node("as:published"))
        yield triple(way, "tree:value", _literal(page.changes[-1].changed))
        yield from link(way, "tree:node", page.next)


def _retention(view: NamedNode, since: datetime | None) -> Triples:
    """That only the newest state of each dataset is kept: in the terms of LDES, and in those that DCAT-AP Feeds names."""
    policy = BlankNode("retention")
    yield triple(view, "ldes:retentionPolicy", policy)
    yield from is_a(policy, "ldes:RetentionPolicy", "ldes:LatestVersionSubset")
    for predicate in ("ldes:versionAmount", "ldes:amount"):
        yield triple(policy, predicate, typed(1, "xsd:integer"))
    if since:
        yield triple(policy, "ldes:startingFrom", _literal(since))
