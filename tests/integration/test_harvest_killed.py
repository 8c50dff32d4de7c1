"""A harvest that is killed at any moment, again and again, ends as one that nobody disturbed.

The processes are real: forked from one that has loaded CKAN, they run the commands of its command line, and are killed with SIGKILL. What they leave
is compared with an undisturbed run in every respect (``harvested``). The moments are random; the seed is printed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import ckan.plugins.toolkit as tk
import psutil
import pytest
from acts import CHANCE, RUN, SEED, Act, begin, finish, is_finished
from ownsite import OwnSite, Process, end, wait_for
from sources import Catalogue

#: All moments are tried on the newest CKAN, and every third on others: that takes minutes, and the code is the same but for the end of a transaction.
EACH = 1 if tk.check_ckan_version("2.12") else 3


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


@pytest.mark.parametrize(("name", "way", "parts"), ROUNDS[::EACH])
def test_killed_at_random_moments_a_run_goes_on(
    site: OwnSite,
    own_source: Catalogue,
    first_act: Act,
    second_act: Act,
    name: str,
    way: tuple[str, str],
    parts: tuple[float, ...],
) -> None:
    act = {"first": first_act, "second": second_act}[name]
    workers, who = way
    begin(site, own_source, act)
    orphans: list[psutil.Process] = []
    sys.stdout.write(f"seed {SEED}\n")
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
@pytest.mark.parametrize(("what", "part"), PLACES[::EACH])
def test_killed_between_two_systems_a_run_goes_on(
    site: OwnSite, own_source: Catalogue, first_act: Act, second_act: Act, name: str, what: str, part: float
) -> None:
    act = {"first": first_act, "second": second_act}[name]
    begin(site, own_source, act)
    number = 1 + round(part * (act.done[what] - 1))
    process = site.start(*RUN, last={what: number})
    assert process.wait() == -9, process.said()
    finish(site, act)


def test_two_runs_at_once_are_as_one(site: OwnSite, own_source: Catalogue, first_act: Act) -> None:
    begin(site, own_source, first_act)
    for process in [site.start(*RUN), site.start(*RUN, "--workers", "2")]:
        process.done()
    finish(site, first_act)


#: Says the number of its worker, takes a lock, and is killed.
HOLD = """
import os, signal, time
from ckan import model
from sqlalchemy import text
from ckanext.culturape.harvest.forking import fork
model.Session.execute(text("SELECT 1"))
print(fork(lambda: time.sleep(60)), flush=True)
connection = model.ensure_engine().connect()
connection.execute(text("SELECT pg_advisory_xact_lock(20261130)"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_database_lets_go_of_a_killed_parent_while_its_worker_lives(site: OwnSite) -> None:
    process = site.start("python", HOLD)
    assert process.wait() == -9, process.said()
    worker = psutil.Process(int(process.said().split()[-1]))
    wait_for(lambda: bool(site.sql("SELECT pg_try_advisory_lock(20261130)")[0][0]), 10)
    assert worker.is_running()
    assert end([worker]) == [worker]
