"""Does a description by others conform? Fetched or given, read within limits, held to the same shapes as our own.

``examine`` is the work itself and runs in a process of its own; ``examine_safely`` sends it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.culturape.dcat.shacl.engine import check
from ckanext.culturape.dcat.shacl.findings import (
    MORE_UNREADABLE,
    MOST_VALUE,
    NO_DATASET,
    UNREADABLE,
    VIOLATION,
    Finding,
    conforms,
    finding_from_dict,
    finding_to_dict,
    order,
)
from ckanext.culturape.dcat.shacl.shapes import read_shapes
from ckanext.culturape.dcat.shacl.tables import known
from ckanext.culturape.dcat.shacl.trace import datasets_of, titles
from ckanext.culturape.intake import cell
from ckanext.culturape.intake.fetch import fetch
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.intake.parse import parse_document


@dataclass(frozen=True, slots=True)
class Foreign:
    """What was found in a description.

    Attributes:
        format: name of its serialisation.
        triples: how many statements it holds.
        datasets: how many datasets it describes.
        titles: of the datasets and services with findings, by address and language.
        findings: in order.
    """

    format: str
    triples: int
    datasets: int
    titles: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing must be mended."""
        return conforms(self.findings)


def examine(arguments: Mapping[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    """Examine a document that is given, or that stands at an address. Raises: Fault."""
    kind, address = str(arguments.get("content_type") or ""), str(arguments.get("name") or "")
    if arguments.get("address"):
        fetched = fetch(str(arguments["address"]), limits, arguments.get("allowed") or ())
        content, kind, address = fetched.content, fetched.content_type, fetched.address
    parsed = parse_document(content, kind, address if "://" in address else "", limits)
    told = parsed.ntriples + known(parsed.ntriples)
    found = order(check(told, read_shapes(map(Path, arguments["shapes"]))))
    datasets = datasets_of(parsed.ntriples)
    faults = [Finding(VIOLATION, "", "", error, UNREADABLE) for error in parsed.errors]
    if parsed.more:
        faults.append(Finding(VIOLATION, "", "", "", MORE_UNREADABLE))
    if not datasets:
        faults.append(Finding(VIOLATION, "", "", "", NO_DATASET))
    named = _cut(titles(parsed.ntriples))
    return {
        "format": parsed.format,
        "triples": parsed.triples,
        "datasets": len(datasets),
        "titles": {finding.owner: named[finding.owner] for finding in found if finding.owner in named},
        "findings": [finding_to_dict(finding) for finding in (*faults, *found)],
    }


def _cut(named: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Titles as long as values may be: a page names them many times."""
    return {
        node: {language: text[:MOST_VALUE] for language, text in texts.items()}
        for node, texts in named.items()
    }


def examine_safely(
    limits: Limits,
    shapes: Iterable[Path],
    address: str = "",
    content: bytes = b"",
    content_type: str = "",
    allowed: Iterable[str] = (),
) -> Foreign:
    """The same in a process that can be ended. Raises: Fault."""
    arguments = {
        "address": address,
        "content_type": content_type,
        "allowed": list(allowed),
        "shapes": [str(path) for path in shapes],
    }
    raw = cell.run(f"{__name__}:examine", arguments, content, limits)
    return Foreign(
        format=raw["format"],
        triples=raw["triples"],
        datasets=raw["datasets"],
        titles=raw["titles"],
        findings=tuple(finding_from_dict(found) for found in raw["findings"]),
    )
