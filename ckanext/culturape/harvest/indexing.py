"""When does the index show what a harvest wrote? Documents are kept until their records are committed, sent many at once, and shown many at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pysolr
from ckan import logic
from ckan.lib import search
from ckan.lib.search import index as ckan_index

from ckanext.culturape.harvest.showing import Shown

#: Documents, and seconds since the first of them, after which they are shown.
MOST = 100
LONGEST = 10.0
COMMIT = "ckan.search.solr_commit"
#: What Solr answers when it does not want a document.
REFUSED = "HTTP 400"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Parcel:
    """What CKAN wanted to tell Solr: it stands in the place of its connection.

    Attributes:
        documents: to be added.
        deletions: queries of documents to be deleted.
        url: as a connection has one.
    """

    documents: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    deletions: list[str] = field(default_factory=list[str])
    url: str = ""

    def add(self, docs: list[dict[str, Any]], **_: Any) -> None:
        """Keep documents."""
        self.documents += docs

    def delete(self, q: str, **_: Any) -> None:
        """Keep a deletion."""
        self.deletions.append(q)

    def commit(self, **_: Any) -> None:
        """Nothing is to be shown before it was sent."""


_parcel: ContextVar[Parcel | None] = ContextVar("culturape_harvest_parcel", default=None)
_connect = ckan_index.make_connection


def _connection(*arguments: Any, **named: Any) -> Any:
    return _parcel.get() or _connect(*arguments, **named)


# CKAN makes a connection for each document, sends it, and waits; it has no other way to give a document away.
ckan_index.make_connection = _connection


@contextmanager
def collected() -> Iterator[Parcel]:
    """Have what CKAN writes to the index kept in a parcel. Of this thread only."""
    parcel = Parcel()
    token = _parcel.set(parcel)
    try:
        yield parcel
    finally:
        _parcel.reset(token)


def index(shown: Shown, *, again: bool = False) -> None:
    """Write the document of a record; CKAN 2.11 does so while it commits, unless it is asked for again."""
    if shown.default is not None:
        logic.index_update_package_dicts((shown.default, shown.ours))
    elif again:
        search.rebuild(package_ids=[str(shown.ours["id"])])


@dataclass(slots=True)
class Outbox:
    """What Solr is to be told, and what it was told and does not show yet.

    Attributes:
        parcel: what is still to be sent.
        number: documents that were sent.
        since: when the first of them was.
    """

    parcel: Parcel = field(default_factory=Parcel)
    number: int = 0
    since: float = 0.0

    def put(self, parcel: Parcel) -> None:
        """Take over what belongs to a record that was committed."""
        self.parcel.documents += parcel.documents
        self.parcel.deletions += parcel.deletions

    def send(self) -> None:
        """Send it; shown when there is much, or when the first of it has waited long. Done again after a failure, it sends the same.

        Raises: SolrError, OSError, when Solr does not answer.
        """
        documents, deletions = self.parcel.documents, self.parcel.deletions
        if not documents and not deletions:
            return
        _send(documents, deletions)
        self.parcel = Parcel()
        self.since = self.since if self.number else time.monotonic()
        self.number += len(documents) + len(deletions)
        if self.number >= MOST or time.monotonic() - self.since > LONGEST:
            self.show()

    def show(self) -> None:
        """Show all that any process has sent. Raises: SearchIndexError."""
        search.commit()
        self.number = 0


def _send(documents: list[dict[str, Any]], deletions: list[str]) -> None:
    solr = _connect()
    for query in deletions:
        solr.delete(q=query, commit=False)
    try:
        solr.add(documents, commit=False)
    except pysolr.SolrError as error:
        if REFUSED not in str(error):
            raise
        _send_each(solr, documents)


def _send_each(solr: Any, documents: list[dict[str, Any]]) -> None:
    """One that Solr does not want must not keep the others away."""
    for document in documents:
        try:
            solr.add([document], commit=False)
        except pysolr.SolrError as error:
            if REFUSED not in str(error):
                raise
            log.exception(
                "the index refuses dataset %s; ckan search-index rebuild tries it again", document["id"]
            )


#: Of this process.
outbox = Outbox()
