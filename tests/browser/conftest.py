"""A whole portal with the sample catalogue, and Chromium to look at it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from culturape_portal.ports import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not CHROMIUM:
        skip = pytest.mark.skip(reason="there is no Chromium here: apt-get install chromium")
        for item in items:
            if "browser" in item.path.parts:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Address of a running portal, and the password of its administrator."""
    folder = tmp_path_factory.mktemp("portal")
    command = str(Path(sys.executable).parent / "culturape-portal")

    def run(*arguments: str) -> str:
        # Without the services of the other tests.
        variables = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
        argv = [command, *arguments, "--data", str(folder)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, env=variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    printed = run("up", "--detach", "--port", str(free_port()))
    password = re.search(r"Password: (\S+)", printed)
    assert password is not None
    try:
        yield {"url": json.loads(run("status", "--json"))["url"], "password": password[1]}
    finally:
        run("down")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, portal: dict[str, str]) -> Iterator[Callable[..., Any]]:
    """Opens a page of the portal; any script error fails the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_it(path: str, *, width: int = 1280, scripts: bool = True, login: bool = False) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=portal["url"]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if login:
            page.goto("/user/login")
            page.fill("#field-login", "admin")
            page.fill("#field-password", portal["password"])
            page.press("#field-password", "Enter")
            page.wait_for_load_state()
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert errors == []
