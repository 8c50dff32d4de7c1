"""Who is told by mail that a run has ended? Once for each run; a mail server that is down neither fails nor holds up the harvest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
import rq
from ckan import model
from ckan.lib import jobs
from ckan.types import Context
from redis.exceptions import RedisError

from ckanext.culturape import config
from ckanext.culturape.harvest import history, letter, noted, runs
from ckanext.culturape.harvest.account import Account
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.errand import unattended
from ckanext.culturape.harvest.letter import Letter, Occasion
from ckanext.culturape.harvest.posting import Recipient, send, send_patiently
from ckanext.culturape.harvest.report_helpers import culturape_harvest_moment
from ckanext.culturape.harvest.runs import Run
from ckanext.culturape.harvest.teller import site_teller
from ckanext.culturape.types import Record

RECIPIENTS = "harvest_get_notifications_recipients"

#: Set in the context of ``harvest_jobs_run``: who asks for recipients there is ckanext-harvest, for its own mails.
THEIRS = "culturape_status_mails"


def tell(run: Run) -> None:
    """Send the mail on a run that ended, if the operator wants one: by the worker where there is one, else from here."""
    with connected() as connection:
        # Read again: others who listen may have answered what it asks.
        run = runs.get(connection, run.id) or run
        account = history.account_of(connection, run)
    if not letter.is_wanted(account, config.harvest_mail()):
        return
    if _has_worker():
        tk.enqueue_job(mail_job, [run.id], title=f"mail on harvest {run.id}")
    else:
        send_patiently(*_prepared(run))


def mail_job(run_id: str) -> None:
    """The job of the worker."""
    with connected() as connection:
        run = runs.get(connection, run_id)
    if run:
        send(*_prepared(run))


def _has_worker() -> bool:
    """Whether a worker listens to the queue of jobs."""
    try:
        return rq.Worker.count(queue=jobs.get_queue()) > 0
    except RedisError:
        return False


def _prepared(run: Run) -> tuple[Letter, list[Recipient]]:
    source: Any = model.Package.get(run.source_id)
    with connected() as connection:
        account = history.account_of(connection, run)
        groups = noted.groups(connection, noted.Chosen(run.source_id))
    occasion = Occasion(
        title=(source.title or source.name) if source else run.source_id,
        account=account,
        when=(culturape_harvest_moment(run.started), culturape_harvest_moment(run.finished)),
        groups=groups,
        report=tk.url_for("culturape_harvests.report", name=run.source_id, _external=True, locale="default"),
        site=str(tk.config.get("ckan.site_title") or ""),
    )
    return letter.write(occasion, site_teller()), recipients(run.source_id)


def recipients(source_id: str) -> list[Recipient]:
    """Those whom ckanext-harvest would write to, each once; not people whose account was closed."""
    try:
        found = tk.get_action(RECIPIENTS)(unattended(), {"source_id": source_id})
    except tk.ObjectNotFound:
        return []
    names = [person["name"] for person in found]
    active = {
        user.name
        for user in model.Session.query(model.User).filter(model.User.name.in_(names))
        if user.state == "active"
    }
    people = {
        str(person["email"]).strip(): str(person["name"]) for person in found if person["name"] in active
    }
    return [Recipient(name, address) for address, name in people.items()]


@tk.chained_action
def harvest_get_notifications_recipients(
    original: Callable[..., list[Record]], context: Context, data_dict: Record
) -> list[Record]:
    """As ckanext-harvest says; nobody, when it asks for a mail of its own about a run on which ours goes out."""
    asker = cast("Mapping[str, Any]", context)
    if asker.get(THEIRS) and _is_told(str(data_dict["source_id"])):
        tk.check_access(RECIPIENTS, context, data_dict)
        return []
    return original(context, data_dict)


def _is_told(source_id: str) -> bool:
    """Whether our mail goes out on the last run of a source."""
    with connected() as connection:
        last: Account | None = next(iter(history.listed(connection, source_id, 1)), None)
    return last is not None and last.finished is not None and letter.is_wanted(last, config.harvest_mail())
