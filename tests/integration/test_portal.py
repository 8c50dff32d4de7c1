"""A whole portal from an empty folder: first page, crash of every part, and what people see of both."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import requests
from rooms import room

from culturape_portal.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = ("web", "worker", "harvest", "postgres", "solr", "valkey")


class PortalRun:
    """A portal of its own, worked by its command, without the services of the other tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Of its own, so that portals of tests that run side by side never want the same one.
        self.port = str(free_port())
        self.variables = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}

    def run(self, command: str, *args: str, code: int = 0, **variables: str) -> str:
        argv = [sys.executable, "-m", "culturape_portal.cli", command, "--data", str(self.folder), *args]
        done = subprocess.run(
            argv, capture_output=True, text=True, check=False, env=self.variables | variables
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr

    def up(self) -> str:
        return self.run("up", "--detach", "--no-seed", "--port", self.port)

    def status(self) -> dict[str, Any]:
        argv = [sys.executable, "-m", "culturape_portal.cli", "status", "--json", "--data", str(self.folder)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, env=self.variables)
        return json.loads(done.stdout)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.status()["url"] + path, headers=headers, timeout=60)

    def action(self, name: str, token: str = "", /, **data: Any) -> Any:
        url = f"{self.status()['url']}/api/3/action/{name}"
        answer = requests.post(url, json=data, headers={"Authorization": token}, timeout=60).json()
        assert answer["success"], answer
        return answer["result"]

    def found(self, words: str) -> int:
        return self.action("package_search", q=words)["count"]


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalRun]:
    with room() as folder:
        run = PortalRun(folder / "mi portal ñ")
        run.folder.mkdir()
        try:
            run.first_words = run.up()  # type: ignore[attr-defined]
            yield run
        finally:
            run.run("down")


@pytest.fixture(scope="module")
def token(portal: PortalRun) -> str:
    """Of the administrator; an organisation and a dataset are there."""
    said = portal.run("ckan", "--", "user", "token", "add", "admin", "test", "-q")
    found = said.strip().splitlines()[-1].strip()
    portal.action("organization_create", found, name="museo", title="Museo", **organization())
    portal.action("package_create", found, name="piezas", title="Piezas arqueológicas", **dataset())
    return found


def organization() -> dict[str, Any]:
    return {"title_translated": {"es": "Museo"}, "institution_type": "museo"}


def dataset() -> dict[str, Any]:
    return {
        "title_translated": {"es": "Piezas arqueológicas"},
        "notes_translated": {"es": "Piezas en exhibición, por sala."},
        "owner_org": "museo",
        "private": False,
        "sector": ["museos"],
        "cultural_right": ["informacion"],
        "language": ["es"],
        "territory": ["1501"],
        "sensitivity": ["ninguna"],
        "access_level": "abierto",
        "license_id": "CC-BY-4.0",
        "frequency": "ANNUAL",
    }


def test_the_first_start_tells_address_and_password_once(portal: PortalRun) -> None:
    words = portal.first_words  # type: ignore[attr-defined]
    password = re.search(r"Password: (\S+)", words)
    assert password is not None
    assert re.search(r"ready after \d+ seconds: http://localhost:\d+\n", words)
    for path in portal.folder.rglob("*"):
        if path.is_file() and path.suffix in {".log", ".json", ".ini"}:
            assert password[1] not in path.read_text("utf-8", "replace")


def test_everything_runs(portal: PortalRun) -> None:
    status = portal.status()
    assert (status["state"], status["phase"]) == ("running", "ready")
    assert {name: part["state"] for name, part in status["parts"].items()} == dict.fromkeys(PARTS, "running")


def test_the_first_page_is_spanish_compressed_and_names_its_scripts(portal: PortalRun) -> None:
    page = portal.get("/", **{"Accept-Encoding": "gzip"})
    assert page.status_code == 200
    assert page.headers["Content-Encoding"] == "gzip"
    assert 'lang="es"' in page.text
    assets = re.findall(r'(?:href|src)="(/webassets/[^"]+)"', page.text)
    assert assets
    for asset in assets:
        answer = portal.get(asset, **{"Accept-Encoding": "gzip"})
        assert "immutable" in answer.headers["Cache-Control"]
        again = portal.get(asset, **{"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_scripts_get_spanish_words(portal: PortalRun) -> None:
    assert len(portal.get("/api/i18n/es").json()) > 10


def is_for_others(path: Path) -> bool:
    """Whether others on the machine may read or write a file; the services make and drop files all the time."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & (stat.S_IROTH | stat.S_IWOTH))


def test_only_the_owner_reads_the_data(portal: PortalRun) -> None:
    # Unlike rglob, walk goes on where a folder is gone in the meantime.
    every = (Path(at, name) for at, folders, files in os.walk(portal.folder) for name in (*folders, *files))
    shared = [path for path in every if is_for_others(path)]
    inner = {portal.folder / name for name in ("solr", "valkey", "postgres", "storage", "static", "logs")}
    assert [path for path in shared if not inner & {path, *path.parents}] == []
    assert all(not stat.S_IMODE(folder.stat().st_mode) & 0o077 for folder in inner)


def test_no_two_processes_of_the_web_server_share_a_connection_to_the_database(portal: PortalRun) -> None:
    server = psutil.Process(portal.status()["parts"]["web"]["pid"])
    database = json.loads((portal.folder / "portal.json").read_text())["ports"]["postgres"]
    held = [connections(process, database) for process in (server, *server.children())]
    assert len(held) > 2
    assert held[0] == set()
    assert any(held)
    assert len(set.union(*held)) == sum(map(len, held))


def connections(process: psutil.Process, port: int) -> set[int]:
    """The near ends of the connections of a process to a port."""
    return {c.laddr.port for c in process.net_connections("tcp") if c.raddr and c.raddr.port == port}


def test_a_second_start_says_that_it_runs(portal: PortalRun) -> None:
    assert "already running: http://localhost:" in portal.up()


def test_another_ckan_is_refused(portal: PortalRun, tmp_path: Path) -> None:
    shutil.copy(portal.folder / "portal.json", tmp_path)
    memory = json.loads((tmp_path / "portal.json").read_text())
    (tmp_path / "portal.json").write_text(json.dumps({**memory, "ckan": "2.10.7"}))
    other = PortalRun(tmp_path)
    assert "belongs to CKAN 2.10.7" in other.run("up", code=1)


def test_a_job_is_worked_off(portal: PortalRun, token: str) -> None:
    portal.run("ckan", "--", "jobs", "test")
    deadline = time.monotonic() + 20
    while portal.action("job_list", token):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_search_knows_spanish(portal: PortalRun, token: str) -> None:
    assert portal.found("arqueologico") == 1


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_by_itself(portal: PortalRun, token: str, part: str) -> None:
    before = portal.status()["parts"][part]["pid"]
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while not recovered(portal, part, before):
        assert time.monotonic() < deadline
        time.sleep(0.3)


def recovered(portal: PortalRun, part: str, before: int) -> bool:
    status = portal.status()
    if status["parts"][part]["pid"] == before or status["parts"][part]["state"] != "running":
        return False
    try:
        return portal.found("arqueologico") == 1
    except (requests.RequestException, AssertionError):
        return False


def test_after_a_kill_of_everything_the_next_start_has_all_data(portal: PortalRun, token: str) -> None:
    status = portal.status()
    supervisor = json.loads((portal.folder / "run.json").read_text())["supervisor"][0]
    for pid in [supervisor, *(part["pid"] for part in status["parts"].values())]:
        # A part may end by itself once the supervisor is gone.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_for_end(supervisor)
    assert portal.status()["state"] == "stopped"
    portal.up()
    assert portal.found("arqueologico") == 1


def test_parts_that_a_killed_supervisor_left_are_replaced(portal: PortalRun, token: str) -> None:
    left = {part["pid"] for part in portal.status()["parts"].values()}
    supervisor = json.loads((portal.folder / "run.json").read_text())["supervisor"][0]
    os.kill(supervisor, signal.SIGKILL)
    wait_for_end(supervisor)
    portal.up()
    assert not left & {part["pid"] for part in portal.status()["parts"].values()}
    assert portal.found("arqueologico") == 1


def test_a_lost_index_is_filled_again(portal: PortalRun, token: str) -> None:
    portal.run("down")
    shutil.rmtree(portal.folder / "solr")
    assert "filling the search index" in portal.up()
    assert portal.found("arqueologico") == 1


def test_a_service_of_the_operator_is_used(portal: PortalRun, token: str) -> None:
    theirs = os.environ["CKAN_REDIS_URL"]
    portal.run("down")
    try:
        portal.run("up", "--detach", "--no-seed", "--port", portal.port, CKAN_REDIS_URL=theirs)
        parts = portal.status()["parts"]
        assert parts["valkey"]["state"] == "external"
        assert theirs in (portal.folder / "ckan.ini").read_text()
        assert portal.get("/").status_code == 200
    finally:
        portal.run("down")


def test_ctrl_c_stops_all(portal: PortalRun, token: str) -> None:
    portal.run("down")
    argv = [
        sys.executable,
        "-m",
        "culturape_portal.cli",
        "up",
        "--no-seed",
        "--port",
        portal.port,
        "--data",
        str(portal.folder),
    ]
    running = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=portal.variables)
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("Ctrl-C stops"):
            break
    pids = [part["pid"] for part in portal.status()["parts"].values()]
    running.send_signal(signal.SIGINT)
    assert "Stopping the portal" in running.stdout.read()
    assert running.wait(30) == 0
    running.stdout.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_ctrl_c_during_the_start_leaves_nothing_running(portal: PortalRun) -> None:
    portal.run("down")
    argv = [
        sys.executable,
        "-m",
        "culturape_portal.cli",
        "up",
        "--no-seed",
        "--port",
        portal.port,
        "--data",
        str(portal.folder),
    ]
    running = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=portal.variables)
    assert running.stdout is not None
    running.stdout.readline()
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)
    assert running.returncode == 130
    assert portal.status()["state"] == "stopped"
    assert not any(str(portal.folder) in words for words in command_lines())


def command_lines() -> Iterator[str]:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            yield " ".join(process.cmdline())


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
