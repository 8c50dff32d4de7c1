"""``ckan culturape dcat validate``: does the catalogue conform?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import ckan.plugins.toolkit as tk
import click

from ckanext.culturape import config
from ckanext.culturape.commands import progress, told, whole_file
from ckanext.culturape.dcat.shacl import whole
from ckanext.culturape.dcat.shacl.findings import (
    SEVERITIES,
    VIOLATION,
    Finding,
    finding_from_dict,
    finding_to_dict,
)
from ckanext.culturape.dcat.shacl.reports import WRITERS, Report
from ckanext.culturape.dcat.shacl.sentences import Said, say
from ckanext.culturape.dcat.shacl.shapes import Shapes, read_shapes, read_statements
from ckanext.culturape.errors import N_
from ckanext.culturape.messages import translator
from ckanext.culturape.vocab.concept import best_text

_PATHS = click.Path(exists=True, path_type=Path)


@click.command("validate")
@click.option(
    "--shapes",
    "rules",
    type=_PATHS,
    multiple=True,
    help="File or folder of SHACL shapes; ours without it. May be repeated.",
)
@click.option(
    "--with",
    "tables",
    type=_PATHS,
    multiple=True,
    help="File or folder of authority tables that the shapes look into.",
)
@click.option("--org", "organization", help="Only the datasets of this organisation.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for all findings: .csv, .json or .html.",
)
@click.option("--lang", "language", help="Language of the findings; that of the site without it.")
def validate(
    rules: tuple[Path, ...],
    tables: tuple[Path, ...],
    organization: str | None,
    report: Path | None,
    language: str | None,
) -> None:
    """Hold the whole catalogue to SHACL shapes.

    Prints a line for each error (dataset, part, property, what is wrong) and the numbers; the report holds the recommendations too.
    Ends with 0 when nothing must be mended, with 1 when something must, with 2 when it could not be examined.
    """
    with told(2):
        suffix = _suffix(report)
        shapes = read_shapes(rules or config.shapes())
        for address in shapes.missing:
            click.echo(f"not read, for nothing is fetched: {address}", err=True)
        owner = whole.organization_id(organization) if organization else None
        run = _Run(
            shapes,
            read_statements(tables),
            owner,
            language or str(tk.config.get("ckan.locale_default") or "en"),
        )
        with TemporaryFile("w+", encoding="utf-8") as kept:
            run.examine(kept)
            if report:
                with whole_file(report) as file:
                    names = tuple(str(path) for path in rules) or ("culturape",)
                    for line in WRITERS[suffix](run.report(organization, names), run.rows(kept)):
                        file.write(line.encode())
    numbers = ", ".join(f"{run.counts[severity]} {severity}(s)" for severity in SEVERITIES)
    click.echo(f"{run.examined.datasets} dataset(s): {numbers}", err=True)
    if run.counts[VIOLATION]:
        raise click.exceptions.Exit(1)


def _suffix(report: Path | None) -> str:
    suffix = report.suffix.removeprefix(".") if report else ""
    if report and suffix not in WRITERS:
        raise click.UsageError(f"{report}: the name must end with one of .{', .'.join(WRITERS)}")
    # Said before the work, which may take minutes, rather than after it.
    if report and not report.parent.is_dir():
        raise click.UsageError(f"{report}: there is no such folder")
    return suffix


@dataclass
class _Run:
    """One examination, whose findings are kept in a file until all are counted."""

    shapes: Shapes
    tables: bytes
    organization: str | None
    language: str
    examined: whole.Examined = field(default_factory=whole.Examined)
    counts: Counter[str] = field(default_factory=Counter[str])

    def examine(self, kept: IO[str]) -> None:
        """Examine, keep and count all findings, and print those that must be mended."""
        with progress("datasets") as advance:
            found = whole.examine(self.shapes, self.examined, self.organization, self.tables, advance)
            for finding in found:
                self.counts[finding.severity] += 1
                kept.write(json.dumps(finding_to_dict(finding), ensure_ascii=False) + "\n")
                if finding.severity == VIOLATION:
                    self._print(finding)

    def _print(self, finding: Finding) -> None:
        said = self._say(finding)
        click.echo(
            "\t".join(
                (
                    finding.owner or finding.focus,
                    said.thing,
                    said.label,
                    said.sentence,
                    # What strangers wrote must not steer the terminal.
                    "".join(sign if sign.isprintable() else " " for sign in finding.value),
                )
            )
        )

    def _say(self, finding: Finding) -> Said:
        return say(finding, translator(self.language), self.language)

    def rows(self, kept: IO[str]) -> Iterator[Said]:
        """The findings that were kept, in words."""
        kept.seek(0)
        return (self._say(finding_from_dict(json.loads(line))) for line in kept)

    def report(self, organization: str | None, names: tuple[str, ...]) -> Report:
        """What is known when all are counted."""
        say_it = translator(self.language)
        titles = {address: best_text(texts, self.language) for address, texts in self.examined.titles.items()}
        return Report(
            title=say_it(N_("Validation of the catalogue")),
            subject=organization or config.catalog_title(),
            datasets=self.examined.datasets,
            counts={severity: self.counts[severity] for severity in SEVERITIES},
            titles=titles,
            made=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            shapes=names,
            language=self.language,
            translate=say_it,
        )
