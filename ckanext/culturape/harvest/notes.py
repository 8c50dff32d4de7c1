"""What should people know of a dataset, a document or a run? Faults with their place, kept and read again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import text

from ckanext.culturape.errors import Fault, fault_to_json
from ckanext.culturape.harvest.rows import Executor, key_of


class Note(NamedTuple):
    """Something that people should know of a dataset or of a document.

    Attributes:
        kind: ``document`` what could not be used of it; ``value`` a value that was left out; ``refused`` why nothing was
            taken over; ``conflict``, ``kept`` and ``withdrawn``: what stands here and not as the source has it.
        uri: of the dataset, empty for the document.
        field, value: what it is about.
        fault: the words.
    """

    kind: str
    uri: str
    field: str
    value: str
    fault: Fault


def note(
    execute: Executor, source_id: str, run: str, notes: Iterable[Note], about: Iterable[str], page: str = ""
) -> None:
    """Put notes in place of the earlier ones about these datasets, by key, and about a page."""
    keys = [*about, *([key_of(page)] if page else [])]
    forget = "DELETE FROM culturape_harvest_fault WHERE source_id = :source AND key = ANY(:keys)"
    execute.execute(text(forget), {"source": source_id, "keys": keys})
    add(execute, source_id, run, notes, page)


def add(execute: Executor, source_id: str, run: str, notes: Iterable[Note], page: str = "") -> None:
    """Write notes down beside those that are there."""
    values = [
        {
            "source": source_id,
            "run": run,
            "key": key_of(found.uri if found.uri and found.kind != "document" else page),
            "kind": found.kind,
            "uri": found.uri,
            "field": found.field,
            "value": found.value.replace("\x00", ""),
            "fault": json.dumps(fault_to_json(found.fault)),
        }
        for found in notes
    ]
    if values:
        execute.execute(text(_NOTE), values)


_NOTE = """
    INSERT INTO culturape_harvest_fault (source_id, run_id, key, kind, uri, field, value, fault)
    VALUES (:source, :run, :key, :kind, :uri, :field, :value, :fault)"""


def as_column(fault: Fault | None) -> str | None:
    """A fault for a column of JSON."""
    return json.dumps(fault_to_json(fault)) if fault else None
