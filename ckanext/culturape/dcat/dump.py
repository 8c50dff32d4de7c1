"""The whole catalogue in one answer: as it was at one moment, in memory that does not grow with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ckanext.dcat.utils import catalog_uri
from sqlalchemy.engine import Connection

from ckanext.culturape.dcat import building, pages, store, versions
from ckanext.culturape.dcat.store import Kept, State, as_kept
from ckanext.culturape.dcat.versions import Row
from ckanext.culturape.logic.rdf import make_context, snapshot
from ckanext.culturape.rdf.formats import Format, stream
from ckanext.culturape.rdf.fragment import Fragment, describe
from ckanext.culturape.rdf.terms import Context

BATCH = 200
ATTEMPTS = 3


class Dump(NamedTuple):
    """A snapshot that waits to be written. ``close`` it whatever happens.

    Attributes:
        connection: holds the snapshot.
        state: what stands in it.
        late: datasets that changed while the snapshot was taken, as they are now.
        head, concepts: what the catalogue says of itself, at ``address``.
        context: of the site; the stream goes on after the request has ended, when nobody can be asked.
    """

    connection: Connection
    state: State
    late: Mapping[str, Fragment]
    head: bytes
    concepts: frozenset[str]
    address: str
    context: Context

    def etag(self, form: Format, compressed: bool) -> str:
        """Changes when, and only when, the dump does."""
        late = sorted(fragment.digest for fragment in self.late.values())
        return pages.digest(
            form.media_type, compressed, building.site_version(), self.head, self.state.digest, *late
        )

    def write(self, form: Format) -> Iterator[bytes]:
        """The whole in a format, piece by piece; gives the snapshot back at the end, or when nobody reads on."""
        try:
            yield from stream(self._pieces(), form)
        finally:
            self.close()

    def _pieces(self) -> Iterator[bytes]:
        yield self.head
        concepts = set(self.concepts)
        for batch in store.stream(self.connection, BATCH):
            kept = [fragment for fragment in batch if fragment.id not in self.late]
            yield self._joined(kept, concepts)
        yield self._joined(
            [as_kept(dataset, made) for dataset, made in self.late.items() if made.ntriples], concepts
        )
        yield describe(concepts, self.context)

    def _joined(self, kept: list[Kept], concepts: set[str]) -> bytes:
        concepts.update(*(fragment.concepts.split() for fragment in kept))
        return pages.links(kept, self.address) + b"".join(fragment.ntriples for fragment in kept)

    def close(self) -> None:
        """Give the snapshot back."""
        self.connection.close()


def open_dump(progress: building.Progress | None = None) -> Dump:
    """A snapshot of the catalogue in which every fragment holds.

    Raises: RuntimeError when the table of fragments is missing.
    """
    site = building.site_version()
    head, concepts = pages.catalogue_head()
    with versions.reading() as connection:
        store.forget_hidden(connection)
    for attempt in range(ATTEMPTS):
        connection = snapshot()
        try:
            old = versions.stale(connection, site)
            if not old or attempt == ATTEMPTS - 1:
                state, late = store.state(connection), _make(old, site)
                return Dump(connection, state, late, head, concepts, catalog_uri(), make_context())
        except BaseException:
            connection.close()
            raise
        connection.close()
        building.refresh(progress)
    raise AssertionError("the last attempt returns")


def _make(old: list[Row], site: str) -> dict[str, Fragment]:
    """Fragments made anew, and kept: what a dump tells, the feed must know of."""
    built = list(building.build(old))
    with versions.reading() as connection:
        store.keep(connection, built, site)
    return {row.id: made for row, made in built}
