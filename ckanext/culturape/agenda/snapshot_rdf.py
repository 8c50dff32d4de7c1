"""The agenda as it was on a date, as statements: the same that its doors for programs would have given then of what anybody may still read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ckan import model

from ckanext.culturape.agenda import graph, published
from ckanext.culturape.agenda.graph import Told
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.rdf.formats import FORMATS, write
from ckanext.culturape.types import Record


def writer(suffix: str) -> Callable[[Record], bytes]:
    """Writes a snapshot in a serialisation."""

    def written(snapshot: Record) -> bytes:
        context = make_context()
        records = list(_records(snapshot))
        known = _addresses(snapshot, [record for record, _ in records], context)
        found = graph.write_records(records, context, lambda record_id: known.get(record_id, ""))
        return write(graph.whole(found, context), FORMATS[suffix])

    return written


def _records(snapshot: Mapping[str, Any]) -> Iterator[tuple[Record, Told]]:
    yield snapshot["agenda"], Told()
    for promise in snapshot["commitments"]:
        yield promise, Told(state=promise["state"])
    for need in snapshot["needs"]:
        yield need, Told(steps=need["steps"])


def _addresses(snapshot: Mapping[str, Any], records: list[Record], context: Any) -> dict[str, str]:
    """Where the records stand that these link to: those of the snapshot itself, and datasets that anybody could read then and may read today."""
    linked = set(published.linked(records))
    own = {str(record["id"]) for record in records}
    then = {
        one["id"] for promise in snapshot["commitments"] for one in promise["datasets"] if one["published"]
    }
    datasets = {
        link
        for record in records
        for name in ("about_dataset", "answered_by")
        for link in ids_of(record.get(name))
    }
    return published.addresses(model.Session, linked & (own | then | datasets), context)
