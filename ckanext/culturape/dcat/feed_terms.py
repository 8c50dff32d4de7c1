"""The feed of changes in RDF: the event stream and its members, in the terms of LDES, TREE and ActivityStreams."""

from __future__ import annotations

from datetime import datetime, timezone

from pyoxigraph import BlankNode, Literal, NamedNode

from ckanext.culturape.dcat.changes import Change
from ckanext.culturape.namespaces import node
from ckanext.culturape.rdf.terms import Triples, is_a, link, triple, typed

SHAPE = "https://semiceu.github.io/LDES-DCAT-AP-feeds/shape.ttl#ActivityShape"

#: How the stream is to be read: SHACL paths and classes of its members.
STREAM = {
    "ldes:timestampPath": "as:published",
    "ldes:versionOfPath": "as:object",
    "ldes:versionCreateObject": "as:Create",
    "ldes:versionUpdateObject": "as:Update",
    "ldes:versionDeleteObject": "as:Delete",
}


def as_text(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the millionth of a second."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def activity_iri(base: str, change: Change) -> str:
    """Address of an activity of the feed at an address: no two have the same moment."""
    return f"{base}#{as_text(change.changed)}"


def activity(base: str, change: Change) -> Triples:
    """What happened to a dataset. Of one that is gone nothing is said but its address."""
    subject = NamedNode(activity_iri(base, change))
    yield triple(_feed(base), "tree:member", subject)
    yield from is_a(subject, f"as:{change.kind}")
    yield triple(subject, "as:object", NamedNode(change.uri))
    yield triple(subject, "as:published", _literal(change.changed))


def stream(base: str, view: NamedNode, since: datetime | None) -> Triples:
    """The event stream, and its view that begins at a moment."""
    feed = _feed(base)
    yield from is_a(feed, "ldes:EventStream")
    yield from link(feed, "tree:shape", SHAPE)
    yield from link(feed, "tree:view", view.value, "ldes:EventSource")
    for predicate, value in STREAM.items():
        yield triple(feed, predicate, node(value))
    yield from _retention(view, since)


def way_on(page: NamedNode, moment: datetime, address: str) -> Triples:
    """That a page goes on, later than a moment, at an address."""
    relation = BlankNode("next")
    yield triple(page, "tree:relation", relation)
    yield from is_a(relation, "tree:GreaterThanRelation")
    yield triple(relation, "tree:path", node("as:published"))
    yield triple(relation, "tree:value", _literal(moment))
    yield from link(relation, "tree:node", address)


def _retention(view: NamedNode, since: datetime | None) -> Triples:
    """That only the newest state of each dataset is kept: in the terms of LDES, and in those that DCAT-AP Feeds names."""
    policy = BlankNode("retention")
    yield triple(view, "ldes:retentionPolicy", policy)
    yield from is_a(policy, "ldes:RetentionPolicy", "ldes:LatestVersionSubset")
    for predicate in ("ldes:versionAmount", "ldes:amount"):
        yield triple(policy, predicate, typed(1, "xsd:integer"))
    if since:
        yield triple(policy, "ldes:startingFrom", _literal(since))


def _feed(base: str) -> NamedNode:
    return NamedNode(f"{base}#feed")


def _literal(moment: datetime) -> Literal:
    return typed(as_text(moment), "xsd:dateTime")
