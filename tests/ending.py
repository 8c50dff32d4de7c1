"""Does it end? A bound so far from what machines need that only what goes on and on, or grows with the square of what it is given, meets it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds; ten times what a slow machine under load takes for the longest of them.
LONG = 120.0


@contextmanager
def ending(within: float = LONG) -> Iterator[None]:
    """Fail when what is done inside takes longer than anybody would wait. What it costs is measured in ``benchmarks/``, not here."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < within
