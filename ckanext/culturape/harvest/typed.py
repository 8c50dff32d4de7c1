"""What did somebody type into the form of a source? Fields of the form to options and back.

The form speaks of percent and megabytes; options are shares and bytes. What cannot be read as a number stays as it was typed, so that the check names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

#: Fields of the form begin with this, since CKAN has fields called ``private`` and ``state`` of its own.
PREFIX = "option-"
#: Says that the form was sent, so that a box without a tick means no.
SENT = f"{PREFIX}sent"
#: Rows of publishers without a publisher, for somebody to fill in.
EMPTY_ROWS = 2

_ROW = re.compile(rf"{PREFIX}organizations-(\d{{1,4}})-(publisher|organization)")
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,6})?")
#: Thousands are told apart with a comma, a point or a space, according to who types.
_GROUPED = re.compile(r"\d{1,3}([., ]\d{3})+")
_TEXTS = ("format", "profile", "default_language", "access_level")
_SWITCHES = ("private", "verify")
#: How many of the unit of the form are one of the unit of the option.
_UNITS: Mapping[str, float] = {"deletion_share": 100, "pause": 1, "size": 1 / 1_000_000}
_WHOLE = ("size", "pages", "datasets", "triples")
_LARGEST = 10**15
_NUMBERS = tuple(dict.fromkeys([*_UNITS, *_WHOLE]))


def is_typed(fields: Mapping[str, Any]) -> bool:
    """Whether the form was filled in, or an option was given as a field of its own."""
    return any(name.startswith(PREFIX) for name in fields)


def options_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The options that the fields of the form say, still unchecked; what is left empty is not said."""
    given = {name.removeprefix(PREFIX): value for name, value in fields.items() if name.startswith(PREFIX)}
    was_sent = given.pop("sent", None)
    rows = list(_rows(fields))
    found: dict[str, Any] = {
        name: value for name, value in given.items() if not _ROW.fullmatch(PREFIX + name)
    }
    for name in _SWITCHES:
        if name in found or was_sent:
            found[name] = _switch(found.get(name, False))
    for name in _NUMBERS:
        if name in found:
            found[name] = _number(name, found[name])
    if rows:
        found["organizations"] = rows
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def fields_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that show these options; a number by its unit, nothing for a limit that is that of the site."""
    shown: dict[str, Any] = {name: options.get(name) or "" for name in _TEXTS}
    shown |= {name: options.get(name) for name in _SWITCHES}
    shown["sensitivity"] = listed(options.get("sensitivity"))
    for name in _NUMBERS:
        value = options.get(name)
        shown[name] = _spell(value, _UNITS.get(name, 1))
        if name in _WHOLE and not value:
            shown[name] = ""
    shown["organizations"] = rows_of(options.get("organizations"))
    return shown


def listed(value: Any) -> list[str]:
    """The values of a box with several, however many were ticked."""
    items = cast("list[Any]", value if isinstance(value, (list, tuple)) else [value])
    return [str(item) for item in items if item]


def rows_of(value: Any) -> list[dict[str, str]]:
    """The rows of publishers and organisations."""
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return [{"publisher": str(publisher), "organization": str(name)} for publisher, name in pairs]
    rows = cast("list[Any]", value if isinstance(value, list) else [])
    return [
        {str(key): str(text) for key, text in cast("Mapping[Any, Any]", row).items()}
        for row in rows
        if isinstance(row, Mapping)
    ]


def _rows(fields: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for name, value in fields.items():
        match = _ROW.fullmatch(name)
        if match and isinstance(value, str):
            rows.setdefault(int(match[1]), {})[match[2]] = value.strip()
    yield from (rows[number] for number in sorted(rows) if any(rows[number].values()))


def _switch(value: Any) -> Any:
    """A tick as yes; all else that a form does not send stays, for the check to name."""
    if isinstance(value, str) and value.lower() in {"true", "on", "1", "yes"}:
        return True
    return False if isinstance(value, str) and value.lower() in {"false", "off", "0", "no", ""} else value


def _number(name: str, value: Any) -> Any:
    text = str(value).strip().removesuffix("%").strip()
    if name in _WHOLE and _GROUPED.fullmatch(text):
        text = re.sub(r"\D", "", text)
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        return value.strip() if isinstance(value, str) else value
    number = float(text.replace(",", ".")) / _UNITS.get(name, 1)
    is_whole = name == "size" or (name in _WHOLE and number.is_integer())
    return round(number) if is_whole else round(number, 9)


def _spell(value: Any, unit: float) -> Any:
    """A number of units without the zeros that say nothing; what is no number, or none that fits, stays."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _LARGEST:
        return value
    return f"{round(value * unit, 6):.6f}".rstrip("0").rstrip(".")
