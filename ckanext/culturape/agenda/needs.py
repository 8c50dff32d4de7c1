"""What has become of a need, and is its answer overdue?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.culturape.agenda.commitments import is_past

RECEIVED = "recibida"
ANSWERED = "atendida"
REFUSED = "no-procede"

#: Whoever asked has an answer, whether or not it is the one that was hoped for.
CLOSED = (ANSWERED, REFUSED)


def status_of(record: Mapping[str, Any]) -> str:
    """The status of a need; one of which nothing is said was received."""
    return str(record.get("need_status") or RECEIVED)


def is_overdue(record: Mapping[str, Any], today: str) -> bool:
    """Whether whoever asked still waits after the date on which an answer was due."""
    return status_of(record) not in CLOSED and is_past(str(record.get("response_due") or ""), today)
