"""Another catalogue: validated, registered, harvested, and asked about when it loses most of what it had."""

from __future__ import annotations

from steps import PATIENCE, reload_until, says

TITLE = "Catálogo ficticio de un museo"


def register(page) -> None:
    """From the report of the validator to the form of a source."""
    page.get_by_role("link", name="Registrar este catálogo").click()
    page.fill("#field-title", TITLE)
    page.fill("#field-notes", "Catálogo inventado para el manual.")
    page.select_option("#field-owner_org", label="Mesa de demostración (ficticia)")


def harvest(page) -> None:
    """Ask for a harvest, and wait for its result."""
    page.goto("/harvest/admin/catalogo-ficticio-de-un-museo")
    page.locator("a[href*='/harvest/refresh/']").click()
    with page.expect_navigation():
        page.locator(".modal.show .btn-primary").click()
    page.goto("/cosechas/catalogo-ficticio-de-un-museo")


def test_a_catalogue_is_validated_registered_and_harvested(open_page, neighbour, picture):
    page = open_page("/validar", width=1000, login=True)
    page.set_default_timeout(PATIENCE * 1000)
    page.fill("#validar-url", neighbour.address)
    page.get_by_role("button", name="Validar").click()
    says(page, "[aria-labelledby=informe]", "Falta el título.")
    picture(
        "validar",
        page.locator("[aria-labelledby=informe] h3").first,
        page.locator("[aria-labelledby=informe]"),
    )
    register(page)
    page.get_by_role("button", name="Ver qué daría esta fuente").first.click()
    says(page, "#vista-previa", "Visitas al museo por mes, 2024 (ficticio)", "Qué no se incorpora")
    picture("cosecha-vista-previa", page.locator("#vista-previa"))
    page.click("button[name=save]")
    page.wait_for_url("**/catalogo-ficticio-de-un-museo")
    harvest(page)
    reload_until(page, page.locator(".culturape-standing", has_text="Terminó bien"))
    numbers = page.locator(".culturape-numbers li")
    assert [int(number) for number in page.locator(".culturape-numbers b").all_inner_texts()] == [5, 1]
    assert "Al día" in numbers.first.inner_text()
    assert "No incorporado" in numbers.last.inner_text()
    assert "conjunto de datos sin título" in page.inner_text(".culturape-harvest")
    picture("cosecha-informe", page.locator(".culturape-harvest"))
    asks_before_it_deletes(page, neighbour, picture)


def asks_before_it_deletes(page, neighbour, picture) -> None:
    neighbour.tell([0])
    harvest(page)
    reload_until(page, page.locator("#por-borrar"))
    picture("cosecha-por-confirmar", page.locator("[aria-labelledby=por-borrar]"))
    page.get_by_role("button", name="No eliminar nada").click()
    page.get_by_role("heading", name="No se elimina nada").wait_for()
    page.goto("/dataset/?q=ficticio+museo")
    page.get_by_text("Donaciones recibidas por año (ficticio)").first.wait_for()


def test_a_portal_that_harvests_finds_this_catalogue_valid(open_page, portal, tmp_path):
    page = open_page("/validar")
    answer = page.request.get(f"{portal['url']}/catalog.ttl?page=1")
    path = tmp_path / "catalog.ttl"
    path.write_bytes(answer.body())
    page.set_input_files("#validar-file", path)
    page.get_by_role("button", name="Validar").click()
    says(page, "[aria-labelledby=informe]", "Es conforme con las reglas del catálogo.")
