"""A session for documents of strangers: it goes nowhere inside the house, says who asks, and can be cut off.

requests-hardened resolves the name, refuses addresses that are not of the public Internet, and connects to the very address that it
checked, for every redirect anew. What it leaves to others is a server that gives a byte now and then: limits of requests are those between
two of them. See docs/decisions/0014-validation.md.
"""

from __future__ import annotations

import socket
import warnings
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import metadata
from threading import Event, Thread
from typing import Any, cast
from urllib.parse import urlsplit
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession  # pyright: ignore[reportMissingTypeStubs]
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import InsecureRequestWarning

from ckanext.culturape.intake.limits import Limits

#: Our name in a robots.txt.
TOKEN = "ckanext-culturape"  # noqa: S105  (a name, not a secret)

#: Seconds between two attempts to cut a connection off.
AGAIN = 0.2


@lru_cache(maxsize=8)
def agent(portal: str = "") -> str:
    """By what name servers know us: with the address of the portal, for whoever wants to complain."""
    name = f"{TOKEN}/{metadata.version(TOKEN)}"
    return f"{name} (+{portal})" if portal else name


class Session(HTTPSession):
    """A session whose connections can be cut off, also while somebody waits for an answer."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)  # pyright: ignore[reportUnknownMemberType]
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._pools = _pools_of(self._sockets)
        for prefix, adapter in list(self.adapters.items()):
            self.mount(prefix, adapter)

    def mount(self, prefix: Any, adapter: Any) -> None:
        """Go to addresses that begin so through this adapter."""
        super().mount(prefix, adapter)
        # The first ones come before there is anything to remember their connections.
        if hasattr(self, "_pools"):
            adapter.poolmanager.pool_classes_by_scheme = self._pools

    @contextmanager
    def within(self, seconds: float) -> Generator[Event, None, None]:
        """Cut all connections off after so many seconds. Gives what tells whether it came to that."""
        done, late = Event(), Event()
        Thread(target=self._watch, args=(seconds, done, late), daemon=True).start()
        try:
            yield late
        finally:
            done.set()

    def _watch(self, seconds: float, done: Event, late: Event) -> None:
        while not done.wait(seconds):
            late.set()
            self._cut()
            # A connection that was still being made is cut off as soon as it is there.
            seconds = AGAIN

    def _cut(self) -> None:
        for connected in list(self._sockets):
            # As that of any socket: the one of TLS would take it away from whoever reads.
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _pools_of(sockets: WeakSet[socket.socket]) -> dict[str, type[HTTPConnectionPool]]:
    """Pools by scheme whose sockets are remembered: a connection forgets its own while its answer is still being read."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(cast("socket.socket", self.sock))

    class Encrypted(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(cast("socket.socket", self.sock))

    class PlainPool(HTTPConnectionPool):
        ConnectionCls: Any = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls: Any = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def open_session(
    limits: Limits, allowed: Iterable[str] = (), *, verify: bool = True, portal: str = ""
) -> Session:
    """A session for documents of strangers.

    Args:
        limits: bounds of time and redirects.
        allowed: beginnings of addresses inside the house that the operator allows, such as ``http://10.0.0.5:8080/``.
        verify: whether certificates must be valid; addresses are checked in any case.
        portal: address of the portal that asks.
    """
    hardened = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=False,
        never_redirect=False,
        default_timeout=(limits.connect, limits.read),
        user_agent_override=agent(portal),
    )
    session = Session(hardened)
    # Proxies and passwords of the environment are for the operator's errands, not for those of strangers.
    session.trust_env = False
    session.verify = verify
    session.max_redirects = limits.redirects
    for beginning in allowed:
        session.mount(_whole_host(beginning), HTTPAdapter())
    if not verify:
        # Whoever chose it is told of it elsewhere, not with every document in the log.
        warnings.filterwarnings("ignore", category=InsecureRequestWarning)
    return session


def _whole_host(beginning: str) -> str:
    """Without a path, the slash that keeps ``http://10.0.0.5`` from being the beginning of ``http://10.0.0.5.example.org``."""
    return beginning if urlsplit(beginning).path else f"{beginning}/"
