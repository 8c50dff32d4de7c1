"""Where is what the schema has no room for kept? A row per dataset, written in the transaction that saves it.

It outlives a dataset that is deleted, since that may come back, and goes with one that is purged. It is said again by the catalogue, which is
told of its version.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from ckan import model
from sqlalchemy import text

from ckanext.culturape.harvest import residue, withheld
from ckanext.culturape.harvest.residue import Residue
from ckanext.culturape.rdf.fragment import Say
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

TABLE = "culturape_harvest_residue"
MIGRATION = "ckan db upgrade -p culturape_harvest"

#: What may go wrong with a row that something else than ``keep`` wrote.
UNREADABLE = (zlib.error, KeyError, TypeError, ValueError, RecursionError)


def keep(package_id: str, kept: Residue) -> None:
    """Keep the residue of a dataset, in the transaction of the request and saved with it.

    Writes nothing when just this is kept already: whatever is written makes the catalogue write the dataset anew.

    Args:
        package_id: of the dataset.
        kept: bound (``seal``) to the record as ``package_show`` gives it after the change that is being saved; an empty one forgets.
    """
    content = zlib.compress(residue.to_json(kept).encode())
    if not len(kept):
        forget(package_id)
    else:
        model.Session.execute(text(_KEEP), {"id": package_id, "content": content})


_KEEP = f"""
    INSERT INTO {TABLE} (package_id, content) VALUES (:id, :content)
    ON CONFLICT (package_id) DO UPDATE SET content = excluded.content WHERE {TABLE}.content <> excluded.content"""  # noqa: S608


def read(ids: Iterable[str]) -> dict[str, Residue]:
    """What is kept of these datasets, by id, in one query; a row that cannot be read is named in the log and left out."""
    found: dict[str, Residue] = {}
    for package_id, content in _contents(ids).items():
        try:
            found[package_id] = residue.from_json(zlib.decompress(content).decode())
        except UNREADABLE:
            log.exception("what is kept beside the record of dataset %s cannot be read", package_id)
    return found


def _contents(ids: Iterable[str]) -> dict[str, bytes]:
    query = f"SELECT package_id, content FROM {TABLE} WHERE package_id = ANY(:ids)"  # noqa: S608
    return {row[0]: bytes(row[1]) for row in model.Session.execute(text(query), {"ids": list(ids)})}


def forget(package_id: str) -> None:
    """Drop what is kept of a dataset, in the transaction of the request."""
    model.Session.execute(text(f"DELETE FROM {TABLE} WHERE package_id = :id"), {"id": package_id})  # noqa: S608


def forget_purged(entity: Any, operation: Any) -> None:
    """Drop what is kept of a dataset that CKAN is about to purge; what is only marked as deleted may come back."""
    is_purged = isinstance(entity, model.Package) and operation == model.DomainObjectOperation.deleted
    if is_purged and is_there():
        forget(entity.id)


def is_there() -> bool:
    """Whether the table has been made."""
    return model.Session.execute(text("SELECT to_regclass(:name)"), {"name": TABLE}).scalar() is not None


def version() -> str:
    """SQL of the version of the residue of a dataset ``p``. Raises: RuntimeError with the command to run when the table is not there."""
    return _version(TABLE)


@lru_cache
def _version(table: str) -> str:
    # What is raised is not remembered, so this asks until the table is there.
    if not is_there():
        raise RuntimeError(f"the table {table} is missing: {MIGRATION}")
    return f"(SELECT '{_code_version()}' || r.xmin::text FROM {table} r WHERE r.package_id = p.id)"  # noqa: S608


@lru_cache(maxsize=1)
def _code_version() -> str:
    """Of the modules that say a residue again, so that an upgrade has them asked anew."""
    digest = hashlib.sha256()
    for module in (residue, withheld):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:16]


def said_beside(records: Iterable[Record]) -> Mapping[str, Say]:
    """What is said again of these datasets, by id, as far as their fields were not edited and care allows."""
    by_id = {str(record["id"]): record for record in records}
    return {
        package_id: partial(residue.emit, kept, by_id[package_id]) for package_id, kept in read(by_id).items()
    }
