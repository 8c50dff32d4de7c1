"""Free ports on the loopback address."""

from __future__ import annotations

import errno
import socket

from culturape_portal.errors import PortalError

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::"})


def free_port() -> int:
    """A port that nobody listens on now (another program may still take it: callers try again)."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


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
