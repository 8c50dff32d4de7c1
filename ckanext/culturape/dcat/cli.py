"""``ckan culturape dcat ...``: what an administrator does with the catalogue."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click
from dateutil.parser import isoparse

from ckanext.culturape.commands import format_of, progress, told, write_snapshot
from ckanext.culturape.dcat import beside, building, changes, store, versions
from ckanext.culturape.dcat.catalogue import missing_options
from ckanext.culturape.dcat.dump import open_dump
from ckanext.culturape.dcat.feed_terms import as_text
from ckanext.culturape.dcat.shacl.cli import validate


@click.group()
def dcat() -> None:
    """Look after the DCAT catalogue."""


class IsoMoment(click.ParamType):
    """A moment of ISO 8601."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The moment in UTC."""
        try:
            moment = isoparse(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        except ValueError:
            return self.fail(f"{value!r} is not a moment of ISO 8601", param, ctx)


@dcat.command("check")
def check_catalogue() -> None:
    """Name the options of the catalogue that are not set, plugins that fail, and what cannot be written; exit with 1 when there is something."""
    faults = list(missing_options())
    with told():
        # What failed in a plugin may work by now.
        store.forget_problems()
        building.refresh()
        with versions.reading() as connection:
            faults += beside.faults(connection)
            faults += [f"{name}\t{problem}" for name, problem in store.problems(connection)]
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)


@dcat.command("rebuild")
def rebuild() -> None:
    """Make what is kept of every dataset anew, from the database alone."""
    with told(), progress("datasets") as advance:
        made = building.refresh(advance, from_database=True)
    click.echo(f"{made} dataset(s)", err=True)


@dcat.command("dump")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def write_dump(path: Path) -> None:
    """Write the whole catalogue to a file; its format is that of the suffix (.ttl, .xml, .jsonld, .nt; .gz after it packs)."""
    file_format = format_of(path)
    with told(), progress("datasets") as advance:
        dump = open_dump(advance)
    write_snapshot(dump, path, file_format)
    click.echo(f"{dump.state.total} dataset(s) in {path}", err=True)


@dcat.command("changes")
@click.option("--since", type=IsoMoment(), help="From this moment on, ISO 8601; UTC when it names no zone.")
def list_changes(since: datetime | None) -> None:
    """Print a line per change, oldest first: moment, what happened, address of the dataset."""
    with told():
        building.refresh()
        with versions.reading() as connection:
            for change in changes.page(connection, None, since, None):
                click.echo(f"{as_text(change.changed)}\t{change.kind}\t{change.uri}")


dcat.add_command(validate)
