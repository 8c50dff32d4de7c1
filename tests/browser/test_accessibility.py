"""Every kind of page, as axe-core judges it (WCAG 2.2 AA and good practice), on narrow screens, enlarged, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from places import ADMINISTRATOR, VISITOR

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
FULL, PHONE, ENLARGED, NARROW = 1280, 390, 640, 360

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def visits(browser: Any, portal: dict[str, str]) -> Iterator[Visit]:
    """Opens pages as a visitor or as the administrator, who logs in once; gives the page when CKAN's scripts have done their work."""
    pages: dict[bool, Any] = {}
    resource: list[str] = []

    def visit(path: str, *, login: bool = False, width: int = FULL) -> Any:
        if login not in pages:
            pages[login] = browser.new_context(base_url=portal["url"]).new_page()
            if login:
                log_in(pages[login], portal["password"])
        page = pages[login]
        if "{resource}" in path:
            resource[:] = resource or [first_resource(page)]
            path = path.format(resource=resource[0])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    yield visit
    for page in pages.values():
        page.context.close()


def log_in(page: Any, password: str) -> None:
    page.goto("/user/login")
    page.fill("#field-login", "admin")
    page.fill("#field-password", password)
    page.press("#field-password", "Enter")
    page.wait_for_load_state()


def first_resource(page: Any) -> str:
    answer = page.request.get("/api/3/action/package_show?id=rentoca-agregados").json()
    return str(answer["result"]["resources"][0]["id"])


def judged(page: Any) -> tuple[int, list[str]]:
    """How many rules hold on a page, and what breaks others."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", list(RULES))
    faults = [
        f"{rule['id']} {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    return len(found["passes"]), faults


def overflow(page: Any, width: int) -> int:
    """By how much a page is wider than a window of some width; 640 px is what a window of 1280 px shows at 200 %."""
    page.set_viewport_size({"width": width, "height": 900})
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


EVERYWHERE = [(path, False) for path in VISITOR] + [(path, True) for path in ADMINISTRATOR]
#: Pages whose layout on a phone has parts of its own, as somebody.
ON_A_PHONE = [("/", False), ("/dataset/", False), ("/dataset/rentoca-agregados", False), ("/cobertura", False), ("/dataset/new", True)]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "login"), EVERYWHERE, ids=[f"{'administrator' if login else 'visitor'} {path}" for path, login in EVERYWHERE]
)  # fmt: skip
def test_axe_finds_nothing_and_nothing_is_cut(
    visits: Visit, path: str, login: bool, record_property: Any
) -> None:
    page = visits(path, login=login)
    held, faults = judged(page)
    over = {width: overflow(page, width) for width in (ENLARGED, NARROW)}
    record_property("axe", f"{path}: {held} rules hold, {len(faults)} faults")
    # A judge that judges nothing proves nothing.
    assert held > 30
    assert not faults, "\n".join(faults)
    assert over == {ENLARGED: 0, NARROW: 0}


@pytest.mark.parametrize(("path", "login"), ON_A_PHONE)
def test_axe_finds_nothing_on_a_phone(visits: Visit, path: str, login: bool) -> None:
    page = visits(path, login=login, width=PHONE)
    assert judged(page)[1] == []
    assert overflow(page, NARROW) == 0


def focused(page: Any) -> dict[str, Any]:
    """What has the focus: its words, its address, its name, and how its frame is drawn."""
    return page.evaluate(
        """() => { const it = document.activeElement, style = getComputedStyle(it);
        return {text: it.innerText || '', href: it.getAttribute('href') || '', name: it.getAttribute('name') || '', id: it.id, tag: it.tagName,
                value: it.value || '',
                seen: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'}; }"""
    )


def tab_to(page: Any, wanted: Callable[[dict[str, Any]], bool], most: int = 400) -> dict[str, Any]:
    """Press Tab until something has the focus; on the way each thing must show that it has it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = focused(page)
        assert found["seen"] or found["tag"] == "BODY", f"no visible focus: {found}"
        if wanted(found):
            return found
    raise AssertionError("the keyboard does not reach it")


def test_the_first_key_skips_to_the_content(visits: Visit) -> None:
    for path in ("/", "/dataset/"):
        page = visits(path)
        page.keyboard.press("Tab")
        first = focused(page)
        assert first["href"] == "#content"
        assert page.locator("a[href='#content']").bounding_box()["width"] > 50
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#content').contains(document.activeElement)")


def test_search_facet_and_dataset_by_keyboard_alone(visits: Visit) -> None:
    page = visits("/")
    tab_to(page, lambda it: it["id"] == "culturape-q")
    page.keyboard.type("museos")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dataset/?q=museos**")
    page.wait_for_load_state("networkidle")
    tab_to(page, lambda it: "vocab_sector=museos" in it["href"])
    page.keyboard.press("Enter")
    page.wait_for_url("**vocab_sector=museos**")
    page.wait_for_load_state("networkidle")
    tab_to(page, lambda it: re.fullmatch(r"/dataset/[a-z0-9-]+", it["href"]) is not None and bool(it["text"]))
    page.keyboard.press("Enter")
    page.locator(".culturape-record").first.wait_for()


def choose_by_keyboard(page: Any, name: str, value: str) -> None:
    """Go to a list and down in it until it says the value."""
    tab_to(page, lambda it: it["name"] == name)
    for _ in range(60):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} does not offer {value}")


def check_by_keyboard(page: Any, name: str, value: str) -> None:
    tab_to(page, lambda it: it["name"] == name and it["value"] == value)
    page.keyboard.press("Space")


def pick_by_keyboard(page: Any, field: str, typed: str) -> None:
    """Type a part of a name in the box of a vocabulary, and take the first that is offered."""
    tab_to(page, lambda it: it["id"] == f"field-{field}-box")
    page.keyboard.type(typed)
    page.locator(f"#field-{field}-options [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def save_by_keyboard(page: Any) -> None:
    tab_to(page, lambda it: it["name"] == "save" and it["value"] == "go-metadata-preview")
    page.keyboard.press("Enter")


def test_a_dataset_is_described_by_keyboard_alone(visits: Visit) -> None:
    page = visits("/dataset/new", login=True)
    check_by_keyboard(page, "sensitivity", "ninguna")
    choose_by_keyboard(page, "access_level", "abierto")
    tab_to(page, lambda it: it["name"] == "notes_translated-es")
    page.keyboard.type("Escrito sin ratón")
    check_by_keyboard(page, "sector", "museos")
    check_by_keyboard(page, "cultural_right", "patrimonio")
    pick_by_keyboard(page, "language", "castell")
    pick_by_keyboard(page, "territory", "cusco")
    tab_to(page, lambda it: it["name"] == "owner_org")
    page.keyboard.type("Instituto Nacional")
    choose_by_keyboard(page, "private", "False")
    choose_by_keyboard(page, "license_id", "notspecified")
    choose_by_keyboard(page, "frequency", "ANNUAL")
    save_by_keyboard(page)
    # What is wrong has the focus when the page opens, and its first line leads to the field that tells it again.
    page.wait_for_function("document.activeElement.hasAttribute('data-culturape-errors')")
    page.keyboard.press("Tab")
    assert focused(page)["href"] == "#campo-title_translated"
    page.keyboard.press("Enter")
    tab_to(page, lambda it: it["name"] == "title_translated-es", most=3)
    told = page.evaluate(
        "document.activeElement.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).innerText).join(' ')"
    )
    assert page.locator("#campo-title_translated .culturape-error").inner_text() in told
    page.keyboard.type("Museos con el teclado")
    save_by_keyboard(page)
    # The browser keeps the place in the form that the list of errors led to.
    page.wait_for_url("**/dataset/museos-con-el-teclado*")


def test_errors_of_forms_of_ckan_have_the_focus_too(visits: Visit) -> None:
    page = visits("/group/new", login=True)
    tab_to(page, lambda it: it["name"] == "save")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.classList.contains('error-explanation')")


def add_file(page: Any, dataset: str, name: str) -> None:
    page.evaluate(
        "file => new Promise(done => ckan.sandbox().client.call('POST', 'resource_create', file, done))",
        {"package_id": dataset, "url": "https://example.org/archivo.csv", "name": name, "format": "CSV"},
    )


def test_files_are_put_in_order_without_dragging(visits: Visit) -> None:
    add_file(visits("/dataset/resources/bdpi-pueblos", login=True), "bdpi-pueblos", "Otro archivo")
    page = visits("/dataset/resources/bdpi-pueblos", login=True)
    names = page.locator(".resource-item .heading")
    before = names.all_inner_texts()
    assert len(before) == 2
    page.locator(".culturape-move").first.wait_for()
    assert tab_to(page, lambda it: it["text"] == "\u2193")["tag"] == "BUTTON"
    page.keyboard.press("Enter")
    assert names.all_inner_texts() == before[::-1]
    with page.expect_response("**/package_resource_reorder"):
        page.locator(".form-actions .save").click()
    record = page.request.get("/api/3/action/package_show?id=bdpi-pueblos").json()["result"]
    assert record["resources"][0]["name"] == "Otro archivo"


def test_who_wants_no_motion_gets_none(browser: Any, portal: dict[str, str]) -> None:
    for wish, moving in (("no-preference", True), ("reduce", False)):
        context = browser.new_context(base_url=portal["url"], reduced_motion=wish)
        page = context.new_page()
        page.goto("/user/login")
        found = page.evaluate(
            "[...document.querySelectorAll('*')].some(it => parseFloat(getComputedStyle(it).transitionDuration) > 0.001)"
        )
        assert found == moving
        context.close()
