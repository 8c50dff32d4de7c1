"""CKAN itself as parts of a portal: the environment it runs in, its web server and its worker."""

from __future__ import annotations

import hashlib
import http.client
import os
import sys
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from culturape_portal.ports import in_brackets, near
from culturape_portal.process import Part
from culturape_portal.settings import PLUGINS, SETTINGS

if TYPE_CHECKING:
    from culturape_portal.state import DataFolder

# What ckan.ini says must not be said again by the environment, where CKAN trips over a percent sign.
OWNED = (
    "CKAN_SQLALCHEMY_URL",
    "CKAN_DATASTORE_WRITE_URL",
    "CKAN_DATASTORE_READ_URL",
    "CKAN_SOLR_URL",
    "CKAN_REDIS_URL",
    "CKAN_INI",
)


def environment(data: DataFolder) -> dict[str, str]:
    """The environment of every CKAN process of this portal."""
    kept = {name: value for name, value in os.environ.items() if name not in OWNED}
    return {
        **kept,
        "CKAN_INI": str(data.file("ckan.ini")),
        "CULTURAPE_PORTAL_STATIC": str(data.file("static")),
        "PYTHONUNBUFFERED": "1",
    }


def settings(data: DataFolder, urls: dict[str, str], site_url: str, secret: str) -> dict[str, str]:
    """Everything that ckan.ini says; without a DataStore database the plugins that need one are left out."""
    needs_datastore = {"datastore", "datatables_view"}
    plugins = [
        name for name in PLUGINS if urls.get("ckan.datastore.write_url") or name not in needs_datastore
    ]
    return {
        **SETTINGS,
        "ckan.plugins": " ".join(plugins),
        "ckan.site_url": site_url,
        "ckan.storage_path": str(data.file("storage")),
        "SECRET_KEY": secret,
        "beaker.session.secret": secret,
        "WTF_CSRF_SECRET_KEY": secret,
        "api_token.jwt.encode.secret": f"string:{secret}",
        "api_token.jwt.decode.secret": f"string:{secret}",
        **urls,
    }


def web_part(data: DataFolder, host: str, port: int) -> Part:
    """The web server; it is ready when it has served the first page."""
    argv = (
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:culturape_portal.web",
        "--bind",
        f"{in_brackets(host)}:{port}",
        "culturape_portal.web:make_application()",
    )
    return Part(
        "CKAN",
        argv,
        data.log("web"),
        lambda: serves(near(host), port),
        env=environment(data),
        cwd=data.path,
        start_seconds=180,
        stop_seconds=15,
    )


def worker_part(data: DataFolder) -> Part:
    """The worker for background jobs."""
    return _command_part(data, "worker", "jobs", "worker")


def harvest_part(data: DataFolder) -> Part:
    """What harvests other catalogues, as pages and schedule ask for it."""
    return _command_part(data, "harvest", "culturape", "harvest", "work")


def _command_part(data: DataFolder, name: str, *words: str) -> Part:
    """A command of CKAN that runs until it is stopped."""
    return Part(
        name,
        (sys.executable, "-m", "culturape_portal.ckan_command", *words),
        data.log(name),
        lambda: True,
        env=environment(data),
        cwd=data.path,
        stop_seconds=15,
    )


def serves(host: str, port: int, path: str = "/") -> bool:
    """Whether CKAN serves this page."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _migrations() -> Path:
    """Folder of the migrations of our plugins."""
    spec = find_spec("ckanext.culturape")
    return Path(str(spec.origin if spec else "")).parent / "migration"


def fingerprint(ini: Path) -> str:
    """Changes when database and translations may have to be made anew: other packages, migrations, plugins, database."""
    packages = sorted(
        f"{found.name}=={found.version}" for found in distributions() if "ckan" in found.name.lower()
    )
    migrations = sorted(path.name for path in _migrations().glob("*/versions/*.py"))
    plugins = [line for line in ini.read_text("utf-8").splitlines() if line.startswith("ckan.plugins")]
    place = os.environ.get("CKAN_SQLALCHEMY_URL", "")
    return hashlib.sha256("\n".join([*packages, *migrations, *plugins, place]).encode()).hexdigest()
