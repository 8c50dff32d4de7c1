"""Many documents of one source, with the manners of a guest: pauses, what robots.txt asks for, and patience with busy servers."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from protego import Protego

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.fetch import Fetched, get
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.refusals import Refusal
from ckanext.culturape.intake.session import TOKEN, Session, open_session

log = logging.getLogger(__name__)

#: Longest pause between two requests that a robots.txt gets, and longest time that a server gets when it asks to be left alone.
LONGEST_PAUSE, LONGEST_WAIT = 30.0, 60.0
#: Seconds before a server that is busy, or did not answer, is asked again.
AGAIN = (1.0, 3.0)
BUSY = frozenset({0, 429, 502, 503, 504})
ROBOTS = Limits(size=500_000, total=10.0)


@dataclass(slots=True)
class Errand:
    """Fetches the documents of a source, one after the other.

    Attributes:
        session: that all go through.
        limits: bounds of each document.
        pause: seconds between two requests.
    """

    session: Session
    limits: Limits
    pause: float
    _rules: dict[str, Protego | None] = field(default_factory=dict[str, "Protego | None"])
    _last: float = 0.0

    def fetch(self, address: str, etag: str = "", modified: str = "") -> Fetched:
        """The document at an address, or that it has not changed. Raises: Fault."""
        rules = self._welcome(address)
        found = self._ask(address, etag, modified, rules)
        if found.address != address:
            # It led elsewhere, perhaps to another server: what that one does not want to be read is not.
            self._welcome(found.address)
        return found

    def _welcome(self, address: str) -> Protego | None:
        """What the server of an address asks for, when it lets it be read. Raises: Fault."""
        rules = self._rules_of(address)
        if rules and not rules.can_fetch(address, TOKEN):
            raise Fault(
                N_("The server asks programs not to read “%(address)s” (robots.txt)."),
                {"address": address[:200]},
            )
        return rules

    def _ask(self, address: str, etag: str, modified: str, rules: Protego | None) -> Fetched:
        pause = max(self.pause, min(float(rules.crawl_delay(TOKEN) or 0) if rules else 0.0, LONGEST_PAUSE))
        for seconds in AGAIN:
            try:
                return self._get(address, etag, modified, pause)
            except Refusal as refusal:
                longest = min(LONGEST_WAIT, self.limits.total)
                if refusal.status not in BUSY or not _is_passing(refusal) or refusal.wait > longest:
                    raise
                log.info("%s: %s; asked again", address, refusal)
                time.sleep(max(seconds, refusal.wait))
        return self._get(address, etag, modified, pause)

    def _get(self, address: str, etag: str, modified: str, pause: float) -> Fetched:
        rest = self._last + pause - time.monotonic()
        if self._last and rest > 0:
            time.sleep(rest)
        try:
            return get(self.session, address, self.limits, etag, modified)
        finally:
            self._last = time.monotonic()

    def _rules_of(self, address: str) -> Protego | None:
        """What the robots.txt of a host asks for; nothing when there is none, or none that can be read (RFC 9309)."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._rules:
            self._rules[host] = self._read_rules(urljoin(host, "/robots.txt"))
        return self._rules[host]

    def _read_rules(self, address: str) -> Protego | None:
        try:
            found = get(self.session, address, _within(self.limits), accept="text/plain, */*;q=0.1")
        except Fault:
            return None
        return Protego.parse(found.content.decode("utf-8", "replace"))


def _within(limits: Limits) -> Limits:
    return replace(ROBOTS, connect=limits.connect, read=limits.read, redirects=limits.redirects)


def _is_passing(refusal: Refusal) -> bool:
    """Whether asking again may help: the server is busy, or did not answer; not when we do not go there."""
    return refusal.status != 0 or refusal.is_outage


@contextmanager
def open_errand(
    limits: Limits, allowed: Iterable[str] = (), verify: bool = True, pause: float = 0.0, portal: str = ""
) -> Generator[Errand, None, None]:
    """An errand to a source.

    Args:
        limits: bounds of each document.
        allowed: beginnings of addresses inside the house that may be fetched.
        verify: whether certificates must be valid.
        pause: seconds between two requests, more when the server asks for it.
        portal: address of the portal that asks.
    """
    with open_session(limits, allowed, verify=verify, portal=portal) as session:
        yield Errand(session, limits, pause)
