"""``culturape-portal test-services``: PostgreSQL, Valkey and Solr for tests that somebody runs by hand."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from culturape_portal.detach import detached
from culturape_portal.files import private_folder, write_private
from culturape_portal.services import Services, start_services
from culturape_portal.solr import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

HOLDER = "holder.json"


@click.command("test-services")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where they keep their files [a folder in the system's temporary folder].",
)
@click.option(
    "--schema", type=click.Choice(SCHEMAS), default="portal", show_default=True, help="Schema of Solr."
)
@click.option("--json", "as_json", is_flag=True, help="Print the environment as JSON.")
@click.option("--detach", is_flag=True, help="Return when they are ready, and let them run until --stop.")
@click.option("--stop", is_flag=True, help="Stop those that run detached.")
def test_services(folder: Path | None, schema: str, as_json: bool, detach: bool, stop: bool) -> None:
    """Start empty services for tests and print the environment that CKAN reads."""
    place = (folder or Path(tempfile.gettempdir()) / f"culturape-test-{os.getuid()}").resolve()
    if stop:
        click.echo("stopped" if _stop(place) else "they were not running")
        return
    private_folder(place)

    def hold(ready: Callable[[], None]) -> None:
        with start_services(
            place, schema=schema, progress=lambda line: click.echo(line, err=True)
        ) as services:
            write_private(place / HOLDER, json.dumps({"pid": os.getpid()}))
            click.echo(_text(services, as_json))
            ready()
            _wait()
        (place / HOLDER).unlink(missing_ok=True)

    if detach:
        detached(hold, place / "services.log")
    else:
        hold(lambda: click.echo("Ctrl-C stops them.", err=True))


def _text(services: Services, as_json: bool) -> str:
    variables = services.environment()
    if as_json:
        return json.dumps(variables)
    return "\n".join(f"{name}={value}" for name, value in sorted(variables.items()))


def _wait() -> None:
    """Return at Ctrl-C or SIGTERM."""
    ended: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda found, _frame: ended.append(found))
    while not ended:
        time.sleep(0.2)


def _stop(place: Path) -> bool:
    try:
        pid = int(json.loads((place / HOLDER).read_text("utf-8"))["pid"])
        os.kill(pid, signal.SIGTERM)
    except (OSError, ValueError, KeyError):
        return False
    while (place / HOLDER).exists():
        time.sleep(0.1)
    return True
