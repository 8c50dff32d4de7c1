"""``ckan culturape dcat ...``: what an administrator does with the catalogue."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click
from dateutil.parser import isoparse

from ckanext.culturape.dcat import building, changes, store, versions
from ckanext.culturape.dcat.catalogue import missing_options
from ckanext.culturape.dcat.dump import gzipped, open_dump
from ckanext.culturape.dcat.feed_terms import as_text
from ckanext.culturape.dcat.formats import FORMATS, Format


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


@contextmanager
def told() -> Iterator[None]:
    """Faults as sentences."""
    try:
        yield
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def progress(label: str) -> Iterator[building.Progress]:
    """A bar on the standard error that gets its length with the first news."""
    with click.progressbar(length=1, label=label, show_pos=True, file=sys.stderr) as bar:

        def advance(made: int, total: int) -> None:
            bar.length = total
            bar.update(made)

        yield advance


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


@dcat.command("changes")
@click.option("--since", type=IsoMoment(), help="From this moment on, ISO 8601; UTC when it names no zone.")
def list_changes(since: datetime | None) -> None:
    """Print a line per change, oldest first: moment, what happened, address of the dataset."""
    with told():
        building.refresh()
        with versions.reading() as connection:
            for change in changes.page(connection, None, since, None):
                click.echo(f"{as_text(change.changed)}\t{change.kind}\t{change.uri}")


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


@contextmanager
def whole_file(path: Path) -> Iterator[Any]:
    """A file that takes its name only when it is complete. Raises: ClickException when it cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
