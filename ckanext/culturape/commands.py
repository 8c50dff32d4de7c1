"""What our commands say while they work, and how they write files."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ckanext.culturape.errors import Fault
from ckanext.culturape.rdf.formats import FORMATS, Format, Snapshot, gzipped

Progress = Callable[[int, int], None]


@contextmanager
def told(status: int = 1) -> Iterator[None]:
    """Faults as sentences, and this status at the end."""
    try:
        yield
    except (RuntimeError, Fault) as error:
        click.echo(f"Error: {error}", err=True)
        raise click.exceptions.Exit(status) from error
    except click.ClickException as error:
        error.show()
        raise click.exceptions.Exit(max(error.exit_code, status)) from error


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A bar on the standard error that gets its length with the first news."""
    with click.progressbar(length=1, label=label, show_pos=True, file=sys.stderr) as bar:

        def advance(made: int, total: int) -> None:
            bar.length = total
            bar.update(made)

        yield advance


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


def write_snapshot(found: Snapshot, path: Path, file_format: tuple[Format, bool]) -> None:
    """Write a snapshot to a file in a format, packed or not, and close it. Raises: ClickException when it cannot be written."""
    form, compressed = file_format
    try:
        with whole_file(path) as file:
            for chunk in gzipped(found.write(form)) if compressed else found.write(form):
                file.write(chunk)
    finally:
        found.close()
