"""The journeys that must feel easy, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from steps import choose, fill_form, fits, says

PAGES = [
    "/",
    "/dataset/",
    "/dataset/rentoca-agregados",
    "/organization/inei",
    "/vocabulario/",
    "/vocabulario/cultural-right/identidad",
    "/vocabulario/people",
    "/validar",
    "/cobertura",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_phone_and_ask_no_other_host(open_page, path, portal):
    page = open_page("/vocabulario/sector", width=390)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path)
    assert fits(page)
    assert page.evaluate("document.documentElement.lang") == "es"
    assert [url for url in asked if not url.startswith((portal["url"], "data:"))] == []


def test_a_visitor_finds_by_words_without_accents_and_by_facets(open_page):
    page = open_page("/")
    page.fill("#culturape-q", "arqueologicas")
    page.click(".culturape-hero button")
    page.get_by_text("Monumentos arqueológicos prehispánicos, por distrito").first.wait_for()
    page.goto("/dataset/")
    page.get_by_role("link", name="Cusco").first.click()
    page.wait_for_url("**vocab_region=08**")
    page.get_by_text("Cusco: visitas a complejos arqueológicos").first.wait_for()


def test_the_form_works_without_scripts(open_page):
    # Logging in needs none either; the text areas take names, one a line.
    page = open_page("/dataset/new", scripts=False, login=True)
    page.check("input[name=sensitivity][value=ninguna]")
    page.select_option("select[name=access_level]", "abierto")
    fill_form(page, "Sin guiones")
    page.fill("textarea[name=language]", "Castellano\nquechua")
    page.fill("textarea[name=territory]", "Puno")
    page.click("button[value=go-metadata-preview]")
    says(page, ".culturape-record", "Quechua")


def test_one_change_for_many_and_a_forged_one(open_page, portal):
    page = open_page("/organization/cambios/mincetur", login=True)
    page.check("input[name=dataset]")
    page.select_option("select[name=license_id]", "other-at")
    page.click(".form-actions button")
    page.get_by_text("Se cambió 1 ficha.").wait_for()
    answer = page.request.post(
        f"{portal['url']}/organization/cambios/mincetur", form={"dataset": "x", "license_id": "cc-by"}
    )
    assert answer.status == 400


def test_an_editor_follows_a_finding_to_the_field(open_page):
    page = open_page("/dataset/consulta-previa-procesos", login=True)
    now = page.get_by_role("link", name="Examinarla ahora")
    if now.count():
        now.click()
    page.get_by_text("Es conforme con las reglas del catálogo.").wait_for()
    finding = page.locator(".culturape-findings li", has_text="Falta la oficina que responde preguntas.")
    finding.get_by_role("link").click()
    page.wait_for_url("**/dataset/edit/consulta-previa-procesos#campo-contact")
    assert page.locator("#campo-contact").is_visible()


def test_a_visitor_does_not_see_what_is_for_editors(open_page):
    page = open_page("/dataset/consulta-previa-procesos")
    assert page.locator(".culturape-validation").count() == 0


DESCRIPTION = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/d/1> a dcat:Dataset ; dct:title "<b>Danzas</b>"@es ; dcat:distribution <https://example.org/f/1> .
<https://example.org/f/1> a dcat:Distribution .
"""


def test_anybody_asks_what_a_validator_says(open_page):
    page = open_page("/validar", scripts=False)
    page.fill("textarea[name=text]", DESCRIPTION)
    page.get_by_role("button", name="Validar").click()
    says(
        page,
        "[aria-labelledby=informe]",
        "No es conforme con las reglas del catálogo.",
        "<b>Danzas</b>",
        "Falta la descripción.",
        "Falta la dirección del archivo o de la página.",
    )
    assert page.input_value("textarea[name=text]").strip() == DESCRIPTION.strip()


def test_english(open_page):
    page = open_page("/en/dataset/rentoca-agregados")
    says(page, ".culturape-record", "Cultural rights", "Music")


def test_somebody_states_a_need_and_it_is_published(open_page):
    page = open_page("/necesidad/nueva", login=True, width=390)
    page.fill("[name=title]", "Lenguas indígenas por distrito y edad")
    page.fill("[name=description]", "Docentes necesitan saber cuántos niños las hablan.")
    page.locator("#culturape-similar a").first.wait_for()
    page.click("button[name=go][value='2']")
    page.click("button[name=go][value='3']")
    page.locator(".culturape-problems", has_text="Elija al menos uno").wait_for()
    page.check("input[name=purpose][value=educacion]")
    choose(page, "territory", "loreto", "Loreto")
    page.click("button[name=go][value='3']")
    page.select_option("select[name=requester_type]", "academia")
    page.locator("select[name=agenda] option").nth(1).wait_for(state="attached")
    page.select_option("select[name=agenda]", index=1)
    page.click("button[name=go][value=send]")
    page.get_by_text("Solo usted y la organización que responde").wait_for()
    assert fits(page)
    page.goto("/necesidades/por-revisar")
    page.locator(".culturape-waiting", has_text="Lenguas indígenas por distrito y edad").get_by_role(
        "button", name="Publicar"
    ).click()
    visitor = open_page("/necesidad/")
    visitor.get_by_text("Lenguas indígenas por distrito y edad").first.wait_for()


def test_a_citizen_sees_what_is_missing_and_opens_a_cell(open_page):
    page = open_page("/cobertura", scripts=False)
    cell = page.locator(".cov-table tbody tr", has_text="Cusco").locator("td a:not(.cov-add)").first
    wanted = int(cell.inner_text())
    cell.click()
    expect(page.locator(".dataset-heading")).to_have_count(wanted)
    page.goto("/cobertura")
    page.select_option("#cov-rows", "sector")
    page.click(".cov-form button[type=submit]")
    says(page, ".cov-table caption", "Sectores culturales")
    page.goto("/cobertura")
    region = page.get_by_role("link", name="Cusco: ").first
    region.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**vocab_region=08**")


def test_the_matrix_scrolls_within_its_own_box_on_a_phone(open_page):
    page = open_page("/cobertura?rows=people&columns=region&all=1", width=360)
    assert fits(page)
    box = page.locator(".cov-scroll")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.cov-scroll').scrollLeft > 0")
