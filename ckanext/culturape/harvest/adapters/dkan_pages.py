"""Which questions to ask the API of CKAN or DKAN next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from ckanext.culturape.harvest.adapters.lenient import listed, mapping, text_of
from ckanext.culturape.rdf.terms import plain

_DIGITS = re.compile(r"[0-9]{1,9}")


def portal_of(address: str) -> str:
    """The address of the portal behind an address of its API, without a slash at the end; empty for any other."""
    before, found, _ = address.partition("/api/")
    try:
        is_web = urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        return ""
    return before if found and is_web else ""


def of_names(names: list[str], address: str) -> tuple[str, ...]:
    """The question for each dataset of a list of names."""
    if not portal_of(address):
        return ()
    return tuple(
        urljoin(address, f"package_show?{urlencode({'id': plain(name)})}") for name in dict.fromkeys(names)
    )


def of_search(search: Mapping[str, Any], address: str) -> tuple[str, ...]:
    """The next question of a search, while there is more and this one found something."""
    query = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True)) if portal_of(address) else {}
    start, found = number(query.get("start")), len(listed(search["results"]))
    follows = start + found
    if not portal_of(address) or not found or follows >= number(search.get("count")):
        return ()
    return (asked(address, {**query, "start": str(follows)}),)


def total_of(document: Any) -> int | None:
    """How many datasets a search says there are in all; ``None`` for other answers, which do not say it."""
    search = mapping(mapping(document).get("result"))
    count = search.get("count") if "results" in search else None
    return number(count) if _DIGITS.fullmatch(text_of(count)) else None


def of_list(given: list[Any], address: str) -> tuple[str, ...]:
    """The next question for ``current_package_list_with_resources``, which tells no total: until one comes back short."""
    if "current_package_list_with_resources" not in address:
        return ()
    query = dict(parse_qsl(urlsplit(address).query))
    limit = number(query.get("limit"))
    if not limit or len(given) < limit:
        return ()
    return (asked(address, {**query, "offset": str(number(query.get("offset")) + limit)}),)


def number(value: Any) -> int:
    """A whole number; 0 for what is none."""
    text = text_of(value)
    return int(text) if _DIGITS.fullmatch(text) else 0


def asked(address: str, query: Mapping[str, str]) -> str:
    """An address with another query."""
    return urlunsplit(urlsplit(address)._replace(query=urlencode(query), fragment=""))
