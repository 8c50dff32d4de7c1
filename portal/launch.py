"""Start parts side by side, each on a port that is free, and wait until all answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from culturape_portal.ports import free_port, is_free
from culturape_portal.process import Part, Running

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ATTEMPTS = 3


@dataclass
class Launch:
    """A part that is to run on some port: the wanted one, or, unless `fixed`, another when it is taken."""

    key: str
    make: Callable[[int], Part]
    port: int = 0
    fixed: bool = False
    running: Running | None = None
    attempts: int = 0
    deadline: float = 0.0

    def spawn(self) -> None:
        """Start the process (it does not answer yet)."""
        if not self.fixed and not (self.port and is_free(self.port)):
            self.port = free_port()
        self.attempts += 1
        part = self.make(self.port)
        self.running = Running(part)
        self.deadline = time.monotonic() + part.start_seconds

    def answers(self) -> bool:
        """Whether the part is ready; starts again on another port when it died, PortalError when in vain."""
        if self.running is None:
            return False
        if self.running.alive():
            if self.running.part.ready():
                return True
            if time.monotonic() < self.deadline:
                return False
        elif not self.fixed and self.attempts < ATTEMPTS:
            self.port = 0
            self.spawn()
            return False
        raise self.running.failure()


def launch_all(launches: Sequence[Launch], check: Callable[[], None] = lambda: None) -> None:
    """Start all and return when all answer; `check` is called often and may raise to give up."""
    for launch in launches:
        check()
        launch.spawn()
        check()
    waiting = list(launches)
    while waiting:
        waiting = [launch for launch in waiting if not launch.answers()]
        check()
        time.sleep(0.05)


def stop_all(launches: Sequence[Launch]) -> None:
    """End what was started, side by side."""
    for launch in launches:
        if launch.running:
            launch.running.ask_to_stop()
    for launch in launches:
        if launch.running:
            launch.running.stop()
            launch.running = None
