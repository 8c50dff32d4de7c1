"""What does a job need to know of its source? Read once for each job."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context as ActionContext
from ckanext.harvest.model import HarvestJob

from ckanext.culturape import config
from ckanext.culturape.harvest.options import Options, read_options
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.terms import Context

#: Name of the harvester in sources.
HARVESTER = "culturape_dcat"


@dataclass(frozen=True, slots=True)
class Errand:
    """A job and its source.

    Attributes:
        run: id of the job.
        source_id, address: of the source.
        owner: id of the organisation that new datasets belong to; empty when the source has none.
        options: that were chosen.
        user: name of the user in whose name the catalogue is changed.
        rules: version of all that decides what is read of a document.
    """

    run: str
    source_id: str
    address: str
    owner: str
    options: Options
    user: str
    rules: str

    def context(self) -> Context:
        """The context of reading."""
        base = str(tk.config.get("ckan.site_url") or "").rstrip("/")
        return Context(vocabulary(), base, "", self.language)

    @property
    def language(self) -> str:
        """The language of texts that do not say theirs."""
        return self.options.default_language or config.default_language()

    def owner_of(self, record: Mapping[str, Any]) -> str:
        """The organisation that a dataset belongs to: by its publisher where the source says so."""
        for publisher in cast("list[Mapping[str, Any]]", record.get("publisher") or ()):
            for name in (publisher.get("uri"), publisher.get("name")):
                if name in self.options.organizations:
                    return self.options.organizations[str(name)]
        return self.owner


@lru_cache(maxsize=64)
def errand_of(job_id: str) -> Errand:
    """The errand of a job."""
    # A process that works for days would else know the source as it was.
    model.Session.expire_all()
    job: Any = HarvestJob.get(job_id)
    source = job.source
    package = model.Session.get(model.Package, source.id)
    options = read_options(source.config)
    return Errand(
        run=job.id,
        source_id=source.id,
        address=source.url,
        owner=str(package.owner_org or "") if package else "",
        options=options,
        user=user_name(),
        rules=rules_of(options),
    )


def user_name() -> str:
    """The user in whose name the catalogue is changed: that of ckanext-harvest's option, else the user of the site."""
    chosen = tk.config.get("ckanext.harvest.user_name")
    if chosen:
        return str(chosen)
    context = {"ignore_auth": True, "defer_commit": True}
    return str(tk.get_action("get_site_user")(cast("Any", context), {})["name"])


def unattended() -> ActionContext:
    """The context of actions of ckanext-harvest that nobody asked for by hand."""
    notes = {"ignore_auth": True, "user": "", "model": model, "session": model.Session}
    return cast("ActionContext", notes)


def rules_of(options: Options) -> str:
    """The version of all that decides what is read of a document: code, schema, vocabularies and options."""
    chosen = (
        options.format,
        options.profile,
        options.default_language or config.default_language(),
        sorted(options.sensitivity),
        options.access_level,
    )
    parts = (_code_version(), vocabulary().version, repr(chosen))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _code_version() -> str:
    """Of the modules that read and compare, so that after an upgrade everything is read again, and written where it differs."""
    root = Path(__file__).parent.parent
    folders = ("intake", "rdf", "values", "care", "harvest/adapters")
    files = [file for folder in folders for file in root.glob(f"{folder}/*.py")]
    files += [root / "fields.py", *(root / "harvest" / f"{name}.py" for name in _READING)]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


_READING = (
    "alignment", "cautious", "expressed", "leftover", "merging", "naming", "portions", "read", "residue", "scope", "spelling", "split", "withheld",
)  # fmt: skip
