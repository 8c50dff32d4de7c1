"""How do all sources stand that somebody manages? One query, however many there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context
from sqlalchemy import text
from sqlalchemy.engine import RowMapping

from ckanext.culturape.harvest import runs
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.exporting import Teller
from ckanext.culturape.harvest.health_query import QUERY
from ckanext.culturape.harvest.known_source import in_utc
from ckanext.culturape.harvest.standing import STANDINGS, Facts, is_overdue, standing_of, urgency


class Entry(NamedTuple):
    """One source at a glance.

    Attributes:
        id, name, title, organization, type: of the source.
        is_ours: whether our harvester does it, so that there is a report.
        standing: a key of ``standing.STANDINGS``.
        last_success, last_run, next_run: moments; ``next_run`` only of what is scheduled.
        is_overdue: whether the next run should have begun.
        frequency: of its schedule.
        datasets, stale, refused: how many stand in the catalogue, are kept in an old version, were not taken over.
        missing: deletions that wait for somebody to decide, 0 for none.
    """

    id: str
    name: str
    title: str
    organization: str
    type: str
    is_ours: bool
    standing: str
    last_success: datetime | None
    last_run: datetime | None
    next_run: datetime | None
    is_overdue: bool
    frequency: str
    datasets: int
    stale: int
    refused: int
    missing: int


class Scope(NamedTuple):
    """Which sources are told of: all, or those of these organisations, these packages, and of none where that is allowed."""

    is_all: bool
    organizations: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    unowned: bool = False


def of_reader(user: str, *, is_trusted: bool = False) -> list[Entry]:
    """The sources that somebody manages, the most urgent first."""
    return listed(Scope(is_all=True) if is_trusted or authz.is_sysadmin(user) else scope_of(user))


def scope_of(user: str) -> Scope:
    """What CKAN lets somebody change who is no sysadmin: a few questions, however many sources there are."""
    asked = cast("Context", {"user": user})
    organizations = tk.get_action("organization_list_for_user")(asked, {"permission": "update_dataset"})
    return Scope(
        is_all=False,
        organizations=tuple(organization["id"] for organization in organizations),
        packages=tuple(_collaborations(user)),
        unowned=_may_change_unowned(user),
    )


def _collaborations(user: str) -> list[str]:
    if not authz.check_config_permission("allow_dataset_collaborators"):
        return []
    person: Any = model.User.get(user)
    query = "SELECT package_id FROM package_member WHERE user_id = :user AND capacity IN ('admin', 'editor')"
    return list(model.Session.execute(text(query), {"user": person.id}).scalars()) if person else []


def _may_change_unowned(user: str) -> bool:
    """As CKAN decides in ``package_update`` about packages without an organisation."""
    options = ("create_dataset_if_not_in_organization", "create_unowned_dataset")
    return all(map(authz.check_config_permission, options)) or authz.has_user_permission_for_some_org(
        user, "create_dataset"
    )


def listed(scope: Scope, only: str = "") -> list[Entry]:
    """The sources within a scope, the most urgent first; only one when its id is given."""
    values = {
        "ours": HARVESTER, "all": scope.is_all, "organizations": list(scope.organizations), "packages": list(scope.packages),
        "unowned": scope.unowned, "only": only,
    }  # fmt: skip
    now = runs.moment()
    with connected() as connection:
        found = [_entry(row, now) for row in connection.execute(text(QUERY), values).mappings()]
    return sorted(found, key=lambda entry: (urgency(entry.standing), entry.title.casefold(), entry.id))


def _entry(row: RowMapping, now: datetime) -> Entry:
    is_scheduled = (row["frequency"] or "MANUAL") != "MANUAL"
    facts = Facts(
        is_active=bool(row["active"]),
        last_state=row["last_state"] or "",
        started=in_utc(row["last_started"]),
        asks=bool(row["missing"]),
        waiting_since=in_utc(row["waiting_since"]),
        is_running=bool(row["is_running"]),
        is_scheduled=is_scheduled,
        next_run=in_utc(row["next_run"]),
        created=in_utc(row["created"]),
        troubled=int(row["stale"] + row["refused"]),
    )
    return Entry(
        id=row["id"],
        name=row["name"],
        title=row["title"],
        organization=row["organization"] or "",
        type=row["type"],
        datasets=int(row["datasets"]),
        stale=int(row["stale"]),
        refused=int(row["refused"]),
        missing=int(row["missing"] or 0),
        is_ours=row["type"] == HARVESTER,
        standing=standing_of(facts, now),
        last_success=in_utc(row["last_success"]),
        last_run=facts.started,
        next_run=facts.next_run if is_scheduled and facts.is_active else None,
        is_overdue=is_overdue(facts, now),
        frequency=row["frequency"] or "MANUAL",
    )


def to_dict(entry: Entry, teller: Teller) -> dict[str, Any]:
    """A source at a glance for programs."""
    moments = {name: getattr(entry, name) for name in ("last_success", "last_run", "next_run")}
    return {
        "id": entry.id, "name": entry.name, "title": entry.title, "organization": entry.organization, "type": entry.type,
        "standing": entry.standing, "standing_label": teller.say(STANDINGS[entry.standing]),
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "frequency": entry.frequency, "overdue": entry.is_overdue, "datasets": entry.datasets, "stale": entry.stale,
        "refused": entry.refused, "deletions": entry.missing,
    }  # fmt: skip
