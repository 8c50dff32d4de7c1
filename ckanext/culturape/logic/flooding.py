"""Who asks too often? Counts by client in Valkey, for services that anybody may use without an account."""

from __future__ import annotations

import logging
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

import ckan.plugins.toolkit as tk
from flask import has_request_context
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from ckanext.culturape import config

log = logging.getLogger(__name__)


@lru_cache(maxsize=2)
def _limiter(address: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(address, wrap_exceptions=False))


def client() -> str:
    """Who asks: a person by name, all others by the address that connects, behind as many proxies as the operator trusts."""
    if tk.current_user.is_authenticated:
        return f"user:{tk.current_user.name}"
    hops = config.trusted_proxies()
    forwarded = [
        part.strip() for part in tk.request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    chain = [*forwarded, str(tk.request.environ.get("REMOTE_ADDR") or "")]
    # A chain shorter than the proxies did not come through them, so that nothing in it is believed.
    address = chain[-1 - hops] if 0 <= hops < len(chain) else chain[-1]
    return f"address:{_network(address)}"


def _network(address: str) -> str:
    """The address, or of IPv6 the network that one household or server gets: its owner changes the rest at will."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def may_go_on(service: str, rate: str) -> bool:
    """Whether this client may use a service once more; counts it. System administrators always may.

    Args:
        service: name under which uses are counted.
        rate: such as ``30/hour``.
    """
    # A command or a job is no client.
    if not has_request_context() or getattr(tk.current_user, "sysadmin", False):
        return True
    return is_within(service, rate, client())


def is_within(service: str, rate: str, who: str) -> bool:
    """The same of anybody, by any name that stands for them."""
    try:
        limit = parse(rate)
    except ValueError:
        log.error("%r says no rate, such as 30/hour: %s is closed", rate, service)
        return False
    if not limit.amount:
        return False
    try:
        return _limiter(str(tk.config["ckan.redis.url"])).hit(
            limit, "culturape", str(tk.config["ckan.site_id"]), service, who
        )
    except RedisError:
        # The work itself has limits of its own; a service that stops with its counter would help nobody.
        log.exception("uses of %s cannot be counted", service)
        return True
