"""Processes: started, found again, ended with all they started, and never confused with others."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from culturape_portal.errors import PortalError
from culturape_portal.files import FolderInUseError, lock_folder, open_log
from culturape_portal.launch import Launch, launch_all, stop_all
from culturape_portal.process import Identity, Part, Running, identity_of, is_alive, last_line, stop_identity
from culturape_portal.watch import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def part(tmp_path: Path, script: str, ready: Callable[[], bool] = lambda: True, **more: object) -> Part:
    return Part("thing", ("/bin/sh", "-c", script), tmp_path / "thing.log", ready, **more)  # type: ignore[arg-type]


def alive(pid: int) -> bool:
    return is_alive(identity_of(pid))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_ignores_a_request_is_ended_by_force_with_its_children(tmp_path: Path) -> None:
    script = f"trap '' TERM; sleep 60 & echo $! > {tmp_path}/child; sleep 60; sleep 60"
    running = Running(part(tmp_path, script, stop_seconds=0.2))
    until(lambda: (tmp_path / "child").exists() and bool((tmp_path / "child").read_text()))
    child = int((tmp_path / "child").read_text())
    running.stop()
    assert not running.alive()
    until(lambda: not alive(child))


def test_a_number_that_another_process_has_now_is_left_alone(tmp_path: Path) -> None:
    running = Running(part(tmp_path, "sleep 60"))
    former = Identity(running.identity.pid, running.identity.created - 3600)
    try:
        assert not is_alive(former)
        stop_identity(former._replace(created=former.created + 7200), signal.SIGKILL, 1)
        assert running.alive()
    finally:
        running.stop()


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = Part("thing", ("/nonexistent",), tmp_path / "thing.log", lambda: True)
    with pytest.raises(PortalError, match=r"thing: it could not be started.*\n.*thing\.log"):
        Running(missing)


def test_a_part_that_ends_at_start_says_why_and_where_its_log_is(tmp_path: Path) -> None:
    launch = Launch("thing", lambda _port: part(tmp_path, "echo 'FATAL: no space'; exit 3", lambda: False))
    with pytest.raises(PortalError, match=r"it ended \(3\): FATAL: no space\n.*thing\.log"):
        launch_all([launch])
    assert launch.attempts == 3


def test_a_part_that_stays_silent_is_given_up(tmp_path: Path) -> None:
    launch = Launch("thing", lambda _port: part(tmp_path, "sleep 60", lambda: False, start_seconds=0.1))
    with pytest.raises(PortalError, match="no answer"):
        launch_all([launch])
    stop_all([launch])


def test_a_taken_port_is_not_used(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        launch = Launch("thing", lambda _port: part(tmp_path, "sleep 60"), taken)
        launch_all([launch])
    assert launch.port not in {0, taken}
    stop_all([launch])
    assert launch.running is None


def test_giving_up_is_heard_while_waiting(tmp_path: Path) -> None:
    launch = Launch("thing", lambda _port: part(tmp_path, "sleep 60", lambda: False))
    calls = iter(range(100))

    def check() -> None:
        if next(calls) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        launch_all([launch], check)
    stop_all([launch])


def test_a_crashed_part_starts_again(tmp_path: Path) -> None:
    said: list[str] = []
    stopping = threading.Event()
    launch = Launch("thing", lambda _port: part(tmp_path, "sleep 60"), fixed=True)
    launch_all([launch])
    assert launch.running is not None
    first = launch.running.identity
    watcher = Watcher([launch], said.append, stopping.set)
    watcher.pauses["thing"] = -1.0
    os.kill(first.pid, signal.SIGKILL)
    watcher.watch(stopping)
    try:
        assert launch.running.identity != first
        assert launch.running.alive()
        assert "thing ended unexpectedly" in said[0]
    finally:
        stop_all([launch])


def test_pauses_grow_for_what_crashes_again_and_again(tmp_path: Path) -> None:
    launch = Launch("thing", lambda _port: part(tmp_path, "exit 1"), fixed=True)
    launch.spawn()
    watcher = Watcher([launch], lambda _line: None, lambda: None)
    pauses = []
    for _ in range(8):
        assert launch.running is not None
        launch.running.popen.wait()
        watcher._look_after(launch, launch.running)
        pauses.append(watcher.pauses["thing"])
        watcher.due["thing"] = 0.0
        watcher._look_after(launch, launch.running)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    stop_all([launch])


def test_a_folder_is_held_by_one_process_and_freed_when_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from culturape_portal.files import lock_folder;"
        "lock = lock_folder(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(FolderInUseError, match="in use"):
        lock_folder(tmp_path)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    lock_folder(tmp_path).close()


def test_a_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("culturape_portal.files.LOG_LIMIT", 10)
    log = tmp_path / "web.log"
    for text in (b"0123456789ABC", b"new"):
        with open_log(log) as file:
            file.write(text)
    assert log.read_bytes() == b"new"
    assert (tmp_path / "web.old.log").read_bytes() == b"0123456789ABC"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("starting\nERROR: disk full\nbye\n", "ERROR: disk full"),
        ("starting\nall is well\n\n", "all is well"),
        ("", "no message"),
    ],
)
def test_the_telling_line_of_a_log(tmp_path: Path, text: str, expected: str) -> None:
    log = tmp_path / "x.log"
    log.write_text(text)
    assert last_line(log) == expected


def test_no_log_no_line(tmp_path: Path) -> None:
    assert last_line(tmp_path / "none.log") == "no log"
