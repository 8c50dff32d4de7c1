"""The data folder: closed to others, of one CKAN, and never a folder that holds other things."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from culturape_portal.errors import PortalError
from culturape_portal.process import Identity
from culturape_portal.state import DataFolder, Run, default_folder


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "portal")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_gets_secrets_that_stay(data: DataFolder) -> None:
    first = data.open().secrets
    assert len(set(first.values())) == len(first) >= 6
    assert data.open().secrets == first


def test_only_the_owner_reads_it(data: DataFolder) -> None:
    data.path.mkdir(mode=0o755)
    data.open()
    assert mode(data.path) == 0o700
    assert mode(data.file("portal.json")) == 0o600


def test_a_patch_release_of_ckan_is_fine_another_series_is_refused(data: DataFolder) -> None:
    memory = data.open()
    series = memory.ckan.rsplit(".", 1)[0]
    memory.ckan = f"{series}.99"
    data.save(memory)
    data.open()
    memory.ckan = "2.9.4"
    data.save(memory)
    with pytest.raises(PortalError, match=r"belongs to CKAN 2\.9\.4.*--data"):
        data.open()


def test_a_folder_with_other_files_is_left_alone(data: DataFolder) -> None:
    data.path.mkdir()
    (data.path / "thesis.odt").touch()
    data.path.chmod(0o755)
    with pytest.raises(PortalError, match=r"thesis\.odt"):
        data.open()
    assert mode(data.path) == 0o755


def test_settings_may_be_there_before_the_first_start(data: DataFolder) -> None:
    data.path.mkdir()
    data.file("settings.ini").write_text("ckan.site_title = X")
    assert data.open().ckan


@pytest.mark.parametrize("name", ["50%", 'a"b'])
def test_a_path_that_ckan_cannot_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PortalError, match="CKAN cannot read"):
        DataFolder(tmp_path / name).open()


def test_a_folder_that_cannot_be_made_is_named() -> None:
    with pytest.raises(PortalError, match=r"/proc/nowhere cannot be written"):
        DataFolder(Path("/proc/nowhere")).open()


def test_a_broken_file_is_named(data: DataFolder) -> None:
    data.open()
    data.file("portal.json").write_text("{")
    with pytest.raises(PortalError, match=r"portal\.json cannot be read"):
        data.memory()


def test_what_another_release_wrote_is_read(data: DataFolder) -> None:
    memory = data.open()
    content = json.loads(data.file("portal.json").read_text())
    data.file("portal.json").write_text(json.dumps({**content, "unheard_of": 1}))
    assert data.memory() == memory


def test_processes_survive_the_file(data: DataFolder) -> None:
    data.open()
    run = Run(Identity(1, 2.5), "ready", "http://localhost:5000", {"web": Identity(7, 8.25)}, ["solr"])
    data.save_run(run)
    assert data.run() == run


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CULTURAPE_PORTAL_DATA", "/srv/portal")
    assert default_folder() == Path("/srv/portal")
    monkeypatch.delenv("CULTURAPE_PORTAL_DATA")
    assert default_folder().is_absolute()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert default_folder().is_relative_to(Path.home())
