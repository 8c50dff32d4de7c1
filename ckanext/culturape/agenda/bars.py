"""How are bars given to programs and pages? With words in the language of the reader, and with the records that the checks are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from ckanext.culturape.agenda.scorecard import Bar, Check
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.concept import best_text

#: Titles of the columns of a table of checks.
HEAD = ("barra", "pregunta", "cumple", "titulo", "direccion")


class Scored(NamedTuple):
    """Five bars, and by id the records that their checks are about."""

    bars: tuple[Bar, ...]
    records: Mapping[str, Mapping[str, Any]]


def as_records(scored: Scored, limit: int | None = None) -> list[Record]:
    """The bars with as many checks of each, those that do not hold first; without ``checks`` when the limit is 0."""
    return [_bar(bar, scored.records, limit) for bar in scored.bars]


def _bar(bar: Bar, records: Mapping[str, Mapping[str, Any]], limit: int | None) -> Record:
    found: Record = {
        "name": bar.name,
        "label": tk._(bar.words),
        "share": bar.share,
        "held": bar.held,
        "number": len(bar.checks),
    }
    if limit != 0:
        ordered = sorted(bar.checks, key=lambda check: check.holds)[:limit]
        found["checks"] = [_check(check, records) for check in ordered]
    return found


def _check(check: Check, records: Mapping[str, Mapping[str, Any]]) -> Record:
    record = records.get(check.about)
    return {
        "name": check.name,
        "label": tk._(check.words),
        "holds": check.holds,
        "about": _subject(record) if record else None,
    }


def _subject(record: Mapping[str, Any]) -> Record:
    titles = record.get("title_translated") or {"": record.get("title") or record["name"]}
    return {"id": record["id"], "name": record["name"], "type": record["type"], "title": titles}


def table(scored: Scored, language: str) -> Iterator[tuple[str, ...]]:
    """All checks as lines of a table, under ``HEAD``."""
    addresses: dict[str, str] = {}
    for bar in scored.bars:
        for check in bar.checks:
            record = scored.records.get(check.about) or {}
            if record and check.about not in addresses:
                addresses[check.about] = tk.url_for(
                    f"{record['type']}.read", id=record["name"], _external=True
                )
            title = best_text(record.get("title_translated") or {}, language) or str(
                record.get("title") or ""
            )
            holds = tk._("yes") if check.holds else tk._("no")
            yield tk._(bar.words), tk._(check.words), holds, title, addresses.get(check.about, "")
