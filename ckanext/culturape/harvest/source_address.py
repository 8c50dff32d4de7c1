"""May a source stand at this address? Asked when it is saved, so that somebody hears it at once; the run asks again at every request.

The look-up of the name is for help only: it has little time, a name that cannot be looked up now is let through, and what counts is where the name leads
when the source is read.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from urllib.parse import SplitResult, urlsplit

from requests_hardened.ip_filter import (  # pyright: ignore[reportMissingTypeStubs]
    InvalidIPAddress,
    get_ip_address,
)

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.values.addresses import MAX_ADDRESS
from ckanext.culturape.values.texts import shorten

#: Seconds for the look-up of a name while somebody waits.
PATIENCE = 3.0

_PORTS = {"http": 80, "https": 443}
_UNFIT = re.compile(r'[\s<>"{}|\\^`\x00-\x20\x7f]')


def check_address(text: object) -> str:
    """The address of a source, without outer space. Raises: Fault."""
    address = text.strip() if isinstance(text, str) else ""
    if not address:
        raise Fault(N_("Give the address of the catalogue."))
    parts = _split(address)
    if parts is None:
        raise Fault(
            N_("“%(address)s” is not an address that begins with http:// or https://."),
            {"address": shorten(address, 200)},
        )
    if parts.username is not None or parts.password is not None:
        raise Fault(
            N_(
                "Take the user name and password out of the address: anybody could read them here. Ask the other catalogue for an address that needs none."
            )
        )
    return address


def _split(address: str) -> SplitResult | None:
    """The parts of an address that can be fetched; ``None`` for any other."""
    if len(address) > MAX_ADDRESS or _UNFIT.search(address):
        return None
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_usable else None


def check_network(address: str, allowed: Iterable[str]) -> None:
    """Refuse an address inside the house that the operator does not allow. Raises: Fault."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_allowed(address, allowed) or not _is_inside(host, parts.port or _PORTS.get(parts.scheme, 80)):
        return
    message = N_(
        "“%(host)s” lies in a private network, and this site does not fetch from there. Who runs the site can allow it with the option %(option)s."
    )
    raise Fault(message, {"host": shorten(host), "option": "ckanext.culturape.allowed_sources"})


def is_allowed(address: str, allowed: Iterable[str]) -> bool:
    """Whether the operator allows an address inside the house, by its beginning."""
    wanted = address.lower()
    whole = (beginning if urlsplit(beginning).path else f"{beginning}/" for beginning in allowed)
    return any(
        wanted.startswith(beginning.lower()) or f"{wanted}/" == beginning.lower() for beginning in whole
    )


def _is_inside(host: str, port: int) -> bool:
    """Whether a name leads into a private network, as far as can be told in time."""
    pool = ThreadPoolExecutor(1)
    try:
        pool.submit(get_ip_address, host, port, False).result(PATIENCE)
    except InvalidIPAddress:
        return True
    except (TooSlow, socket.gaierror, OSError, ValueError, UnicodeError):
        return False
    finally:
        pool.shutdown(wait=False)
    return False
