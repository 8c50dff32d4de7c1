"""ckan.ini: what the portal says, what the operator says instead, and no character lost on the way."""

from __future__ import annotations

import configparser
import stat
from typing import TYPE_CHECKING

import pytest

from culturape_portal.ckan_site import environment, fingerprint, settings
from culturape_portal.errors import PortalError
from culturape_portal.settings import own_settings, write_ini
from culturape_portal.state import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

URLS = {
    "sqlalchemy.url": "postgresql://ckan:a%40b@127.0.0.1/ckan",
    "ckan.datastore.write_url": "postgresql://w",
    "ckan.datastore.read_url": "postgresql://r",
}


def read(path: Path) -> dict[str, str]:
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text("utf-8"))
    return dict(parser["app:main"])


def test_values_arrive_as_they_were_given(tmp_path: Path) -> None:
    write_ini(
        tmp_path / "ckan.ini", {"sqlalchemy.url": URLS["sqlalchemy.url"], "ckan.site_title": "Perú 100%"}
    )
    found = read(tmp_path / "ckan.ini")
    assert found["sqlalchemy.url"] == URLS["sqlalchemy.url"]
    assert found["ckan.site_title"] == "Perú 100%"
    assert stat.S_IMODE((tmp_path / "ckan.ini").stat().st_mode) == 0o600


@pytest.mark.parametrize("heading", ["", "[app:main]\n"])
def test_the_operators_settings_win(tmp_path: Path, heading: str) -> None:
    (tmp_path / "settings.ini").write_text(heading + "# mine\nckan.site_title = Mi portal = tuyo\n", "utf-8")
    write_ini(tmp_path / "ckan.ini", {"ckan.site_title": "Portal", "SECRET_KEY": "s"})
    found = read(tmp_path / "ckan.ini")
    assert (found["ckan.site_title"], found["SECRET_KEY"]) == ("Mi portal = tuyo", "s")


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text("nonsense")
    with pytest.raises(PortalError, match=r"settings\.ini cannot be read"):
        own_settings(tmp_path / "settings.ini")


def test_ours_stand_before_scheming_and_dcat(tmp_path: Path) -> None:
    plugins = settings(DataFolder(tmp_path), URLS, "http://localhost:5000", "s")["ckan.plugins"].split()
    ours = [number for number, name in enumerate(plugins) if name.startswith("culturape")]
    assert ours == list(range(6))
    assert {"scheming_datasets", "dcat", "datastore", "datatables_view"} < set(plugins)


def test_without_a_datastore_its_plugins_are_left_out(tmp_path: Path) -> None:
    urls = {"sqlalchemy.url": URLS["sqlalchemy.url"]}
    plugins = settings(DataFolder(tmp_path), urls, "http://localhost:5000", "s")["ckan.plugins"].split()
    assert not {"datastore", "datatables_view"} & set(plugins)


def test_addresses_reach_ckan_by_the_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKAN_SQLALCHEMY_URL", URLS["sqlalchemy.url"])
    monkeypatch.setenv("CKAN_SMTP_SERVER", "mail.example.org")
    variables = environment(DataFolder(tmp_path))
    assert "CKAN_SQLALCHEMY_URL" not in variables
    assert variables["CKAN_SMTP_SERVER"] == "mail.example.org"


def test_the_fingerprint_changes_with_the_plugins(tmp_path: Path) -> None:
    ini = tmp_path / "ckan.ini"
    write_ini(ini, {"ckan.plugins": "culturape", "ckan.site_title": "A"})
    first = fingerprint(ini)
    write_ini(ini, {"ckan.plugins": "culturape", "ckan.site_title": "B"})
    assert fingerprint(ini) == first
    write_ini(ini, {"ckan.plugins": "culturape activity", "ckan.site_title": "B"})
    assert fingerprint(ini) != first
