"""The look in a real browser: dark and light are readable on CKAN's own pages too, paper carries no buttons, chosen colours hold in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.culturape.colours import palette, sheet

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")

#: Pages of visitors, and those that CKAN makes for editors and administrators.
OPEN = (
    "/",
    "/dataset/",
    "/dataset/rentoca-agregados",
    "/organization/",
    "/agendas/balance",
    "/vocabulario/people",
    "/validar",
    "/cobertura",
    "/user/login",
    "/no-hay",
)
INSIDE = (
    "/dataset/new", "/dataset/resources/rentoca-agregados", "/dataset/activity/rentoca-agregados", "/organization/member_new/inei", "/harvest/new",
    "/dashboard/", "/user/edit", "/user/admin", "/ckan-admin/", "/ckan-admin/config", "/ckan-admin/trash",
)  # fmt: skip

#: Colour of the page and of its text, as painted.
PAINTED = "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
LIGHT, DARK = ["rgb(251, 250, 246)", "rgb(31, 42, 51)"], ["rgb(18, 23, 26)", "rgb(230, 234, 237)"]


@pytest.fixture
def look(browser: Any, portal: dict[str, str]) -> Iterator[Callable[..., Any]]:
    """Opens a window on a device that asks for a look."""
    contexts: list[Any] = []

    def open_it(scheme: str, *, width: int = 1280, login: bool = False, scripts: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=portal["url"],
            color_scheme=scheme,
            # Colours are measured, not the way to them.
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        if login:
            page.goto("/user/login")
            page.fill("#field-login", "admin")
            page.fill("#field-password", portal["password"])
            page.press("#field-password", "Enter")
            page.wait_for_load_state()
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["visitor", "administrator"])
def test_all_text_can_be_read(look, scheme, who):
    page = look(scheme, width=390, login=who == "administrator")
    short: list[str] = []
    for path in INSIDE if who == "administrator" else OPEN:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(PAINTED) == (DARK if scheme == "dark" else LIGHT), path
        short += [f"{path} {said}" for frame in page.frames for said in frame.evaluate(CONTRAST)]
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    assert short == []


def test_the_measure_of_contrast_sees_what_cannot_be_read(look):
    page = look("dark")
    page.goto("/about")
    assert page.evaluate(CONTRAST) == []
    page.add_style_tag(content=".page-heading { color: #333; } p { background: #fff; }")
    said = " ".join(page.evaluate(CONTRAST))
    assert "> h1" in said and "> p" in said


@pytest.mark.parametrize(
    ("primary", "accent"), [("#ffd400", "#ffb3c7"), ("#000000", "#0a0a0a"), ("#7f7f7f", "#00ff00")]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_chosen_colours_can_be_read(look, scheme, primary, accent):
    page = look(scheme)
    for path in ("/", "/dataset/rentoca-agregados"):
        page.goto(path)
        page.add_style_tag(content=sheet(palette(primary, accent)))
        assert page.evaluate(CONTRAST) == []
        red, green, blue = bytes.fromhex(primary[1:])
        masthead = "getComputedStyle(document.querySelector('.masthead')).backgroundColor"
        assert page.evaluate(masthead) == f"rgb({red}, {green}, {blue})"


def test_one_look_for_everybody_holds_on_screen_and_paper_stays_light(look):
    page = look("light")
    page.goto("/about")
    page.add_style_tag(content="@media not print{:root{color-scheme:dark}}")
    assert page.evaluate(PAINTED) == DARK
    page.emulate_media(media="print")
    assert page.evaluate(PAINTED)[0] == "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    "path", ["/dataset/rentoca-agregados", "/agendas/balance", "/cobertura", "/vocabulario/sector"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_carries_what_the_page_says_and_nothing_to_press(look, path, scheme):
    page = look(scheme)
    page.goto(path)
    page.emulate_media(media="print", color_scheme=scheme)
    assert page.evaluate(PAINTED) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert page.locator("h1").first.is_visible()
    seen = "els => els.filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))"
    pressed = page.locator(
        ".masthead, .account-masthead, .secondary, .toolbar, button, input:not([type=hidden]), select, .btn"
    )
    assert pressed.evaluate_all(seen) == []
    assert page.evaluate(CONTRAST) == []


def test_paper_says_where_links_to_other_sites_lead(look):
    page = look("light")
    page.goto("/dataset/rentoca-agregados")
    page.emulate_media(media="print")
    after = "a => getComputedStyle(a, '::after').content"
    assert "rentoca.cultura.pe" in page.locator(
        ".culturape-record dd a[href^='https://rentoca']"
    ).first.evaluate(after)
    assert page.locator(".culturape-record dd a[href^='/']").first.evaluate(after) == "none"


def test_who_wants_no_motion_gets_none(look):
    page = look("light")
    page.goto("/")
    moving = """els => els.filter(e => { const s = getComputedStyle(e); return parseFloat(s.transitionDuration) > 0 && s.transitionProperty !== 'none'
      || s.animationName !== 'none'; }).length"""
    everything = page.locator("body, body *")
    assert everything.evaluate_all(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert everything.evaluate_all(moving) > 0


def test_without_scripts_the_other_language_is_one_click_away(look):
    page = look("dark", scripts=False)
    page.goto("/dataset/?q=musica")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/dataset/?q=musica")
    assert "datasets found" in page.content()
