"""Readers of texts and numbers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values.scope import Reader, Scope, Values

MAX_TEXT = 1_000_000
MAX_NUMBER = 1e15

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_EMAIL = re.compile(r'[^@\s<>,;:"()\[\]\\]+@[^@\s<>,;:"()\[\]\\]+\.[^@\s<>,;:"()\[\]\\.]+')
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_LINE = re.compile(r"[\r\n]+")
_RUC_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def clean_text(raw: Any, longest: int = MAX_TEXT) -> str:
    """One text, without control characters and outer space, in Unicode normal form C. Raises: Fault."""
    if raw is None:
        return ""
    if isinstance(raw, (dict, list, tuple, set)):
        raise Fault(N_("A text is expected here, not a list or an object."))
    text = _CONTROL.sub("", unicodedata.normalize("NFC", str(raw))).replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise Fault(N_("The text is too long: at most %(limit)s characters."), {"limit": longest})
    return text


def shorten(text: str, limit: int = 80) -> str:
    """The beginning of a text, to quote it in a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def as_list(raw: Any) -> list[Any]:
    """The items of a list, of a JSON list, or of a text with one item a line."""
    if isinstance(raw, str):
        decoded = decode_json(raw, "[")
        return cast("list[Any]", decoded) if isinstance(decoded, list) else _LINE.split(raw)
    if isinstance(raw, (list, tuple, set, frozenset)):
        return [part for item in cast("Iterable[Any]", raw) for part in _lines(item)]
    return [] if raw is None else [raw]


def _lines(item: Any) -> list[Any]:
    return _LINE.split(item) if isinstance(item, str) else [item]


def decode_json(raw: str, opening: str) -> Any:
    """What a JSON text that starts with this character says; ``None`` for any other text."""
    if not raw.lstrip().startswith(opening):
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def read_each(raw: Any, read: Callable[[str], Iterable[str]]) -> tuple[list[str], list[Fault]]:
    """All that the items of a list give, sorted and without repeats, and the faults of those that give nothing."""
    found: set[str] = set()
    faults: list[Fault] = []
    for item in as_list(raw):
        try:
            text = clean_text(item)
            found.update(read(text) if text else ())
        except Fault as fault:
            faults.append(fault)
    return sorted(found), faults


def read_text(field: Field, raw: Any, scope: Scope) -> Values:
    """Any text."""
    del scope
    return clean_text(raw, field.longest or MAX_TEXT), []


def read_texts(field: Field, raw: Any, scope: Scope) -> Values:
    """Several texts."""
    del field, scope
    return read_each(raw, lambda text: [text])


def _matching(pattern: re.Pattern[str], message: str) -> Reader:
    def read(field: Field, raw: Any, scope: Scope) -> Values:
        del field, scope
        text = clean_text(raw).lower()
        if text and not pattern.fullmatch(text):
            raise Fault(message, {"value": shorten(text)})
        return text, []

    return read


read_email = _matching(_EMAIL, N_("“%(value)s” is not an e-mail address."))
read_media_type = _matching(_MEDIA_TYPE, N_("“%(value)s” is not a media type such as text/csv."))


def read_boolean(field: Field, raw: Any, scope: Scope) -> Values:
    """Yes or no, as forms, JSON and people write it."""
    del field, scope
    return str(raw).strip().lower() in {"true", "1", "yes", "on", "sí", "si"}, []


def read_number(field: Field, raw: Any, scope: Scope) -> Values:
    """A number from zero upwards; a whole one for the kind ``integer``."""
    del scope
    text = clean_text(raw)
    if not text:
        return None, []
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number < MAX_NUMBER or (field.kind == "integer" and not number.is_integer()):
        raise Fault(N_("“%(value)s” is not a number from zero upwards."), {"value": shorten(text)})
    return (int(number) if number.is_integer() else number), []


def read_choice(field: Field, raw: Any, scope: Scope) -> Values:
    """One of the values that the field lists."""
    del scope
    text = clean_text(raw)
    allowed = tuple(value for value, _ in field.choices)
    if text and text not in allowed:
        params = {"value": shorten(text), "allowed": allowed}
        raise Fault(N_("“%(value)s” cannot be chosen here. Possible values: %(allowed)s."), params)
    return text, []


def read_tax_id(field: Field, raw: Any, scope: Scope) -> Values:
    """RUC of Peru: eleven digits, of which the last checks the others (modulus 11)."""
    del field, scope
    text = re.sub(r"[\s.-]", "", clean_text(raw))
    if text and not _is_ruc(text):
        message = N_("“%(value)s” is not a valid RUC: eleven digits, of which the last checks the others.")
        raise Fault(message, {"value": shorten(text)})
    return text, []


def _is_ruc(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{11}", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _RUC_WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == int(text[10])
