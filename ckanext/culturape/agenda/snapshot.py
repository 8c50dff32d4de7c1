"""How was an agenda on a date? One document with everything that anybody could read of it then and may read today, in one form of writing, with its checksum.

The canonical form is JSON with sorted keys, without spaces, in UTF-8 (what RFC 8785 makes of our values), so that whoever keeps the file can compute its
SHA-256 with any tool and compare it with the one that the page shows.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ckanext.culturape.agenda.commitments import state_of, texts_of
from ckanext.culturape.agenda.needs import RECEIVED, is_overdue
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.concept import best_text

#: Says how the document is built; another number for another build.
FORMAT = "culturape-agenda-snapshot-1"

#: Sorts after all dates.
_NO_DATE = "9999"


@dataclass(frozen=True, slots=True)
class Then:
    """What a snapshot is made from.

    Attributes:
        date: the day, in ISO 8601.
        until: the end of that day, with its time zone.
        agenda: the agenda as it was.
        records: its commitments and needs as they were, those that anybody may read today.
        datasets: name and titles of the datasets that these name, by id: those that anybody could read then and may read today.
        published: ids of the datasets that anybody could read then.
        steps: by need, what had become of it: ``status``, ``date``, ``comment``.
        evaluations: what actors had answered.
        withdrawn: how many records of each type stood there then and cannot be read by everybody today.
    """

    date: str
    until: str
    agenda: Record
    records: Sequence[Record]
    datasets: Mapping[str, Record]
    published: frozenset[str]
    steps: Mapping[str, Sequence[Record]]
    evaluations: Sequence[Record]
    withdrawn: Mapping[str, int]


def document(then: Then) -> Record:
    """The snapshot: ``agenda``, ``commitments``, ``needs`` (records with what was computed of them for the day), ``evaluations``, ``withdrawn``."""
    promised = [_commitment(one, then) for one in then.records if one["type"] == "compromiso"]
    needed = [_need(one, then) for one in then.records if one["type"] == "necesidad"]
    promised.sort(key=lambda one: (str(one.get("due_date") or _NO_DATE), title_of(one, "es"), str(one["id"])))
    needed.sort(key=lambda one: (title_of(one, "es"), str(one["id"])))
    places = {str(one["id"]): place for place, one in enumerate((then.agenda, *promised))}
    answers = [one for one in then.evaluations if one["about"] in places]
    return {
        "format": FORMAT,
        "date": then.date,
        "until": then.until,
        "agenda": then.agenda,
        "commitments": promised,
        "needs": needed,
        "evaluations": sorted(answers, key=lambda one: (places[one["about"]], one["actor"])),
        "withdrawn": {name: then.withdrawn.get(name, 0) for name in ("compromiso", "necesidad", "dataset")},
    }


def _commitment(record: Record, then: Then) -> Record:
    datasets = [_dataset(one, then) for one in texts_of(record.get("fulfilled_by"))]
    return {**record, "state": state_of(record, then.published, then.date), "datasets": datasets}


def _dataset(dataset_id: str, then: Then) -> Record:
    shown = then.datasets.get(dataset_id, {})
    return {**shown, "id": dataset_id, "published": dataset_id in then.published}


def _need(record: Record, then: Then) -> Record:
    steps = list(then.steps.get(str(record["id"]), ()))
    status = steps[-1]["status"] if steps else RECEIVED
    found = {**record, "need_status": status, "steps": steps}
    return {**found, "is_overdue": is_overdue(found, then.date)}


def title_of(record: Mapping[str, Any], language: str) -> str:
    """Title of a record of a snapshot for a reader of this language; empty for what is not shown."""
    titles: Any = record.get("title_translated")
    return best_text(cast("Mapping[str, str]", titles), language) if isinstance(titles, dict) else ""


def written(snapshot: Mapping[str, Any]) -> bytes:
    """The canonical form."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def checksum(content: bytes) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def withdrawn_of(gone: Iterable[str]) -> dict[str, int]:
    """How many there are of each type."""
    return dict(Counter(gone))
