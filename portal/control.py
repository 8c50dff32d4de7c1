"""What the commands do: up, down, status, seed, logs, reset, ckan."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from culturape_portal import ckan_site, ckan_steps
from culturape_portal.detach import detached
from culturape_portal.errors import PortalError
from culturape_portal.files import FolderInUseError, lock_folder, private_folder
from culturape_portal.parts import external_address
from culturape_portal.ports import answers
from culturape_portal.process import is_alive
from culturape_portal.supervise import Portal, Wishes, end_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from culturape_portal.state import DataFolder

STOP_SECONDS = 90
INTERRUPTED = 130


def up(data: DataFolder, wishes: Wishes, detach: bool) -> None:
    """Start the portal and watch it, here or in the background."""
    private_folder(data.path)
    os.umask(0o077)
    if detach:
        detached(lambda ready: _run(data, wishes, ready), data.log("portal"))
    else:
        _run(data, wishes, lambda: click.echo("Ctrl-C stops the portal."))


def _run(data: DataFolder, wishes: Wishes, ready: Callable[[], None]) -> None:
    try:
        lock = lock_folder(data.path)
    except FolderInUseError:
        click.echo(f"The portal in {data.path} is already {_phase(data)}")
        return
    with lock:
        portal = Portal(data, wishes, _say)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, portal.on_signal)
        try:
            _start(portal)
            ready()
            portal.watch()
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        finally:
            portal.stop()


def _start(portal: Portal) -> None:
    began = time.monotonic()
    portal.start()
    _say(f"The portal is ready after {time.monotonic() - began:.0f} seconds: {portal.run.url}")
    portal.seed()


def _say(line: str) -> None:
    """Print a line; a terminal that is gone must not keep the portal from stopping well."""
    with suppress(OSError):
        click.echo(line)


def _phase(data: DataFolder) -> str:
    run = data.run()
    return f"running: {run.url}" if run.phase != "starting" else "being started"


def down(data: DataFolder) -> bool:
    """Stop the portal; False when nothing ran. Parts that a killed supervisor left are ended too."""
    if not data.exists():
        return False
    run = data.run()
    if _locked(data):
        if run.supervisor is None or not is_alive(run.supervisor):
            raise PortalError("portal", "it is being started; try again in a moment")
        os.kill(run.supervisor.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _locked(data):
            if time.monotonic() > deadline:
                raise PortalError(
                    "portal", f"it did not stop within {STOP_SECONDS} seconds", data.log("portal")
                )
            time.sleep(0.1)
        return True
    left = any(is_alive(identity) for identity in run.parts.values())
    end_leftovers(data)
    return left


def status(data: DataFolder) -> dict[str, Any]:
    """The address and the state of each part."""
    run, memory = data.run(), data.memory()
    parts: dict[str, dict[str, Any]] = {}
    for name, identity in run.parts.items():
        port = memory.ports.get(name)
        alive = is_alive(identity)
        state = "stopped" if not alive else "running" if port is None or answers(port) else "not answering"
        parts[name] = {"state": state, "pid": identity.pid, "port": port, "log": str(data.log(name))}
    for name in run.external:
        parts[name] = {"state": "external", "address": external_address(name)}
    running = data.exists() and _locked(data)
    state = "stopped" if not running else "running" if run.phase != "starting" else "starting"
    return {
        "state": state,
        "phase": run.phase if running else None,
        "url": run.url if running else None,
        "ckan": memory.ckan or None,
        "data": str(data.path),
        "parts": parts,
    }


def as_text(found: dict[str, Any], as_json: bool) -> str:
    """The status for people, or for programs."""
    if as_json:
        return json.dumps(found, indent=1)
    lines = [f"{found['state']}  {found['url'] or ''}".rstrip(), f"data: {found['data']}"]
    for name, part in found["parts"].items():
        place = part.get("address") or (f"port {part['port']}" if part.get("port") else "")
        lines.append(f"  {name:<9} {part['state']:<14} {place}".rstrip())
    return "\n".join(lines)


def seed(data: DataFolder) -> None:
    """Load the sample catalogue into a running portal."""
    _must_run(data)
    ckan_steps.seed(data, click.echo)


def ckan_command(data: DataFolder, args: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment of the ckan command for this portal."""
    if not data.file("ckan.ini").exists():
        raise PortalError(
            "portal", f"there is no portal in {data.path}; start one with `culturape-portal up`"
        )
    arguments = [argument for number, argument in enumerate(args) if number or argument != "--"]
    return [sys.executable, "-m", "culturape_portal.ckan_command", *arguments], ckan_site.environment(data)


def reset(data: DataFolder) -> None:
    """Stop the portal and delete its folder."""
    down(data)
    with lock_folder(data.path):
        shutil.rmtree(data.path)


def show_logs(data: DataFolder, component: str | None, follow: bool, lines: int) -> None:
    """Print the end of one log, or of all; with `follow` also what is added, until Ctrl-C."""
    paths = sorted(data.file("logs").glob("*.log"))
    if component:
        paths = [path for path in paths if path.stem == component]
    if not paths:
        raise PortalError("logs", f"there is no log of {component or 'anything'} in {data.file('logs')}")
    offsets: dict[Path, int] = {}
    for path in paths:
        text = path.read_bytes()
        offsets[path] = len(text)
        if len(paths) > 1:
            click.echo(f"==> {path} <==")
        click.echo(b"".join(text.splitlines(keepends=True)[-lines:]).decode("utf-8", "replace"), nl=False)
    while follow:
        time.sleep(0.5)
        for path in paths:
            offsets[path] = _show_added(path, offsets[path])


def _show_added(path: Path, offset: int) -> int:
    size = path.stat().st_size
    if size < offset:
        offset = 0
    if size > offset:
        with path.open("rb") as file:
            file.seek(offset)
            click.echo(file.read(size - offset).decode("utf-8", "replace"), nl=False)
    return size


def _must_run(data: DataFolder) -> None:
    if not data.exists() or not _locked(data):
        raise PortalError("portal", f"no portal runs in {data.path}; start it with `culturape-portal up`")


def _locked(data: DataFolder) -> bool:
    try:
        lock_folder(data.path).close()
    except FolderInUseError:
        return True
    return False
