"""Work for strangers in a process of its own: it may be killed when it takes too long, and takes nothing down when it breaks.

The parent names a function of ours; it gets a dictionary and bytes, and gives a dictionary and bytes back. One process serves many
documents, until it has grown, was killed or the work ends; it ends when its parent does.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import IO, Any, cast

from ckanext.culturape.errors import N_, Fault, fault_from_json, fault_to_json
from ckanext.culturape.intake.fetch import too_slow
from ckanext.culturape.intake.limits import Limits

#: Gives what the function answers for a document.
Work = Callable[[Mapping[str, Any], bytes], tuple[dict[str, Any], bytes]]

#: Documents after which, and memory in bytes above which, the next document gets a new process.
DOCUMENTS, GROWN = 1_000, 220_000_000
#: Seconds for the process to start and to hand over its answer, beside the time that the limits give.
GRACE = 5

_SIZES = struct.Struct(">QQ")


@contextmanager
def open_cell(function: str, limits: Limits) -> Generator[Work, None, None]:
    """A process that does a function (``module:name``) for document after document.

    The function takes arguments, bytes and limits, and gives a dictionary and bytes. What is given raises: Fault of the function, or
    of what exceeded the limits; the next document is served by a new process then.
    """
    cell = _Cell(function, limits)
    try:
        yield cell.work
    finally:
        cell.end()


def run(function: str, arguments: Mapping[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    """What a function (``module:name``) that gives a dictionary answers for one document. Raises: Fault, as above."""
    with open_cell(function, limits) as work:
        return work(arguments, content)[0]


@dataclass(slots=True)
class _Cell:
    function: str
    limits: Limits
    process: subprocess.Popen[bytes] | None = None
    served: int = 0
    _late: list[bool] = field(default_factory=list[bool])

    def work(self, arguments: Mapping[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """Do one document. Raises: Fault."""
        process = self.process = self.process or self._start()
        self._late.clear()
        timer = Timer(self.limits.total + GRACE, self._kill, (process,))
        timer.start()
        try:
            answer, raw = self._ask(process, arguments, content)
        finally:
            timer.cancel()
        self.served += 1
        if self.served >= DOCUMENTS or answer["memory"] > GROWN:
            self.end()
        if "fault" in answer:
            raise fault_from_json(answer["fault"])
        return answer["result"], raw

    def _ask(
        self, process: subprocess.Popen[bytes], arguments: Mapping[str, Any], content: bytes
    ) -> tuple[dict[str, Any], bytes]:
        job = {"function": self.function, "arguments": dict(arguments), "limits": asdict(self.limits)}
        try:
            _write(cast("IO[bytes]", process.stdin), job, content)
            return _read(cast("IO[bytes]", process.stdout))
        except (OSError, EOFError):
            status = process.wait()
            self.process = None
            raise too_slow(self.limits) if self._late else _fault_of(status, self.limits) from None

    def _start(self) -> subprocess.Popen[bytes]:
        kept = {"PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT"}
        self.served = 0
        return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [_python(), "-I", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={key: value for key, value in os.environ.items() if key in kept},
        )

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        self._late.append(True)
        process.kill()

    def end(self) -> None:
        """End the process."""
        process, self.process = self.process, None
        if process:
            process.kill()
            process.communicate()


def _write(stream: IO[bytes], header: Mapping[str, Any], raw: bytes) -> None:
    told = json.dumps(header).encode()
    stream.write(_SIZES.pack(len(told), len(raw)))
    stream.write(told)
    stream.write(raw)
    stream.flush()


def _read(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """A header and bytes. Raises: EOFError when whoever writes is gone."""
    told, raw = _SIZES.unpack(_exactly(stream, _SIZES.size))
    return json.loads(_exactly(stream, told)), _exactly(stream, raw)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _python() -> str:
    """The interpreter: some web servers name themselves in ``sys.executable``."""
    beside = Path(sys.prefix) / "bin" / "python"
    return str(beside) if beside.exists() else sys.executable


def _fault_of(status: int, limits: Limits) -> Fault:
    if status in {-signal.SIGXCPU, -signal.SIGKILL, 128 + signal.SIGXCPU}:
        return too_slow(limits)
    return Fault(N_("The document is more than this site can read."))


def _bound(limits: Limits) -> None:
    """Bound memory for good, and processor time for the next document."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.total) + 1
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
        except (ValueError, OSError):
            # Not every system knows every bound; the time of the parent holds in any case.
            continue


def _peak() -> int:
    """Greatest memory of this process until now, in bytes."""
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


def _serve(job: Mapping[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    limits = Limits(**job["limits"])
    _bound(limits)
    module, _, name = job["function"].partition(":")
    try:
        result: Any = getattr(import_module(module), name)(job["arguments"], content, limits)
    except Fault as fault:
        return {"fault": fault_to_json(fault), "memory": _peak()}, b""
    answer, raw = cast("tuple[Any, bytes]", result if isinstance(result, tuple) else (result, b""))
    return {"result": answer, "memory": _peak()}, raw


def main() -> None:
    """Read jobs, do them, answer, until nobody asks."""
    # What libraries print must not stand among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    while True:
        try:
            job, content = _read(sys.stdin.buffer)
        except EOFError:
            return
        answer, raw = _serve(job, content)
        del content
        _write(answers.buffer, answer, raw)


if __name__ == "__main__":
    main()
