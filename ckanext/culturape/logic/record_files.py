"""Which records do YAML files hold?

A file holds lists of dictionaries as the actions of CKAN take them: ``organizations:``, ``datasets:``, ``agendas:``, ``commitments:`` and ``needs:``, the
last with the ``steps`` that were taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from ckanext.culturape.types import Record

#: Lists of a file, with the kind of record that each holds, in the order in which they come in.
SECTIONS: Mapping[str, str] = {
    "organizations": "organization", "datasets": "dataset", "agendas": "agenda", "commitments": "compromiso", "needs": "necesidad",
}  # fmt: skip


def read_files(path: Path) -> Iterator[tuple[str, Record]]:
    """Pairs of kind (``organization`` or a type of package) and record; organisations of all files first.

    Raises: ValueError naming the file that is no such YAML.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    contents = [_read_file(file) for file in files]
    for section, kind in SECTIONS.items():
        for content in contents:
            for record in content.get(section) or []:
                yield kind, record


def _read_file(file: Path) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (safe loaders)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{file}: {error}") from error
    if not isinstance(content, dict) or not all(isinstance(v, list) for v in cast("Any", content).values()):
        raise ValueError(f"{file}: expected lists under {', '.join(SECTIONS)}")
    return cast("Mapping[str, Any]", content)
