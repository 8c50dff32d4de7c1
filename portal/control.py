"""What the commands do: up, down, status, seed, logs, reset, ckan."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from culturape_portal import ckan_site, ckan_steps
from culturape_portal.detach import detached
from culturape_portal.errors import PortalError
from culturape_portal.files import FolderInUseError, lock_folder, private_folder
from culturape_portal.process import is_alive
from culturape_portal.supervise import Portal, Wishes, end_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    if data.in_use():
        if run.supervisor is None or not is_alive(run.supervisor):
            raise PortalError("portal", "it is being started; try again in a moment")
        os.kill(run.supervisor.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while data.in_use():
            if time.monotonic() > deadline:
                raise PortalError(
                    "portal", f"it did not stop within {STOP_SECONDS} seconds", data.log("portal")
                )
            time.sleep(0.1)
        return True
    left = any(is_alive(identity) for identity in run.parts.values())
    end_leftovers(data)
    return left


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


def _must_run(data: DataFolder) -> None:
    if not data.exists() or not data.in_use():
        raise PortalError("portal", f"no portal runs in {data.path}; start it with `culturape-portal up`")
