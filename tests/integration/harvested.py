"""All that a harvest leaves behind, in a form in which two runs of the same catalogue are equal or differ.

Left out are moments, numbers that the database gives, and ids of rows that stand for an attempt and not for a thing.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from ownsite import OwnSite

MOMENTS = {
    "metadata_created", "metadata_modified", "created", "last_modified", "first_seen", "last_seen", "changed", "started", "gathered",
    "finished", "revision_timestamp", "harvest_object_id", "extras_harvest_object_id",
}  # fmt: skip

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

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
    names = dict(site.sql("SELECT id, 'object of ' || package_id FROM harvest_object WHERE current"))
    names |= dict(site.sql("SELECT id, 'tag ' || name FROM tag"))
    # ckanext-harvest indexes its source last of all, after its job counts as finished; the next run does it again.
    found["index"] = [_document(d, names) for d in site.documents() if d["dataset_type"] != "harvest"]
    return {name: sorted(lines) for name, lines in found.items()}


def _line(row: dict[str, Any], without: set[str]) -> str:
    kept = {key: value for key, value in row.items() if key not in without}
    for key in ("base", "content"):
        raw = kept.get(key)
        if isinstance(raw, str) and raw.startswith("\\x"):
            kept[key] = zlib.decompress(bytes.fromhex(raw[2:])).decode()
    return json.dumps(kept, sort_keys=True)


def _document(document: dict[str, Any], names: dict[str, str]) -> str:
    """A document of the index without moments, which also stand in the records inside it, and with names for ids that chance gives."""
    kept = {
        key: value
        for key, value in document.items()
        if key not in MOMENTS | {"_version_", "indexed_ts", "score"}
    }
    for key in ("data_dict", "validated_data_dict"):
        kept[key] = _timeless(json.loads(kept[key]))
    line = json.dumps(kept, sort_keys=True)
    for found in set(UUID.findall(line)) & set(names):
        line = line.replace(found, names[found])
    return line


def _timeless(value: Any) -> Any:
    """Without moments; extras, which the database gives in an order of its own, by key."""
    if isinstance(value, dict):
        found = {key: _timeless(item) for key, item in value.items() if key not in MOMENTS}
        if isinstance(found.get("extras"), list):
            # In CKAN 2.11 each has an id by chance.
            extras = ({**extra, "id": None} for extra in found["extras"])
            found["extras"] = sorted(extras, key=lambda extra: extra["key"])
        return found
    return [_timeless(item) for item in value] if isinstance(value, list) else value


def differences(wanted: dict[str, list[str]], found: dict[str, list[str]]) -> list[str]:
    """What is missing, too much or otherwise, some of each table; nothing when both are equal."""
    told: list[str] = []
    for name, lines in wanted.items():
        missing, extra = Counter(lines) - Counter(found[name]), Counter(found[name]) - Counter(lines)
        if missing or extra:
            told.append(f"{name}: {missing.total()} missing, {extra.total()} too much")
            told += _apart(sorted(missing)[:2], sorted(extra)[:2])
    return told


def _apart(missing: list[str], extra: list[str]) -> Iterator[str]:
    """Lines, or the places in which two rows of the same thing differ."""
    for line, other in zip_longest(missing, extra, fillvalue="{}"):
        one, two = json.loads(line), json.loads(other)
        if isinstance(one, dict) and isinstance(two, dict) and one.get("id") == two.get("id") is not None:
            yield from _places(one, two, "")
        else:
            yield f"  - {line[:1000]}"
            yield f"  + {other[:1000]}"


def _places(one: Any, two: Any, path: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(two, dict):
        for key in one | two:
            yield from _places(one.get(key, "-"), two.get(key, "-"), f"{path}/{key}")
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, pair in enumerate(zip(one, two, strict=True)):
            yield from _places(*pair, f"{path}/{number}")
    elif one != two:
        yield f"  {path}: {str(one)[:300]} / {str(two)[:300]}"
