"""Reports, confirmations and the health of sources through CKAN's API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from sqlalchemy.engine import Connection

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest import deciding, guarding, health, history, noted, reporting, runs
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.exporting import account_to_dict, notice_to_dict
from ckanext.culturape.harvest.known_source import CONFIRM, DISMISS, HEALTH, SHOW, KnownSource, find
from ckanext.culturape.harvest.noted import Chosen
from ckanext.culturape.harvest.runs import Run
from ckanext.culturape.harvest.teller import reader_teller
from ckanext.culturape.types import Record

#: Notes that one answer holds when nobody says, and at most.
NOTES, MOST_NOTES = 100, 1000


@tk.side_effect_free
def culturape_harvest_report_show(context: Context, data_dict: Record) -> Record:
    """What a harvest source gave, what became of it, and what is to be asked of whoever runs it.

    :param id: id or name of the source
    :param run: id of a run, for what that run wrote; all that holds today without it
    :param limit: number of notes, 100 without it, at most 1000
    :param offset: of the first of them

    :returns: ``source``; ``runs``, the last ten, each with ``state``, ``verdict``, ``counts``, ``error`` and ``deletions``; ``states``,
        datasets by state; ``groups``, what is wrong by field, each with ``problems`` and their ``advice``; ``notes``, and ``count`` of all
        of them
    """
    source = _source(context, data_dict, SHOW)
    limit, offset = _number(data_dict, "limit", NOTES, MOST_NOTES), _number(data_dict, "offset", 0)
    teller = reader_teller()
    with connected() as connection:
        run = _run_of(connection, source, str(data_dict.get("run") or ""))
        chosen = Chosen(source.id, run)
        found = reporting.head(connection, source, teller, run)
        notes = noted.listed(connection, chosen, limit, offset)
        return {
            **found,
            "runs": found["runs"][: reporting.RUNS],
            "count": noted.count(connection, chosen),
            "notes": [notice_to_dict(notice, teller) for notice in notes],
        }


def culturape_harvest_confirm(context: Context, data_dict: Record) -> Record:
    """Agree to the deletions that the last run of a source asks for; the next run makes them.

    :param id: id or name of the source
    :param run: id of the run whose report was read; nothing is confirmed when another has begun since

    :returns: the run, as in ``culturape_harvest_report_show``
    """
    return _decide(context, data_dict, CONFIRM, guarding.confirm)


def culturape_harvest_dismiss(context: Context, data_dict: Record) -> Record:
    """Have nothing deleted of what the last run of a source asks for, and not be asked for it again.

    :param id: id or name of the source
    :param run: id of the run whose report was read

    :returns: the run, as in ``culturape_harvest_report_show``
    """
    return _decide(context, data_dict, DISMISS, deciding.dismiss)


@tk.side_effect_free
def culturape_harvest_health_list(context: Context, data_dict: Record) -> list[Record]:
    """How the sources stand that the reader manages, the most urgent first.

    :returns: a list of ``id``, ``name``, ``title``, ``organization``, ``type``, ``standing`` (``failed``, ``ask``, ``stuck``,
        ``overdue``, ``trouble``, ``busy``, ``good``, ``never``, ``off``), ``standing_label``, ``last_success``, ``last_run``,
        ``next_run``, ``overdue``, ``datasets``, ``stale``, ``refused``, ``deletions`` that wait
    """
    tk.check_access(HEALTH, context, data_dict)
    found = health.of_reader(str(context.get("user") or ""), is_trusted=bool(context.get("ignore_auth")))
    return [health.to_dict(entry, reader_teller()) for entry in found]


def _decide(
    context: Context, data_dict: Record, action: str, decision: Callable[[Connection, str, str, str], Run]
) -> Record:
    source = _source(context, data_dict, action)
    with connected() as connection:
        try:
            run = decision(
                connection, source.id, str(context.get("user") or ""), str(data_dict.get("run") or "")
            )
        except Fault as fault:
            message = fault.text(tk._)
            raise tk.ValidationError({"message": [message]}, error_summary={"message": message}) from fault
        return account_to_dict(history.account_of(connection, run), reader_teller())


def _source(context: Context, data_dict: Record, action: str) -> KnownSource:
    source = find(str(tk.get_or_bust(data_dict, "id")))
    tk.check_access(action, context, {"id": source.id})
    return source


def _run_of(connection: Connection, source: KnownSource, run: str) -> str:
    known = runs.get(connection, run) if run else None
    if run and (known is None or known.source_id != source.id):
        raise tk.ObjectNotFound(tk._("This source has no such run."))
    return run


def _number(data_dict: Record, name: str, default: int, most: int | None = None) -> int:
    try:
        number = int(data_dict.get(name, default))
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise tk.ValidationError({name: [tk._("This is a whole number from 0.")]})
    return number if most is None else min(number, most)


def actions() -> dict[str, Any]:
    """By name, as CKAN asks for them."""
    return {
        SHOW: culturape_harvest_report_show,
        CONFIRM: culturape_harvest_confirm,
        DISMISS: culturape_harvest_dismiss,
        HEALTH: culturape_harvest_health_list,
    }
