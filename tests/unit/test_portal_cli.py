"""The commands answer with sentences, also where there is nothing to work on."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from culturape_portal.cli import main
from culturape_portal.errors import PortalError
from culturape_portal.state import DataFolder, Memory
from culturape_portal.supervise import Wishes, choose_address

if TYPE_CHECKING:
    from pathlib import Path


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.mark.parametrize("command", [["seed"], ["ckan", "--", "user", "list"], ["logs"], ["reset", "--yes"]])
def test_commands_without_a_portal_say_so(tmp_path: Path, command: list[str]) -> None:
    done = run(command[0], "--data", str(tmp_path), *command[1:])
    assert done.exit_code == 1
    assert str(tmp_path) in done.output
    assert "Traceback" not in done.output


def test_the_status_of_nothing(tmp_path: Path) -> None:
    done = run("status", "--json", "--data", str(tmp_path / "none"))
    assert done.exit_code == 3
    assert json.loads(done.output)["state"] == "stopped"
    assert not (tmp_path / "none").exists()


def test_down_without_a_portal_is_no_failure(tmp_path: Path) -> None:
    done = run("down", "--data", str(tmp_path))
    assert (done.exit_code, done.output) == (0, "it was not running\n")


def test_reset_asks_and_deletes_only_a_portal(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "portal")
    data.open()
    assert CliRunner().invoke(main, ["reset", "--data", str(data.path)], input="n\n").exit_code == 1
    assert data.exists()
    assert CliRunner().invoke(main, ["reset", "--data", str(data.path)], input="y\n").exit_code == 0
    assert not data.path.exists()


def test_logs_show_the_end_of_one_component(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "portal")
    data.open()
    data.log("web").write_text("".join(f"line {number}\n" for number in range(100)))
    data.log("solr").write_text("other\n")
    done = run("logs", "web", "-n", "2", "--data", str(data.path))
    assert done.output == "line 98\nline 99\n"


def test_the_help_names_the_data_folder() -> None:
    assert "CULTURAPE_PORTAL_DATA" in run("up", "--help").output


def test_another_port_is_taken_only_when_nobody_asked_for_this_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        memory = Memory(ports={"web": taken})
        assert choose_address(Wishes(), memory) == f"http://localhost:{memory.ports['web']}"
        assert memory.ports["web"] > taken
        with pytest.raises(PortalError, match=f"port {taken} is taken"):
            choose_address(Wishes(port=taken), Memory())


def test_the_address_people_use_is_remembered() -> None:
    memory = Memory()
    assert choose_address(Wishes(site_url="https://datos.example.org"), memory) == "https://datos.example.org"
    assert choose_address(Wishes(), memory) == "https://datos.example.org"
