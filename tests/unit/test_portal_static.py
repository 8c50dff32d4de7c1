"""Static files: found once, compressed once, cached by browsers, and nothing outside their folders."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING, Any

import pytest

from culturape_portal.static import StaticFiles

if TYPE_CHECKING:
    from pathlib import Path

STYLE = b"body { color: black }\n" * 100


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    """Two folders of plugins, one with the web assets, and a secret beside them."""
    for name in ("first", "second", "assets", "packed"):
        (tmp_path / name).mkdir()
    (tmp_path / "first" / "site.css").write_bytes(STYLE)
    (tmp_path / "second" / "site.css").write_bytes(b"other")
    (tmp_path / "second" / "logo.png").write_bytes(b"\x89PNG" * 400)
    (tmp_path / "second" / "robots.txt").write_bytes(b"x" * 600)
    (tmp_path / "assets" / "0123abcd_main.css").write_bytes(STYLE)
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "first" / "link.json").symlink_to(tmp_path / "secret.json")
    roots = [("/webassets/", tmp_path / "assets"), ("/", tmp_path / "first"), ("/", tmp_path / "second")]
    return StaticFiles(application, roots, tmp_path / "packed")


def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"CKAN"]


def get(
    files: StaticFiles, url: str, method: str = "GET", **headers: str
) -> tuple[str, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body."""
    told: list[Any] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": url, **headers}
    body = b"".join(files(environ, lambda status, headers: told.extend([status, headers])))
    return told[0], {name.lower(): value for name, value in told[1]}, body


def test_the_first_folder_wins(files: StaticFiles) -> None:
    assert get(files, "/site.css")[2] == STYLE


def test_text_is_sent_compressed_to_those_who_accept_it(files: StaticFiles) -> None:
    _, headers, body = get(files, "/site.css", HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(body) == STYLE
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert headers["content-length"] == str(len(body))


def test_pictures_are_not_compressed_again(files: StaticFiles) -> None:
    _, headers, body = get(files, "/logo.png", HTTP_ACCEPT_ENCODING="gzip")
    assert "content-encoding" not in headers
    assert len(body) == 1600


def test_hashed_names_are_kept_for_ever_others_for_hours(files: StaticFiles) -> None:
    assert "immutable" in get(files, "/webassets/0123abcd_main.css")[1]["cache-control"]
    assert get(files, "/site.css")[1]["cache-control"] == "max-age=43200, public"


def test_a_browser_that_has_the_file_gets_304(files: StaticFiles) -> None:
    etag = get(files, "/site.css")[1]["etag"]
    status, _, body = get(files, "/site.css", HTTP_IF_NONE_MATCH=etag)
    assert (status[:3], body) == ("304", b"")


def test_a_changed_file_is_served_anew(files: StaticFiles, tmp_path: Path) -> None:
    get(files, "/site.css", HTTP_ACCEPT_ENCODING="gzip")
    changed = tmp_path / "first" / "site.css"
    changed.write_bytes(STYLE * 2)
    os.utime(changed, (2_000_000_000, 2_000_000_000))
    assert gzip.decompress(get(files, "/site.css", HTTP_ACCEPT_ENCODING="gzip")[2]) == STYLE * 2


def test_an_asset_that_appears_later_is_found(files: StaticFiles, tmp_path: Path) -> None:
    assert get(files, "/webassets/late.js")[2] == b"CKAN"
    (tmp_path / "assets" / "late.js").write_bytes(b"1")
    assert get(files, "/webassets/late.js")[2] == b"1"


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/dataset",
        "/robots.txt",
        "/nothing.css",
        "/../secret.json",
        "/link.json",
        "//site.css",
        "/x\0.css",
    ],
)
def test_all_else_goes_to_ckan(files: StaticFiles, url: str) -> None:
    assert get(files, url)[2] == b"CKAN"


def test_other_methods_go_to_ckan(files: StaticFiles) -> None:
    assert get(files, "/site.css", method="POST")[2] == b"CKAN"
