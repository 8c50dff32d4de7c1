"""The report on a source: how it stands, its runs, its datasets by state, and all that is to be asked of whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from ckanext.culturape.harvest import history, holdings, noted, runs
from ckanext.culturape.harvest.account import Account
from ckanext.culturape.harvest.database import streaming
from ckanext.culturape.harvest.exporting import (
    Teller,
    account_to_dict,
    as_json,
    group_to_dict,
    holdings_as_csv,
    notes_as_csv,
)
from ckanext.culturape.harvest.known_source import KnownSource
from ckanext.culturape.harvest.noted import Chosen
from ckanext.culturape.harvest.notices import Group

#: Runs on a page.
RUNS = 10


class Report(NamedTuple):
    """What a report says before its long lists.

    Attributes:
        accounts: runs, the newest first.
        runs: how many there are in all.
        last: the newest run; ``None`` when there was none.
        states: datasets by state.
        groups: what is wrong, field by field.
    """

    accounts: list[Account]
    runs: int
    last: Account | None
    states: Mapping[str, int]
    groups: list[Group]


def look(connection: Connection, source: KnownSource, offset: int = 0, number: int = RUNS) -> Report:
    """The report on a source, with some of its runs."""
    return Report(
        accounts=history.listed(connection, source.id, number, offset),
        runs=history.count(connection, source.id),
        last=next(iter(history.listed(connection, source.id, 1)), None),
        states=holdings.counts(connection, source.id),
        groups=noted.groups(connection, Chosen(source.id)),
    )


def head(connection: Connection, source: KnownSource, teller: Teller, run: str = "") -> dict[str, Any]:
    """What stands before the lists of datasets and notes, for programs; of one run when one is named."""
    one = runs.get(connection, run) if run else None
    accounts = (
        [history.account_of(connection, one)]
        if one
        else history.listed(connection, source.id, history.count(connection, source.id))
    )
    return {
        "source": source_to_dict(source),
        "runs": [account_to_dict(account, teller) for account in accounts],
        "states": holdings.counts(connection, source.id),
        "groups": [
            group_to_dict(group, teller) for group in noted.groups(connection, Chosen(source.id, run))
        ],
    }


def source_to_dict(source: KnownSource) -> dict[str, Any]:
    """A source for programs."""
    return {
        "id": source.id, "name": source.name, "title": source.title, "url": source.address, "active": source.is_active,
        "frequency": source.frequency, "next_run": source.next_run.isoformat() if source.next_run else None,
    }  # fmt: skip


def stream_json(source: KnownSource, teller: Teller, run: str = "") -> Iterator[str]:
    """The whole report as one object. The connection is opened when the first piece is asked for, and given back at the end."""
    with streaming() as connection:
        top = head(connection, source, teller, run)
        datasets = holdings.listed(connection, source.id, run=run)
        notes = noted.listed(connection, Chosen(source.id, run))
        yield from as_json(top, datasets, notes, teller)


def stream_notes(chosen: Chosen, teller: Teller) -> Iterator[str]:
    """All chosen notes as CSV."""
    with streaming() as connection:
        yield from notes_as_csv(noted.listed(connection, chosen), teller)


def stream_datasets(source_id: str, state: str, teller: Teller) -> Iterator[str]:
    """All datasets in a state as CSV; in all states when it is empty."""
    with streaming() as connection:
        yield from holdings_as_csv(holdings.listed(connection, source_id, state), teller)


def stream_missing(source_id: str, run: str, teller: Teller) -> Iterator[str]:
    """All datasets that would be deleted, as CSV."""
    with streaming() as connection:
        yield from holdings_as_csv(holdings.missing(connection, source_id, run), teller)
