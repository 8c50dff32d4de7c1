"""What a portal's data folder remembers: its CKAN version, secrets and ports, and what runs now."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from culturape_portal.databases import new_password
from culturape_portal.errors import PortalError
from culturape_portal.files import FolderInUseError, lock_folder, private_folder, write_private
from culturape_portal.process import Identity
from culturape_portal.settings import OWN

SECRETS = ("session", "postgres", "database", "datastore", "datastore_ro", "valkey", "solr")
DEFAULT_PORT = 5000


@dataclass
class Memory:
    """portal.json: kept for the life of the portal."""

    ckan: str = ""
    host: str = "127.0.0.1"
    site_url: str = ""
    ports: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    prepared: str = ""
    index: str = ""
    seeded: bool = False


@dataclass
class Run:
    """run.json: what was started last; `phase` is starting, ready or seeding."""

    supervisor: Identity | None = None
    phase: str = "starting"
    url: str = ""
    parts: dict[str, Identity] = field(default_factory=dict)
    external: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DataFolder:
    """The one folder that holds everything of a portal."""

    path: Path

    def file(self, name: str) -> Path:
        """A file or folder in it."""
        return self.path / name

    def log(self, component: str) -> Path:
        """The log of a component."""
        return self.path / "logs" / f"{component}.log"

    def exists(self) -> bool:
        """Whether a portal lives here."""
        return self.file("portal.json").exists()

    def open(self) -> Memory:
        """Make the folder if missing; PortalError when it cannot be written or belongs to another CKAN."""
        self.claim()
        for name in ("logs", "storage", "static"):
            private_folder(self.file(name))
        memory = self.memory()
        installed = version("ckan")
        if memory.ckan and _series(memory.ckan) != _series(installed):
            raise PortalError(
                "data folder",
                f"{self.path} belongs to CKAN {memory.ckan}, but CKAN {installed} is installed. Install CKAN "
                f"{_series(memory.ckan)}, or choose another folder with --data and carry the data over.",
            )
        memory.ckan = installed
        for name in SECRETS:
            memory.secrets.setdefault(name, new_password())
        self.save(memory)
        return memory

    def in_use(self) -> bool:
        """Whether a supervisor holds the folder now."""
        try:
            lock_folder(self.path).close()
        except FolderInUseError:
            return True
        return False

    def claim(self) -> None:
        """Make the folder ours and closed to others; PortalError when it holds something else."""
        if set('%"\n') & set(str(self.path)):
            raise PortalError(
                "data folder", f"CKAN cannot read a path with % or quotation marks: {self.path}"
            )
        private_folder(self.path)
        strangers = [found.name for found in self.path.iterdir() if found.name not in {OWN, ".lock"}]
        if strangers and not self.exists():
            raise PortalError(
                "data folder", f"{self.path} holds other files ({strangers[0]}); choose an empty one"
            )
        self.path.chmod(0o700)

    def memory(self) -> Memory:
        """What portal.json says (empty for a new folder)."""
        return Memory(**self._read("portal.json", Memory))

    def save(self, memory: Memory) -> None:
        """Write portal.json."""
        write_private(self.file("portal.json"), json.dumps(asdict(memory), indent=1))

    def run(self) -> Run:
        """What run.json says (empty when nothing was ever started)."""
        run = Run(**self._read("run.json", Run))
        run.supervisor = Identity(*run.supervisor) if run.supervisor else None
        run.parts = {name: Identity(*found) for name, found in run.parts.items()}
        return run

    def save_run(self, run: Run) -> None:
        """Write run.json."""
        write_private(self.file("run.json"), json.dumps(asdict(run), indent=1))

    def _read(self, name: str, kind: type[Memory | Run]) -> dict[str, Any]:
        """The fields of a file; those that another release wrote are left out."""
        known = {found.name for found in fields(kind)}
        try:
            content = json.loads(self.file(name).read_text("utf-8"))
            return {key: value for key, value in content.items() if key in known}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise PortalError("data folder", f"{self.file(name)} cannot be read: {error}") from error


def default_folder() -> Path:
    """The data folder when none is given: CULTURAPE_PORTAL_DATA, or a folder of the user (root: /var/lib)."""
    chosen = os.environ.get("CULTURAPE_PORTAL_DATA")
    if chosen:
        return Path(chosen)
    if os.geteuid() == 0:
        return Path("/var/lib/culturape")
    import platformdirs

    return Path(platformdirs.user_data_path("culturape"))


def _series(release: str) -> str:
    """The CKAN series of a release: 2.12.1 -> 2.12."""
    return ".".join(release.split(".")[:2])
