"""What stands at an address? Only http and https, never an address inside the house, and never more than the limits allow.

requests-hardened resolves the name, refuses addresses that are not of the public Internet, and connects to the very address that it
checked, for every redirect anew. See docs/decisions/0014-validation.md.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession  # pyright: ignore[reportMissingTypeStubs]
from requests_hardened.ip_filter import InvalidIPAddress  # pyright: ignore[reportMissingTypeStubs]
from urllib3.exceptions import InsecureRequestWarning

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.limits import Limits

AGENT = "ckanext-culturape (DCAT)"
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


def fetch(address: str, limits: Limits, allowed: Iterable[str] = ()) -> Fetched:
    """The document at an address.

    Args:
        address: http or https.
        limits: bounds; ``total`` is looked at between the parts of the answer.
        allowed: beginnings of addresses inside the house that the operator allows, such as ``http://10.0.0.5:8080/``.

    Raises: Fault.
    """
    with open_session(limits, allowed) as session:
        return get(session, address, limits)


def get(
    session: requests.Session,
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
        limits: bounds of this document.
        etag: mark that the server gave the last time; with the next, it need not send what has not changed.
        modified: moment of the last change, in the words of the server.
        accept: media types that are understood.

    Raises: Refusal, a Fault.
    """
    _refuse_unusable(address)
    deadline = time.monotonic() + limits.total
    marks = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {"Accept": accept, **{name: value for name, value in marks.items() if value}}
    try:
        with session.get(address, stream=True, headers=headers) as response:
            if response.status_code == requests.codes["not_modified"] and (etag or modified):
                return Fetched(b"", "", response.url, etag, modified, is_unchanged=True)
            return _read(response, limits, deadline)
    except (requests.RequestException, OSError, ValueError) as error:
        raise _fault(error, address) from error


def _refuse_unusable(address: str) -> None:
    """Addresses that are none, before anything is asked of the network. Raises: Fault."""
    try:
        usable = urlsplit(address).scheme.lower() in {"http", "https"} and bool(_host(address))
        requests.Request("GET", address).prepare()
    except (requests.RequestException, ValueError):
        usable = False
    if not usable:
        raise Fault(
            N_("“%(address)s” is not an address that begins with http:// or https://."),
            {"address": address[:200]},
        )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def open_session(
    limits: Limits, allowed: Iterable[str] = (), *, verify: bool = True, agent: str = AGENT
) -> requests.Session:
    """A session for documents of strangers.

    Args:
        limits: bounds of time and redirects.
        allowed: beginnings of addresses inside the house that may be fetched.
        verify: whether certificates must be valid; addresses are checked in any case.
        agent: by what name servers know us.
    """
    hardened = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=False,
        never_redirect=False,
        default_timeout=(limits.connect, limits.read),
        user_agent_override=agent,
    )
    session = HTTPSession(hardened)
    # Proxies and passwords of the environment are for the operator's errands, not for those of strangers.
    session.trust_env = False
    session.verify = verify
    session.max_redirects = limits.redirects
    for beginning in allowed:
        session.mount(_whole_host(beginning), HTTPAdapter())
    if not verify:
        warnings.filterwarnings("ignore", category=InsecureRequestWarning)
    return session


def _whole_host(beginning: str) -> str:
    """Without a path, the slash that keeps ``http://10.0.0.5`` from being the beginning of ``http://10.0.0.5.example.org``."""
    return beginning if urlsplit(beginning).path else f"{beginning}/"


def _read(response: requests.Response, limits: Limits, deadline: float) -> Fetched:
    if response.status_code != requests.codes["ok"]:
        refusal = Refusal(
            N_("The server answered with status %(status)s instead of a document."),
            {"status": response.status_code},
        )
        refusal.status, refusal.wait = response.status_code, _wait(response)
        raise refusal
    content = bytearray()
    for chunk in response.iter_content(CHUNK):
        content += chunk
        if len(content) > limits.size:
            raise Fault(
                N_("The document is larger than %(size)s MB, the limit of this site."),
                {"size": limits.size // 1_000_000},
            )
        if time.monotonic() > deadline:
            raise too_slow(limits)
    head = response.headers
    return Fetched(
        bytes(content),
        head.get("Content-Type", ""),
        response.url,
        head.get("ETag", ""),
        head.get("Last-Modified", ""),
    )


def _wait(response: requests.Response) -> float:
    """Seconds that a server asks to wait, when it says so as a number or as a date (RFC 9110, 10.2.3)."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said[:6])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


def too_slow(limits: Limits) -> Fault:
    """The fault of what takes too long."""
    return Fault(
        N_("It took longer than %(seconds)s seconds, the limit of this site."), {"seconds": int(limits.total)}
    )


def _fault(error: Exception, address: str) -> Refusal:
    """What went wrong, without telling a stranger more of our network than that it is not open to them."""
    host = {"host": _host(address) or address[:200]}
    if isinstance(error, InvalidIPAddress):
        return Refusal(
            N_("“%(host)s” is not on the public Internet, and this site does not fetch from it."), host
        )
    if isinstance(error, requests.TooManyRedirects):
        return Refusal(N_("The server sends from one address to the next without end."))
    if isinstance(error, (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL, ValueError)):
        return Refusal(N_("The server sends to an address that this site does not follow."))
    if isinstance(error, requests.Timeout):
        return _outage(N_("“%(host)s” does not answer in time."), host)
    if isinstance(error, requests.exceptions.SSLError):
        return Refusal(N_("The certificate of “%(host)s” is not valid."), host)
    return _outage(N_("“%(host)s” cannot be reached."), host)


def _outage(message: str, params: dict[str, str]) -> Refusal:
    refusal = Refusal(message, params)
    refusal.is_outage = True
    return refusal
