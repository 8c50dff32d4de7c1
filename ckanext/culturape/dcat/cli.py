"""``ckan culturape dcat ...``: what an administrator does with the catalogue."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.culturape.dcat import building, store, versions
from ckanext.culturape.dcat.catalogue import missing_options
from ckanext.culturape.dcat.dump import gzipped, open_dump
from ckanext.culturape.dcat.formats import FORMATS, Format
from ckanext.culturape.dcat.output import progress, told, whole_file
from ckanext.culturape.dcat.shacl.cli import validate


@click.group()
def dcat() -> None:
    """Look after the DCAT catalogue."""


@dcat.command("check")
def check_catalogue() -> None:
    """Name the options of the catalogue that are not set, and what cannot be written; exit with 1 when there is something."""
    faults = list(missing_options())
    with told():
        building.refresh()
        with versions.reading() as connection:
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
    form, compressed = format_of(path)
    with told(), progress("datasets") as advance:
        dump = open_dump(advance)
    try:
        with whole_file(path) as file:
            for chunk in gzipped(dump.write(form)) if compressed else dump.write(form):
                file.write(chunk)
    finally:
        dump.close()
    click.echo(f"{dump.state.total} dataset(s) in {path}", err=True)


def format_of(path: Path) -> tuple[Format, bool]:
    """The format that the name of a file asks for, and whether it is to be packed."""
    suffixes = [suffix.removeprefix(".") for suffix in path.suffixes]
    compressed = suffixes[-1:] == ["gz"]
    wanted = (suffixes[:-1] if compressed else suffixes)[-1:]
    if not wanted or wanted[0] not in FORMATS:
        raise click.ClickException(
            f"{path}: the name must end with one of {', '.join(FORMATS)}, and may go on with .gz"
        )
    return FORMATS[wanted[0]], compressed


dcat.add_command(validate)
