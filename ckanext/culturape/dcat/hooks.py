"""What happens to a fragment when its dataset changes? It goes, in the same transaction.

Fragments are checked against the rows whenever they are read, so nothing stale is ever shown without this; but a record that
becomes private or more sensitive must not stay behind in our table either.
"""

from __future__ import annotations

import logging

from ckanext.culturape.dcat import store, versions
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)


def forget(record: Record) -> None:
    """Drop what is kept of a dataset."""
    if store.is_there():
        store.forget(str(record["id"]))
    else:
        log.warning("the table %s is missing: %s", versions.TABLE, versions.MIGRATION)
