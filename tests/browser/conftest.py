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
from neighbour import Neighbour
from pictures import Pictures
from rooms import room

from culturape_portal.ports import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=es",
]  # fmt: skip
FAULT = 500


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not CHROMIUM:
        skip = pytest.mark.skip(reason="there is no Chromium here: apt-get install chromium")
        for item in items:
            if "browser" in item.path.parts:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbour]:
    """Another catalogue, which the portal is allowed to read although it stands on this machine."""
    with Neighbour(tmp_path_factory.mktemp("neighbour")).serving() as served:
        yield served


@pytest.fixture(scope="session")
def portal(neighbour: Neighbour) -> Iterator[dict[str, str]]:
    """Address of a running portal, the password of its administrator, and the log of its web server."""
    with room() as outer:
        folder = outer / "portal"
        folder.mkdir()
        (folder / "settings.ini").write_text(f"ckanext.culturape.allowed_sources = {neighbour.base}/\n")
        password = re.search(r"Password: (\S+)", run(folder, "up", "--detach", "--port", str(free_port())))
        assert password is not None
        try:
            url = json.loads(run(folder, "status", "--json"))["url"]
            yield {"url": url, "password": password[1], "log": str(folder / "logs" / "web.log")}
        finally:
            run(folder, "down")


def run(folder: Path, *arguments: str) -> str:
    """What a command of the portal in this folder says. It knows nothing of the services of other tests."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
    argv = [str(Path(sys.executable).parent / "culturape-portal"), *arguments, "--data", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def log_in(page: Any, name: str, password: str) -> None:
    page.goto("/user/login")
    page.fill("#field-login", name)
    page.fill("#field-password", password)
    page.press("#field-password", "Enter")
    page.locator(".account .username").wait_for()


def fault(answer: Any, portal: dict[str, str]) -> str:
    """What the portal failed to answer, and what it wrote about it."""
    said = Path(portal["log"]).read_text("utf-8", "replace")[-4000:]
    return f"{answer.status} {answer.request.method} {answer.url}\n{said}"


@pytest.fixture
def open_page(browser: Any, portal: dict[str, str]) -> Iterator[Callable[..., Any]]:
    """Opens a page of the portal, as a visitor, as its administrator, or as the person of a name and a password.

    An error of a script, or of the portal itself, fails the test.
    """
    contexts: list[Any] = []
    errors: list[str] = []

    def open_it(
        path: str, *, width: int = 1280, scripts: bool = True, login: bool | tuple[str, str] = False
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=portal["url"]
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("response", lambda answer: answer.status >= FAULT and errors.append(fault(answer, portal)))
        if login:
            log_in(page, *(("admin", portal["password"]) if login is True else login))
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def official(browser: Any, portal: dict[str, str]) -> tuple[str, str]:
    """Name and password of a new official: whoever administers the portal made the account, and lets it edit for one organisation."""
    name, password = "mesa-edicion", "una contraseña larga 2026"
    # Without scripts, a box for the name of an account takes it as it is typed.
    context = browser.new_context(base_url=portal["url"], java_script_enabled=False)
    context.set_default_timeout(60_000)
    page = context.new_page()
    log_in(page, "admin", portal["password"])
    page.goto("/user/register")
    for field, text in {
        "username": name, "fullname": "Edición de la Mesa (ficticia)", "email": f"{name}@example.org",
        "password": password, "confirm-password": password,
    }.items():  # fmt: skip
        page.fill(f"#field-{field}", text)
    page.click("button[name=save]")
    page.wait_for_url(f"**/{name}")
    page.goto("/organization/member_new/mesa-de-demostracion-ficticia")
    page.fill("#username", name)
    page.select_option("select[name=role]", "editor")
    page.click("form.add-member-form button[type=submit]")
    page.locator("table td", has_text="Edición de la Mesa").first.wait_for()
    context.close()
    return name, password


@pytest.fixture(scope="session")
def picture() -> Callable[..., None]:
    """Takes what the manual shows; see ``pictures``."""
    return Pictures().take
