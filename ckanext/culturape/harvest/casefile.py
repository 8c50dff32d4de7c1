"""One dataset that is being dealt with: its row, locked until the transaction ends, and what people should know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ckan import model
from sqlalchemy import text

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest import notes, rows
from ckanext.culturape.harvest.errand import Errand
from ckanext.culturape.harvest.notes import Note

#: Longest part of a value that is told.
QUOTED = 500


class Row(NamedTuple):
    """The row of a dataset; ``is_there`` tells whether there is a record of ours, deleted ones too."""

    package_id: str
    state: str
    digest: str
    rules: str
    base: bytes | None
    outcome: str
    outcome_run: str
    seen: str
    is_there: bool


@dataclass(slots=True)
class Case:
    """A dataset that is being dealt with.

    Attributes:
        errand: its source and run.
        object_id: of the harvest object.
        uri: what identifies it.
        digest: of its statements.
        row: what was known of it.
        told: what people should know.
    """

    errand: Errand
    object_id: str
    uri: str
    digest: str
    row: Row
    told: list[Note] = field(default_factory=list[Note])

    @property
    def key(self) -> str:
        """Of its row."""
        return rows.key_of(self.uri)

    def tell(self, kind: str, faults: Iterable[Fault]) -> None:
        """Note faults at their fields."""
        for fault in faults:
            place = fault.field if fault.resource is None else f"resources/{fault.resource}/{fault.field}"
            self.told.append(Note(kind, self.uri, place, value_of(fault), fault))

    def write(
        self,
        state: str,
        outcome: str,
        *,
        base: bytes | None = None,
        reason: Fault | None = None,
        digest: str | None = None,
        package: str | None = None,
        is_current: bool = False,
    ) -> None:
        """Write what became of it, and what was told, in place of what was told before.

        Args:
            state: of the row from now on.
            outcome: in this run.
            base: the record as it was taken over; that of before when there is none.
            reason: why it was not.
            digest: that of the statements unless another is given; empty so that it is read again in any case.
            package: id of the record that the harvest object stands for.
            is_current: whether the record came from this object last.
        """
        values = {
            "source": self.errand.source_id,
            "key": self.key,
            "state": state,
            "digest": self.digest if digest is None else digest,
            "rules": self.errand.rules,
            "base": base,
            "outcome": outcome,
            "run": self.errand.run,
            "reason": notes.as_column(reason),
            "object": self.object_id,
            "package": package,
            "current": is_current,
        }
        model.Session.execute(text(_WRITE), values)
        notes.add(model.Session, self.errand.source_id, self.errand.run, self.told)


#: One statement, because each costs a way to the database, and this is done for every dataset.
_WRITE = """
    WITH forgotten AS (DELETE FROM culturape_harvest_fault WHERE source_id = :source AND key = :key),
        earlier AS (UPDATE harvest_object SET current = false WHERE package_id = :package AND current AND id <> :object),
        own AS (UPDATE harvest_object SET package_id = :package, current = :current WHERE id = :object)
    UPDATE culturape_harvest_dataset SET state = :state, digest = :digest, rules = :rules, base = coalesce(:base, base),
        outcome = :outcome, outcome_run = :run, reason = :reason,
        changed = CASE WHEN :outcome IN ('added', 'changed', 'deleted') THEN now() ELSE changed END
    WHERE source_id = :source AND key = :key"""

#: Also of the dataset itself, which other sources may have: whoever comes second waits.
_LOCK = """
    SELECT package_id, state, digest, rules, base, outcome, outcome_run, seen,
        EXISTS (SELECT 1 FROM package p WHERE p.id = package_id), pg_advisory_xact_lock(hashtextextended(key, 0))
    FROM culturape_harvest_dataset WHERE source_id = :source AND key = :key FOR UPDATE"""


def lock(source_id: str, uri: str) -> Row | None:
    """The row of a dataset, which nobody else deals with until the transaction ends."""
    found = model.Session.execute(text(_LOCK), {"source": source_id, "key": rows.key_of(uri)}).one_or_none()
    return Row(*found[: len(Row._fields)]) if found else None


def value_of(fault: Fault) -> str:
    """The value that a fault is about, also of a part of a composite."""
    inner = fault.params.get("reason")
    return value_of(inner) if isinstance(inner, Fault) else str(fault.params.get("value", ""))[:QUOTED]
