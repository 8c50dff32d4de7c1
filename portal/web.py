"""The WSGI application that gunicorn serves: CKAN, with static files and compression in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from culturape_portal.compress import Compress
from culturape_portal.libmagic import make_known
from culturape_portal.static import StaticFiles

WsgiApplication = Callable[..., Iterable[bytes]]

# Read by gunicorn (--config python:culturape_portal.web).
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
timeout = 120
graceful_timeout = 10
keepalive = 5
accesslog = None
errorlog = "-"


def make_application() -> WsgiApplication:
    """CKAN as its ini file (CKAN_INI) describes it, behind the layers of the portal."""
    make_known()
    keep_connections_apart()
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    ckan = make_app(load_config(os.environ["CKAN_INI"]))
    return Compress(StaticFiles(ckan, static_roots(), Path(os.environ["CULTURAPE_PORTAL_STATIC"])))


def static_roots() -> list[tuple[str, Path]]:
    """Where CKAN and its plugins keep public files, in the order in which CKAN looks for them."""
    import ckan
    from ckan.common import config
    from ckan.lib.webassets_tools import get_webassets_path

    folders = [*config.get("extra_public_paths", "").split(","), *config.get("plugin_public_paths", [])]
    folders.append(str(Path(ckan.__file__).parent / config["ckan.base_public_folder"]))
    roots = [("/", Path(folder)) for folder in folders if folder]
    return [(config["ckan.webassets.url"].rstrip("/") + "/", Path(get_webassets_path())), *roots]


def keep_connections_apart() -> None:
    """A database connection opened before gunicorn forks is never used by a worker.

    Two workers on one connection would read each other's answers. Holds for all engines, those of the
    DataStore and of other plugins too (the recipe for forking in SQLAlchemy's documentation).
    """
    from sqlalchemy import event, exc
    from sqlalchemy.pool import Pool

    @event.listens_for(Pool, "connect")
    def remember(_connection: Any, record: Any) -> None:
        record.info["pid"] = os.getpid()

    @event.listens_for(Pool, "checkout")
    def refuse(_connection: Any, record: Any, proxy: Any) -> None:
        if record.info["pid"] != os.getpid():
            record.dbapi_connection = proxy.dbapi_connection = None
            raise exc.DisconnectionError("this connection belongs to the parent process")
