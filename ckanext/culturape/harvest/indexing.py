"""When does the index show what a harvest wrote? Documents go to Solr one by one, and are committed for many at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import logic
from ckan.lib import search
from ckan.lib.search.index import PackageSearchIndex
from ckan.types import Context

from ckanext.culturape.types import Record

#: Documents, and seconds since the first of them, after which they are shown.
MOST = 100
LONGEST = 10.0
COMMIT = "ckan.search.solr_commit"


@contextmanager
def without_commits() -> Iterator[None]:
    """Let CKAN write documents without committing each."""
    before = tk.config.get(COMMIT)
    tk.config[COMMIT] = False
    try:
        yield
    finally:
        tk.config[COMMIT] = before


class Shown(NamedTuple):
    """A record as it stands, in the schema of CKAN (2.12 wants both for the index) and in ours."""

    default: Record | None
    ours: Record


def show(package_id: str) -> Shown:
    """The record of the transaction that is under way."""
    context = cast("Context", {"ignore_auth": True, "use_cache": False})
    if not hasattr(logic, "package_show_default_and_custom_schemas"):
        return Shown(None, tk.get_action("package_show")(context, {"id": package_id}))
    return Shown(*logic.package_show_default_and_custom_schemas(context, package_id))


def index(shown: Shown, *, again: bool = False) -> None:
    """Write the document of a record that was committed; CKAN 2.11 did so while it committed, unless it is asked for again.

    Raises: SearchIndexError.
    """
    if shown.default is not None:
        logic.index_update_package_dicts((shown.default, shown.ours))
    elif again:
        search.rebuild(package_ids=[str(shown.ours["id"])])
    waiting.add()


@dataclass(slots=True)
class Waiting:
    """Documents that Solr has and does not show yet."""

    number: int = 0
    since: float = field(default_factory=time.monotonic)

    def add(self) -> None:
        """One more; shown when there are many, or when the first has waited long."""
        if not self.number:
            self.since = time.monotonic()
        self.number += 1
        if self.number >= MOST or time.monotonic() - self.since > LONGEST:
            self.show()

    def show(self) -> None:
        """Show them. Raises: SearchIndexError."""
        if self.number:
            PackageSearchIndex().commit()
            self.number = 0


#: Of this process.
waiting = Waiting()
