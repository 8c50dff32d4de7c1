"""Work for strangers in a process of its own: it may be killed when it takes too long, and takes nothing down when it breaks.

The parent names a function of ours; it gets a dictionary and bytes, and gives a dictionary back.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.fetch import too_slow
from ckanext.culturape.intake.limits import Limits


def run(function: str, arguments: Mapping[str, Any], content: bytes, limits: Limits) -> dict[str, Any]:
    """What a function (``module:name``) answers. Raises: Fault of the function, or of what exceeded the limits."""
    job = {"function": function, "arguments": dict(arguments), "limits": asdict(limits)}
    environment = {
        key: value
        for key, value in os.environ.items()
        if key in {"PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT"}
    }
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and module)
            [_python(), "-I", "-m", __name__],
            input=json.dumps(job).encode() + b"\n" + content,
            capture_output=True,
            timeout=limits.total + 5,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_slow(limits) from None
    if done.returncode != 0:
        raise _fault_of(done.returncode, limits)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "fault" in answer:
        raise Fault(answer["fault"], answer["params"])
    return answer["result"]


def _python() -> str:
    """The interpreter: some web servers name themselves in ``sys.executable``."""
    beside = Path(sys.prefix) / "bin" / "python"
    return str(beside) if beside.exists() else sys.executable


def _fault_of(status: int, limits: Limits) -> Fault:
    if status in {-24, -9, 152}:  # CPU time used up (SIGXCPU), or killed
        return too_slow(limits)
    return Fault(N_("The document is more than this site can read."))


def _bound(limits: Limits) -> None:
    seconds = int(limits.total) + 1
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            # Not every system knows every bound; the time of the parent holds in any case.
            continue


def main() -> None:
    """Read a job, do it, answer."""
    # What libraries print must not stand among the answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    job = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**job["limits"])
    _bound(limits)
    content = sys.stdin.buffer.read()
    module, _, name = job["function"].partition(":")
    try:
        answer: dict[str, Any] = {
            "result": getattr(import_module(module), name)(job["arguments"], content, limits)
        }
    except Fault as fault:
        answer = {"fault": fault.message, "params": {key: str(value) for key, value in fault.params.items()}}
    answers.write(json.dumps(answer))


if __name__ == "__main__":
    main()
