"""Agendas: what is promised, what is asked for and answered, and what others find out about it."""

from __future__ import annotations

import hashlib

from steps import choose, fits, says

MESA = "Mesa de demostración (ficticia)"
CUSCO = "/agenda/agenda-ficticia-cusco-patrimonio"
NEED = "Contar los talleres de los museos por distrito (ejemplo ficticio)"


def common(page, title: str) -> None:
    page.fill("[name='title_translated-es']", title)
    page.fill("[name='notes_translated-es']", "Ejemplo inventado para el manual.")
    page.select_option("select[name=owner_org]", label=MESA)
    page.select_option("select[name=private]", "False")


def make_agenda(page, picture) -> None:
    page.goto("/agenda/new")
    common(page, "Agenda de museos (ejemplo ficticio)")
    page.select_option("select[name=agenda_status]", label="Borrador")
    page.select_option("select[name=agenda_stage]", label="Diseño")
    page.check("input[name=purpose][value=educacion]")
    page.fill("[name=actors-0-name]", "Municipalidad (ficticia)")
    page.select_option("[name=actors-0-actor_type]", "gobierno-local")
    page.select_option("select[name=participation_level]", index=1)
    choose(page, "territory", "cusco", "Cusco")
    picture("agenda-formulario", page.locator(".culturape-form > section").first)
    page.click("button[value=go-metadata-preview]")
    page.wait_for_url("**/agenda/agenda-de-museos-ejemplo-ficticio")


def promise(page, picture) -> None:
    page.get_by_role("link", name="Crear compromiso").click()
    common(page, "Publicar las visitas a museos (ejemplo ficticio)")
    page.fill("[name=lead_actor]", "Municipalidad (ficticia)")
    page.fill("[name=due_date]", "2034-12")
    choose(page, "fulfilled_by", "visitas a complejos", "Cusco: visitas a complejos arqueológicos")
    picture("compromiso", page.locator(".culturape-form > section").last)
    page.click("button[value=go-metadata-preview]")
    page.wait_for_url("**/compromiso/publicar-las-visitas-a-museos-ejemplo-ficticio")


def test_an_official_keeps_an_agenda(open_page, official, picture):
    page = open_page("/", width=1000, login=official)
    make_agenda(page, picture)
    promise(page, picture)
    visitor = open_page("/agenda/agenda-de-museos-ejemplo-ficticio")
    row = visitor.locator("tr", has_text="Publicar las visitas a museos")
    assert "Cumplido" in row.inner_text()
    row.get_by_role("link", name="Cusco: visitas a complejos arqueológicos").click()
    visitor.get_by_role("link", name="Publicar las visitas a museos (ejemplo ficticio)").wait_for()


def state_a_need(page) -> None:
    page.fill("[name=title]", NEED)
    page.fill("[name=description]", "Una red de docentes quiere llevar a sus estudiantes a los talleres.")
    page.click("button[name=go][value='2']")
    page.check("input[name=purpose][value=educacion]")
    choose(page, "territory", "cusco", "Cusco")
    page.click("button[name=go][value='3']")
    page.select_option("select[name=requester_type]", "academia")
    page.select_option(
        "select[name=agenda]", label=page.locator("select[name=agenda] option", has_text="Cusco").inner_text()
    )
    page.click("button[name=go][value=send]")
    page.wait_for_url("**/necesidad/contar-los-talleres*")


def test_a_need_is_read_published_and_answered(open_page, official, picture):
    sender = open_page("/necesidad/nueva", width=360, login=True)
    state_a_need(sender)
    assert fits(sender)
    page = open_page("/necesidades/por-revisar", width=1000, login=official)
    waiting = page.locator(".culturape-waiting", has_text=NEED)
    picture("necesidad-por-revisar", waiting)
    waiting.get_by_role("button", name="Publicar").click()
    page.locator("#paso-situacion").wait_for()
    page.select_option("#paso-situacion", label="En revisión")
    page.fill("#paso-comentario", "Preguntaremos a los museos del distrito (ejemplo ficticio).")
    picture("necesidad-paso", page.locator(".culturape-step"))
    page.get_by_role("button", name="Añadir a la historia").click()
    page.locator(".culturape-steps", has_text="Preguntaremos a los museos").wait_for()
    picture("necesidad-historia", page.locator(".culturape-steps"))
    sender.goto("/necesidades/mias")
    assert "En revisión" in sender.locator("li", has_text=NEED).inner_text()
    hears_of_it(open_page("/necesidad/"), sender)


def hears_of_it(visitor, sender) -> None:
    visitor.get_by_role("link", name=NEED).first.click()
    feed = visitor.locator("a[type='application/atom+xml']").get_attribute("href")
    assert "Preguntaremos a los museos" in visitor.request.get(feed).text()
    says(visitor, "#apoyo", "1 persona")
    sender.get_by_role("link", name=NEED).click()
    sender.get_by_role("button", name="Dejar de apoyar").click()
    sender.get_by_role("button", name="Apoyar esta necesidad").wait_for()


def test_an_agenda_is_evaluated_by_its_actors(open_page, official, picture):
    page = open_page(f"{CUSCO}/evaluacion", width=1000, login=official)
    page.select_option("#evaluacion-actor", label="Colectivo por el patrimonio (ficticio)")
    page.get_by_role("button", name="Continuar").click()
    page.locator("input[name=specific-level]").nth(1).check()
    page.fill("#specific-explanation", "Faltan fechas en dos compromisos (ejemplo ficticio).")
    page.locator("input[name=completed-level]").nth(2).check()
    picture("agenda-evaluacion", page.locator("[aria-labelledby=evaluacion-formulario] fieldset").first)
    page.get_by_role("button", name="Registrar las respuestas").click()
    page.locator(".culturape-answers").wait_for()
    visitor = open_page(CUSCO, width=1000)
    assert "Una parte sustancial" in visitor.inner_text("[aria-labelledby=ficha-evaluacion]")
    picture("agenda-compromisos", visitor.locator("[aria-labelledby=ficha-compromisos]"))
    picture("agenda-barras", visitor.locator(".culturape-scorecard"))


def test_a_journalist_keeps_an_agenda_as_it_was_and_verifies_it(open_page):
    page = open_page(f"{CUSCO}/instantanea", scripts=False)
    kept = page.request.get(page.get_by_role("link", name="JSON", exact=True).get_attribute("href")).body()
    assert hashlib.sha256(kept).hexdigest() in page.inner_text("[role=main]")
    assert "Publicar las visitas a complejos arqueológicos (ficticio)" in kept.decode()
