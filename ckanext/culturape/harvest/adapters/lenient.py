"""Values of JSON by others, taken as they come: one or a list, text or number, plain or with a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pyoxigraph import Literal, NamedNode

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.intake.mend import ESCAPED
from ckanext.culturape.rdf.terms import iri, literal, plain

#: Schemes of links that may be shown; names of things may have others, since nobody follows them.
LINKS = frozenset({"http", "https", "ftp", "mailto"})
NAMES = LINKS | {"urn", "doi", "info", "tag", "ark"}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TAG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")


def listed(value: Any) -> list[Any]:
    """The values, however they are given; nothing for what is empty."""
    if isinstance(value, list):
        return [item for item in cast("list[Any]", value) if not is_empty(item)]
    return [] if is_empty(value) else [value]


def is_empty(value: Any) -> bool:
    """Whether a value says nothing."""
    return (
        not value.strip()
        if isinstance(value, str)
        else value is None or (isinstance(value, (list, dict)) and not value)
    )


def mapping(value: Any) -> Mapping[str, Any]:
    """The names and values of an object; none for what is no object."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def text_of(value: Any) -> str:
    """A text or number as text, also where it stands as ``@value`` or ``@id``; the first of a list; empty for all else."""
    if isinstance(value, list):
        return next((text for item in cast("list[Any]", value)[:50] if (text := text_of(item))), "")
    if isinstance(value, dict):
        inner = mapping(cast("Any", value))
        found = inner.get("@value", inner.get("@id"))
        return "" if isinstance(found, (dict, list)) else text_of(found)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return plain(value).strip() if isinstance(value, str) or is_number else ""


def first(values: Mapping[str, Any], *names: str) -> Any:
    """The value of the first of these names that says something."""
    return next((values[name] for name in names if not is_empty(values.get(name))), None)


def literals(value: Any, place: Place) -> Iterator[Literal]:
    """The texts of a value with their languages: text, number, list, ``@value`` or a mapping from languages."""
    for item in listed(value):
        inner = mapping(item)
        if inner and "@value" not in inner:
            yield from _by_language(inner, place)
            continue
        text = text_of(item)
        if text:
            yield tagged(text, text_of(inner.get("@language")))
        else:
            place.unfit(item, N_("a text"))


def _by_language(values: Mapping[str, Any], place: Place) -> Iterator[Literal]:
    for language, texts in values.items():
        found = [text for text in map(text_of, listed(texts)) if text] if _TAG.fullmatch(language) else []
        if not found:
            place.at(language).unfit(texts, N_("a text"))
        yield from (tagged(text, language) for text in found)


def tagged(text: str, language: str = "") -> Literal:
    """A text with its language; a tag that is none is left out."""
    match = _TAG.fullmatch(language)
    try:
        return literal(text, match[1].lower() + match[2] if match else "")
    except ValueError:
        # It has the look of a tag, but not the order of its parts.
        return literal(text)


def address_of(value: Any, place: Place, schemes: frozenset[str] = LINKS) -> NamedNode | None:
    """The address that a text holds; what is none, or is of another scheme, is named in the report."""
    text = text_of(value).translate(ESCAPED)
    match = _SCHEME.match(text)
    if match and match[1].lower() not in schemes:
        message = N_("Addresses that begin with “%(scheme)s:” are not kept.")
        place.refuse(value, message, {"scheme": match[1][:30]})
        return None
    found = iri(text) if match else None
    if found is None:
        place.unfit(value, N_("an address that begins with https:// or http://"))
    return found


def name_of(values: Mapping[str, Any], *keys: str) -> NamedNode | None:
    """The address that a thing is given as its name; ``None`` when it has none."""
    for key in keys:
        text = text_of(values.get(key)).translate(ESCAPED)
        match = _SCHEME.match(text)
        if match and match[1].lower() in NAMES and (found := iri(text)):
            return found
    return None
