"""PostgreSQL, Valkey and Solr for tests: quick, empty, on free ports, gone when the tests end.

    with start_services(folder) as services:
        services.environment()      # the variables that CKAN reads

Several runs at once do not meet. When the calling process is killed, a small guard ends the services.
Variables of the operator (CKAN_SQLALCHEMY_URL...) are not looked at: tests empty the database they are given.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from culturape_portal.errors import PortalError
from culturape_portal.files import lock_folder, private_folder
from culturape_portal.ports import free_port
from culturape_portal.postgres import Cluster, Database, end_leftovers, ensure_databases, new_password
from culturape_portal.process import Part, Running, started
from culturape_portal.solr import Solr
from culturape_portal.valkey import Valkey

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

Progress = Callable[[str], None]
ATTEMPTS = 3


@dataclass
class Services:
    """Running services; `stop`, or the end of a `with` block, ends them."""

    lock: BinaryIO
    variables: dict[str, str] = field(default_factory=dict)
    running: list[Running] = field(default_factory=list)
    guard: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """The variables that CKAN reads: addresses of the databases, of Solr and of Valkey."""
        return dict(self.variables)

    def stop(self) -> None:
        """End all services; calling it again does nothing."""
        if self.guard and self.guard.stdin:
            self.guard.communicate(b"done\n")
            self.guard = None
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(Running.stop, self.running))
        self.running.clear()
        self.lock.close()

    def __enter__(self) -> Services:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_services(folder: Path, *, schema: str = "portal", progress: Progress = print) -> Services:
    """Start the three services, empty, in `folder`/test-services; `schema` of Solr: "portal" or "stock"."""
    folder = private_folder(folder.resolve() / "test-services")
    services = Services(lock_folder(folder))
    end_leftovers(folder / "postgres")
    for remains in ("postgres", "valkey", "solr"):
        shutil.rmtree(folder / remains, ignore_errors=True)
    with ThreadPoolExecutor(3) as pool:
        steps = [pool.submit(step, services, folder) for step in (_postgres, _valkey)]
        steps.append(pool.submit(_solr, services, folder, schema, progress))
    failures = [step.exception() for step in steps if step.exception()]
    if failures:
        services.stop()
        raise failures[0]  # type: ignore[misc]
    services.guard = _guard(services)
    return services


def start_on_free_port(make: Callable[[int], Part]) -> tuple[Running, int]:
    """Start a part on a port that is free; try again when another program took it meanwhile."""
    for attempt in range(ATTEMPTS):
        port = free_port()
        try:
            return started(make(port)), port
        except PortalError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _postgres(services: Services, folder: Path) -> None:
    cluster = Cluster(folder / "postgres", folder / "postgres.log", new_password(), fast=True)
    cluster.prepare()
    running, port = start_on_free_port(cluster.part)
    services.running.append(running)
    roles = {"ckan": new_password(), "datastore_ro": new_password()}
    ensure_databases(
        cluster.url(port), roles, [Database("ckan_test", "ckan"), Database("datastore_test", "ckan")]
    )
    write = cluster.url(port, "datastore_test", "ckan", roles["ckan"])
    services.variables |= {
        "CKAN_SQLALCHEMY_URL": cluster.url(port, "ckan_test", "ckan", roles["ckan"]),
        "CKAN_DATASTORE_WRITE_URL": write,
        "CKAN_DATASTORE_READ_URL": cluster.url(port, "datastore_test", "datastore_ro", roles["datastore_ro"]),
    }


def _valkey(services: Services, folder: Path) -> None:
    valkey = Valkey(folder / "valkey", folder / "valkey.log", new_password(), durable=False)
    running, port = start_on_free_port(valkey.part)
    services.running.append(running)
    services.variables["CKAN_REDIS_URL"] = valkey.url(port)


def _solr(services: Services, folder: Path, schema: str, progress: Progress) -> None:
    solr = Solr(folder / "solr", folder / "solr.log", schema=schema, fast=True)
    running, port = start_on_free_port(lambda port: solr.part(port, progress))
    services.running.append(running)
    services.variables["CKAN_SOLR_URL"] = solr.url(port)


def _guard(services: Services) -> subprocess.Popen[bytes]:
    """A shell that ends the services when this process is killed before it could do so."""
    ends = "; ".join(f"kill -{int(r.part.stop_signal)} {r.identity.pid}" for r in services.running)
    return subprocess.Popen(
        ["/bin/sh", "-c", f"read -r word || {{ {ends}; }}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
