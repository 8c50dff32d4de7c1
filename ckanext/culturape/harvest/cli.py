"""``ckan culturape harvest ...``: what an administrator does with sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ckanext.culturape.commands import format_of, whole_file
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest import report_cli, run_cli
from ckanext.culturape.harvest.preview import LIMITS, Site, nothing, preview
from ckanext.culturape.harvest.site import language, reading_site
from ckanext.culturape.harvest.told import tell
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.messages import translator
from ckanext.culturape.rdf.formats import write

#: Pages of an address that are shown when nobody says how many.
PAGES = 3


@click.group()
def harvest() -> None:
    """Take over the datasets of other catalogues."""


@harvest.command("preview")
@click.argument("sources", nargs=-1, required=True, metavar="FILE-OR-ADDRESS...")
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the graph that would be exported again; its format is that of the suffix (.nt, .ttl, .xml, .jsonld).",
)
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@click.option(
    "--pages",
    type=click.IntRange(1, 100),
    help=f"Pages that are read at most of each address; {PAGES} when not said. Of a file, one.",
)
def preview_sources(sources: tuple[str, ...], target: Path | None, as_json: bool, pages: int | None) -> None:
    """Show what sources would give: datasets, fields that were recognised, what is kept beside them, and what is refused. Writes nothing.

    Ends with 0 when all was taken, with 1 when something was refused, with 2 when a source could not be read.
    """
    form = format_of(target)[0] if target else None
    site = reading_site(language())
    found = [(source, look_at(source, site, pages or PAGES)) for source in sources]
    if as_json:
        click.echo(json.dumps(joined(found), ensure_ascii=False, indent=1))
    else:
        for source, one in found:
            for line in tell(source, one, vocabulary(), site.language, translator(site.language)):
                click.echo(line)
    if target and form:
        lines = {line for _, one in found for line in one["export"].splitlines(keepends=True)}
        with whole_file(target) as file:
            file.write(write(["".join(sorted(lines)).encode()], form))
    status = (
        2 if any(one["error"] for _, one in found) else 1 if any(one["refused"] for _, one in found) else 0
    )
    raise click.exceptions.Exit(status)


def look_at(source: str, site: Site, pages: int) -> dict[str, Any]:
    """What a file, or the first pages at an address, would give."""
    if "://" in source:
        return preview(site, address=source, pages=pages)
    try:
        content = _content(Path(source))
    except Fault as fault:
        return nothing(fault.text(translator(site.language)))
    return preview(site, content=content, name=f"https://example.invalid/{Path(source).name}")


def _content(path: Path) -> bytes:
    """The bytes of a file. Raises: Fault when it is no file, or larger than what is read."""
    try:
        if path.stat().st_size > LIMITS.size:
            message = N_("The document is larger than %(size)s MB, the limit of this site.")
            raise Fault(message, {"size": LIMITS.size // 1_000_000})
        return path.read_bytes()
    except OSError as error:
        raise Fault(
            N_("The file cannot be read: %(value)s"), {"value": error.strerror or str(error)}
        ) from error


def joined(found: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """What several sources give, as one; errors name their source when there are several."""
    errors = [
        one["error"] if len(found) == 1 else f"{source}: {one['error']}"
        for source, one in found
        if one["error"]
    ]
    return {
        "datasets": [dataset for _, one in found for dataset in one["datasets"]],
        "refused": [refused for _, one in found for refused in one["refused"]],
        "error": "\n".join(errors) or None,
    }


for command in (
    run_cli.run_source, run_cli.confirm_deletions, run_cli.work, report_cli.status, report_cli.report,
):  # fmt: skip
    harvest.add_command(command)
