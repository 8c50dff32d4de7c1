"""Which datasets stand on a page? In the order in which they were catalogued, which no later change moves."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SearchIndexError
from ckan.types import Context
from sqlalchemy.engine import Connection

from ckanext.culturape.dcat import versions
from ckanext.culturape.dcat.asking import Ask, Place
from ckanext.culturape.dcat.versions import Row
from ckanext.culturape.views.rdf import refuse


def only_datasets(fq: str) -> str:
    """A filter with the condition that keeps agendas, needs and harvest sources, which have endpoints of their own, out."""
    return f"{fq} +dataset_type:dataset".strip()


class Listing(NamedTuple):
    """The rows of a page, how many there are in all, and the place from which the next page goes on."""

    rows: list[Row]
    total: int
    next: Place | None


def find(connection: Connection, ask: Ask) -> Listing:
    """The page that is asked for. Raises: ValidationError for filters that the index does not understand."""
    if ask.is_search:
        return _search(connection, ask)
    rows = versions.page(connection, ask.per_page + 1, ask.after, ask.offset, ask.since)
    shown = rows[: ask.per_page]
    last = shown[-1] if len(rows) > ask.per_page else None
    return Listing(shown, versions.count(connection, ask.since), (last.created, last.id) if last else None)


def _search(connection: Connection, ask: Ask) -> Listing:
    query: dict[str, Any] = {
        "q": ask.q or "*:*",
        "fq": only_datasets(ask.fq),
        "fq_list": [*_since(ask), *_after(ask)],
        "rows": ask.per_page,
        "start": 0 if ask.after else ask.offset,
        "sort": "metadata_created asc, id asc",
        "fl": "id,metadata_created",
    }
    found = _ask_index(query)
    total = (
        found["count"]
        if not ask.after
        else _ask_index({**query, "fq_list": _since(ask), "rows": 0, "start": 0})["count"]
    )
    ids = [hit["id"] for hit in found["results"]]
    rows = {row.id: row for row in versions.rows_of(connection, ids)}
    more = found["count"] > query["start"] + len(ids)
    last = rows.get(ids[-1]) if ids and more else None
    return Listing([rows[i] for i in ids if i in rows], total, (last.created, last.id) if last else None)


def _ask_index(query: dict[str, Any]) -> Any:
    try:
        return tk.get_action("package_search")(cast("Context", {"user": ""}), query)
    except SearchIndexError:
        raise
    except (SearchError, tk.ValidationError):
        raise refuse(tk._("The search does not understand “q” or “fq”.")) from None


def _since(ask: Ask) -> list[str]:
    return [f"metadata_modified:[{ask.since.isoformat()}Z TO *]"] if ask.since else []


def _after(ask: Ask) -> list[str]:
    """From a place on; the index knows moments to the thousandth of a second."""
    if not ask.after:
        return []
    moment = ask.after[0].isoformat(timespec="milliseconds") + "Z"
    dataset_id = ask.after[1].replace("\\", "").replace('"', "")
    return [
        f'metadata_created:{{{moment} TO *] OR (metadata_created:"{moment}" AND id:{{"{dataset_id}" TO *])'
    ]
