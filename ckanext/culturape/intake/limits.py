"""How much do we take from a stranger?"""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.culturape.errors import N_, Fault


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one document.

    Attributes:
        size: bytes, after decompression.
        triples: statements.
        depth: levels of JSON.
        errors: faults of syntax that are reported before reading ends.
        connect, read: seconds to reach the server, and between two of its answers.
        total: seconds for everything.
        redirects: that are followed.
        memory: bytes of the process that does the work.
    """

    size: int = 20_000_000
    triples: int = 200_000
    depth: int = 100
    errors: int = 20
    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0
    redirects: int = 5
    memory: int = 1_500_000_000


def too_slow(limits: Limits) -> Fault:
    """The fault of what takes too long."""
    return Fault(
        N_("It took longer than %(seconds)s seconds, the limit of this site."), {"seconds": int(limits.total)}
    )
