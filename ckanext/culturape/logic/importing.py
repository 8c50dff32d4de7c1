"""How do records in YAML files come into the catalogue? Idempotent, all faults listed, nothing half saved.

A record that exists under the same name is updated only where the file differs from it. Records name each other in any order: one that names what is
nowhere comes in without its links, and is told. Those of agendas are skipped where the portal has none.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape import config
from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic import linked
from ckanext.culturape.logic.record_files import read_files
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_record

Outcome = Literal["created", "updated", "unchanged", "failed", "skipped"]
Progress = Callable[[str, Outcome], None]


@dataclass
class Summary:
    """What came of an import: how many records had each outcome, and a line for each fault."""

    counts: dict[Outcome, int] = field(
        default_factory=lambda: {"created": 0, "updated": 0, "unchanged": 0, "failed": 0}
    )
    faults: list[str] = field(default_factory=list)


def load(path: Path, progress: Progress | None = None) -> Summary:
    """Bring the records of a file, or of all files of a folder, into the catalogue."""
    summary = Summary()
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    records = list(read_files(path))
    plain = [(kind, record) for kind, record in records if kind not in linked.TYPES]
    linking = [(kind, record) for kind, record in records if kind in linked.TYPES]
    _note(plain, summary, progress, lambda kind, record: save(kind, record, user))
    if not linked.is_known():
        _note(linking, summary, progress, lambda _kind, _record: "skipped")
        return summary
    begun = {record["name"] for kind, record in linking if _begin(kind, record, user)}
    _note(linking, summary, progress, lambda kind, record: _complete(kind, record, user, begun))
    return summary


def _note(
    records: Iterable[tuple[str, Record]],
    summary: Summary,
    progress: Progress | None,
    work: Callable[[str, Record], Outcome],
) -> None:
    """Do something with each record, and remember what came of it."""
    for kind, record in records:
        name = str(record.get("name") or record.get("id") or "?")
        try:
            outcome = work(kind, record)
        except (tk.ValidationError, tk.ObjectNotFound) as error:
            model.Session.rollback()
            outcome = "failed"
            summary.faults += [f"{kind} {name}: {line}" for line in describe(error)]
        summary.counts[outcome] = summary.counts.get(outcome, 0) + 1
        if progress:
            progress(name, outcome)


def save(kind: str, record: Record, user: str) -> Outcome:
    """Create or update one record. Raises: ValidationError, ObjectNotFound."""
    old = _find(kind, str(record.get("name", "")), user)
    if old is None:
        _act(f"{_noun(kind)}_create", record, user)
        return "created"
    if _differs(_canonical(kind, record), old):
        _act(f"{_noun(kind)}_patch", {**record, "id": old["id"]}, user)
        return "updated"
    return "unchanged"


def _begin(kind: str, record: Record, user: str) -> bool:
    """Create a record that is not there without what it says of others; whether that was done. What is wrong is said when it is completed."""
    if not record.get("name") or _find(kind, str(record["name"]), user) is not None:
        return False
    with suppress(tk.ValidationError, tk.ObjectNotFound):
        save(kind, linked.alone(kind, record), user)
        return True
    model.Session.rollback()
    return False


def _complete(kind: str, record: Record, user: str, begun: Container[Any]) -> Outcome:
    """Say what a record says of others, and take the steps of a need. Raises: ValidationError, ObjectNotFound."""
    outcome = save(kind, linked.with_ids(kind, record), user)
    if record.get(linked.STEPS) and linked.take_steps(record, user) and outcome == "unchanged":
        outcome = "updated"
    return "created" if str(record.get("name") or "") in begun else outcome


def _canonical(kind: str, record: Record) -> Record:
    """A record in the form in which it is stored, as far as that is known before it is validated."""
    canonical, _ = canonical_record(load_schema(kind), record, vocabulary(), config.default_language())
    return {**record, **canonical}


def _noun(kind: str) -> str:
    return kind if kind == "organization" else "package"


def _act(action: str, data: Record, user: str) -> Record:
    context = {"ignore_auth": True, "user": user, "culturape_import": True}
    return tk.get_action(action)(cast("Context", context), _with_resource_ids(data))


def _with_resource_ids(data: Record) -> Record:
    """The record; resources keep the ids of those at the same position, so that their addresses stay."""
    stored = model.Package.get(data["id"]) if data.get("id") and "resources" in data else None
    ids = [resource.id for resource in stored.resources] if stored else []
    resources = data.get("resources")
    if not ids or not resources:
        return data
    kept = [{"id": ids[i], **res} if i < len(ids) else res for i, res in enumerate(resources)]
    return {**data, "resources": kept}


def _find(kind: str, name: str, user: str) -> Record | None:
    try:
        return tk.get_action(f"{_noun(kind)}_show")({"ignore_auth": True, "user": user}, {"id": name})
    except tk.ObjectNotFound:
        return None


def _differs(given: Any, stored: Any) -> bool:
    """Whether storing what was given would change what is stored; what the file does not say stays."""
    if isinstance(given, Mapping) and isinstance(stored, Mapping):
        mapping = cast("Mapping[str, Any]", given)
        return any(_differs(value, _stored_value(key, stored)) for key, value in mapping.items())
    if isinstance(given, list) and isinstance(stored, list):
        return len(given) != len(stored) or any(map(_differs, _ordered(given), _ordered(stored)))
    return given != stored and str(given) != str(stored)


def _stored_value(key: str, stored: Mapping[str, Any]) -> Any:
    if key == "owner_org":
        return (stored.get("organization") or {}).get("name")
    return stored.get(key)


def _ordered(items: list[Any]) -> list[Any]:
    return sorted(items) if all(isinstance(item, str) for item in items) else items


def describe(error: Exception) -> list[str]:
    """One line for each fault of a refused record."""
    if not isinstance(error, tk.ValidationError):
        return [str(error)]
    return [f"{field}: {text}" for field, text in flatten(error.error_dict)]


def flatten(errors: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Place and text of each message of an error dictionary of CKAN."""
    if isinstance(errors, Mapping):
        for key, value in cast("Mapping[str, Any]", errors).items():
            yield from flatten(value, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(errors, list):
        for position, item in enumerate(cast("list[Any]", errors)):
            yield from (
                flatten(item, f"{prefix}[{position}]") if isinstance(item, dict) else [(prefix, str(item))]
            )
    elif errors:
        yield prefix, str(errors)
