"""From page to page of a source, for somebody who waits: a few pages, in a little time, each once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.adapters.family import Adapted, to_dcat
from ckanext.culturape.harvest.options import Options
from ckanext.culturape.intake.courtesy import Errand, open_errand
from ckanext.culturape.intake.limits import Limits

#: A page is begun only when at least this part of the time is left.
_LEAST = 0.1


class Document(NamedTuple):
    """A document as it came: bytes, what its server says of it, and where it was found."""

    content: bytes
    content_type: str
    address: str


@dataclass(slots=True)
class Trail:
    """The pages of a source that were read.

    Attributes:
        pages: in the order in which they were met.
        is_more: whether there are pages that were not read.
        lost: addresses of pages that could not be read, and why.
    """

    pages: list[Adapted]
    is_more: bool = False
    lost: list[tuple[str, Fault]] = field(default_factory=list[tuple[str, Fault]])


def follow(
    address: str, most: int, limits: Limits, allowed: Iterable[str] = (), options: Options | None = None
) -> Trail:
    """The pages of a source, beginning with the one at an address.

    Args:
        address: of the first page.
        most: pages.
        limits: ``total`` is the time for all of them.
        allowed: beginnings of addresses inside the house that the operator allows.
        options: of the source.

    Raises: Fault when the first page cannot be read.
    """
    verify, pause = (options.verify, options.pause) if options else (True, 0.0)
    with open_errand(limits, list(allowed), verify=verify) as errand:
        return _walk(errand, address, most, limits, pause, options)


def _walk(
    errand: Errand, address: str, most: int, limits: Limits, pause: float, options: Options | None
) -> Trail:
    trail, waiting, seen = Trail([]), deque([address]), {address}
    watch = _Watch(limits)
    while waiting and len(trail.pages) + len(trail.lost) < most:
        if trail.pages and not watch.waits(pause):
            break
        here = waiting.popleft()
        try:
            page = adapt(_fetch(errand, here, replace(limits, total=watch.left())), limits, options)
        except Fault as fault:
            if not trail.pages:
                raise
            trail.lost.append((here, fault))
            continue
        trail.pages.append(page)
        new = [following for following in page.next if following not in seen]
        seen.update(new)
        waiting.extend(new)
    trail.is_more = bool(waiting)
    return trail


class _Watch:
    """How much of the time of all pages is left?"""

    def __init__(self, limits: Limits) -> None:
        self.began = time.monotonic()
        self.deadline = self.began + limits.total
        self.least = limits.total * _LEAST

    def left(self) -> float:
        """Seconds, of a page that begins now."""
        self.began = time.monotonic()
        return self.deadline - self.began

    def waits(self, pause: float) -> bool:
        """Wait before another page, unless that page, which may take as long as the one before, would not be there in time."""
        now = time.monotonic()
        is_in_time = now + pause + max(now - self.began, self.least) < self.deadline
        if is_in_time:
            time.sleep(pause)
        return is_in_time


def _fetch(errand: Errand, address: str, limits: Limits) -> Document:
    errand.limits = limits
    fetched = errand.fetch(address)
    return Document(fetched.content, fetched.content_type, fetched.address)


def adapt(document: Document, limits: Limits, options: Options | None = None) -> Adapted:
    """What a document says, in DCAT; what is known of its source counts more than what its server says. Raises: Fault."""
    known = {"format": options.format, "profile": options.profile} if options else {}
    hints: dict[str, Any] = {name: value for name, value in known.items() if value}
    return to_dcat(document.content, document.content_type, document.address, limits, **hints)
