"""An official publishes: from the first log-in to what the public sees."""

from __future__ import annotations

import pytest
from steps import choose, fill_form, fits, reload_until, says

TABLE = "distrito,museo,visitas\nWanchaq,Museo ficticio,1250\nCusco,Casa ficticia,840\n"
MESA = "Mesa de demostración (ficticia)"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "visitas-ficticias.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def log_in_by_hand(page, official, picture) -> None:
    page.goto("/")
    page.locator(".account a[href^='/user/login']").click()
    page.fill("#field-login", official[0])
    page.fill("#field-password", official[1])
    picture("ingresar", page.locator("[role=main] .module-content").first)
    page.press("#field-password", "Enter")
    page.locator(".account .username").wait_for()


def answer_for_care(page, picture) -> None:
    page.check("input[name=sensitivity][value=ninguna]")
    says(page, "#campo-access_level .culturape-suggestion", "Abierto")
    picture("cuidado", section(page, "cuidado"))
    page.click("#campo-access_level .culturape-suggestion button")
    assert page.input_value("select[name=access_level]") == "abierto"


def section(page, name):
    return page.locator(f"section[aria-labelledby=seccion-{name}]")


def add_file(page, path, picture) -> None:
    page.locator(".culturape-add-resource").click()
    page.fill("[name='name_translated-es']", "Visitas por museo, 2024 (CSV)")
    page.set_input_files("#field-resource-upload", path)
    picture("archivo", page.locator(".culturape-form"))
    page.locator(
        "button[name=save][value=go-metadata], button[name=save][value=go-dataset-complete]"
    ).last.click()
    page.locator(".resource-list", has_text="Visitas por museo, 2024 (CSV)").wait_for()


def test_a_new_official_publishes_a_dataset(open_page, official, table, picture):
    page = open_page("/", width=1000)
    log_in_by_hand(page, official, picture)
    page.goto("/dataset/")
    page.locator("a[href^='/dataset/new']").first.click()
    answer_for_care(page, picture)
    fill_form(page, "Visitas a museos de Wanchaq, 2024 (ejemplo ficticio)", MESA)
    page.fill(
        "[name='notes_translated-es']",
        "Visitas por museo y distrito, contadas en boletería. Ficha inventada para el manual.",
    )
    page.check("input[name=cultural_right][value=informacion]")
    picture("identificacion", section(page, "identificacion"))
    picture("derechos", section(page, "derechos"))
    choose(page, "people", "huambisa", "Wampis")
    choose(page, "language", "castell", "Castellano")
    page.fill("#field-territory-box", "wanchaq")
    page.locator("#field-territory-options [role=option]", has_text="Wanchaq").first.wait_for()
    picture("territorio", section(page, "diversidad"), page.locator("#field-territory-options"))
    choose(page, "territory", "wanchaq", "Wanchaq")
    page.select_option("select[name=license_id]", "CC-BY-4.0")
    picture("licencia", section(page, "responsables"), section(page, "publicacion"))
    page.click("button[value=go-metadata-preview]")
    page.wait_for_url("**/dataset/visitas-a-museos-de-wanchaq-2024-ejemplo-ficticio")
    add_file(page, table, picture)
    assert page.locator(".culturape-todo").count() == 0
    sees_the_public(open_page(page.url, width=1000), picture)


def sees_the_public(visitor, picture) -> None:
    says(
        visitor,
        ".culturape-record",
        "Wampis",
        "Wanchaq",
        "Patrimonio cultural",
        "Información y comunicación",
        "Creative Commons Atribución 4.0",
        "Anual",
    )
    says(visitor, ".culturape-care", "Abierto")
    says(visitor, "#culturape-cite", MESA)
    assert visitor.locator(".culturape-todo, .culturape-validation").count() == 0
    picture("ficha", visitor.locator("[role=main] .primary .module, .primary").first)
    address = visitor.locator(
        ".resource-item a.resource-url-analytics, .resource-item .dropdown-menu a[href*='/download/']"
    ).first
    answer = visitor.request.get(address.get_attribute("href"))
    assert answer.text() == TABLE


def test_the_domains_of_unesco_are_suggested(open_page):
    page = open_page("/dataset/new", login=True)
    page.check("input[name=sector][value=museos]")
    page.click("#campo-cultural_domain .culturape-suggestion button")
    assert page.is_checked("input[name=cultural_domain][value=patrimonio-natural-cultural]")


def test_an_editor_meets_a_rule_of_care_and_resolves_it(open_page, official, picture):
    page = open_page("/dataset/new", width=1000, login=official)
    page.check("input[name=sensitivity][value=lugar-sagrado]")
    says(page, "#campo-access_level .culturape-suggestion", "Con protocolo")
    picture("cuidado-lugar-sagrado", section(page, "cuidado"))
    page.select_option("select[name=access_level]", "con-protocolo")
    fill_form(page, "Lugares que se cuidan (ejemplo ficticio)", MESA)
    choose(page, "language", "quechua", "Quechua")
    choose(page, "territory", "wanchaq", "Wanchaq")
    with page.expect_navigation():
        page.click("button[value=go-metadata-preview]")
    messages = " ".join(page.locator(".culturape-error").all_inner_texts())
    assert "provincia" in messages
    assert "Diga por qué" in messages
    picture("regla-de-cuidado", page.locator(".error-explanation"))
    page.locator(".error-explanation a[href*=territory]").first.click()
    page.locator("#campo-territory .culturape-chosen button").first.click()
    choose(page, "territory", "0801", "Cusco")
    page.fill("[name=access_reason]", "Decisión de la comunidad")
    page.fill("[name=community_authority]", "Comunidad ficticia")
    page.click("button[value=go-metadata-preview]")
    page.wait_for_url("**/dataset/lugares-que-se-cuidan-ejemplo-ficticio*")
    says(page, ".culturape-care", "Con protocolo")
    picture("aviso-de-cuidado", page.locator(".culturape-care").first)


def test_peoples_in_isolation_are_never_located(open_page, official):
    page = open_page("/dataset/new", login=official)
    page.check("input[name=sensitivity][value=piaci]")
    page.click("#campo-access_level .culturape-suggestion button")
    fill_form(page, "Normas sobre reservas (ejemplo ficticio)", MESA)
    page.fill("[name=access_reason]", "Ley 28736")
    choose(page, "language", "castell", "Castellano")
    choose(page, "territory", "loreto", "Loreto")
    page.click("button[value=go-metadata-preview]")
    says(page, "#field-territory-error", "país")
    assert page.is_visible("#campo-territory")


@pytest.mark.parametrize("width", [390, 360])
def test_a_municipality_copies_a_record_on_a_telephone(open_page, official, width):
    page = open_page("/dataset/copiar/region-cusco-visitas", width=width, login=official)
    assert fits(page)
    page.fill("[name='title_translated-es']", f"Visitas a un museo municipal, {width} (ejemplo ficticio)")
    page.select_option("select[name=owner_org]", label=MESA)
    page.locator("#campo-territory .culturape-chosen button").first.click()
    page.fill("#field-territory-box", "san sebastian")
    page.locator("#field-territory-options [role=option]", has_text="Cusco").first.wait_for()
    assert fits(page)
    page.locator("#field-territory-options [role=option]", has_text="Cusco").first.click()
    page.select_option("select[name=private]", "False")
    page.click("button[value=go-metadata-preview]")
    page.wait_for_url(f"**/dataset/visitas-a-un-museo-municipal-{width}*")
    says(page, ".culturape-record", "San Sebastián")
    assert fits(page)


def test_what_is_missing_and_what_others_will_say(open_page, picture):
    page = open_page("/organization/completitud/ministerio-de-cultura-peru", width=1000, login=True)
    page.locator(".culturape-table a", has_text="Frecuencia de actualización").first.wait_for()
    picture("completitud", page.locator(".primary h1"), page.locator(".culturape-table"))
    page.locator(".culturape-table a", has_text="Frecuencia de actualización").first.click()
    page.wait_for_url("**#campo-frequency")
    page.goto("/dataset/consulta-previa-procesos")
    if page.get_by_role("link", name="Examinarla ahora").count():
        page.get_by_role("link", name="Examinarla ahora").click()
    reload_until(page, page.locator(".culturape-verdict"))
    picture("informe-dcat", page.locator(".culturape-validation"))
