"""Readers of texts, addresses, numbers, and texts in several languages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values.scope import Reader, Scope, Values
from ckanext.culturape.vocab.tags import language_of, name_of

LINK_SCHEMES = ("http", "https", "ftp", "mailto")
URI_SCHEMES = ("http", "https", "urn", "info", "doi", "tag")
MAX_ADDRESS = 2000
MAX_TEXT = 1_000_000
MAX_NUMBER = 1e15

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r'[^\s<>"{}|\\^`\x00-\x20]+')
_SCRIPT = re.compile(r"\s*(?:(?:java|vb)script:|data:[\w/+.-]*[;,])", re.IGNORECASE)
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


def check_address(text: str, schemes: tuple[str, ...]) -> str:
    """The address itself when it is well formed and of one of these schemes. Raises: Fault."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    scheme = parts.scheme.lower()
    complete = bool(host) if scheme in {"http", "https", "ftp"} else bool(parts.path)
    if scheme in schemes and complete and len(text) <= MAX_ADDRESS and _ADDRESS.fullmatch(text):
        return text
    raise Fault(
        N_("“%(value)s” is not a complete address: it must start with %(schemes)s and have no spaces."),
        {"value": shorten(text), "schemes": tuple(f"{name}:" for name in schemes)},
    )


def read_text(field: Field, raw: Any, scope: Scope) -> Values:
    """Any text."""
    del scope
    return clean_text(raw, field.longest or MAX_TEXT), []


def read_texts(field: Field, raw: Any, scope: Scope) -> Values:
    """Several texts."""
    del field, scope
    return read_each(raw, lambda text: [text])


def read_url(field: Field, raw: Any, scope: Scope) -> Values:
    """An address that a browser may follow safely."""
    del field, scope
    text = clean_text(raw)
    return (check_address(text, LINK_SCHEMES) if text else ""), []


def read_resource_url(field: Field, raw: Any, scope: Scope) -> Values:
    """An address, or the name of a file that was uploaded; never a script."""
    del field, scope
    text = clean_text(raw)
    return (check_address(text, LINK_SCHEMES) if is_script(text) else text), []


def is_script(text: str) -> bool:
    """Whether a text runs, or shows what it holds itself, when it is followed as an address."""
    return bool(_SCRIPT.match(text))


def read_urls(field: Field, raw: Any, scope: Scope) -> Values:
    """Several such addresses."""
    del field, scope
    return read_each(raw, lambda text: [check_address(text, LINK_SCHEMES)])


def read_uri(field: Field, raw: Any, scope: Scope) -> Values:
    """An address that identifies, whether or not it can be followed."""
    del field, scope
    text = clean_text(raw)
    return (check_address(text, URI_SCHEMES) if text else ""), []


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


def read_translated(field: Field, raw: Any, scope: Scope) -> Values:
    """Texts, or lists of words, by language.

    Two different texts in one language are a fault, and the first stays; lists of words are joined.
    """
    given, faults = _by_language(raw, scope)
    found: dict[str, Any] = {}
    for language, several in sorted(given.items()):
        try:
            found[language] = _one_of(field, language, several, scope, faults)
        except Fault as fault:
            faults.append(fault)
    return {language: text for language, text in found.items() if text}, faults


def _one_of(field: Field, language: str, several: list[Any], scope: Scope, faults: list[Fault]) -> Any:
    if field.kind == "tags_translated":
        return sorted({word for words in several for word in _words(words)})
    texts = [clean_text(text, field.longest or MAX_TEXT) for text in several]
    first, *others = dict.fromkeys(filter(None, texts)) or ("",)
    if others:
        name = name_of(language, scope.vocabulary.scheme("language"), scope.default_language)
        message = N_(
            "There are two texts in one language (%(language)s): “%(first)s” and “%(second)s”. Leave one."
        )
        params = {"language": name, "first": shorten(first), "second": shorten(others[0])}
        faults.append(Fault(message, params))
    return first


def _words(raw: Any) -> list[str]:
    is_plain = isinstance(raw, str) and decode_json(raw, "[") is None
    items = re.split(r"[,\r\n]+", raw) if is_plain else as_list(raw)
    return sorted({clean_text(item) for item in items} - {""})


def _by_language(raw: Any, scope: Scope) -> tuple[dict[str, list[Any]], list[Fault]]:
    """What was given for each language: several times when two tags mean the same, the plainest tag first."""
    decoded = decode_json(raw, "{") if isinstance(raw, str) else raw
    if not isinstance(decoded, Mapping):
        return ({scope.default_language: [raw]} if raw else {}), []
    texts: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    scheme = scope.vocabulary.scheme("language")
    given = [(str(tag), text) for tag, text in cast("Mapping[Any, Any]", decoded).items() if text]
    for tag, text in sorted(given, key=lambda pair: (pair[0] != language_of(pair[0], scheme), pair[0])):
        language = language_of(tag, scheme)
        if language:
            texts.setdefault(language, []).append(text)
        else:
            faults.append(_unknown_language(tag, text))
    return texts, faults


def _unknown_language(tag: str, text: Any) -> Fault:
    if not tag.strip():
        params = {"text": shorten(" ".join(map(str, as_list(text))))}
        return Fault(N_("Choose the language of “%(text)s”."), params)
    return Fault(N_("“%(value)s” is not a language of the vocabulary."), {"value": shorten(tag)})
