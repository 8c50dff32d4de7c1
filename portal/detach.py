"""Let work go on in the background while the terminal gets its lines until it is ready."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from culturape_portal.files import open_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def detached(work: Callable[[Callable[[], None]], None], log: Path) -> None:
    """Run `work` in a child; return when it calls `ready`, exit as it does when it ends before."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_background(work, writing, log)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as lines:
        while chunk := lines.read(65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended:
        raise SystemExit(os.waitstatus_to_exitcode(status))


def _be_background(work: Callable[[Callable[[], None]], None], writing: int, log: Path) -> None:
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

    status = 1
    try:
        work(ready)
        status = 0
    except Exception as error:
        print(f"Error: {error}", flush=True)
    finally:
        sys.stdout.flush()
        os._exit(status)
