"""Keep the parts of a portal running: what crashes is started again, at growing intervals."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from culturape_portal.errors import PortalError
from culturape_portal.process import Running

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from culturape_portal.launch import Launch

LONGEST_PAUSE = 30.0
SOON = 60.0


class Watcher:
    """Looks after started parts; `changed` is called when one has got another process."""

    def __init__(
        self, launches: Sequence[Launch], say: Callable[[str], None], changed: Callable[[], None]
    ) -> None:
        self.launches, self.say, self.changed = launches, say, changed
        self.pauses: dict[str, float] = {}
        self.due: dict[str, float] = {}

    def watch(self, stopping: threading.Event) -> None:
        """Look every second until told to stop."""
        while not stopping.wait(1.0):
            for launch in self.launches:
                if launch.running and not launch.running.alive():
                    self._look_after(launch, launch.running)

    def _look_after(self, launch: Launch, dead: Running) -> None:
        """Plan a new start the first time a part is seen dead; start it when its time has come."""
        now = time.time()
        if launch.key not in self.due:
            soon = now - dead.identity.created < SOON
            pause = min(LONGEST_PAUSE, 2 * self.pauses.get(launch.key, 0.5)) if soon else 0.0
            self.pauses[launch.key], self.due[launch.key] = pause, now + pause
            self._tell(f"{dead.part.name} ended unexpectedly; it starts again (log: {dead.part.log})")
            dead.stop()
        if now >= self.due[launch.key]:
            del self.due[launch.key]
            self._start(launch)

    def _start(self, launch: Launch) -> None:
        try:
            launch.running = Running(launch.make(launch.port))
        except PortalError as error:
            self._tell(str(error))
        self.changed()

    def _tell(self, line: str) -> None:
        self.say(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}")
