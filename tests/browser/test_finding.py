"""Those who look for data find them: by words, by facets, by people and language, in another language, on a telephone."""

from __future__ import annotations

import pytest
from steps import fits, says


def test_a_cultural_organisation_narrows_by_right_sector_and_region(open_page):
    page = open_page("/dataset/?q=visitas")
    for name, part in (
        ("Patrimonio cultural", "patrimonio"),
        ("Cusco", "vocab_region=08"),
        ("Arqueología", "arqueologia"),
    ):
        page.locator(".secondary").get_by_role("link", name=name).first.click()
        page.wait_for_url(f"**{part}**")
    page.get_by_text("Cusco: visitas a complejos arqueológicos").first.wait_for()


def test_a_researcher_sees_what_reuse_needs(open_page):
    page = open_page("/dataset/?q=prehispanicos")
    page.get_by_role("link", name="Monumentos arqueológicos prehispánicos, por distrito").first.click()
    says(page, ".culturape-record", "Licencia", "Procedencia", "Frecuencia de actualización", "Cómo citar")
    says(page, "#culturape-cite", page.url)
    for suffix in ("ttl", "jsonld"):
        assert page.request.get(f"{page.url}.{suffix}").ok


@pytest.mark.parametrize("width", [390, 360])
def test_a_people_finds_in_one_page_what_is_said_about_it(open_page, width):
    page = open_page("/pueblos", width=width)
    page.fill("#culturape-find", "shipibo")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Shipibo-Konibo").first.click()
    page.get_by_role("link", name="Ucayali: presencia de la lengua shipibo-konibo").first.wait_for()
    assert fits(page)
    feed = page.locator("a[href$='novedades.atom']").first.get_attribute("href")
    assert "Ucayali: presencia de la lengua" in page.request.get(feed).text()
    page.get_by_role("link", name="Plantear una necesidad").first.click()
    page.wait_for_url("**/necesidad/nueva**")
    assert fits(page)


def test_a_people_in_isolation_is_on_no_map(open_page):
    page = open_page("/pueblo/mashco-piro")
    assert page.locator("a[href*='vocab_region=']").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/agenda/",
        "/necesidad/",
        "/necesidad/nueva",
        "/no-abierto",
        "/pueblos",
        "/lenguas",
        "/agenda/agenda-ficticia-cusco-patrimonio",
    ],
)
@pytest.mark.parametrize("width", [390, 360])
def test_pages_of_agendas_and_peoples_fit_a_telephone(open_page, path, width):
    assert fits(open_page(path, width=width, login=path == "/necesidad/nueva"))


def test_whoever_reads_english_changes_the_language_and_comes_back(open_page):
    page = open_page("/dataset/rentoca-agregados", scripts=False)
    page.click(".culturape-languages a[lang=en]")
    says(page, "html[lang=en] .culturape-record", "Cultural rights")
    page.click(".culturape-languages a[lang=es]")
    says(page, "html[lang=es] .culturape-record", "Derechos culturales")
