"""The queues of ckanext-harvest, killed; the worker, killed; database, index and queue that go away and come back: nothing is lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import redis
from acts import CHANCE, RUN, Act, ask_for_a_run, begin, finish, is_finished
from ownsite import OwnSite, wait_for
from sources import Catalogue

GATHER = ("harvester", "gather-consumer")
FETCH = ("harvester", "fetch-consumer")
#: Of a worker that was killed ckanext-harvest knows only that it says nothing more.
AGES_AGO = """
    UPDATE harvest_object SET fetch_started = fetch_started - interval '11 minutes', import_started = import_started - interval '11 minutes'
    WHERE state IN ('FETCH', 'IMPORT')"""


def pass_time(site: OwnSite) -> None:
    """Let minutes go by, in the database and in the queue."""
    site.sql(AGES_AGO)
    valkey = redis.Redis.from_url(site.services.environment()["CKAN_REDIS_URL"])
    for begun in valkey.scan_iter("*:harvest_object_id:*"):
        valkey.set(begun, str(datetime.now() - timedelta(minutes=11)))


def number(site: OwnSite, condition: str) -> int:
    """How many objects there are."""
    return int(site.sql(f"SELECT count(*) FROM harvest_object WHERE {condition}")[0][0])


def is_gathered(site: OwnSite) -> bool:
    return bool(
        site.sql("SELECT 1 FROM harvest_job WHERE gather_finished IS NOT NULL AND status = 'Running'")
    )


def test_consumers_killed_every_few_commits_go_on(
    site: OwnSite, own_source: Catalogue, first_act: Act
) -> None:
    begin(site, own_source, first_act)
    site.run("harvester", "purge-queues")
    ask_for_a_run(site)
    lives = 0
    while not is_gathered(site):
        gather = site.start(*GATHER, last={"committed": 4})
        wait_for(lambda gather=gather: gather.ended() or is_gathered(site))
        gather.kill()
        site.run("harvester", "run")
        lives += 1
        assert lives < 20
    assert lives > 2
    while number(site, "state NOT IN ('COMPLETE', 'ERROR')"):
        fetch = site.start(*FETCH, last={"committed": CHANCE.randrange(20, 60)})
        wait_for(lambda fetch=fetch: fetch.ended() or not number(site, "state NOT IN ('COMPLETE', 'ERROR')"))
        fetch.kill()
        pass_time(site)
        site.run("harvester", "run")
        lives += 1
        assert lives < 60
    site.run("harvester", "run")
    finish(site, first_act)


class Supervised:
    """Consumers that are started again when they end, as supervisors do: since redis-py 8 those of ckanext-harvest end when their queue is empty for five seconds."""

    def __init__(self, site: OwnSite) -> None:
        self.site = site
        self.processes = {words: site.start(*words) for words in (GATHER, FETCH)}

    def attend(self) -> None:
        """Start again what has ended."""
        for words, process in self.processes.items():
            if process.ended():
                self.processes[words] = self.site.start(*words)

    def kill(self) -> None:
        """End them, and nobody starts them again."""
        for process in self.processes.values():
            process.kill()

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Attend to them until something is so."""

        def look() -> bool:
            self.attend()
            return is_so()

        wait_for(look)


def test_an_emptied_queue_is_filled_again(site: OwnSite, own_source: Catalogue, first_act: Act) -> None:
    begin(site, own_source, first_act)
    site.run("harvester", "purge-queues")
    ask_for_a_run(site)
    consumers = Supervised(site)
    consumers.wait_for(lambda: number(site, "state = 'COMPLETE'") > CHANCE.randrange(3, 30))
    site.services.crash("valkey")
    wait_for(lambda: all(consumer.ended() for consumer in consumers.processes.values()))
    site.services.start_again("valkey")
    site.run("harvester", "purge-queues")
    pass_time(site)
    site.run("harvester", "run")
    consumers.wait_for(lambda: not number(site, "state NOT IN ('COMPLETE', 'ERROR')"))
    site.run("harvester", "run")
    consumers.kill()
    finish(site, first_act)


def test_the_worker_killed_goes_on_when_it_is_started_again(
    site: OwnSite, own_source: Catalogue, second_act: Act
) -> None:
    begin(site, own_source, second_act)
    ask_for_a_run(site)
    for _ in range(3):
        worker = site.start("culturape", "harvest", "work")
        time.sleep(CHANCE.random() * second_act.seconds)
        worker.kill()
    worker = site.start("culturape", "harvest", "work")
    wait_for(lambda: is_finished(site, second_act), 60, worker)
    worker.kill()
    finish(site, second_act)


#: What crashes, and what of a run it meets.
OUTAGES = [("postgres", "pages"), ("postgres", "datasets"), ("solr", "datasets"), ("valkey", "datasets")]


@pytest.mark.parametrize(("service", "during"), OUTAGES)
def test_a_run_outlives_the_crash_of_a_service(
    site: OwnSite, own_source: Catalogue, first_act: Act, service: str, during: str
) -> None:
    begin(site, own_source, first_act)
    run = site.start(*RUN, "--workers", "2")
    if during == "pages":
        wait_for(lambda: number(site, "state = 'WAITING'") >= 10, 60, run)
    else:
        done = CHANCE.randrange(5, 25)
        wait_for(lambda: taken(site) > done, 60, run)
    site.services.crash(service)
    time.sleep(1)
    site.services.start_again(service)
    run.done(120)
    finish(site, first_act)


def taken(site: OwnSite) -> int:
    """Datasets that were dealt with."""
    return int(site.sql("SELECT count(*) FROM culturape_harvest_dataset WHERE outcome <> ''")[0][0])
