"""Who asks too often? Counts by client in Valkey, for services that anybody may use without an account."""

from __future__ import annotations

import logging
from functools import lru_cache

import ckan.plugins.toolkit as tk
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
    connecting = str(tk.request.environ.get("REMOTE_ADDR") or "")
    chain = [*forwarded, connecting]
    return f"address:{chain[max(0, len(chain) - 1 - hops)] if hops else connecting}"[:100]


def may_go_on(service: str, rate: str) -> bool:
    """Whether this client may use a service once more; counts it. System administrators always may.

    Args:
        service: name under which uses are counted.
        rate: such as ``30/hour``.
    """
    if getattr(tk.current_user, "sysadmin", False):
        return True
    limit = parse(rate)
    if not limit.amount:
        return False
    try:
        return _limiter(str(tk.config["ckan.redis.url"])).hit(
            limit, "culturape", str(tk.config["ckan.site_id"]), service, client()
        )
    except RedisError:
        # The work itself has limits of its own; a service that stops with its counter would help nobody.
        log.exception("uses of %s cannot be counted", service)
        return True
