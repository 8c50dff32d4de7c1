"""How do records in YAML files come into the catalogue? Idempotent, all faults listed, nothing half saved.

A file holds ``organizations:`` and ``datasets:``, lists of dictionaries as the actions of CKAN take them. A record that
exists under the same name is updated only where the file differs from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import ckan.plugins.toolkit as tk
import yaml
from ckan import model
from ckan.types import Context

from ckanext.culturape.types import Record

Outcome = Literal["created", "updated", "unchanged", "failed"]
Progress = Callable[[str, Outcome], None]


@dataclass
class Summary:
    """What came of an import: how many records had each outcome, and a line for each fault."""

    counts: dict[Outcome, int] = field(
        default_factory=lambda: {"created": 0, "updated": 0, "unchanged": 0, "failed": 0}
    )
    faults: list[str] = field(default_factory=list)


def read_files(path: Path) -> Iterator[tuple[str, Record]]:
    """Pairs of ``organization`` or ``dataset`` and record; organisations of all files first.

    Raises: ValueError naming the file that is no such YAML.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    contents = [_read_file(file) for file in files]
    for kind in ("organization", "dataset"):
        for content in contents:
            for record in content.get(f"{kind}s") or []:
                yield kind, record


def _read_file(file: Path) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (safe loaders)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{file}: {error}") from error
    if not isinstance(content, dict) or not all(isinstance(v, list) for v in cast("Any", content).values()):
        raise ValueError(f"{file}: expected lists under “organizations” and “datasets”")
    return cast("Mapping[str, Any]", content)


def load(path: Path, progress: Progress | None = None) -> Summary:
    """Bring the records of a file, or of all files of a folder, into the catalogue."""
    summary = Summary()
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    for kind, record in read_files(path):
        name = str(record.get("name") or record.get("id") or "?")
        try:
            outcome = save(kind, record, user)
        except (tk.ValidationError, tk.ObjectNotFound) as error:
            model.Session.rollback()
            outcome = "failed"
            summary.faults += [f"{kind} {name}: {line}" for line in describe(error)]
        summary.counts[outcome] += 1
        if progress:
            progress(name, outcome)
    return summary


def save(kind: str, record: Record, user: str) -> Outcome:
    """Create or update one record. Raises: ValidationError, ObjectNotFound."""
    old = _find(kind, str(record.get("name", "")), user)
    if old is None:
        _act(f"{_noun(kind)}_create", record, user)
        return "created"
    if _differs(record, old):
        _act(f"{_noun(kind)}_patch", {**record, "id": old["id"]}, user)
        return "updated"
    return "unchanged"


def _noun(kind: str) -> str:
    return "package" if kind == "dataset" else kind


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
