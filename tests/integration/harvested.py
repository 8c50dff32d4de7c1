"""All that a harvest leaves behind, in a form in which two runs of the same catalogue are equal or differ.

Left out are moments, numbers that the database gives, and ids of rows that stand for an attempt and not for a thing.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from typing import Any

from ownsite import OwnSite

MOMENTS = {
    "metadata_created", "metadata_modified", "created", "last_modified", "first_seen", "last_seen", "changed", "started", "gathered",
    "finished", "revision_timestamp", "harvest_object_id", "extras_harvest_object_id",
}  # fmt: skip

#: Tables, and the columns that name an attempt.
TABLES: dict[str, set[str]] = {
    "package": set(),
    "resource": set(),
    "package_tag": {"id", "tag_id"},
    "tag": {"id"},
    "member": {"id"},
    "culturape_harvest_dataset": {"seen", "outcome_run"},
    "culturape_harvest_page": {"run_id"},
    "culturape_harvest_residue": set(),
    "culturape_harvest_fault": {"id", "run_id"},
    "culturape_harvest_run": {"id"},
}

#: Of ckanext-harvest: what its pages show of each dataset and job.
SHOWN = {
    "objects": "SELECT guid, package_id, state, current, report_status FROM harvest_object",
    "jobs": "SELECT status, source_id FROM harvest_job",
    "gather errors": "SELECT message FROM harvest_gather_error",
    "object errors": "SELECT o.guid, e.message FROM harvest_object_error e JOIN harvest_object o ON o.id = e.harvest_object_id",
    "activities": "SELECT activity_type, object_id FROM activity",
}


def left_behind(site: OwnSite) -> dict[str, list[str]]:
    """Everything, as sorted lines by table; ``index`` are the documents of the search index."""
    found = {
        table: [_line(row[0], attempts | MOMENTS) for row in site.sql(f"SELECT to_jsonb(t) FROM {table} t")]
        for table, attempts in TABLES.items()
    }
    for name, query in SHOWN.items():
        found[name] = [json.dumps(row) for row in site.sql(query)]
    found["index"] = [_document(document) for document in site.documents()]
    return {name: sorted(lines) for name, lines in found.items()}


def _line(row: dict[str, Any], without: set[str]) -> str:
    kept = {key: value for key, value in row.items() if key not in without}
    for key in ("base", "content"):
        raw = kept.get(key)
        if isinstance(raw, str) and raw.startswith("\\x"):
            kept[key] = zlib.decompress(bytes.fromhex(raw[2:])).decode()
    return json.dumps(kept, sort_keys=True)


def _document(document: dict[str, Any]) -> str:
    """A document of the index without moments, which also stand in the records inside it."""
    kept = {
        key: value
        for key, value in document.items()
        if key not in MOMENTS | {"_version_", "indexed_ts", "score"}
    }
    for key in ("data_dict", "validated_data_dict"):
        kept[key] = _timeless(json.loads(kept[key]))
    return json.dumps(kept, sort_keys=True)


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(item) for key, item in value.items() if key not in MOMENTS}
    if isinstance(value, list):
        named = [
            item for item in value if not (isinstance(item, dict) and item.get("key") == "harvest_object_id")
        ]
        # Extras have no order.
        is_extras = any(isinstance(item, dict) and "key" in item for item in named)
        return (
            sorted(map(_timeless, named), key=json.dumps)
            if is_extras
            else [_timeless(item) for item in named]
        )
    return value


def differences(wanted: dict[str, list[str]], found: dict[str, list[str]]) -> list[str]:
    """What is missing, too much or otherwise, a few lines of each table; nothing when both are equal."""
    told: list[str] = []
    for name, lines in wanted.items():
        missing, extra = Counter(lines) - Counter(found[name]), Counter(found[name]) - Counter(lines)
        if missing or extra:
            told.append(f"{name}: {missing.total()} missing, {extra.total()} too much")
            told += [f"  - {line[:600]}" for line in list(missing)[:2]]
            told += [f"  + {line[:600]}" for line in list(extra)[:2]]
    return told
