"""A running portal: starts its parts in order, watches them, and ends them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from culturape_portal import ckan_site, ckan_steps
from culturape_portal.errors import PortalError
from culturape_portal.launch import Launch, launch_all, stop_all
from culturape_portal.parts import Embedded
from culturape_portal.ports import LOOPBACK, becomes_free, in_brackets, is_free, near
from culturape_portal.process import identity_of, stop_identity
from culturape_portal.settings import write_ini
from culturape_portal.state import DEFAULT_PORT, DataFolder, Memory, Run
from culturape_portal.watch import Watcher

if TYPE_CHECKING:
    from types import FrameType

Progress = Callable[[str], None]
PORT_SECONDS = 5.0


@dataclass(frozen=True)
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
    memory: Memory = field(default_factory=Memory)

    def start(self) -> None:
        """Bring everything up; returns when the first page has been served."""
        self.memory = self.data.open()
        crashed = end_leftovers(self.data)
        services = Embedded(self.data, self.memory)
        self.run = Run(supervisor=identity_of(os.getpid()), external=services.external)
        self.run.url = choose_address(self.wishes, self.memory, PORT_SECONDS if crashed else 0)
        again = services.index_changed()
        self._start_services(services)
        settings = ckan_site.settings(
            self.data, services.urls(), self.run.url, self.memory.secrets["session"]
        )
        write_ini(self.data.file("ckan.ini"), settings)
        self._prepare(services, again)
        self._start_ckan()
        self._enter("ready")

    def watch(self) -> None:
        """Start again what crashes, until told to stop."""
        Watcher(self.launches, self.say, self._record).watch(self.stopping)

    def stop(self) -> None:
        """End all parts: CKAN first, the services last."""
        if not self.launches:
            return
        self.say("Stopping the portal")
        ckan = [launch for launch in self.launches if launch.key in {"web", "worker", "harvest"}]
        stop_all(ckan)
        stop_all([launch for launch in self.launches if launch not in ckan])
        self.data.file("run.json").unlink(missing_ok=True)

    def seed(self) -> None:
        """Load the sample catalogue after the first start; a failure leaves the portal running."""
        if self.memory.seeded or not self.wishes.seed:
            return
        self._enter("seeding")
        try:
            ckan_steps.seed(self.data, self.say, self.check)
            self.memory.seeded = True
            self.data.save(self.memory)
        except PortalError as error:
            self.say(str(error))
        self._enter("ready")

    def check(self) -> None:
        """Give up when told to stop."""
        if self.stopping.is_set():
            raise KeyboardInterrupt

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-C and `down` end up here."""
        self.stopping.set()

    def _progress(self, line: str) -> None:
        self.check()
        self.say(line)

    def _start_services(self, services: Embedded) -> None:
        launches = services.launches(self._progress)
        self.launches.extend(launches)
        if launches:
            self._progress("Starting PostgreSQL, Valkey and Solr" + services.without())
        launch_all(launches, self._recorded_check)
        self.memory.ports.update({launch.key: launch.port for launch in launches})
        self.data.save(self.memory)
        services.ensure_databases()

    def _prepare(self, services: Embedded, again: bool) -> None:
        """Database, translations, administrator and index, when something has changed since last time."""
        wanted = ckan_site.fingerprint(self.data.file("ckan.ini"))
        if self.memory.prepared == wanted and not again:
            return
        ckan_steps.prepare(self.data, services.superuser_url(), again, self.say, self.check)
        self.memory.prepared, self.memory.index = wanted, services.index()
        self.data.save(self.memory)

    def _start_ckan(self) -> None:
        self._progress("Starting CKAN")
        port, host = self.memory.ports["web"], self.memory.host
        web = Launch("web", lambda _port: ckan_site.web_part(self.data, host, port), port, fixed=True)
        worker = Launch("worker", lambda _port: ckan_site.worker_part(self.data), fixed=True)
        harvest = Launch("harvest", lambda _port: ckan_site.harvest_part(self.data), fixed=True)
        for launch in (web, worker, harvest):
            self.launches.append(launch)
            launch_all([launch], self._recorded_check)

    def _recorded_check(self) -> None:
        self._record()
        self.check()

    def _enter(self, phase: str) -> None:
        self.run.phase = phase
        self.data.save_run(self.run)

    def _record(self) -> None:
        """Remember which processes run, for a next start after a crash."""
        parts = {launch.key: launch.running.identity for launch in self.launches if launch.running}
        if parts != self.run.parts:
            self.run.parts = parts
            self.data.save_run(self.run)


def choose_address(wishes: Wishes, memory: Memory, patience: float = 0) -> str:
    """The address people open: as asked, as last time, or on the next free port.

    After a crash its port is waited for, up to `patience` seconds.
    """
    memory.host = wishes.host or memory.host
    memory.ports["web"] = _web_port(wishes.port, memory, patience)
    memory.site_url = wishes.site_url or memory.site_url
    shown = "localhost" if near(memory.host) == LOOPBACK else in_brackets(memory.host)
    return memory.site_url or f"http://{shown}:{memory.ports['web']}"


def _web_port(wished: int | None, memory: Memory, patience: float) -> int:
    if wished:
        if not becomes_free(wished, memory.host, patience):
            raise PortalError("web server", f"port {wished} is taken; choose another with --port")
        return wished
    port = memory.ports.get("web", DEFAULT_PORT)
    becomes_free(port, memory.host, patience)
    while not is_free(port, memory.host):
        port += 1
    return port


def end_leftovers(data: DataFolder) -> bool:
    """End parts that a killed supervisor left running; whether there was such a supervisor."""
    parts = data.run().parts
    for identity in reversed(list(parts.values())):
        stop_identity(identity, signal.SIGTERM, 10)
    data.file("run.json").unlink(missing_ok=True)
    return bool(parts)
