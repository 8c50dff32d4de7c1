"""Why does a server not give a document, and would it help to ask again?"""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from requests_hardened.ip_filter import InvalidIPAddress  # pyright: ignore[reportMissingTypeStubs]

from ckanext.culturape.errors import N_, Fault


class Refusal(Fault):
    """A server that does not give the document.

    Attributes:
        status: of its answer, 0 when there was none.
        wait: seconds after which it wants to be asked again, as far as it says.
        is_outage: whether it did not answer, so that asking again may help.
    """

    status = 0
    wait = 0.0
    is_outage = False


def refusal_of(response: requests.Response) -> Refusal:
    """The refusal that another status than the expected one means."""
    refusal = Refusal(
        N_("The server answered with status %(status)s instead of a document."),
        {"status": response.status_code},
    )
    refusal.status, refusal.wait = response.status_code, _wait(response)
    return refusal


def _wait(response: requests.Response) -> float:
    """Seconds that a server asks to wait, when it says so as a number or as a date (RFC 9110, 10.2.3)."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said[:6])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


def host_of(address: str) -> str:
    """The name of the host of an address; empty for what is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


#: What an error means, the special before the general, and whether asking again may help.
_REASONS: tuple[tuple[type[Exception], str, bool], ...] = (
    (InvalidIPAddress, N_("“%(host)s” is not on the public Internet, and this site does not fetch from it."), False),
    (requests.TooManyRedirects, N_("The server sends from one address to the next without end."), False),
    (ValueError, N_("The server sends to an address that this site does not follow."), False),
    (requests.exceptions.ContentDecodingError, N_("What “%(host)s” sends is damaged."), False),
    (requests.Timeout, N_("“%(host)s” does not answer in time."), True),
    (requests.exceptions.SSLError, N_("The certificate of “%(host)s” is not valid."), False),
    (Exception, N_("“%(host)s” cannot be reached."), True),
)  # fmt: skip


def reason_of(error: Exception, address: str) -> Refusal:
    """What went wrong, without telling a stranger more of our network than that it is not open to them."""
    message, is_outage = next((said, again) for kind, said, again in _REASONS if isinstance(error, kind))
    refusal = Refusal(message, {"host": host_of(address) or address[:200]} if "%(host)s" in message else {})
    refusal.is_outage = is_outage
    return refusal
