"""Killed at any moment, a harvest goes on, and ends as if nothing had happened."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator

import pytest
from harvested import differences, left_behind
from ownsite import DATABASE, OwnSite, own_site
from sources import Catalogue, serve

SEED = 20261125
ROUNDS = 20
RUN = ("culturape", "harvest", "run", "fuente")

PREPARE = """
import ckan.plugins.toolkit as tk
from ckan import model
user = {"ignore_auth": True, "user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
tk.get_action("organization_create")(dict(user), {
    "name": "biblioteca", "title_translated": {"es": "Biblioteca de prueba"}, "institution_type": "biblioteca"})
tk.get_action("harvest_source_create")({**user, "model": model, "session": model.Session}, {
    "name": "fuente", "title": "Fuente", "url": ADDRESS, "source_type": "culturape_dcat", "owner_org": "biblioteca"})
"""
EMPTY_INDEX = "from ckan.lib.search import clear_all; clear_all()"


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Catalogue]:
    """Forty datasets on four pages, one of which cannot be taken over."""
    titles = {n: f"Museo {n}" for n in range(1, 41)}
    with serve(Catalogue({**titles, 13: ""}, size=10, more={5: 'dct:issued "mañana" ;'})) as served:
        yield served


@pytest.fixture(scope="module")
def site(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """A site with a source and nothing else."""
    settings = {"ckanext.culturape.allowed_sources": f"{catalogue.base}/"}
    with own_site(tmp_path_factory.mktemp("killed"), **settings) as made:
        made.run("python", PREPARE.replace("ADDRESS", json.dumps(catalogue.address)))
        yield made


#: What a harvest leaves behind, rows that others point at last.
LEFT = (
    "harvest_object_error", "harvest_object_extra", "harvest_object", "harvest_gather_error", "harvest_job", "culturape_harvest_dataset",
    "culturape_harvest_fault", "culturape_harvest_page", "culturape_harvest_residue", "culturape_harvest_run", "activity_detail",
    "activity", "resource_view", "resource", "package_tag",
)  # fmt: skip


def begin_anew(site: OwnSite) -> None:
    """Bring the site back to what it was."""
    site.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
        DATABASE,
    )
    for table in LEFT:
        site.sql(f"DELETE FROM {table}")
    if site.sql("SELECT to_regclass('package_extra')")[0][0]:
        site.sql(
            "DELETE FROM package_extra WHERE package_id IN (SELECT id FROM package WHERE type = 'dataset')"
        )
    site.sql("DELETE FROM member WHERE table_id IN (SELECT id FROM package WHERE type = 'dataset')")
    site.sql("DELETE FROM package WHERE type = 'dataset'")
    site.run("python", EMPTY_INDEX)


def go_on(site: OwnSite) -> None:
    """Take up what was interrupted, unless it had ended."""
    if site.sql("SELECT status FROM harvest_job") != [("Finished",)]:
        site.run(*RUN, seconds=150)


@pytest.fixture(scope="module")
def undisturbed(site: OwnSite) -> tuple[dict[str, list[str]], float]:
    """What a run leaves behind when nobody disturbs it, and how long it takes."""
    begin_anew(site)
    began = time.monotonic()
    site.run(*RUN)
    seconds = time.monotonic() - began
    left = left_behind(site)
    assert len(left["index"]) >= 39
    return left, seconds


def test_killed_at_twenty_moments_it_ends_the_same(
    site: OwnSite, undisturbed: tuple[dict[str, list[str]], float]
) -> None:
    wanted, seconds = undisturbed
    dice = random.Random(SEED)
    killed = 0
    for number in range(ROUNDS):
        begin_anew(site)
        process = site.start(*RUN)
        # From the first moments to the last, in each round somewhat later.
        time.sleep(seconds * (number + dice.random()) / ROUNDS)
        killed += not process.ended()
        process.kill()
        go_on(site)
        assert differences(wanted, left_behind(site)) == [], f"round {number} of seed {SEED}"
    assert killed >= ROUNDS * 3 // 4, killed


@pytest.mark.parametrize("moment", ["commit", "committed", "solr", "written"])
def test_killed_right_before_and_after_what_counts(
    site: OwnSite, undisturbed: tuple[dict[str, list[str]], float], moment: str
) -> None:
    wanted, _ = undisturbed
    dice = random.Random(f"{SEED} {moment}")
    begin_anew(site)
    for _ in range(6):
        process = site.start(*RUN, last={moment: dice.randint(2, 30)})
        process.wait()
        if not process.code:
            break
    go_on(site)
    assert differences(wanted, left_behind(site)) == []


def test_two_runs_at_once_end_as_one(site: OwnSite, undisturbed: tuple[dict[str, list[str]], float]) -> None:
    wanted, _ = undisturbed
    begin_anew(site)
    first, second = site.start(*RUN), site.start(*RUN)
    first.wait()
    second.wait()
    go_on(site)
    found = left_behind(site)
    for name in ("package", "resource", "culturape_harvest_residue", "index"):
        assert differences({name: wanted[name]}, {name: found[name]}) == []


@pytest.mark.parametrize("service", ["postgres", "solr", "valkey"])
def test_a_service_that_crashes_and_comes_back(
    site: OwnSite, undisturbed: tuple[dict[str, list[str]], float], service: str
) -> None:
    wanted, seconds = undisturbed
    begin_anew(site)
    process = site.start(*RUN)
    time.sleep(seconds / 2)
    site.services.crash(service)
    site.services.start_again(service)
    process.wait(150)
    go_on(site)
    assert differences(wanted, left_behind(site)) == []
