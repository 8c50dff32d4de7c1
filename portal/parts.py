"""The embedded services of a portal, and the addresses that CKAN gets; those of the operator win."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from culturape_portal.databases import Database, ensure_databases
from culturape_portal.launch import Launch
from culturape_portal.postgres import Cluster
from culturape_portal.solr import Solr, schema_text
from culturape_portal.valkey import Valkey

if TYPE_CHECKING:
    from culturape_portal.state import DataFolder, Memory

Progress = Callable[[str], None]
VARIABLES = {"postgres": "CKAN_SQLALCHEMY_URL", "solr": "CKAN_SOLR_URL", "valkey": "CKAN_REDIS_URL"}
DATASTORE = {
    "ckan.datastore.write_url": "CKAN_DATASTORE_WRITE_URL",
    "ckan.datastore.read_url": "CKAN_DATASTORE_READ_URL",
}


@dataclass
class Embedded:
    """The services of one portal that are not external."""

    data: DataFolder
    memory: Memory

    def __post_init__(self) -> None:
        secrets, data = self.memory.secrets, self.data
        self.cluster = Cluster(data.file("postgres"), data.log("postgres"), secrets["postgres"])
        self.valkey = Valkey(data.file("valkey"), data.log("valkey"), secrets["valkey"])
        self.solr = Solr(data.file("solr"), data.log("solr"), secrets["solr"])
        self.external = [key for key, variable in VARIABLES.items() if os.environ.get(variable)]

    def launches(self, progress: Progress) -> list[Launch]:
        """The services to start, the slowest first."""
        makers = {"solr": self.solr.part, "valkey": self.valkey.part, "postgres": self.cluster.part}
        if "solr" not in self.external:
            self.solr.prepare(progress)
        if "postgres" not in self.external and not self.data.file("postgres").exists():
            progress("PostgreSQL: making the database")
        return [
            Launch(key, make, self.memory.ports.get(key, 0))
            for key, make in makers.items()
            if key not in self.external
        ]

    def without(self) -> str:
        """What is left out, for a sentence that names the services."""
        return f" (yours: {', '.join(self.external)})" if self.external else ""

    def index(self) -> str:
        """Identifies what the search index was made with: the schema, and where it is."""
        place = os.environ.get("CKAN_SOLR_URL", "")
        return hashlib.sha256((place or schema_text("portal")).encode()).hexdigest()

    def index_changed(self) -> bool:
        """Whether an index filled earlier is gone, elsewhere, or made with another schema."""
        gone = "solr" not in self.external and not self.solr.has_index()
        return bool(self.memory.index) and (gone or self.memory.index != self.index())

    def ensure_databases(self) -> None:
        """Make CKAN's roles and databases, unless the last start did."""
        if "postgres" in self.external or self.memory.prepared:
            return
        secrets = self.memory.secrets
        passwords = {
            "ckan": secrets["database"],
            "datastore": secrets["datastore"],
            "datastore_ro": secrets["datastore_ro"],
        }
        databases = [Database("ckan", "ckan"), Database("datastore", "datastore")]
        ensure_databases(self.cluster.url(self.memory.ports["postgres"]), passwords, databases)

    def superuser_url(self) -> str:
        """The address of the DataStore's database for the superuser; empty when it is external."""
        if "postgres" in self.external:
            return ""
        return self.cluster.url(self.memory.ports["postgres"], "datastore")

    def urls(self) -> dict[str, str]:
        """The addresses, as settings of CKAN."""
        ports = self.memory.ports
        found = {
            "solr_url": os.environ.get("CKAN_SOLR_URL") or self.solr.url(ports["solr"]),
            "ckan.redis.url": os.environ.get("CKAN_REDIS_URL") or self.valkey.url(ports["valkey"]),
        }
        if "postgres" in self.external:
            found["sqlalchemy.url"] = os.environ["CKAN_SQLALCHEMY_URL"]
            return found | {key: os.environ[name] for key, name in DATASTORE.items() if os.environ.get(name)}
        return found | {
            key: self._database(name, user, secret)
            for key, name, user, secret in (
                ("sqlalchemy.url", "ckan", "ckan", "database"),
                ("ckan.datastore.write_url", "datastore", "datastore", "datastore"),
                ("ckan.datastore.read_url", "datastore", "datastore_ro", "datastore_ro"),
            )
        }

    def _database(self, name: str, user: str, secret: str) -> str:
        return self.cluster.url(self.memory.ports["postgres"], name, user, self.memory.secrets[secret])


def external_address(key: str) -> str:
    """The address of an external service without its password."""
    parts = urlsplit(os.environ.get(VARIABLES[key], ""))
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
