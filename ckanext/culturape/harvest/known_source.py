"""Which source is meant, and who may read what is told of it? Those who may change it, as ckanext-harvest has it for its jobs."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context
from ckanext.harvest.model import HarvestSource

from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.types import Record

SHOW = "culturape_harvest_report_show"
CONFIRM = "culturape_harvest_confirm"
DISMISS = "culturape_harvest_dismiss"
HEALTH = "culturape_harvest_health_list"


class KnownSource(NamedTuple):
    """A source of our harvester.

    Attributes:
        id, name, title: of its package.
        address: where its catalogue stands.
        is_active: whether it may be harvested.
        frequency: ``MANUAL``, ``DAILY`` and so on.
        next_run: when it is due; ``None`` when it is not scheduled, or due at once.
    """

    id: str
    name: str
    title: str
    address: str
    is_active: bool
    frequency: str
    next_run: datetime | None


def find(name: str) -> KnownSource:
    """The source of that id or name. Raises: ObjectNotFound."""
    package = model.Package.get(name)
    source: Any = HarvestSource.get(package.id) if package is not None else None
    if package is None or source is None or source.type != HARVESTER:
        raise tk.ObjectNotFound(tk._("No source of this harvester has that name."))
    return KnownSource(
        id=package.id,
        name=package.name,
        title=package.title or package.name,
        address=source.url,
        is_active=bool(source.active),
        frequency=source.frequency or "MANUAL",
        next_run=in_utc(source.next_run),
    )


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment of ckanext-harvest, which does not say that it is in UTC."""
    return moment.replace(tzinfo=timezone.utc) if moment is not None and moment.tzinfo is None else moment


def may_manage(context: Context, data_dict: Record) -> AuthResult:
    """Those who may change the source, which ``id`` names."""
    asked = {"user": context.get("user", ""), "model": model, "session": model.Session}
    try:
        tk.check_access(
            "harvest_source_update", cast("Context", asked), {"id": tk.get_or_bust(data_dict, "id")}
        )
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}


def may_list(context: Context, data_dict: Record) -> AuthResult:
    """Whoever is logged in; each sees the sources that he or she manages."""
    return {"success": bool(context.get("user"))}


def auth_functions() -> dict[str, Any]:
    """By name, as CKAN asks for them."""
    return {SHOW: may_manage, CONFIRM: may_manage, DISMISS: may_manage, HEALTH: may_list}
