"""Is there another source that reads the same in the same way?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ckan import model
from ckanext.harvest.model import HarvestSource

from ckanext.culturape.harvest.errand import HARVESTER

_PORTS = {"http": 80, "https": 443}


def twin_of(address: object, config: str, stored: Any) -> str:
    """The title of another source with the same address and options; empty when there is none."""
    if not isinstance(address, str):
        return ""
    wanted = place_of(address)
    query = (
        model.Session.query(HarvestSource.id, HarvestSource.url, HarvestSource.config, model.Package.title)
        .join(model.Package, model.Package.id == HarvestSource.id)
        .filter(HarvestSource.type == HARVESTER, model.Package.state == "active")
    )
    others = (row for row in query if stored is None or row.id != stored.id)
    return next(
        (
            row.title or row.id
            for row in others
            if place_of(row.url) == wanted and (row.config or "{}") == config
        ),
        "",
    )


def place_of(address: str) -> tuple[str, str, int | None, str, str]:
    """What two spellings of one address share: scheme, host, port, path and query."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return "", address, None, "", ""
    scheme = parts.scheme.lower()
    return scheme, parts.hostname or "", port or _PORTS.get(scheme), parts.path.rstrip("/"), parts.query
