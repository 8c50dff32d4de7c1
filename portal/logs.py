"""Show the logs of a portal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from culturape_portal.errors import PortalError

if TYPE_CHECKING:
    from pathlib import Path

    from culturape_portal.state import DataFolder


def show_logs(data: DataFolder, component: str | None, follow: bool, lines: int) -> None:
    """Print the end of one log, or of all; with `follow` also what is added, until Ctrl-C."""
    paths = sorted(data.file("logs").glob(f"{component or '*'}.log"))
    if not paths:
        raise PortalError("logs", f"there is no log of {component or 'anything'} in {data.file('logs')}")
    offsets = {path: _show_end(path, lines, named=len(paths) > 1) for path in paths}
    while follow:
        time.sleep(0.5)
        offsets = {path: _show_added(path, offset) for path, offset in offsets.items()}


def _show_end(path: Path, lines: int, named: bool) -> int:
    """Print the last lines; how far the file was read."""
    content = path.read_bytes()
    if named:
        click.echo(f"==> {path} <==")
    click.echo(b"".join(content.splitlines(keepends=True)[-lines:]).decode("utf-8", "replace"), nl=False)
    return len(content)


def _show_added(path: Path, offset: int) -> int:
    size = path.stat().st_size
    if size < offset:
        offset = 0
    if size > offset:
        with path.open("rb") as file:
            file.seek(offset)
            click.echo(file.read(size - offset).decode("utf-8", "replace"), nl=False)
    return size
