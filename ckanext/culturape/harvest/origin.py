"""Where does a record come from? For its page: the source for everybody; for its editors, what no longer follows the source and why."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context
from sqlalchemy import text

from ckanext.culturape.errors import fault_from_json
from ckanext.culturape.harvest import rows, saving
from ckanext.culturape.harvest.basing import edited_fields
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.spots import title_of
from ckanext.culturape.harvest.teller import reader_teller

log = logging.getLogger(__name__)


class Origin(NamedTuple):
    """Where a record comes from.

    Attributes:
        source, title: name and title of the source; both empty when the reader may not see it.
        first_seen: when it was first met at the source.
        changed: when the record last followed the source; ``None`` when it never had to.
        is_stale: whether what the source says now cannot be taken over; ``None`` for readers who do not edit the record.
        reason: why, in words.
        edited: labels of the fields that were edited here; empty for readers who do not edit the record.
        may_report: whether the reader may open the report on the source.
    """

    source: str
    title: str
    first_seen: datetime
    changed: datetime | None
    is_stale: bool | None
    reason: str
    edited: list[str]
    may_report: bool


_QUERY = """
    SELECT d.source_id, s.name, coalesce(nullif(s.title, ''), s.name) AS title, d.first_seen, d.changed, d.state, d.reason, d.base
    FROM culturape_harvest_dataset d JOIN package s ON s.id = d.source_id
    WHERE d.package_id = :package AND d.state = ANY(:kept) LIMIT 1"""


def culturape_harvest_origin(record: Mapping[str, Any]) -> Origin | None:
    """Where the record of a page comes from; ``None`` for what no source brought. One query, two more for editors."""
    try:
        with connected() as connection:
            values = {"package": record["id"], "kept": list(rows.KEPT)}
            row = connection.execute(text(_QUERY), values).one_or_none()
    except RuntimeError:
        # The page of a record must not depend on the tables of a harvester.
        log.exception("no record says where it comes from")
        return None
    return _origin(row, str(record["id"])) if row else None


def _origin(row: Any, package_id: str) -> Origin:
    is_visible = _may("package_show", row.source_id)
    is_editor = _may("package_update", package_id)
    return Origin(
        source=row.name if is_visible else "",
        title=row.title if is_visible else "",
        first_seen=row.first_seen,
        changed=row.changed,
        is_stale=row.state == "stale" if is_editor else None,
        reason=reader_teller().sentence(fault_from_json(row.reason)) if is_editor and row.reason else "",
        edited=_edited(row.base, package_id) if is_editor else [],
        may_report=is_visible and _may("harvest_source_update", row.source_id),
    )


def _may(action: str, package_id: str) -> bool:
    name = tk.current_user.name if tk.current_user.is_authenticated else ""
    try:
        return bool(tk.check_access(action, cast("Context", {"user": name}), {"id": package_id}))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


def _edited(base: Any, package_id: str) -> list[str]:
    """Labels of the fields that do not follow the source, because somebody edited them here."""
    was, now = rows.unpacked(base), saving.stored(package_id)
    return [title_of(name, tk._) for name in edited_fields(was, now)] if was is not None and now else []


def template_helpers() -> dict[str, Any]:
    """By name, as templates call them."""
    return {"culturape_harvest_origin": culturape_harvest_origin}
