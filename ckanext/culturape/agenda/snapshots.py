"""The agenda as it was on a date, read from its versions; only what everybody may read today as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.helpers import get_display_timezone
from ckan.types import AuthResult, Context

from ckanext.culturape.agenda import evaluation_rows, history, versions
from ckanext.culturape.agenda.commitments import texts_of
from ckanext.culturape.agenda.evaluations import answers_of
from ckanext.culturape.agenda.snapshot import Then, document, withdrawn_of
from ckanext.culturape.agenda.versions import Version
from ckanext.culturape.errors import N_
from ckanext.culturape.types import Record

WRONG_DATE = N_("“%(value)s” is not a date: write year, month and day, such as 2026-03-31.")
TOO_EARLY = N_("Of this agenda nothing is kept from before %(first)s.")
NOTHING_KEPT = N_("Nothing is kept yet of this agenda that everybody could read.")
NOT_PUBLIC = N_("On %(date)s the agenda could not be read by everybody.")
NOT_YET = N_("%(date)s is still to come.")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: Fields of commitments and needs that may name datasets.
NAMING = ("fulfilled_by", "about_dataset", "answered_by")


@tk.side_effect_free
def culturape_agenda_snapshot(context: Context, data_dict: Record) -> Record:
    """An agenda as it was at the end of a day, in the time zone of the site.

    :param id: id or name of the agenda
    :param date: year, month and day; today when left out

    :returns: ``format``, ``date``, ``until`` (end of the day), ``agenda``, ``commitments`` (each with ``state`` and ``datasets`` of that day), ``needs`` (each with
        ``need_status``, ``is_overdue`` and ``steps``), ``evaluations``, and ``withdrawn`` (how many records of each type stood there then and cannot be read by everybody
        today: these are left out). Nothing depends on who asks or when, so that its canonical JSON always has the same checksum, until something is withdrawn.

    Not found, with the reason, for days before the first version and days to come.
    """
    asked = cast("Context", {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")})
    agenda = tk.get_action("package_show")(asked, {"id": tk.get_or_bust(data_dict, "id")})
    if agenda.get("type") != "agenda":
        raise tk.ObjectNotFound(tk._("Agenda not found"))
    tk.check_access("culturape_agenda_snapshot", asked, {"id": agenda["id"]})
    day = read_day(data_dict.get("date"))
    return document(_then(str(agenda["id"]), day))


@tk.auth_allow_anonymous_access
def culturape_agenda_snapshot_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may read the agenda."""
    tk.check_access("package_show", context, {"id": tk.get_or_bust(data_dict, "id")})
    return {"success": True}


def today() -> date:
    """The day that it is in the time zone of the site."""
    return datetime.now(get_display_timezone()).date()


def read_day(raw: Any) -> date:
    """The day that is asked for; today when none is. Raises: ValidationError."""
    given = str(raw or "")
    if not given:
        return today()
    try:
        if _DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise tk.ValidationError({"date": [tk._(WRONG_DATE) % {"value": given[:40]}]})


def end_of(day: date) -> datetime:
    """The moment when a day is over."""
    # By way of the clock on the wall: a day on which clocks are changed has not 24 hours.
    morning = datetime.combine(day + timedelta(days=1), datetime.min.time())
    zone: Any = get_display_timezone()
    local = zone.localize(morning) if hasattr(zone, "localize") else morning.replace(tzinfo=zone)
    return local.astimezone(timezone.utc)


def first_day(agenda_id: str) -> date | None:
    """The first day of which something is kept; ``None`` when nothing is."""
    moment = versions.first(model.Session, agenda_id)
    return moment.astimezone(get_display_timezone()).date() if moment else None


def _then(agenda_id: str, day: date) -> Then:
    first = first_day(agenda_id)
    if first is None:
        raise tk.ObjectNotFound(tk._(NOTHING_KEPT))
    if day > today():
        raise tk.ObjectNotFound(tk._(NOT_YET) % {"date": day.isoformat()})
    if day < first:
        raise tk.ObjectNotFound(tk._(TOO_EARLY) % {"first": first.isoformat()})
    until = end_of(day)
    found = {one.id: one for one in versions.of_agenda(model.Session, agenda_id, until)}
    agenda = found.pop(agenda_id, None)
    if agenda is None or agenda.content is None:
        raise tk.ObjectNotFound(tk._(NOT_PUBLIC) % {"date": day.isoformat()})
    there = [one for one in found.values() if one.content is not None and one.agenda_id == agenda_id]
    return _gather(day, until, agenda.content, there)


def _gather(day: date, until: datetime, agenda: Record, there: Iterable[Version]) -> Then:
    there = list(there)
    records = [one.content for one in there if one.is_public and one.content]
    named = {link for record in records for name in NAMING for link in texts_of(record.get(name))}
    datasets = [
        one
        for one in versions.of_records(model.Session, named, until)
        if one.type == "dataset" and one.content
    ]
    gone = [one.type for one in (*there, *datasets) if not one.is_public]
    return Then(
        date=day.isoformat(),
        until=until.isoformat(),
        agenda=agenda,
        records=records,
        datasets={one.id: one.content for one in datasets if one.is_public and one.content},
        published=frozenset(one.id for one in datasets),
        steps=_steps([str(record["id"]) for record in records], until),
        evaluations=answers_of(evaluation_rows.at(model.Session, str(agenda["id"]), until)),
        withdrawn=withdrawn_of(gone),
    )


def _steps(need_ids: list[str], until: datetime) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for need_id, step in history.steps_of(model.Session, need_ids):
        if step.moment < until:
            moment = step.moment.astimezone(timezone.utc).isoformat(timespec="seconds")
            found.setdefault(need_id, []).append(
                {"status": step.status, "date": moment, "comment": step.comment}
            )
    return found
