"""What somebody decides on the page of a report: that deletions are made, that nothing is deleted, or that the source is harvested now."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.harvest.logic import HarvestJobExists, HarvestSourceInactiveError
from redis.exceptions import RedisError

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.known_source import CONFIRM, DISMISS, KnownSource
from ckanext.culturape.harvest.report_page import private, source_or_404
from ckanext.culturape.views.editing import may, refuse_forged, user_name

#: By the last part of the address: the action, and what is said when it was done.
DECISIONS = {
    "confirmar": (CONFIRM, N_("Confirmed. The datasets that are still missing are deleted in the next run.")),
    "descartar": (DISMISS, N_("Nothing is deleted. You are asked again only when more is missing.")),
}


@private
def decide(name: str, decision: str) -> Any:
    """Do what was decided, and show the report again, which says what came of it."""
    refuse_forged()
    source = source_or_404(name)
    if decision == "cosechar":
        _harvest_now(source)
    elif decision in DECISIONS:
        action, told = DECISIONS[decision]
        _act(action, source, told)
    else:
        tk.abort(404, tk._("There is no such page."))
    return tk.redirect_to("culturape_harvests.report", name=source.name)


def _act(action: str, source: KnownSource, told: str) -> None:
    may(action, {"id": source.id})
    data = {"id": source.id, "run": tk.request.form.get("run", "")}
    try:
        tk.get_action(action)(cast("Context", {"user": user_name()}), data)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(map(str, error.error_summary.values())))
    else:
        tk.h.flash_success(tk._(told))


def _harvest_now(source: KnownSource) -> None:
    may("harvest_job_create", {"source_id": source.id})
    context = {"user": user_name(), "model": model, "session": model.Session}
    try:
        tk.get_action("harvest_job_create")(cast("Context", context), {"source_id": source.id, "run": True})
    except HarvestJobExists:
        tk.h.flash_notice(tk._("The source is being harvested already, or is about to be."))
    except HarvestSourceInactiveError:
        tk.h.flash_error(tk._("This source is switched off. Switch it on before it is harvested."))
    except (RedisError, OSError):
        tk.h.flash_error(tk._("The queue of harvests does not answer. Tell whoever administers the portal."))
    else:
        tk.h.flash_success(tk._("The source is going to be harvested. Reload this page in a while."))
