"""Wheel, source archive and editable installation carry every file that the program reads."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = {
    ".yaml", ".csv", ".po", ".mo", ".html", ".css", ".js", ".svg", ".ttl", ".json", ".xml", ".txt", ".ini", ".mako",
}  # fmt: skip
FOLDERS = {
    "ckanext/culturape": "ckanext/culturape",
    "schemas": "ckanext/culturape/schemas",
    "i18n": "ckanext/culturape/i18n",
    "portal": "culturape_portal",
}


def expected() -> dict[str, str]:
    """Path in the repository of every data file and module, and its path in the wheel."""
    tracked = subprocess.run(
        ["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files: dict[str, str] = {}
    for name in tracked.stdout.splitlines():
        if Path(name).suffix in DATA | {".py"}:
            folder = next(folder for folder in FOLDERS if name.startswith(f"{folder}/"))
            files[name] = FOLDERS[folder] + name[len(folder) :]
    return files


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a source archive, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--installer", "uv", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_there_is_something_to_carry():
    suffixes = {Path(name).suffix for name in expected()}
    assert {".yaml", ".csv", ".mo", ".html", ".css", ".py"} <= suffixes


def test_wheel_carries_everything(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {path for path in expected().values() if path not in names} == set()
    assert "ckanext/__init__.py" not in names
    assert not [name for name in names if name.startswith(("tests/", "schemas/", "portal/"))]


def test_source_archive_carries_everything(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {path for path in expected() if path not in names} == set()
    assert {"LICENSE", "NOTICE", "README.md", "CHANGELOG.md"} <= names


def test_installed_wheel_reads_its_data(built, tmp_path):
    wheel = next(built.glob("*.whl"))
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        str(python),
        "--no-deps",
        str(wheel),
        "pyyaml",
        "pyoxigraph",
    ]
    subprocess.run([str(Path(sys.executable).parent / install[0]), *install[1:]], check=True)
    program = (
        "from ckanext.culturape.fields import load_schema; from ckanext.culturape.vocab.pack import load_vocabulary;"
        "print(len(load_schema().fields), len(load_vocabulary().scheme('territory')) > 2000)"
    )
    answer = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert answer.stdout.split()[1] == "True"


def test_editable_installation_reads_its_data(tmp_path):
    program = "import ckanext.culturape.schemas as s, ckanext.culturape.i18n as i, culturape_portal as p; print(s.__path__, i.__path__, p.__path__)"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "schemas" in answer.stdout


def test_entry_points_can_be_loaded():
    from importlib.metadata import distribution

    points = {(point.group, point.name) for point in distribution("ckanext-culturape").entry_points}
    assert {
        ("ckan.plugins", "culturape"), ("ckan.plugins", "culturape_dcat"),
        ("ckan.rdf.profiles", "culturape_dcat_ap_3"), ("console_scripts", "culturape-portal"),
    } <= points  # fmt: skip
