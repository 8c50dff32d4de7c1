"""What runs in the process of a cell: jobs come in and answers go out as JSON with bytes, until nobody asks."""

from __future__ import annotations

import gc
import json
import re
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from ckanext.culturape.errors import Fault, fault_to_json
from ckanext.culturape.intake.limits import Limits

#: Seconds for the process to start and to hand over its answer, beside the time that the limits give.
GRACE = 5

_PEAK = re.compile(r"VmHWM:\s*(\d+) kB")
_SIZES = struct.Struct(">QQ")


def send(stream: IO[bytes], header: Mapping[str, Any], raw: bytes) -> None:
    """Send a header and bytes."""
    told = json.dumps(header).encode()
    stream.write(_SIZES.pack(len(told), len(raw)))
    stream.write(told)
    stream.write(raw)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> tuple[dict[str, Any], bytes]:
    """A header and bytes, no more than so many. Raises: EOFError when whoever writes is gone, ValueError for what is no answer."""
    told, raw = _SIZES.unpack(_exactly(stream, _SIZES.size))
    if told + raw > most:
        raise ValueError
    return json.loads(_exactly(stream, told)), _exactly(stream, raw)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _bound(limits: Limits) -> None:
    """Bound the memory for good, and the time of the next document."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.total) + 1
    for kind, bounds in (
        (resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1])),
        (resource.RLIMIT_AS, (limits.memory, limits.memory)),
        (resource.RLIMIT_CORE, (0, 0)),
    ):
        try:
            resource.setrlimit(kind, bounds)
        except (ValueError, OSError):
            # Not every system knows every bound; the time of the parent holds in any case.
            continue
    # Without a parent nobody else ends it.
    signal.alarm(int(limits.total) + 2 * GRACE)


def _peak() -> int:
    """Greatest memory of this program until now, in bytes."""
    try:
        # What the system says of resources counts the memory of the parent as well, from before this program began.
        found = _PEAK.search(Path("/proc/self/status").read_text())
    except OSError:
        found = None
    scale = 1 if sys.platform == "darwin" else 1024
    return int(found[1]) * 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


def _serve(job: Mapping[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    limits = Limits(**job["limits"])
    _bound(limits)
    module, _, name = job["function"].partition(":")
    try:
        result: Any = getattr(import_module(module), name)(job["arguments"], content, limits)
    except Fault as fault:
        return {"result": None, "fault": fault_to_json(fault), "memory": _peak()}, b""
    answer, raw = cast("tuple[Any, bytes]", result if isinstance(result, tuple) else (result, b""))
    return {"result": answer, "fault": None, "memory": _peak()}, raw


def main() -> None:
    """Read jobs, do them, answer, until nobody asks."""
    # What libraries print must not stand among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    # What is read is large and holds no circles: looking for them again and again takes a fifth of the time.
    gc.set_threshold(50_000, 20, 20)
    while True:
        try:
            job, content = receive(sys.stdin.buffer, sys.maxsize)
        except EOFError:
            return
        answer, raw = _serve(job, content)
        del content
        send(answers.buffer, answer, raw)
        signal.alarm(0)


if __name__ == "__main__":
    main()
