"""The WSGI application that gunicorn serves: CKAN, with static files and compression in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from weakref import WeakSet

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
    engines = engines_seen()
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    ckan = make_app(load_config(os.environ["CKAN_INI"]))
    close_connections(engines)
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


def engines_seen() -> WeakSet[Any]:
    """All engines that connect from now on: CKAN's, those of the DataStore and of other plugins."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    seen: WeakSet[Any] = WeakSet()

    @event.listens_for(Engine, "engine_connect")
    def remember(connection: Any, *_: Any) -> None:
        seen.add(connection.engine)

    return seen


def close_connections(engines: Iterable[Any]) -> None:
    """Leave no connection to the workers that gunicorn forks: two that share one read each other's answers.

    Refusing it when a worker takes it from the pool is too late, for CKAN's engine has asked through it then
    whether it still stands.
    """
    from ckan import model

    model.Session.remove()
    for engine in engines:
        engine.dispose()
