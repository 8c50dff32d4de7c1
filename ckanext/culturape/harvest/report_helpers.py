"""What the templates of reports ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.harvest.model import HarvestSource

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.account import OUTCOMES, STATES, TROUBLED, spell_duration
from ckanext.culturape.harvest.advice import advise_on_run
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.known_source import in_utc
from ckanext.culturape.harvest.notices import KINDS
from ckanext.culturape.harvest.standing import STANDINGS

#: How each state is shown beside its word: an icon of the font that CKAN brings.
ICONS = {
    "bad": "times-circle", "ask": "question-circle", "busy": "refresh", "good": "check-circle", "failed": "times-circle",
    "stuck": "pause", "overdue": "clock", "trouble": "exclamation-triangle", "never": "circle", "off": "power-off",
}  # fmt: skip


def culturape_harvest_words() -> dict[str, Any]:
    """The tables of words: outcomes of runs, states of datasets, kinds of notes, states of sources."""
    return {
        "outcomes": OUTCOMES, "states": STATES, "troubled": TROUBLED, "kinds": KINDS, "standings": STANDINGS, "icons": ICONS,
    }  # fmt: skip


def culturape_harvest_moment(moment: datetime | None) -> str:
    """A moment as people here write it, in the time zone of the portal: ``2026-03-01 14:05``; empty when there is none."""
    local = in_utc(moment)
    return local.astimezone(tk.h.get_display_timezone()).strftime("%Y-%m-%d %H:%M") if local else ""


def culturape_harvest_duration(duration: Any) -> str:
    """A length of time in words."""
    return spell_duration(duration)


def culturape_harvest_run_advice(fault: Fault) -> Fault | None:
    """What is to be done about a run that failed."""
    return advise_on_run(fault.message)


def culturape_harvest_link(address: Any) -> str:
    """The address when it is one of the web, empty for any other."""
    text = str(address or "").strip()
    return text if text.lower().startswith(("http://", "https://")) else ""


def culturape_harvest_manages(source: Mapping[str, Any]) -> bool:
    """Whether a source of a page of ckanext-harvest has a report that the reader may open."""
    found: Any = HarvestSource.get(source["id"])
    is_ours = found is not None and found.type == HARVESTER
    return is_ours and bool(tk.h.check_access("harvest_source_update", {"id": source["id"]}))


def template_helpers() -> dict[str, Any]:
    """By name, as templates call them."""
    return {name: helper for name, helper in globals().items() if name.startswith("culturape_harvest_")}
