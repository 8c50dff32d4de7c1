"""How do fragments come up to date? Made anew when something behind them changed, and kept."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ckanext.culturape import config
from ckanext.culturape.dcat import beside, records, store, versions
from ckanext.culturape.dcat.records import Found
from ckanext.culturape.dcat.store import Kept, as_kept
from ckanext.culturape.dcat.versions import Row
from ckanext.culturape.logic.rdf import make_context, organization_of
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.fragment import NOBODY, Fragment, Say, make_fragment
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

BATCH = 200
Progress = Callable[[int, int], None]

#: Takes what is to be done after an answer was sent.
After = Callable[[Callable[[], None]], Any]


def site_version() -> str:
    """Changes with everything but the records that decides what a fragment says: options, vocabularies, our code."""
    context = make_context()
    parts = (context.base, context.default_language, config.vocabulary_base(), config.pack(), _code_version())
    return hashlib.sha256("\x1f".join((*parts, vocabulary().version)).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _code_version() -> str:
    """Of the modules and schemas that turn a record into triples, so that an upgrade makes all fragments anew."""
    root = Path(__file__).parent.parent
    files = [*root.glob("rdf/*.py"), *root.glob("dcat/*.py"), *root.glob("care/*.py"), root / "fields.py"]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    digest.update((resources.files("ckanext.culturape.schemas") / "dataset.yaml").read_bytes())
    return digest.hexdigest()


def fragments(connection: Connection, rows: list[Row], after: After | None = None) -> list[Kept]:
    """The fragments of these datasets, in their order; what does not hold is made anew and kept.

    Args:
        connection: to read through.
        rows: of the datasets.
        after: told what is still to be done to keep what was made; without it this is done at once.
    """
    site = site_version()
    old = [row for row in rows if not row.holds(site)]
    kept = dict(store.read(connection, [row.id for row in rows if row.holds(site)]))
    if old:
        built = list(build(old))
        if after:
            after(lambda: _keep(built, site))
        else:
            store.keep(connection, built, site)
        kept |= {row.id: as_kept(row.id, made) for row, made in built if made.ntriples}
    return [kept[row.id] for row in rows if row.id in kept]


def _keep(built: list[tuple[Row, Fragment]], site: str) -> None:
    """Keep fragments when the answer has been sent; whatever goes wrong, they are made again next time."""
    try:
        with versions.reading() as connection:
            store.keep(connection, built, site)
    except (SQLAlchemyError, RuntimeError):
        log.exception("fragments could not be kept")


def refresh(progress: Progress | None = None, *, from_database: bool = False) -> int:
    """Bring all fragments up to date, in batches that are kept one by one; how many were made or dropped.

    Args:
        progress: told how many were made, and of how many.
        from_database: make every one anew and read none from the index.
    """
    site = site_version()
    if from_database:
        store.forget_all()
    with versions.reading() as connection:
        hidden = store.forget_hidden(connection)
        old = versions.stale(connection, site)
    for start in range(0, len(old), BATCH):
        batch = old[start : start + BATCH]
        built = list(build(batch, from_database=from_database))
        with versions.reading() as connection:
            store.keep(connection, built, site)
        if progress:
            progress(len(batch), len(old))
    return hidden + len(old)


def build(rows: list[Row], *, from_database: bool = False) -> Iterator[tuple[Row, Fragment]]:
    """Fragments made from the records as anybody may read them, with what others say beside; as many at a time as are read at once."""
    context = make_context()
    versions.read_anew()
    for start in range(0, len(rows), BATCH):
        found = list(records.read(rows[start : start + BATCH], from_database=from_database))
        # Only of what anybody may read: for the others no plugin is asked.
        said = beside.said(one.record for one in found if one.record)
        for one in found:
            yield one.row, _fragment(one, context, said.get(one.row.id, NOBODY))


@lru_cache(maxsize=256)
def organization(owner: str | None, version: str) -> Record:
    """The organisation as it stands in rows of this version."""
    del version
    versions.read_anew()
    return organization_of({"owner_org": owner})


def _fragment(found: Found, context: Context, others: Mapping[str, Say]) -> Fragment:
    row = found.row
    if found.record:
        made = make_fragment(found.record, context, organization(row.owner, row.owner_version), others)
    else:
        made = Fragment(f"{context.base}/dataset/{row.id}", problem=found.problem)
    if made.problem:
        log.warning("dataset %s cannot be written in full: %s", row.id, made.problem)
    return made
