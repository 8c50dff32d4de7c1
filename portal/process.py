"""One component as a process: how it starts, when it is ready, how it ends, how a crashed one is found.

Each component leads a session of its own, so Ctrl-C in the terminal reaches only the supervisor, which
ends the components in order. A process is known by its number *and* its start time: numbers are used again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import psutil

from culturape_portal.errors import PortalError
from culturape_portal.files import open_log
from culturape_portal.system_user import as_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# The system derives start times from a clock that may be set right meanwhile.
CLOCK_STEP = 5.0
GONE_WITHIN = 5.0


class Identity(NamedTuple):
    """A process that may have ended since: its number and the time at which it started."""

    pid: int
    created: float


@dataclass(frozen=True)
class Part:
    """How one component is started, how it is known to be ready, and how it is stopped."""

    name: str
    argv: tuple[str, ...]
    log: Path
    ready: Callable[[], bool]
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    start_seconds: float = 60.0
    stop_seconds: float = 20.0


class Running:
    """A started part."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.popen = _spawn(part)
        self.identity = identity_of(self.popen.pid)
        self.asked = False

    def alive(self) -> bool:
        """Whether the process still runs (an ended one is reaped)."""
        return self.popen.poll() is None

    def failure(self) -> PortalError:
        """Why the part is not there, with the telling line of its log."""
        code = self.popen.poll()
        why = "no answer" if code is None else f"it ended ({code}): {last_line(self.part.log)}"
        return PortalError(self.part.name, why, self.part.log)

    def ask_to_stop(self) -> None:
        """Ask the part to end, without waiting for it; once, for a worker takes a second request as force."""
        if self.alive() and not self.asked:
            self.asked = True
            _signal(self.identity.pid, self.part.stop_signal)

    def stop(self) -> None:
        """End the part and everything it started; returns when it is gone."""
        self.ask_to_stop()
        stop_identity(self.identity, None, self.part.stop_seconds)
        self.popen.wait()


def stop_identity(identity: Identity, first: signal.Signals | None, seconds: float) -> None:
    """End a process, politely first, then its whole group by force; silent when it is gone already."""
    if is_alive(identity):
        if first:
            _signal(identity.pid, first)
        deadline = time.monotonic() + seconds
        while is_alive(identity) and time.monotonic() < deadline:
            time.sleep(0.05)
    killed = _group(identity)
    for member in killed:
        _signal(member, signal.SIGKILL)
    # What they held, a port for instance, is free only once they are gone.
    deadline = time.monotonic() + GONE_WITHIN
    while any(map(_runs, killed)) and time.monotonic() < deadline:
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_alive(identity: Identity) -> bool:
    """Whether exactly this process still runs."""
    try:
        process = psutil.Process(identity.pid)
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and abs(process.create_time() - identity.created) < CLOCK_STEP
        )
    except psutil.NoSuchProcess:
        return False


def last_line(log: Path) -> str:
    """The last line of a log that says something, for an error message."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()[-200:]
    except OSError:
        return "no log"
    said = [line for line in lines if line.strip()]
    signs = ("error", "fatal", "denied", "refused")
    telling = [line for line in said if any(sign in line.lower() for sign in signs)]
    return (telling or said or ["no message"])[-1].strip()[:300]


def _spawn(part: Part) -> subprocess.Popen[bytes]:
    with open_log(part.log) as log:
        try:
            return subprocess.Popen[bytes](
                part.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=part.env,
                cwd=part.cwd,
                start_new_session=True,
                **as_user(part.user),
            )
        except OSError as error:
            raise PortalError(part.name, f"it could not be started: {error}", part.log) from error


def identity_of(pid: int) -> Identity:
    """The identity of a process that runs, or ran a moment ago."""
    try:
        return Identity(pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return Identity(pid, time.time())


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _group(identity: Identity) -> list[int]:
    """Processes of the group that this one led; none when its number now belongs to another."""
    members = []
    for process in psutil.process_iter():
        try:
            if (
                os.getpgid(process.pid) == identity.pid
                and process.create_time() > identity.created - CLOCK_STEP
            ):
                members.append(process.pid)
        except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            continue
    return members
