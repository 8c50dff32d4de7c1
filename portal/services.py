"""PostgreSQL, Valkey and Solr for tests: quick, empty, on free ports, gone when the tests end.

    with start_services(folder) as services:
        services.environment()      # the variables that CKAN reads

Several runs at once do not meet. When the calling process is killed, a small guard ends the services.
Variables of the operator (CKAN_SQLALCHEMY_URL...) are not looked at: tests empty the database they are given.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from culturape_portal.databases import Database, ensure_databases, new_password
from culturape_portal.files import lock_folder, private_folder
from culturape_portal.launch import Launch, launch_all, stop_all
from culturape_portal.postgres import Cluster, end_leftovers
from culturape_portal.solr import Solr
from culturape_portal.valkey import Valkey

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

Progress = Callable[[str], None]


@dataclass
class Services:
    """Running services; `stop`, or the end of a `with` block, ends them. `superuser_url` is for tests that copy databases."""

    lock: BinaryIO
    launches: Sequence[Launch]
    variables: dict[str, str] = field(default_factory=dict)
    superuser_url: str = ""
    guard: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """The variables that CKAN reads: addresses of the databases, of Solr and of Valkey."""
        return dict(self.variables)

    def crash(self, key: str) -> None:
        """End one service (``postgres``, ``valkey`` or ``solr``) at once, as a crash does."""
        for launch in self.launches:
            if launch.key == key and launch.running:
                launch.running.popen.kill()
                launch.running.stop()

    def start_again(self, key: str) -> None:
        """Start a service that crashed, on its port; returns when it answers."""
        chosen = [launch for launch in self.launches if launch.key == key]
        for launch in chosen:
            launch.fixed = True
        launch_all(chosen)
        self.watch_over()

    def stop(self) -> None:
        """End all services; calling it again does nothing."""
        self._dismiss_guard()
        stop_all(self.launches)
        self.lock.close()

    def watch_over(self) -> None:
        """Have the services that run now ended when this process is killed."""
        self._dismiss_guard()
        self.guard = _guard(self.launches)

    def _dismiss_guard(self) -> None:
        if self.guard:
            self.guard.communicate(b"done\n")
            self.guard = None

    def __enter__(self) -> Services:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_services(
    folder: Path, *, schema: str = "portal", durable: bool = False, progress: Progress = print
) -> Services:
    """Start the three services, empty, in `folder`/test-services.

    Args:
        folder: of the caller.
        schema: of Solr, "portal" or "stock".
        durable: whether what was committed survives the crash of a service, as in a portal; slower.
        progress: is told what takes long.
    """
    folder = private_folder(folder.resolve() / "test-services")
    lock = lock_folder(folder)
    end_leftovers(folder / "postgres")
    for remains in ("postgres", "valkey", "solr"):
        shutil.rmtree(folder / remains, ignore_errors=True)
    cluster = Cluster(folder / "postgres", folder / "postgres.log", new_password(), fast=not durable)
    valkey = Valkey(folder / "valkey", folder / "valkey.log", new_password(), durable=durable)
    solr = Solr(folder / "solr", folder / "solr.log", new_password(), schema=schema, fast=not durable)
    solr.prepare(progress)
    launches = (
        Launch("solr", solr.part),
        Launch("valkey", valkey.part),
        Launch("postgres", cluster.part),
    )
    services = Services(lock, launches)
    try:
        launch_all(launches)
        ports = {launch.key: launch.port for launch in launches}
        services.superuser_url = cluster.url(ports["postgres"])
        services.variables = {
            "CKAN_SOLR_URL": solr.url(ports["solr"]),
            "CKAN_REDIS_URL": valkey.url(ports["valkey"]),
            **_databases(cluster, ports["postgres"]),
        }
        services.watch_over()
    except BaseException:
        services.stop()
        raise
    return services


def _databases(cluster: Cluster, port: int) -> dict[str, str]:
    """Make the roles and databases that CKAN's tests use; their addresses."""
    roles = {"ckan": new_password(), "datastore_ro": new_password()}
    names = ("ckan_test", "datastore_test")
    ensure_databases(cluster.url(port), roles, [Database(name, "ckan") for name in names])
    return {
        "CKAN_SQLALCHEMY_URL": cluster.url(port, "ckan_test", "ckan", roles["ckan"]),
        "CKAN_DATASTORE_WRITE_URL": cluster.url(port, "datastore_test", "ckan", roles["ckan"]),
        "CKAN_DATASTORE_READ_URL": cluster.url(port, "datastore_test", "datastore_ro", roles["datastore_ro"]),
    }


def _guard(launches: Sequence[Launch]) -> subprocess.Popen[bytes]:
    """A shell that ends the services when this process is killed before it could do so."""
    running = [launch.running for launch in launches if launch.running]
    ends = "; ".join(f"kill -{int(r.part.stop_signal)} {r.identity.pid}" for r in running)
    return subprocess.Popen(
        ["/bin/sh", "-c", f"read -r word || {{ {ends}; }}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
