"""Work for strangers in a process of its own: it may be killed when it takes too long, and takes nothing down when it breaks.

The parent names a function of ours; it gets a dictionary and bytes, and gives a dictionary and bytes back. One process serves many
documents, until it has grown, was killed or the work ends; it ends when its parent does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any, Generic, TypeVar, cast

from ckanext.culturape.errors import N_, Fault, fault_from_json
from ckanext.culturape.intake import cell_inside
from ckanext.culturape.intake.cell_inside import GRACE, receive, send
from ckanext.culturape.intake.limits import Limits, too_slow

Answer = TypeVar("Answer")

#: Documents after which, and memory in bytes above which, the next document gets a new process.
DOCUMENTS, GROWN = 1_000, 220_000_000
#: What an answer raises that was not made by us: the process may be in the hands of the document.
MALFORMED = (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError)


@contextmanager
def open_cell(
    function: str, limits: Limits, read: Callable[[Any, bytes], Answer]
) -> Generator[Callable[[Mapping[str, Any], bytes], Answer], None, None]:
    """A process that does a function (``module:name``) for document after document.

    Args:
        function: takes arguments, bytes and limits, and gives something that JSON can hold, or that and bytes.
        limits: bounds of each document.
        read: makes the answer of it, here; what it raises of ``MALFORMED`` means that the process is not to be trusted.

    What is given raises: Fault of the function, or of what exceeded the limits; the next document is served by a new process then.
    """
    cell = _Cell(function, limits, read)
    try:
        yield cell.work
    finally:
        cell.end()


def run(function: str, arguments: Mapping[str, Any], content: bytes, limits: Limits) -> Any:
    """What a function (``module:name``) answers for one document. Raises: Fault, as above."""
    with open_cell(function, limits, lambda answer, _: answer) as work:
        return work(arguments, content)


@dataclass(slots=True)
class _Cell(Generic[Answer]):
    function: str
    limits: Limits
    read: Callable[[Any, bytes], Answer]
    process: subprocess.Popen[bytes] | None = None
    served: int = 0

    def work(self, arguments: Mapping[str, Any], content: bytes) -> Answer:
        """What the function answers for a document. Raises: Fault."""
        if self.process and self.process.poll() is not None:
            # It died between two documents, which is not the fault of this one.
            self.end()
        process = self.process = self.process or self._start()
        late = Event()
        timer = Timer(self.limits.total + GRACE, _kill, (process, late))
        timer.start()
        try:
            answer, memory = self._ask(process, arguments, content)
        except (OSError, EOFError, *MALFORMED):
            status = self.end(patience=1.0)
            raise too_slow(self.limits) if late.is_set() else _fault_of(status, self.limits) from None
        finally:
            timer.cancel()
        self.served += 1
        if late.is_set() or self.served >= DOCUMENTS or memory > GROWN:
            self.end()
        if isinstance(answer, Fault):
            raise answer
        return answer

    def _ask(
        self, process: subprocess.Popen[bytes], arguments: Mapping[str, Any], content: bytes
    ) -> tuple[Answer | Fault, int]:
        """The answer or fault, and the greatest memory of the process until now."""
        job = {"function": self.function, "arguments": dict(arguments), "limits": asdict(self.limits)}
        send(cast("IO[bytes]", process.stdin), job, content)
        told, raw = receive(cast("IO[bytes]", process.stdout), self.limits.memory)
        memory = int(told["memory"])
        if told["fault"] is not None:
            return fault_from_json(told["fault"]), memory
        return self.read(told["result"], raw), memory

    def _start(self) -> subprocess.Popen[bytes]:
        kept = {"PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT"}
        self.served = 0
        return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [_python(), "-I", "-m", cell_inside.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={key: value for key, value in os.environ.items() if key in kept},
        )

    def end(self, patience: float = 0.0) -> int:
        """End the process; with patience (seconds) it may do so by itself. Returns its status, which says why it ended."""
        process, self.process = self.process, None
        if process is None:
            return 0
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        return process.returncode


def _kill(process: subprocess.Popen[bytes], late: Event) -> None:
    late.set()
    process.kill()


def _python() -> str:
    """The interpreter: some web servers name themselves in ``sys.executable``."""
    beside = Path(sys.prefix) / "bin" / "python"
    return str(beside) if beside.exists() else sys.executable


def _fault_of(status: int, limits: Limits) -> Fault:
    if status in {-signal.SIGXCPU, 128 + signal.SIGXCPU}:
        return too_slow(limits)
    return Fault(N_("The document is more than this site can read."))
