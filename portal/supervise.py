"""A running portal: starts its parts in order, keeps them running, and ends them."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from culturape_portal import ckan_site, ckan_steps
from culturape_portal.errors import PortalError
from culturape_portal.launch import Launch, launch_all, stop_all
from culturape_portal.parts import Embedded
from culturape_portal.ports import is_free
from culturape_portal.process import Running, stop_identity
from culturape_portal.settings import write_ini
from culturape_portal.solr import schema_text
from culturape_portal.state import DEFAULT_PORT, DataFolder, Run

if TYPE_CHECKING:
    from types import FrameType

Progress = Callable[[str], None]
LONGEST_PAUSE = 30.0


@dataclass
class Wishes:
    """What the command line asks for."""

    host: str | None = None
    port: int | None = None
    site_url: str | None = None
    seed: bool = True


@dataclass
class Portal:
    """The supervisor's view of one portal; the data folder is locked by whoever makes it."""

    data: DataFolder
    wishes: Wishes
    say: Progress
    stopping: threading.Event = field(default_factory=threading.Event)
    launches: list[Launch] = field(default_factory=list)
    run: Run = field(default_factory=Run)

    def start(self) -> None:
        """Bring everything up; returns when the first page has been served."""
        self.memory = self.data.open()
        end_leftovers(self.data)
        self.run.supervisor = (os.getpid(), 0.0)
        self.services = Embedded(self.data, self.memory)
        self.run.external = self.services.external
        self._choose_address()
        self._start_services()
        self._configure()
        self._prepare()
        self._start_ckan()
        self.run.phase = "ready"
        self._record()

    def watch(self) -> None:
        """Start again what crashed, until told to stop."""
        pauses: dict[str, float] = {}
        while not self.stopping.wait(1.0):
            for launch in self.launches:
                if launch.running and not launch.running.alive():
                    self._restart(launch, pauses)

    def stop(self) -> None:
        """End all parts, the web server first, the services last."""
        ckan = [launch for launch in self.launches if launch.key in {"web", "worker"}]
        stop_all(ckan)
        stop_all([launch for launch in self.launches if launch not in ckan])
        if self.launches:
            self.data.file("run.json").unlink(missing_ok=True)

    def seed(self) -> None:
        """Load the sample catalogue, once, after the first start."""
        if self.memory.seeded or not self.wishes.seed:
            return
        self.run.phase = "seeding"
        self._record()
        ckan_steps.seed(self.data, self.say, self.check)
        self.memory.seeded = True
        self.run.phase = "ready"
        self._record()

    def check(self) -> None:
        """Give up when told to stop."""
        if self.stopping.is_set():
            raise KeyboardInterrupt

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-C and `down` end up here."""
        self.stopping.set()

    def progress(self, line: str) -> None:
        """Say a line, and give up when told to stop."""
        self.check()
        self.say(line)

    def _choose_address(self) -> None:
        """The address people open: as asked, as last time, or the next free port."""
        wishes, memory = self.wishes, self.memory
        memory.host = wishes.host or memory.host
        port = wishes.port or memory.ports.get("web") or DEFAULT_PORT
        if wishes.port and not is_free(port, memory.host):
            raise PortalError("web server", f"port {port} is taken; choose another with --port")
        while not is_free(port, memory.host):
            port += 1
        memory.ports["web"] = port
        memory.site_url = wishes.site_url or memory.site_url
        shown = "localhost" if memory.host in {"127.0.0.1", "0.0.0.0", "::"} else memory.host
        self.run.url = memory.site_url or f"http://{shown}:{port}"

    def _start_services(self) -> None:
        new = not self.data.file("postgres").exists()
        launches = self.services.launches(self.progress)
        self.launches.extend(launches)
        if launches:
            self.progress("Starting " + ", ".join(launch.key for launch in launches))
        launch_all(launches, self._recorded_check)
        self.memory.ports.update({launch.key: launch.port for launch in launches})
        self.data.save(self.memory)
        if "postgres" not in self.services.external and (new or not self.memory.prepared):
            self.services.ensure_databases()

    def _configure(self) -> None:
        secret = self.memory.secrets["session"]
        write_ini(
            self.data.file("ckan.ini"),
            ckan_site.settings(self.data, self.services.urls(), self.run.url, secret),
        )

    def _prepare(self) -> None:
        """Database, translations, administrator and index, when something has changed since last time."""
        wanted = ckan_site.fingerprint(self.data.file("ckan.ini"))
        schema = hashlib.sha256(schema_text("portal").encode()).hexdigest()
        again = bool(self.memory.schema) and self.memory.schema != schema
        if self.memory.prepared == wanted and not again:
            return
        ckan_steps.prepare(self.data, self.services.superuser_url(), again, self.say, self.check)
        self.memory.prepared, self.memory.schema = wanted, schema
        self.data.save(self.memory)

    def _start_ckan(self) -> None:
        self.progress("Starting CKAN")
        memory = self.memory
        web = Launch(
            "web", lambda port: ckan_site.web_part(self.data, memory.host, port), memory.ports["web"]
        )
        worker = Launch("worker", lambda _port: ckan_site.worker_part(self.data))
        for launch in (web, worker):
            launch.attempts = 2
            self.launches.append(launch)
        launch_all([web], self._recorded_check)
        launch_all([worker], self._recorded_check)

    def _recorded_check(self) -> None:
        self._record()
        self.check()

    def _record(self) -> None:
        running = {launch.key: launch.running.identity for launch in self.launches if launch.running}
        parts = {key: (found.pid, found.created) for key, found in running.items()}
        if parts != self.run.parts or self.run.phase != self._written:
            self.run.parts, self._written = parts, self.run.phase
            self.data.save_run(self.run)

    _written: str = ""

    def _restart(self, launch: Launch, pauses: dict[str, float]) -> None:
        """Start a crashed part again on its port, waiting longer each time it crashes soon."""
        assert launch.running is not None
        failed = launch.running
        self.say(f"{failed.part.name} ended unexpectedly; starting it again (log: {failed.part.log})")
        failed.stop()
        age = time.time() - failed.identity.created
        pause = 0.0 if age > 60 else min(LONGEST_PAUSE, 2 * pauses.get(launch.key, 0.5))
        pauses[launch.key] = pause
        if not self.stopping.wait(pause):
            launch.running = Running(launch.make(launch.port))
            self._record()


def end_leftovers(data: DataFolder) -> None:
    """End parts that a killed supervisor left running."""
    for identity in reversed(list(data.run().identities().values())):
        stop_identity(identity, signal.SIGTERM, 10)
    data.file("run.json").unlink(missing_ok=True)
