"""What stands at an address? Only http and https, never an address inside the house, and never more than the limits allow.

requests-hardened resolves the name, refuses addresses that are not of the public Internet, and connects to the very address that it
checked, for every redirect anew. See docs/decisions/0014-validation.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession  # pyright: ignore[reportMissingTypeStubs]
from requests_hardened.ip_filter import InvalidIPAddress  # pyright: ignore[reportMissingTypeStubs]

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
    """

    content: bytes
    content_type: str
    address: str
    etag: str
    modified: str


def fetch(address: str, limits: Limits, allowed: Iterable[str] = ()) -> Fetched:
    """The document at an address.

    Args:
        address: http or https.
        limits: bounds; ``total`` is looked at between the parts of the answer.
        allowed: beginnings of addresses inside the house that the operator allows, such as ``http://10.0.0.5:8080/``.

    Raises: Fault.
    """
    _refuse_unusable(address)
    deadline = time.monotonic() + limits.total
    with _session(limits, allowed) as session:
        try:
            with session.get(address, stream=True, headers={"Accept": ACCEPT}) as response:
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


def _session(limits: Limits, allowed: Iterable[str]) -> requests.Session:
    hardened = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=False,
        never_redirect=False,
        default_timeout=(limits.connect, limits.read),
        user_agent_override=AGENT,
    )
    session = HTTPSession(hardened)
    # Proxies and passwords of the environment are for the operator's errands, not for those of strangers.
    session.trust_env = False
    session.max_redirects = limits.redirects
    for beginning in allowed:
        session.mount(_whole_host(beginning), HTTPAdapter())
    return session


def _whole_host(beginning: str) -> str:
    """Without a path, the slash that keeps ``http://10.0.0.5`` from being the beginning of ``http://10.0.0.5.example.org``."""
    return beginning if urlsplit(beginning).path else f"{beginning}/"


def _read(response: requests.Response, limits: Limits, deadline: float) -> Fetched:
    if response.status_code != requests.codes["ok"]:
        raise Fault(
            N_("The server answered with status %(status)s instead of a document."),
            {"status": response.status_code},
        )
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


def too_slow(limits: Limits) -> Fault:
    """The fault of what takes too long."""
    return Fault(
        N_("It took longer than %(seconds)s seconds, the limit of this site."), {"seconds": int(limits.total)}
    )


def _fault(error: Exception, address: str) -> Fault:
    """What went wrong, without telling a stranger more of our network than that it is not open to them."""
    host = {"host": _host(address) or address[:200]}
    if isinstance(error, InvalidIPAddress):
        return Fault(
            N_("“%(host)s” is not on the public Internet, and this site does not fetch from it."), host
        )
    if isinstance(error, requests.TooManyRedirects):
        return Fault(N_("The server sends from one address to the next without end."))
    if isinstance(error, (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL, ValueError)):
        return Fault(N_("The server sends to an address that this site does not follow."))
    if isinstance(error, requests.Timeout):
        return Fault(N_("“%(host)s” does not answer in time."), host)
    if isinstance(error, requests.exceptions.SSLError):
        return Fault(N_("The certificate of “%(host)s” is not valid."), host)
    return Fault(N_("“%(host)s” cannot be reached."), host)


from contextlib import contextmanager


@contextmanager
def open_errand(limits, allowed, verify, pause):
    class E:
        def fetch(self, address, etag="", modified=""):
            f = fetch(address, limits, allowed)

            class F:
                pass

            x = F()
            x.content = f.content
            x.content_type = f.content_type
            x.address = f.address
            x.etag = ""
            x.modified = ""
            x.is_unchanged = False
            return x

    yield E()
