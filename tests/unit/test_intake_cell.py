"""One process for many documents: it may die, hang, lie or grow, and the next document is read all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ending import ending

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.split import Splitter, open_splitter
from ckanext.culturape.intake import cell, cell_inside
from ckanext.culturape.intake.limits import Limits

ADDRESS = "https://x.example.org/c.ttl"
ONE = b'<https://x.example.org/1> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Uno" .\n'
LIMITS = Limits(total=20)


@pytest.fixture
def splitter() -> Iterator[Splitter]:
    with open_splitter(LIMITS) as opened:
        yield opened


def titles(splitter: Splitter, content: bytes = ONE) -> list[str]:
    return [portion.title for portion in splitter(content, "text/turtle", ADDRESS, "", "").portions]


def running() -> list[int]:
    """The processes of cells of this one."""
    mine = f"PPid:\t{os.getpid()}\n"
    found = [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/status") if mine in read(path)]
    return [pid for pid in found if cell_inside.__name__ in read(Path(f"/proc/{pid}/cmdline"))]


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_no_process_is_there_before_it_is_needed_and_none_is_left() -> None:
    with open_splitter(LIMITS) as splitter:
        assert running() == []
        titles(splitter)
        assert len(running()) == 1
    assert running() == []


def test_one_process_reads_many_documents(splitter: Splitter) -> None:
    pids = set()
    for _ in range(50):
        assert titles(splitter) == ["Uno"]
        pids.update(running())
    assert len(pids) == 1


def test_the_memory_of_the_parent_does_not_count(splitter: Splitter) -> None:
    ballast = b"x" * (cell.GROWN + 1)
    titles(splitter)
    assert len(running()) == 1
    assert len(ballast) > cell.GROWN


def test_a_fault_costs_no_process(splitter: Splitter) -> None:
    titles(splitter)
    before = running()
    with pytest.raises(Fault, match="empty"):
        titles(splitter, b"")
    assert titles(splitter) == ["Uno"]
    assert running() == before


@pytest.mark.parametrize(("name", "value"), [("DOCUMENTS", 1), ("GROWN", 1)])
def test_a_process_that_served_or_grew_enough_makes_room_for_another(
    splitter: Splitter, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    monkeypatch.setattr(cell, name, value)
    for _ in range(2):
        assert titles(splitter) == ["Uno"]
        assert running() == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_died_meanwhile_is_replaced_without_a_word(
    splitter: Splitter, how: signal.Signals
) -> None:
    titles(splitter)
    [pid] = running()
    os.kill(pid, how)
    wait_until(lambda: "State:\tZ" in read(Path(f"/proc/{pid}/status")))
    assert titles(splitter) == ["Uno"]
    assert running() not in ([], [pid])


def test_a_document_that_takes_too_long_ends_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "GRACE", 0)
    many = b"".join(ONE.replace(b"/1>", b"/%d>" % n) for n in range(150_000))
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    with open_splitter(Limits(total=0.8, triples=1_000_000)) as short:
        with ending(), pytest.raises(Fault, match="longer than 0 seconds"):
            titles(short, many)
        monkeypatch.setattr(cell, "GRACE", 10)
        assert titles(short) == ["Uno"]
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_a_document_that_needs_too_much_memory_ends_and_the_next_is_read() -> None:
    many = b"".join(ONE.replace(b"/1>", b"/%d>" % n) for n in range(60_000))
    with open_splitter(Limits(total=60, triples=1_000_000, memory=150_000_000)) as small:
        with pytest.raises(Fault, match="more than this site can read"):
            titles(small, many)
        assert titles(small) == ["Uno"]


def test_a_hundred_megabytes_go_in_and_come_out(splitter: Splitter) -> None:
    assert titles(splitter, (b"#" + b"x" * 1_000_000 + b"\n") * 100 + ONE) == ["Uno"]
    words = b"palabra " * 125_000
    shared = b'<https://x.example.org/m> <http://xmlns.com/foaf/0.1/name> "' + words + b'" .\n'
    link = b"<https://x.example.org/%d> <http://purl.org/dc/terms/publisher> <https://x.example.org/m> .\n"
    content = shared + b"".join(ONE.replace(b"/1>", b"/%d>" % n) + link % n for n in range(100))
    portions = splitter(content, "text/turtle", ADDRESS, "", "").portions
    assert sum(len(portion.ntriples) for portion in portions) > 100_000_000
    assert all(words in portion.ntriples for portion in portions)


def answer(header: bytes, raw: int = 0) -> str:
    """A program that answers with these sizes, and nothing after the header."""
    return (
        f"import struct, sys; sys.stdout.buffer.write(struct.pack('>QQ', {len(header)}, {raw}) + {header!r})"
    )


LIES = {
    "nothing": "",
    "no sizes": "print('x')",
    "too much": answer(b"{}", 1 << 62),
    "less than it says": answer(b"{}", 1000),
    "endless": "while True: print('x' * 65536)",
    "no json": answer(b"{{"),
    "deep": answer(b"[" * 100_000),
    "a list": answer(b"[]"),
    "no memory": answer(b'{"fault": null, "result": {}}'),
    "no result": answer(b'{"fault": null, "memory": 1}'),
    "no fault": answer(b'{"fault": [1], "memory": 1}'),
    "no page": answer(b'{"fault": null, "memory": 1, "result": {"portions": [1]}}'),
    "hangs": "import time; os.close(1); time.sleep(60)",
}


@pytest.mark.parametrize("name", LIES)
def test_a_process_that_was_taken_over_gets_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    script = tmp_path / "python"
    script.write_text(f"#!{sys.executable}\nimport os; os.read(0, 500)\n{LIES[name]}\n")
    script.chmod(0o755)
    with open_splitter(LIMITS) as splitter:
        with monkeypatch.context() as patched:
            patched.setattr(cell, "_python", lambda: str(script))
            with pytest.raises(Fault, match="more than this site can read"):
                titles(splitter)
        assert titles(splitter) == ["Uno"]


def test_the_process_ends_when_its_parent_is_killed() -> None:
    parent = f"""
import time
from ckanext.culturape.harvest.split import open_splitter
from ckanext.culturape.intake.limits import Limits
with open_splitter(Limits()) as splitter:
    splitter({ONE!r}, "text/turtle", {ADDRESS!r}, "", "")
    print("ready", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"ready\n"
        mine = f"PPid:\t{process.pid}\n"
        [child] = [path.parent for path in Path("/proc").glob("[0-9]*/status") if mine in read(path)]
        process.kill()
    wait_until(lambda: cell_inside.__name__ not in read(child / "cmdline"))
