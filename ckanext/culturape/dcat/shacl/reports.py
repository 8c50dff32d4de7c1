"""A report to keep or to send: as CSV, as JSON, or as a page of HTML that stands alone. Row by row, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined

from ckanext.culturape.dcat.shacl.findings import VIOLATION
from ckanext.culturape.dcat.shacl.sentences import SEVERITY_NAMES, Said, Translate
from ckanext.culturape.errors import N_
from ckanext.culturape.tables import write_csv


@dataclass(frozen=True, slots=True)
class Report:
    """What is known before the rows are written.

    Attributes:
        title: of the report.
        subject: what was examined.
        datasets: how many.
        counts: of findings, by severity.
        titles: of datasets, by address.
        made: moment, ISO 8601.
        shapes: names of the rules.
        language, translate: of the reader.
    """

    title: str
    subject: str
    datasets: int
    counts: Mapping[str, int]
    titles: Mapping[str, str]
    made: str
    shapes: tuple[str, ...]
    language: str
    translate: Translate

    @property
    def conforms(self) -> bool:
        """Whether nothing must be mended."""
        return not self.counts.get(VIOLATION)


_HEAD = (
    N_("Severity"), N_("Dataset"), N_("Title"), N_("Part"), N_("Property"), N_("What is wrong"),
    N_("Value"), N_("Address of the part"), N_("Address of the property"), N_("Constraint"),
)  # fmt: skip


def as_csv(report: Report, rows: Iterable[Said]) -> Iterator[str]:
    """A line for each finding."""
    say = report.translate
    yield from write_csv([say(name) for name in _HEAD], (_cells(report, row) for row in rows))


def _cells(report: Report, row: Said) -> tuple[str, ...]:
    found = row.finding
    return (
        report.translate(SEVERITY_NAMES[found.severity]), found.owner, report.titles.get(found.owner, ""), row.thing, row.label,
        row.sentence, found.value, found.focus, found.path, found.component,
    )  # fmt: skip


def as_json(report: Report, rows: Iterable[Said]) -> Iterator[str]:
    """One object, whose findings stand one to a line."""
    head = {
        "title": report.title, "subject": report.subject, "made": report.made, "shapes": list(report.shapes),
        "datasets": report.datasets, "conforms": report.conforms, "counts": dict(report.counts),
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "findings": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row_to_dict(row, report.titles), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def row_to_dict(row: Said, titles: Mapping[str, str]) -> dict[str, Any]:
    """A finding in words, for JSON."""
    found = row.finding
    return {
        "severity": found.severity, "dataset": found.owner, "title": titles.get(found.owner, ""), "part": row.thing,
        "property": row.label, "message": row.sentence, "value": found.value, "focus": found.focus, "path": found.path,
        "constraint": found.component,
    }  # fmt: skip


def as_html(report: Report, rows: Iterable[Said]) -> Iterator[str]:
    """A page that needs nothing else; everything in it is escaped."""
    yield from _template().generate(
        report=report, rows=rows, _=report.translate, severities=SEVERITY_NAMES, head=_HEAD
    )


@cache
def _template() -> Any:
    source = (
        resources.files("ckanext.culturape.dcat") / "templates" / "culturape" / "shacl" / "report.html"
    ).read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)


#: By the suffix of the file that is asked for.
WRITERS: Mapping[str, Callable[[Report, Iterable[Said]], Iterator[str]]] = {
    "csv": as_csv,
    "json": as_json,
    "html": as_html,
}
