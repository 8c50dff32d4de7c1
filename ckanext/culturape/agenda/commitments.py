"""In which state is a commitment? Computed when somebody reads it, never stored, so that it cannot be said to be kept when it is not."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, cast

NOT_STARTED, UNDER_WAY, FULFILLED, OVERDUE, WITHDRAWN = STATES = (
    "sin-iniciar",
    "en-curso",
    "cumplido",
    "vencido",
    "retirado",
)


def state_of(record: Mapping[str, Any], published: Container[str], today: str) -> str:
    """The state of a commitment, a concept of ``commitment-status``.

    Args:
        record: the commitment.
        published: ids of the datasets among those that fulfil it that anybody can read.
        today: a date in ISO 8601.
    """
    datasets = texts_of(record.get("fulfilled_by"))
    if record.get("withdrawn_reason"):
        return WITHDRAWN
    if datasets and all(dataset in published for dataset in datasets):
        return FULFILLED
    if is_past(str(record.get("due_date") or ""), today):
        return OVERDUE
    is_begun = datasets or any(milestone.get("done_date") for milestone in milestones_of(record))
    return UNDER_WAY if is_begun else NOT_STARTED


def is_past(date: str, today: str) -> bool:
    """Whether a date is over; one of a year or a month is over when the year or the month is."""
    return bool(date) and today[: len(date)] > date


def texts_of(value: Any) -> list[str]:
    """The texts of a list; nothing when the value is of another shape."""
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else []
    return [item for item in items if isinstance(item, str)]


def milestones_of(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The milestones of a commitment, the earliest first."""
    value: Any = record.get("milestones")
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else []
    found = [cast("Mapping[str, Any]", item) for item in items if isinstance(item, Mapping)]
    yield from sorted(found, key=lambda item: (str(item.get("due_date") or ""), str(item.get("title") or "")))
