"""Readers of dates and durations."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values.scope import Scope, Values
from ckanext.culturape.values.texts import clean_text, shorten

_DAY_FIRST = re.compile(r"([0-3]?[0-9])[/.-]([01]?[0-9])[/.-]([0-9]{4})")
_DURATION = re.compile(
    r"P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
)


def read_date(field: Field, raw: Any, scope: Scope) -> Values:
    """A year, month, day or moment, in the precision given; ``31/12/2023`` is read as people write it in Peru."""
    del field, scope
    text = clean_text(raw)
    if not text:
        return "", []
    found = parse_date(text)
    if not found:
        raise Fault(
            N_("“%(value)s” is not a date. Write 2023, 2023-12 or 2023-12-31."), {"value": shorten(text)}
        )
    return found, []


def parse_date(text: str) -> str:
    """The date in ISO 8601, in the precision given; empty when there is no such date."""
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year = day_first.groups()
        text = f"{year}-{int(month):02}-{int(day):02}"
    try:
        return _check(text)
    except ValueError:
        return ""


def _check(text: str) -> str:
    if re.fullmatch(r"[0-9]{4}", text):
        date(int(text), 1, 1)
        return text
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        date.fromisoformat(f"{text}-01")
        return text
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text).isoformat()
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}", text):
        raise ValueError(text)
    moment = re.sub(r"\.([0-9]{1,6})[0-9]*", lambda m: f".{m[1]:0<6}", text.replace("Z", "+00:00"))
    return datetime.fromisoformat(moment).isoformat()


def read_duration(field: Field, raw: Any, scope: Scope) -> Values:
    """A duration of XML Schema, for example ``P1M``."""
    del field, scope
    text = clean_text(raw).upper()
    if text and not _DURATION.fullmatch(text):
        message = N_("“%(value)s” is not a duration. Write P1Y for a year, P1M for a month, P1D for a day.")
        raise Fault(message, {"value": shorten(text)})
    return text, []
