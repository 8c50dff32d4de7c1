"""The pages of the portal that the manual names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MANUAL = Path(__file__).parents[2] / "docs/manual"
ADDRESS = re.compile(r"`(/[a-z/-]+)`")
NAMED = sorted(
    {path for page in MANUAL.glob("*.md") for path in ADDRESS.findall(page.read_text(encoding="utf-8"))}
)


@pytest.mark.parametrize("path", NAMED)
def test_a_page_that_the_manual_names_opens(open_page, path):
    page = open_page(path, login=path != "/user/login")
    assert page.url.endswith(path)
    assert page.locator("h1, h2").count()
    assert not page.get_by_text(re.compile("Error (4|5)")).count()
