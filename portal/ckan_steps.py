"""Steps that CKAN does once, in a process of their own: prepare the database, load the samples."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from culturape_portal.ckan_site import environment
from culturape_portal.errors import PortalError
from culturape_portal.files import open_log
from culturape_portal.process import last_line

if TYPE_CHECKING:
    from culturape_portal.state import DataFolder

Progress = Callable[[str], None]
SAMPLES = Path(__file__).parent / "samples"


def prepare(
    data: DataFolder, superuser_url: str, again: bool, say: Progress, check: Callable[[], None]
) -> None:
    """Make or upgrade the database and all that belongs to it; says the administrator's password if new."""
    if not superuser_url:
        say("PostgreSQL is yours: see `culturape-portal ckan datastore set-permissions`")
    argv = ["-m", "culturape_portal.prepare", *(["--reindex"] if again else [])]
    for line in _lines(
        "CKAN", argv, data, data.log("setup"), check, CULTURAPE_PORTAL_SUPERUSER_URL=superuser_url
    ):
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "password" in message:
            say(f"\n    Administrator: admin    Password: {message['password']}    (it is not shown again)\n")
        else:
            say(message["say"])


def seed(data: DataFolder, say: Progress, check: Callable[[], None] = lambda: None) -> None:
    """Load the sample catalogue; what is there already is left as it is."""
    if not SAMPLES.is_dir():
        raise PortalError("samples", f"there is no folder {SAMPLES}")
    say("Loading the sample catalogue")
    argv = ["-m", "culturape_portal.ckan_command", "culturape", "load", str(SAMPLES)]
    for line in _lines("samples", argv, data, data.log("seed"), check):
        say(f"  {line}")


def _lines(
    name: str, argv: Sequence[str], data: DataFolder, log: Path, check: Callable[[], None], **variables: str
) -> Iterator[str]:
    """The lines that a Python program prints; PortalError when it fails. It ends when `check` raises."""
    with open_log(log) as errors:
        process = subprocess.Popen(
            [sys.executable, *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            cwd=data.path,
            env={**environment(data), **variables},
            start_new_session=True,
        )
    try:
        yield from _read(cast("IO[str]", process.stdout), check)
        if process.wait():
            raise PortalError(name, f"a step failed: {last_line(log)}", log)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _read(stream: IO[str], check: Callable[[], None]) -> Iterator[str]:
    """Lines of a stream, while `check` is called at least twice a second."""
    lines: queue.Queue[str | None] = queue.Queue()

    def pump() -> None:
        for line in stream:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    threading.Thread(target=pump, daemon=True).start()
    while True:
        check()
        try:
            line = lines.get(timeout=0.5)
        except queue.Empty:
            continue
        if line is None:
            return
        yield line
