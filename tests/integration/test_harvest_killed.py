"""A harvest that is killed at any moment, again and again, ends as one that nobody disturbed.

The processes are real: forked from one that has loaded CKAN, they run the commands of its command line, and are killed with SIGKILL. What they leave
is compared with an undisturbed run in every respect (``harvested``). The moments are random; the seed is printed, and
``CULTURAPE_KILLS=seed`` brings the same again.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil
import pytest
from harvested import differences, left_behind
from ownsite import OwnSite, Process, end, own_site
from sources import Catalogue, serve

SEED = int(os.environ.get("CULTURAPE_KILLS") or random.SystemRandom().randrange(1_000_000))
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


@pytest.fixture(scope="module")
def source() -> Iterator[Catalogue]:
    """Sixty datasets on six pages."""
    with serve(Catalogue({n: f"Museo {n}" for n in range(1, 61)}, size=10)) as served:
        yield served


@pytest.fixture(scope="module")
def site(source: Catalogue) -> Iterator[OwnSite]:
    """A site with that source."""
    with own_site(**{"ckanext.culturape.allowed_sources": f"{source.base}/"}) as own:
        own.run("python", MAKE_SOURCE.format(address=source.address))
        yield own


@pytest.fixture(scope="module")
def first(site: OwnSite, source: Catalogue) -> Act:
    """All datasets come in. The undisturbed run is a process of its own, started as an operator starts it."""
    return record(site, source, "first", {"added": 60})


@pytest.fixture(scope="module")
def second(site: OwnSite, source: Catalogue, first: Act) -> Act:
    """Some datasets are new, changed, gone, or no longer valid; some were edited here."""
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


def helpers_of(process: Process) -> list[psutil.Process]:
    """The other workers of a run; the process that reads documents is none."""
    found: list[psutil.Process] = []
    for child in process.children():
        with suppress(psutil.NoSuchProcess):
            if child.cmdline() and "-m" not in child.cmdline():
                found.append(child)
    return found


def strike(process: Process, who: str, seconds: float) -> list[psutil.Process]:
    """Let a run work for so long, then kill ``parent``, ``child`` or ``both``; workers that are left alone."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not process.ended():
        time.sleep(0.002)
    while who == "child" and not helpers_of(process) and not process.ended():
        time.sleep(0.002)
    helpers = helpers_of(process)
    if who in ("child", "both"):
        for helper in helpers:
            helper.kill()
    if who in ("parent", "both"):
        process.kill()
    process.wait()
    return helpers


def moments() -> Iterator[tuple[float, ...]]:
    """Twenty moments, spread over a run, two for each round: parts of the time that it takes."""
    spread = [(number + CHANCE.random()) / 20 for number in range(20)]
    CHANCE.shuffle(spread)
    yield from zip(spread[::2], spread[1::2], strict=True)


ROUNDS = list(
    zip(
        ["first", "second"] * 5,
        [("1", "parent")] * 4 + [("2", "parent"), ("2", "child"), ("2", "both")] * 2,
        moments(),
        strict=True,
    )
)


@pytest.mark.parametrize(("name", "way", "parts"), ROUNDS)
def test_killed_at_random_moments_a_run_goes_on(
    site: OwnSite,
    source: Catalogue,
    first: Act,
    second: Act,
    name: str,
    way: tuple[str, str],
    parts: tuple[float, ...],
) -> None:
    act = {"first": first, "second": second}[name]
    workers, who = way
    begin(site, source, act)
    orphans: list[psutil.Process] = []
    print(f"seed {SEED}")
    for part in parts:
        if not is_finished(site, act):
            orphans += strike(site.start(*RUN, "--workers", workers), who, part * act.seconds)
    if not is_finished(site, act):
        site.run(*RUN, "--workers", workers)
    assert end(orphans, 30) == []
    finish(site, act)


#: Right after which commits, and which requests to the index, as part of all: the first, some, the last.
PLACES = [
    *(("committed", part) for part in (0.0, 0.1, 0.3, 0.6, 0.9, 0.97, 1.0)),
    *(("written", part) for part in (0.0, 0.5, 1.0)),
]


@pytest.mark.parametrize("name", ["first", "second"])
@pytest.mark.parametrize(("what", "part"), PLACES)
def test_killed_between_two_systems_a_run_goes_on(
    site: OwnSite, source: Catalogue, first: Act, second: Act, name: str, what: str, part: float
) -> None:
    act = {"first": first, "second": second}[name]
    begin(site, source, act)
    number = 1 + round(part * (act.done[what] - 1))
    process = site.start(*RUN, last={what: number})
    assert process.wait() == -9, process.said()
    finish(site, act)


def test_two_runs_at_once_are_as_one(site: OwnSite, source: Catalogue, first: Act) -> None:
    begin(site, source, first)
    for process in [site.start(*RUN), site.start(*RUN, "--workers", "2")]:
        process.done()
    finish(site, first)
