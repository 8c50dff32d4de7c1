"""What stands at an address? Only http and https, never an address inside the house, and never more than the limits allow."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event
from typing import NamedTuple
from urllib.parse import urlsplit

import requests

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.limits import Limits, too_slow
from ckanext.culturape.intake.refusals import host_of, reason_of, refusal_of
from ckanext.culturape.intake.session import Session, open_session

ACCEPT = "text/turtle, application/ld+json, application/rdf+xml;q=0.9, application/n-triples;q=0.9, application/json;q=0.6, */*;q=0.3"
CHUNK = 65_536


class Fetched(NamedTuple):
    """What a server answered.

    Attributes:
        content: the body, decompressed.
        content_type: as the server declares it.
        address: where it was found in the end.
        etag, modified: of the server, empty when it gives none.
        is_unchanged: whether it is what was fetched before, and so was not sent again.
    """

    content: bytes
    content_type: str
    address: str
    etag: str
    modified: str
    is_unchanged: bool = False


def fetch(
    address: str,
    limits: Limits,
    allowed: Iterable[str] = (),
    *,
    etag: str = "",
    modified: str = "",
    verify: bool = True,
) -> Fetched:
    """The document at an address, or that it has not changed.

    Args:
        address: http or https.
        limits: bounds.
        allowed: beginnings of addresses inside the house that the operator allows, such as ``http://10.0.0.5:8080/``.
        etag: mark that the server gave the last time.
        modified: moment of the last change, in the words of the server.
        verify: whether the certificate must be valid.

    Raises: Refusal, a Fault.
    """
    with open_session(limits, allowed, verify=verify) as session:
        return get(session, address, limits, etag, modified)


def get(
    session: Session,
    address: str,
    limits: Limits,
    etag: str = "",
    modified: str = "",
    accept: str = ACCEPT,
) -> Fetched:
    """The document at an address, through a session.

    Args:
        session: as ``open_session`` gives it.
        address: http or https.
        limits: bounds of this document; ``total`` holds for all of it, redirects included.
        etag: mark that the server gave the last time; with the next, it need not send what has not changed.
        modified: moment of the last change, in the words of the server.
        accept: media types that are understood.

    Raises: Refusal, a Fault.
    """
    _refuse_unusable(address)
    marks = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {"Accept": accept, **{name: value for name, value in marks.items() if value}}
    with session.within(limits.total) as late:
        try:
            with session.get(address, stream=True, headers=headers) as response:
                found = _read(response, limits, late, is_known=bool(etag or modified))
        except (requests.RequestException, OSError, ValueError) as error:
            raise too_slow(limits) if late.is_set() else reason_of(error, address) from error
    if found.is_unchanged:
        return found._replace(etag=found.etag or etag, modified=found.modified or modified)
    return found


def _refuse_unusable(address: str) -> None:
    """Addresses that are none, before anything is asked of the network. Raises: Fault."""
    try:
        usable = urlsplit(address).scheme.lower() in {"http", "https"} and bool(host_of(address))
        requests.Request("GET", address).prepare()
    except (requests.RequestException, ValueError):
        usable = False
    if not usable:
        raise Fault(
            N_("“%(address)s” is not an address that begins with http:// or https://."),
            {"address": address[:200]},
        )


def _read(response: requests.Response, limits: Limits, late: Event, *, is_known: bool) -> Fetched:
    """What a server answered. ``is_known``: whether it was told what we have."""
    is_unchanged = response.status_code == requests.codes["not_modified"] and is_known
    if response.status_code != requests.codes["ok"] and not is_unchanged:
        raise refusal_of(response)
    content = bytearray()
    # Read to its end, so that the next document can come through the same connection.
    for chunk in response.iter_content(CHUNK):
        content += chunk
        if len(content) > limits.size:
            raise Fault(
                N_("The document is larger than %(size)s MB, the limit of this site."),
                {"size": limits.size // 1_000_000},
            )
        if late.is_set():
            break
    if late.is_set():
        # A connection that was cut off may look like one that came to its end.
        raise too_slow(limits)
    head = response.headers
    return Fetched(
        bytes(content),
        head.get("Content-Type", ""),
        response.url,
        head.get("ETag", ""),
        head.get("Last-Modified", ""),
        is_unchanged,
    )
