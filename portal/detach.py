"""Let work go on in the background while the terminal gets its lines until it is ready."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from culturape_portal.files import open_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READY = b"ready"


def detached(work: Callable[[Callable[[], None]], None], log: Path) -> None:
    """Run `work` in a child; return when it calls `ready`, exit as it does when it ends before."""
    reading, writing = os.pipe()
    hearing, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.close(hearing)
        _be_background(work, writing, telling, log)
    os.close(writing)
    os.close(telling)
    with os.fdopen(reading, "rb", buffering=0) as lines:
        while chunk := lines.read(65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
    with os.fdopen(hearing, "rb") as word:
        is_ready = word.read() == READY
    # The output of a child that fails ends a moment before the child does: only its word tells the two apart.
    if not is_ready:
        raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _be_background(work: Callable[[Callable[[], None]], None], writing: int, telling: int, log: Path) -> None:
    """The child: a session of its own, output to the pipe until ready, then to the log."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    os.close(writing)

    def ready() -> None:
        sys.stdout.flush()
        with open_log(log) as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        os.write(telling, READY)
        os.close(telling)

    status = 1
    try:
        work(ready)
        status = 0
    except Exception as error:
        print(f"Error: {error}", flush=True)
    finally:
        sys.stdout.flush()
        os._exit(status)
