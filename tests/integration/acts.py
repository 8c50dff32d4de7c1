"""Runs of a source that tests disturb: from which state they start, and what is left when nobody does."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from harvested import differences, left_behind
from ownsite import OwnSite, own_site
from sources import Catalogue, serve

#: Moments are chosen by chance, which is the same each time; ``CULTURAPE_KILLS=seed`` tries others.
SEED = int(os.environ.get("CULTURAPE_KILLS") or 20261125)
CHANCE = random.Random(SEED)

MAKE_SOURCE = """
import ckan.plugins.toolkit as tk
user = tk.get_action("get_site_user")({{"ignore_auth": True}}, {{}})["name"]
context = {{"ignore_auth": True, "user": user}}
house = {{"name": "casa", "title_translated": {{"es": "Casa"}}, "institution_type": "museo"}}
tk.get_action("organization_create")(dict(context), house)
tk.get_action("harvest_source_create")(dict(context), {{
    "name": "fuente", "title": "Fuente", "url": "{address}", "source_type": "culturape_dcat", "owner_org": "casa"}})
"""
EDIT = """
import ckan.plugins.toolkit as tk
user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
for name in ("museo-3", "museo-30"):
    tk.get_action("package_patch")({"ignore_auth": True, "user": user}, {"id": name, "notes_translated": {"es": "Escrito aquí."}})
"""
RUN = ("culturape", "harvest", "run", "fuente")


@dataclass
class Act:
    """A run of the source: from which state it starts, what the source shows then, and what an undisturbed run leaves.

    Attributes:
        name: of the kept database in which it starts.
        datasets, more: of the source.
        left: by the undisturbed run.
        seconds: that it took.
        done: commits and requests to the index that it made.
        jobs: that there are when it has ended.
    """

    name: str
    datasets: dict[int, str]
    more: dict[int, str]
    left: dict[str, list[str]]
    seconds: float
    done: dict[str, int]
    jobs: int


@pytest.fixture(scope="session")
def own_source() -> Iterator[Catalogue]:
    """Sixty datasets on six pages."""
    with serve(Catalogue({n: f"Museo {n}" for n in range(1, 61)}, size=10)) as served:
        yield served


@pytest.fixture(scope="session")
def site(own_source: Catalogue) -> Iterator[OwnSite]:
    """A site with that source, whose services keep what is committed when they crash."""
    with own_site(durable=True, **{"ckanext.culturape.allowed_sources": f"{own_source.base}/"}) as own:
        own.run("python", MAKE_SOURCE.format(address=own_source.address))
        yield own


@pytest.fixture(scope="session")
def first_act(site: OwnSite, own_source: Catalogue) -> Act:
    """All datasets come in. The undisturbed run is a process of its own, started as an operator starts it."""
    return record(site, own_source, "first", {"added": 60})


@pytest.fixture(scope="session")
def second_act(site: OwnSite, own_source: Catalogue, first_act: Act) -> Act:
    """Some datasets are new, changed, gone, or no longer valid; some were edited here."""
    source = own_source
    source.datasets, source.more = dict(first_act.datasets), dict(first_act.more)
    site.bring_back("after_first")
    site.run("python", EDIT)
    for number in (5, 6, 25, 45, 55):
        del source.datasets[number]
    for number in range(10, 24):
        source.datasets[number] = f"Museo {number}, renovado"
    source.more[3] = source.more[30] = 'dct:description "Otra descripción."@es ;'
    source.datasets[40] = source.datasets[61] = ""
    source.datasets |= {number: f"Museo {number}" for number in range(62, 72)}
    counts = {"added": 10, "changed": 14, "deleted": 5, "refused": 1, "stale": 1, "unchanged": 40}
    return record(site, source, "second", counts)


def record(site: OwnSite, source: Catalogue, name: str, counts: dict[str, int]) -> Act:
    """An act, with what a run leaves that nobody disturbs: as a process that loads CKAN itself, and as a forked one, which must be the same."""
    site.keep(name)
    done = subprocess.run(site.command(*RUN), capture_output=True, text=True, env=site.environment)
    assert done.returncode == 0, done.stderr[-3000:]
    left = left_behind(site)
    site.bring_back(name)
    began = time.monotonic()
    process = site.start(*RUN, last={})
    process.done()
    taken = time.monotonic() - began
    assert_same(left, left_behind(site))
    found = site.sql("SELECT counts FROM culturape_harvest_run ORDER BY started DESC")
    assert found[0][0] == counts
    site.keep(f"after_{name}")
    made = json.loads(process.said().rpartition("counted ")[2])
    return Act(name, dict(source.datasets), dict(source.more), left, taken, made, len(found))


def begin(site: OwnSite, source: Catalogue, act: Act) -> None:
    """Set the scene."""
    site.bring_back(act.name)
    source.datasets, source.more = dict(act.datasets), dict(act.more)


def is_finished(site: OwnSite, act: Act) -> bool:
    """Whether no job of the source is left to be done."""
    states = [row[0] for row in site.sql("SELECT status FROM harvest_job")]
    return states == ["Finished"] * act.jobs


def finish(site: OwnSite, act: Act) -> None:
    """Run on until the job is done, and see that all is as if nothing had happened."""
    for _ in range(3):
        if not is_finished(site, act):
            site.run(*RUN)
    assert is_finished(site, act)
    assert_same(act.left, left_behind(site))


def assert_same(wanted: dict[str, list[str]], found: dict[str, list[str]]) -> None:
    """See that two runs left the same."""
    told = differences(wanted, found)
    assert not told, "\n".join(told)


ASK = """
import ckan.plugins.toolkit as tk
user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
source = tk.get_action("package_show")({"ignore_auth": True}, {"id": "fuente"})["id"]
tk.get_action("harvest_job_create")({"ignore_auth": True, "user": user}, {"source_id": source, "run": True})
"""


def ask_for_a_run(site: OwnSite) -> None:
    """As somebody does who presses the button."""
    site.run("python", ASK)
