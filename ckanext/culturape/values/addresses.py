"""Readers of addresses."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values.scope import Scope, Values
from ckanext.culturape.values.texts import clean_text, read_each, shorten

LINK_SCHEMES = ("http", "https", "ftp", "mailto")
URI_SCHEMES = ("http", "https", "urn", "info", "doi", "tag")
MAX_ADDRESS = 2000

_ADDRESS = re.compile(r'[^\s<>"{}|\\^`\x00-\x20]+')
_SCRIPT = re.compile(r"\s*(?:(?:java|vb)script:|data:[\w/+.-]*[;,])", re.IGNORECASE)


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
