"""Dates and sizes as people and portals write them."""

from __future__ import annotations

import re
from datetime import date, datetime

from pyoxigraph import Literal

from ckanext.culturape.rdf.terms import date_literal, literal

_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?([.,]\d{1,9})?\s?(Z|[+-]\d\d:?\d\d)?)?)?)?"
)
#: As Drupal shows dates: «Lun, 08/05/2024 - 12:47».
_SHOWN = re.compile(r"(?:([^\W\d]{3})[^\W\d]*\.?,?\s+)?(\d\d?)/(\d\d?)/(\d{4})(?:\s+-\s+(\d\d?):(\d\d))?")
_WEEKDAYS = {
    name: number
    for names in ("lun mar mié jue vie sáb dom", "lun mar mie jue vie sab dom", "mon tue wed thu fri sat sun")
    for number, name in enumerate(names.split())
}
_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(bytes?|[kmgt]?i?b?)", re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}
#: More is a mistake, and no number of XML Schema for it would be read by others.
_LARGEST = 10**18


def date_of(text: str) -> Literal:
    """A date of ISO 8601 in its precision; any other text as it is, for whoever reads on to tell what is wrong."""
    match = _ISO.fullmatch(text.strip())
    if match is None or not _exists(match):
        return literal(text)
    if match[4] is None:
        return date_literal(text.strip())
    # Without seconds it is a time of ISO 8601, but none of XML Schema.
    zone, part = match[7] or "", (match[6] or "").replace(",", ".")
    zone = zone if len(zone) in {0, 1, 6} else f"{zone[:3]}:{zone[3:]}"
    return date_literal(
        f"{match[1]}-{match[2]}-{match[3]}T{match[4]}{match[5] or ':00'}{part if match[5] else ''}{zone}"
    )


def _exists(match: re.Match[str]) -> bool:
    clock = (match[4] or "00:00") + (match[5] or ":00")
    try:
        datetime.fromisoformat(f"{match[1]}-{match[2] or '01'}-{match[3] or '01'}T{clock}")
    except ValueError:
        return False
    return True


def shown_date(text: str) -> Literal | None:
    """The moment that a portal shows in words; ``None`` when it cannot be told which day is meant.

    Drupal's own format puts the month first, sites may put the day first: the day of the week decides. Without one, only a
    date that can be read in one way counts. The time is local and has no zone.
    """
    match = _SHOWN.fullmatch(text.strip())
    if match is None:
        return None
    one, two, year = (int(match[number]) for number in (2, 3, 4))
    readings = [day for day in (_day(year, one, two), _day(year, two, one)) if day]
    if match[1]:
        readings = [day for day in readings if day.weekday() == _WEEKDAYS.get(match[1].lower())]
    elif len(set(readings)) > 1:
        return None
    if not readings:
        return None
    clock = f"T{int(match[5]):02d}:{match[6]}:00" if match[5] else ""
    return date_literal(f"{readings[0].isoformat()}{clock}")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def size_of(text: str) -> int | None:
    """Bytes of a size such as «5120», «1.23 GB» or «640 KB», of 1024 each step, as Drupal and CKAN count; ``None`` for others."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        return None
    number = float(match[1].replace(",", "."))
    size = number * 1024 ** _POWERS.get(match[2][:1].lower(), 0)
    return round(size) if size < _LARGEST else None
