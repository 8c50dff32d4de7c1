"""Free ports on the loopback address."""

from __future__ import annotations

import errno
import random
import socket
import time
from contextlib import suppress
from pathlib import Path

from culturape_portal.errors import PortalError

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::"})


#: Where the system takes the near ends of outgoing connections from; a server must be able to come back to its port.
CLIENT_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 20_000
TRIES = 50


def free_port() -> int:
    """A port that nobody listens on now (another program may still take it: callers try again).

    Not one that the system gives to clients: while a server restarts, any connection of this machine could take it.
    """
    for _ in range(TRIES):
        port = random.randrange(LOWEST, _first_client_port())  # noqa: S311
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _first_client_port() -> int:
    with suppress(OSError, ValueError):
        return max(LOWEST + 1, int(CLIENT_PORTS.read_text().split()[0]))
    return 32_768


def becomes_free(port: int, host: str, seconds: float) -> bool:
    """Whether this address can be listened on within some seconds: what a crash left may hold it a moment longer."""
    deadline = time.monotonic() + seconds
    while not is_free(port, host):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether this address can be listened on; PortalError when that is not for being taken."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise PortalError(
            "web server", f"it cannot listen on {host}, port {port}: {error.strerror}"
        ) from error
    return True


def near(host: str) -> str:
    """Where this machine reaches a server that listens on `host`."""
    return LOOPBACK if host in EVERYWHERE else host


def in_brackets(host: str) -> str:
    """The host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Whether somebody listens on this port."""
    try:
        with socket.create_connection((near(host), port), timeout=1.0):
            return True
    except OSError:
        return False
