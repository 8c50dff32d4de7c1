"""How do fragments come up to date? From CKAN's copy in the index where it is as new as the row, else from the database."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import DataError
from ckan.lib.search import SearchError, SearchQueryError
from ckan.lib.search.query import PackageSearchQuery
from ckan.types import Context as CkanContext
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ckanext.culturape import config
from ckanext.culturape.dcat import store, versions
from ckanext.culturape.dcat.profile import make_context, organization_of
from ckanext.culturape.dcat.store import Kept, as_kept
from ckanext.culturape.dcat.versions import Row
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.fragment import UNWRITABLE, Fragment, make_fragment
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

BATCH = 200
Progress = Callable[[int, int], None]

#: Takes what is to be done after an answer was sent.
After = Callable[[Callable[[], None]], Any]
ANYBODY = ("public",)


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
    """Fragments made from the records as anybody may read them."""
    context = make_context()
    copies = {} if from_database else _copies(row for row in rows if row.is_told)
    for row in rows:
        yield row, _fragment(row, copies.get(row.id), context, organization(row.owner, row.owner_version))


@lru_cache(maxsize=256)
def organization(owner: str | None, version: str) -> Record:
    """The organisation as it stands in rows of this version."""
    del version
    return organization_of({"owner_org": owner})


def _fragment(row: Row, copy: Record | None, context: Context, owner: Mapping[str, Any]) -> Fragment:
    nothing = Fragment(f"{context.base}/dataset/{row.id}")
    try:
        record = copy or _record(row.id)
        made = make_fragment(record, context, owner) if record else nothing
    except (*UNWRITABLE, DataError) as error:
        # CKAN itself cannot read this record; the others go on.
        made = replace(nothing, problem=f"{type(error).__name__}: {error}"[:500])
    if made.problem:
        log.warning("dataset %s cannot be written in full: %s", row.id, made.problem)
    return made


def _copies(rows: Iterable[Row]) -> dict[str, Record]:
    """The records in the index that anybody may read and that are as new as the rows."""
    wanted = {row.id: row.modified.isoformat() for row in rows}
    if not wanted:
        return {}
    ids = " OR ".join(f'"{dataset_id}"' for dataset_id in wanted)
    query = {
        "q": "*:*",
        "fq_list": [f"id:({ids})"],
        "rows": len(wanted),
        "fl": "id,validated_data_dict",
        "facet": "false",
    }
    try:
        found = PackageSearchQuery().run(query, permission_labels=list(ANYBODY))["results"]
    except (SearchError, SearchQueryError):
        log.exception("the index does not answer; records are read from the database")
        return {}
    records = (json.loads(copy["validated_data_dict"]) for copy in found if copy.get("validated_data_dict"))
    return {
        record["id"]: record
        for record in records
        if record.get("metadata_modified") == wanted.get(record["id"])
    }


def _record(dataset_id: str) -> Record | None:
    """The record from the database, ``None`` when anybody may not read it or it is gone."""
    context = cast("CkanContext", {"user": "", "ignore_auth": False, "use_cache": False})
    try:
        return tk.get_action("package_show")(context, {"id": dataset_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None
