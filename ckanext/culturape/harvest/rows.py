"""What do our tables hold of a source? One row per dataset, read and written many at a time.

``execute`` is that of a connection or of the Session of CKAN; whoever gives it decides when the transaction ends.
"""

from __future__ import annotations

import hashlib
import json
import uuid
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import text

PREFIX = "culturape_harvest_"
MIGRATION = "ckan db upgrade -p harvest && ckan db upgrade -p culturape_harvest"

#: States of datasets in which a record of ours stands for them.
KEPT = ("current", "stale")


class Executor(Protocol):
    """A connection, or a session."""

    def execute(self, statement: Any, parameters: Any = None, /) -> Any:
        """Run a statement."""
        ...


class Known(NamedTuple):
    """What is known of a dataset of a source.

    Attributes:
        key, uri: what identifies it in its source.
        package_id: of our record; fixed when the dataset is first seen.
        state: ``waiting``, ``current``, ``stale``, ``gone``, ``refused``, ``conflict`` or ``withdrawn``.
        digest, rules: of the statements that were read last, and under which rules.
        page, seen: where and in which run it was found last.
        package_state: that of our record, ``None`` when there is none.
    """

    key: str
    uri: str
    package_id: str
    state: str
    digest: str
    rules: str
    page: str
    seen: str
    package_state: str | None


def key_of(uri: str) -> str:
    """A short name for an address of any length."""
    return hashlib.sha256(uri.encode()).hexdigest()[:32]


def package_id_of(source_id: str, uri: str) -> str:
    """The id of our record of a dataset, the same whenever and by whomever it is made."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{source_id}\x1f{uri}"))


def known(execute: Executor, source_id: str, keys: Iterable[str]) -> dict[str, Known]:
    """The rows of these datasets, by key."""
    query = """
        SELECT d.key, d.uri, d.package_id, d.state, d.digest, d.rules, d.page, d.seen, p.state
        FROM culturape_harvest_dataset d LEFT JOIN package p ON p.id = d.package_id
        WHERE d.source_id = :source AND d.key = ANY(:keys)"""
    found = execute.execute(text(query), {"source": source_id, "keys": list(keys)})
    return {row[0]: Known(*row) for row in found}


def held_elsewhere(execute: Executor, source_id: str, uris: Iterable[str]) -> dict[str, str]:
    """Which of these datasets stand in the catalogue already, from another source or by hand: ids of the records, by URI."""
    wanted = list(uris)
    if not wanted:
        return {}
    by_hand = {row[0]: row[1] for row in execute.execute(text(_by_hand()), {"uris": wanted})}
    return {**by_hand, **held_by_sources(execute, source_id, wanted)}


def held_by_sources(execute: Executor, source_id: str, uris: Iterable[str]) -> dict[str, str]:
    """Which of these datasets another source brought: ids of the records, by URI."""
    query = """
        SELECT d.uri, d.package_id FROM culturape_harvest_dataset d JOIN package p ON p.id = d.package_id
        WHERE d.key = ANY(:keys) AND d.source_id <> :source AND d.state = ANY(:kept) AND p.state = 'active'"""
    values = {"keys": [key_of(uri) for uri in uris], "source": source_id, "kept": list(KEPT)}
    return {row[0]: row[1] for row in execute.execute(text(query), values)}


def _by_hand() -> str:
    """SQL of records with one of these addresses that no source gave; CKAN 2.12 keeps extras in the row itself."""
    from ckan import model

    harvested = "NOT EXISTS (SELECT 1 FROM culturape_harvest_dataset d WHERE d.package_id = p.id)"
    if hasattr(model, "PackageExtra"):
        return f"""
            SELECT e.value, p.id FROM package_extra e JOIN package p ON p.id = e.package_id
            WHERE e.key = 'uri' AND e.value = ANY(:uris) AND e.state = 'active' AND p.state = 'active' AND {harvested}"""  # noqa: S608
    return f"""
        SELECT p.extras->>'uri', p.id FROM package p
        WHERE p.extras->>'uri' = ANY(:uris) AND p.state = 'active' AND {harvested}"""  # noqa: S608


class Sighting(NamedTuple):
    """A dataset as a page shows it.

    Attributes:
        uri, title, digest: of the portion; the digest is empty when it is to be read again.
        state: that of its row from now on.
        outcome: ``None`` when nothing is to be written of this run yet.
    """

    uri: str
    title: str
    digest: str
    state: str
    outcome: str | None = None


def see(
    execute: Executor, source_id: str, run: str, page: str, sightings: Iterable[Sighting], now: datetime
) -> None:
    """Write down that a run found datasets on a page; new ones get their row."""
    seen = sorted(sightings)
    if not seen:
        return
    values = {
        "source": source_id,
        "run": run,
        "page": page,
        "now": now,
        "keys": [key_of(s.uri) for s in seen],
        "uris": [s.uri for s in seen],
        "titles": [s.title for s in seen],
        "packages": [package_id_of(source_id, s.uri) for s in seen],
        "digests": [s.digest for s in seen],
        "states": [s.state for s in seen],
        "outcomes": [s.outcome for s in seen],
    }
    execute.execute(text(_SEE), values)


_SEE = """
    INSERT INTO culturape_harvest_dataset AS d
        (source_id, key, uri, title, package_id, digest, state, page, seen, first_seen, last_seen, outcome, outcome_run)
    SELECT :source, key, uri, title, package_id, digest, state, :page, :run, :now, :now, coalesce(outcome, ''),
        CASE WHEN outcome IS NULL THEN '' ELSE :run END
    FROM unnest(CAST(:keys AS text[]), CAST(:uris AS text[]), CAST(:titles AS text[]), CAST(:packages AS text[]),
        CAST(:digests AS text[]), CAST(:states AS text[]), CAST(:outcomes AS text[]))
        AS given (key, uri, title, package_id, digest, state, outcome)
    ON CONFLICT (source_id, key) DO UPDATE SET
        title = excluded.title, digest = excluded.digest, state = excluded.state, page = excluded.page, seen = excluded.seen,
        last_seen = excluded.last_seen,
        outcome = CASE WHEN excluded.outcome = '' THEN d.outcome ELSE excluded.outcome END,
        outcome_run = CASE WHEN excluded.outcome = '' THEN d.outcome_run ELSE excluded.outcome_run END"""


def leave_page(execute: Executor, source_id: str, run: str, page: str) -> None:
    """Write down that a page no longer shows what a run did not find there: when it comes unchanged next time, it shows only the rest."""
    query = """
        UPDATE culturape_harvest_dataset SET page = ''
        WHERE source_id = :source AND page = :page AND seen <> :run"""
    execute.execute(text(query), {"source": source_id, "run": run, "page": page})


def see_page_again(execute: Executor, source_id: str, run: str, page: str, now: datetime) -> int:
    """Write down that a page that has not changed still shows its datasets; how many they are."""
    query = """
        UPDATE culturape_harvest_dataset SET seen = :run, last_seen = :now
        WHERE source_id = :source AND page = :page AND seen <> :run AND state <> 'gone'"""
    done = execute.execute(text(query), {"source": source_id, "run": run, "page": page, "now": now})
    return int(done.rowcount)


def is_at_rest(execute: Executor, source_id: str, page: str, rules: str) -> bool:
    """Whether all datasets that a page showed were read under these rules and still stand as they were left."""
    query = """
        SELECT NOT EXISTS (
            SELECT 1 FROM culturape_harvest_dataset d LEFT JOIN package p ON p.id = d.package_id
            WHERE d.source_id = :source AND d.page = :page AND d.state <> 'gone' AND (
                d.digest = '' OR d.rules <> :rules OR d.state IN ('waiting', 'conflict')
                OR (d.state IN ('current', 'stale') AND p.state IS DISTINCT FROM 'active')
                OR (d.state = 'withdrawn' AND p.state IS DISTINCT FROM 'deleted')))"""
    found = execute.execute(text(query), {"source": source_id, "page": page, "rules": rules})
    return bool(found.scalar_one())


def count_seen(execute: Executor, source_id: str, run: str) -> int:
    """How many datasets a run found."""
    query = "SELECT count(*) FROM culturape_harvest_dataset WHERE source_id = :source AND seen = :run"
    return int(execute.execute(text(query), {"source": source_id, "run": run}).scalar_one())


def packed(record: Mapping[str, Any]) -> bytes:
    """A record as it is kept beside its row."""
    return zlib.compress(json.dumps(record, ensure_ascii=False, sort_keys=True).encode(), 1)


def unpacked(content: bytes | memoryview | None) -> dict[str, Any] | None:
    """The record that was kept, ``None`` when there is none."""
    return json.loads(zlib.decompress(bytes(content))) if content else None
