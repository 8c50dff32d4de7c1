"""What people do on pages, for journeys that do it more than once."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import expect

#: Seconds in which what goes on behind the pages has to be done.
PATIENCE = 120


def choose(page: Any, field: str, typed: str, shown: str) -> None:
    """Type a part of a name and take what is offered."""
    page.fill(f"#field-{field}-box", typed)
    page.locator(f"#field-{field}-options [role=option]", has_text=shown).first.click()


def fill_form(
    page: Any, title: str, organization: str = "Instituto Nacional de Estadística e Informática"
) -> None:
    """Fill in what every dataset needs, but for care, languages and places."""
    page.fill("[name='title_translated-es']", title)
    page.fill("[name='notes_translated-es']", "Prueba en el navegador")
    page.check("input[name=sector][value=museos]")
    page.check("input[name=cultural_right][value=patrimonio]")
    page.select_option("select[name=owner_org]", label=organization)
    page.select_option("select[name=license_id]", "notspecified")
    page.select_option("select[name=frequency]", "ANNUAL")
    page.select_option("select[name=private]", "False")


def fits(page: Any) -> bool:
    """Whether nothing stands beyond the right edge of the page that was asked for last."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def says(page: Any, place: str, *texts: str) -> None:
    """See that a place says all of these, as soon as the page that was asked for is there: whoever looks right after a click may see the page before."""
    for text in texts:
        expect(page.locator(place).first).to_contain_text(text)


def reload_until(page: Any, awaited: Any) -> None:
    """Load the page anew until something is there: for what is done behind the pages."""
    end = time.monotonic() + PATIENCE
    while not awaited.count():
        assert time.monotonic() < end, f"not there after {PATIENCE} s: {awaited}"
        page.reload()
