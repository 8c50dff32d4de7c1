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


def post_fork(_server: Any, _worker: Any) -> None:
    """Connections opened before the fork belong to the parent (called by gunicorn)."""
    from ckan import model

    model.Session.remove()
    if model.Session.bind is not None:
        model.Session.bind.dispose(close=False)  # type: ignore[union-attr]
