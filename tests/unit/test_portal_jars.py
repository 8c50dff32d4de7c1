"""Solr's archives: a list with checksums, fetched once, and nothing else accepted."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from culturape_portal import jars
from culturape_portal.errors import PortalError
from culturape_portal.jars import Jar, cache_folder, classpath, ensure_jars, listed_jars

CONTENT = b"an archive"


class Maven:
    """Hands out the same bytes for every coordinate, from a folder; counts what was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, list[str]()

    def create_dependency(self, coordinate: str) -> Any:
        self.asked.append(coordinate)
        path = self.folder / f"{len(self.asked)}.jar"
        path.write_bytes(CONTENT)
        artifact = type("Artifact", (), {"resolve": lambda _self: path})()
        return type("Dependency", (), {"artifact": artifact})()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two archives are wanted; the list of those that were fetched."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    monkeypatch.setenv("CULTURAPE_PORTAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(jars, "listed_jars", lambda: [Jar("a:one:1", digest), Jar("a:two:2", digest)])
    (tmp_path / "maven").mkdir()
    maven = Maven(tmp_path / "maven")
    monkeypatch.setattr(jars, "_maven", lambda _repository: maven)
    return maven.asked


def test_archives_are_fetched_once(asked: list[str]) -> None:
    said: list[str] = []
    ensure_jars(said.append)
    ensure_jars(said.append)
    assert sorted(asked) == ["a:one:1", "a:two:2"]
    assert [Path(name).name for name in classpath().split(os.pathsep)] == ["one-1.jar", "two-2.jar"]
    assert said[-1] == "Solr: 2 of 2 Java archives fetched"


def test_an_archive_that_is_lost_is_fetched_again_alone(asked: list[str]) -> None:
    ensure_jars(lambda _line: None)
    Path(classpath().split(os.pathsep)[1]).unlink()
    ensure_jars(lambda _line: None)
    assert asked[2:] == ["a:two:2"]


def test_an_archive_with_another_checksum_is_refused(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jars, "listed_jars", lambda: [Jar("a:one:1", "0" * 64)])
    with pytest.raises(PortalError, match="a:one:1 is not the expected file"):
        ensure_jars(lambda _line: None)
    assert not list(cache_folder().rglob("*.jar"))


def test_giving_up_leaves_no_half_file(asked: list[str]) -> None:
    def stop(line: str) -> None:
        if "fetching" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_jars(stop)
    assert not list(cache_folder().rglob("*.jar"))


def test_the_list_names_solr_and_what_the_spanish_analyser_needs() -> None:
    found = {jar.coordinate for jar in listed_jars()}
    assert {f"org.apache.solr:solr-core:{jars.SOLR_VERSION}"} < found
    assert any("lucene-analysis-common" in name for name in found)
    assert all(len(jar.sha256) == 64 for jar in listed_jars())
    assert len({jar.file_name for jar in listed_jars()}) == len(found)
