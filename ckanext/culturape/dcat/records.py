"""What do the records of datasets say, as anybody may read them? From CKAN's copy in the index where it is as new as the row, else from the database."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import DataError
from ckan.lib.search import SearchError, SearchQueryError
from ckan.lib.search.query import PackageSearchQuery
from ckan.types import Context

from ckanext.culturape.dcat.versions import Row
from ckanext.culturape.errors import error_text
from ckanext.culturape.rdf.fragment import UNWRITABLE
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

ANYBODY = ("public",)


class Found(NamedTuple):
    """What was found of a dataset: its record, ``None`` when anybody may not read it or it is gone, or why CKAN itself cannot read it."""

    row: Row
    record: Record | None
    problem: str = ""


def read(rows: list[Row], *, from_database: bool = False) -> Iterator[Found]:
    """The records of these datasets, in their order."""
    copies = {} if from_database else _copies(row for row in rows if row.is_told)
    for row in rows:
        try:
            yield Found(row, copies.get(row.id) or _stored(row.id))
        except (*UNWRITABLE, DataError) as error:
            # CKAN itself cannot read this record; the others go on.
            yield Found(row, None, error_text(error, 500))


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


def _stored(dataset_id: str) -> Record | None:
    """The record from the database."""
    context = cast("Context", {"user": "", "ignore_auth": False, "use_cache": False})
    try:
        return tk.get_action("package_show")(context, {"id": dataset_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None
