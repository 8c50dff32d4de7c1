"""What is catalogued about a people or a language? Asked of the index, which knows records as the rules of care let anybody see them.

Whoever asks gets what a visitor gets: the page of a people is a public place.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ckan.lib.search.common import SearchError, SolrConnectionError

from ckanext.culturape.logic import readers
from ckanext.culturape.search import use_field
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

#: Rows of a page of datasets; of other lists, which lead on to pages of their own.
SIZE, FEW = 20, 10

#: Level by level, and the newest first: the page has a heading for each level. A level is one value, which the index can sort by.
_ORDER = "access_level asc, metadata_created desc, id asc"
_NEWEST = "metadata_created desc, id asc"

#: What the page tells of all datasets together, by name: the field of the index.
LEVELS = "vocab_access_level"
REGIONS = "vocab_region"
LABELS, NOTICES = (use_field(f"local-contexts-{kind}") for kind in ("label", "notice"))
AUTHORITIES, PROTOCOLS = "community_authority", "community_protocol_url"

#: Different values of a field that the index counts for a page.
MOST_VALUES = 500


class About(NamedTuple):
    """What records must be about: any of some concepts, in a field of the index."""

    field: str
    concepts: tuple[str, ...]

    @property
    def query(self) -> str:
        """The filter for the index."""
        return f"+{self.field}:({' OR '.join(map(_quoted, self.concepts))})"


class Found(NamedTuple):
    """How many there are, some of them, and by field of the index how many there are of each value."""

    total: int
    records: list[Record]
    counts: Mapping[str, Mapping[str, int]]


def overview(about: About, with_places: bool) -> Found | None:
    """How many datasets there are by level of access, label, notice, and where places may be told, by region, protocol and authority."""
    fields = [LEVELS, LABELS, NOTICES, *((REGIONS, PROTOCOLS, AUTHORITIES) if with_places else ())]
    return _ask("dataset", about, rows=0, fields=fields)


def datasets(about: About, page: int, level: str = "") -> Found | None:
    """A page of datasets, level by level."""
    chosen = f" +{LEVELS}:{_quoted(level)}" if level else ""
    return _ask("dataset", about, rows=SIZE, start=(page - 1) * SIZE, sort=_ORDER, filters=chosen)


def newest(record_type: str, about: About, rows: int = FEW, fields: Sequence[str] = ()) -> Found | None:
    """The newest records of a type."""
    return _ask(record_type, about, rows=rows, sort=_NEWEST, fields=fields)


def counts(record_type: str, field: str) -> Mapping[str, int]:
    """How many records of a type there are for each value of a field; nothing when the search does not answer."""
    found = _ask(record_type, None, rows=0, fields=[field])
    return found.counts.get(field, {}) if found else {}


def _ask(
    record_type: str,
    about: About | None,
    *,
    rows: int,
    fields: Iterable[str] = (),
    filters: str = "",
    **more: Any,
) -> Found | None:
    """What everybody may see; ``None`` when the search does not answer."""
    query: Record = {
        "fq": f"+dataset_type:{record_type} {about.query if about else ''}{filters}",
        "rows": rows,
        "facet.field": list(fields),
        "facet.limit": MOST_VALUES,
        "facet.mincount": 1,
        **more,
    }
    try:
        found = readers.search(query)
    except (SearchError, SolrConnectionError):
        log.exception("the search for what is about %s failed", about)
        return None
    return Found(found["count"], found["results"], found.get("facets") or {})


def _quoted(value: str) -> str:
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
