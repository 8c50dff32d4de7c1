"""A CKAN site of a test's own: its services, its settings, and processes that run commands and may be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import requests
from rooms import room

from culturape_portal.services import Services, start_services

ROOT = Path(__file__).parent.parent.parent
NURSERY = Path(__file__).with_name("nursery.py")
CKAN = (sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()")
DATABASE = "ckan_test"

#: Programs for a process of the site: what the index would be told if it were made anew, and to tell it.
KEEP_INDEX = """
import pickle
from pathlib import Path
from ckan.lib.search import rebuild
from ckanext.culturape.harvest.indexing import collected
with collected() as parcel:
    rebuild(quiet=True)
Path("{file}").write_bytes(pickle.dumps(parcel.documents))
"""
BRING_BACK_INDEX = """
import pickle
from pathlib import Path
from ckan.lib.search.common import make_connection
solr = make_connection()
solr.delete(q="*:*", commit=False)
solr.add(pickle.loads(Path("{file}").read_bytes()), commit=True)
"""


def write_ini(file: Path, services: Services, **settings: str) -> None:
    """Write the settings of the tests with the addresses of services and others of one's own."""
    addresses = services.environment()
    own = {
        "sqlalchemy.url": addresses["CKAN_SQLALCHEMY_URL"],
        "solr_url": addresses["CKAN_SOLR_URL"],
        "ckan.redis.url": addresses["CKAN_REDIS_URL"],
        "ckan.datastore.write_url": addresses["CKAN_DATASTORE_WRITE_URL"],
        "ckan.datastore.read_url": addresses["CKAN_DATASTORE_READ_URL"],
        "ckan.storage_path": str(file.parent / "storage"),
        **settings,
    }
    lines = (ROOT / "test.ini").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split(" = ")[0] not in {*own, "testing"}]
    start = kept.index("[app:main]") + 1
    added = [f"{key} = {value.replace('%', '%%')}" for key, value in own.items()]
    file.write_text("\n".join([*kept[:start], *added, *kept[start:]]), "utf-8")


@dataclass
class Process:
    """A process of the site."""

    site: OwnSite
    pid: int
    log: Path
    code: int | None = None

    def ended(self) -> bool:
        """Whether it is no more."""
        if self.code is None:
            self.code = self.site.ask(poll=self.pid)
        return self.code is not None

    def wait(self, seconds: float = 60) -> int:
        """How it ended. Raises: AssertionError when it runs on."""
        deadline = time.monotonic() + seconds
        while not self.ended():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.01)
        assert self.code is not None
        return self.code

    def done(self, seconds: float = 60) -> None:
        """Wait until it has ended well."""
        assert self.wait(seconds) == 0, self.said()

    def children(self) -> list[psutil.Process]:
        """The processes that it started, as long as it lives: its number may be another's afterwards."""
        with suppress(psutil.NoSuchProcess):
            return [] if self.ended() else psutil.Process(self.pid).children(recursive=True)
        return []

    def kill(self) -> None:
        """Kill it, and nothing else."""
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-3000:]


@dataclass
class OwnSite:
    """A site; ``nursery`` has loaded CKAN for it."""

    folder: Path
    services: Services
    ini: Path
    environment: dict[str, str]
    nursery: subprocess.Popen[str]
    started: list[Process] = field(default_factory=list)

    def ask(self, **request: Any) -> Any:
        """Ask the nursery."""
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(json.dumps(request) + "\n")
        self.nursery.stdin.flush()
        return json.loads(self.nursery.stdout.readline())

    def start(self, *words: str, last: dict[str, int] | None = None) -> Process:
        """Start a command of CKAN in a process of its own."""
        log = self.folder / f"{len(self.started)}.log"
        process = Process(self, self.ask(words=words, log=str(log), last=last), log)
        self.started.append(process)
        return process

    def run(self, *words: str, seconds: float = 60) -> str:
        """Run a command to its end; what it says."""
        process = self.start(*words)
        process.done(seconds)
        return process.said()

    def command(self, *words: str) -> Sequence[str]:
        """The command line for a process that loads CKAN itself."""
        return [*CKAN, "-c", str(self.ini), *words]

    def end_all(self) -> None:
        """Kill what still runs."""
        for process in self.started:
            children = process.children()
            process.kill()
            end(children)

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        connection = psycopg2.connect(self.services.environment()["CKAN_SQLALCHEMY_URL"])
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def keep(self, name: str) -> None:
        """Keep database and index as they are, under a name."""
        self._copy(DATABASE, name)
        self.run("python", KEEP_INDEX.format(file=self.folder / f"{name}.index"))

    def bring_back(self, name: str) -> None:
        """Bring back what was kept."""
        self._copy(name, DATABASE)
        self.run("python", BRING_BACK_INDEX.format(file=self.folder / f"{name}.index"))

    def _copy(self, old: str, new: str) -> None:
        connection = psycopg2.connect(self.services.superuser_url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{new}" OWNER ckan TEMPLATE "{old}"')
        connection.close()

    def documents(self) -> list[dict[str, Any]]:
        """What the index shows."""
        address = f"{self.services.environment()['CKAN_SOLR_URL']}/select"
        answer = requests.get(address, {"q": "*:*", "rows": 10_000, "sort": "id asc"}, timeout=30)
        return answer.json()["response"]["docs"]


@contextmanager
def own_site(*, durable: bool = False, **settings: str) -> Iterator[OwnSite]:
    """A site with an empty database; ``durable`` services keep what is committed when they crash."""
    with room() as folder, start_services(folder, durable=durable) as services:
        ini = folder / "ckan.ini"
        write_ini(ini, services, **settings)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CKAN")}
        with (folder / "nursery.log").open("w") as log:
            nursery = subprocess.Popen(
                [sys.executable, str(NURSERY), str(ini)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
            )
        site = OwnSite(folder, services, ini, environment, nursery)
        try:
            assert nursery.stdout
            assert nursery.stdout.readline() == "ready\n", (folder / "nursery.log").read_text()
            site.run("db", "upgrade", "--skip-plugins")
            site.run("db", "upgrade", "-p", "harvest")
            site.run("db", "upgrade")
            yield site
        finally:
            site.end_all()
            nursery.kill()
            nursery.communicate()


def end(processes: Sequence[psutil.Process], seconds: float = 0) -> list[psutil.Process]:
    """Wait so long for processes to end by themselves, then kill them; those that were killed."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)
    return alive


def wait_for(is_so: Callable[[], bool], seconds: float = 60, *others: Process) -> None:
    """Wait until something is so, and see that processes live on meanwhile."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        assert not any(process.ended() for process in others), "".join(other.said() for other in others)
        time.sleep(0.02)
