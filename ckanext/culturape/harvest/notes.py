"""What should people know of a dataset, a document or a run? Faults with their place, kept and read again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import text

from ckanext.culturape.errors import Fault
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
    values = [
        {
            "source": source_id,
            "run": run,
            "key": key_of(found.uri if found.uri and found.kind != "document" else page),
            "kind": found.kind,
            "uri": found.uri,
            "field": found.field,
            "value": clean(found.value),
            "fault": json.dumps(fault_to_json(found.fault)),
        }
        for found in notes
    ]
    if values:
        execute.execute(text(_NOTE), values)


_NOTE = """
    INSERT INTO culturape_harvest_fault (source_id, run_id, key, kind, uri, field, value, fault)
    VALUES (:source, :run, :key, :kind, :uri, :field, :value, :fault)"""


def clean(value: str) -> str:
    """A text that PostgreSQL can keep."""
    return value.replace("\x00", "")


def fault_to_json(fault: Fault) -> dict[str, Any]:
    """A fault as JSON; faults among its parameters stay faults."""
    return {
        "message": fault.message,
        "field": fault.field,
        "resource": fault.resource,
        "params": {key: _param_to_json(value) for key, value in fault.params.items()},
    }


def _param_to_json(value: Any) -> Any:
    if isinstance(value, Fault):
        return fault_to_json(value)
    if isinstance(value, (list, tuple)):
        return [_param_to_json(item) for item in value]
    return value if isinstance(value, int) else clean(str(value))


def fault_from_json(raw: Mapping[str, Any]) -> Fault:
    """The fault that was kept."""
    params = {key: _param_from_json(value) for key, value in raw["params"].items()}
    return Fault(raw["message"], params, raw.get("field", ""), raw.get("resource"))


def _param_from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return fault_from_json(value)
    return [_param_from_json(item) for item in value] if isinstance(value, list) else value


def as_column(fault: Fault | None) -> str | None:
    """A fault for a column of JSON."""
    return json.dumps(fault_to_json(fault)) if fault else None
