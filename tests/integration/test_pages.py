"""Pages and forms as people meet them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup

from ckanext.culturape.fields import load_schema


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.body, "html.parser")


@pytest.fixture
def headers(editor: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": editor["token"]}


def test_whatever_is_wrong_with_a_form_is_listed_with_a_way_to_the_field(app: Any) -> None:
    errors = {
        "people": "No es un pueblo.", "contact": [{}, {"email": ["No es un correo.", "Falta el nombre."]}], "territory": ["No existe <b>."],
        "algo_mas": ["Raro."],
    }  # fmt: skip
    with app.flask_app.test_request_context("/"):
        fields = tk.h.scheming_get_dataset_schema("dataset")["dataset_fields"]
        html = tk.render_snippet("scheming/snippets/errors.html", data={"errors": errors, "fields": fields})
    lines = [" ".join(line.text.split()) for line in BeautifulSoup(html, "html.parser").select("li")]
    assert sorted(lines) == sorted([
        "Pueblos: No es un pueblo.", "Contacto: No es un correo.", "Contacto: Falta el nombre.", "Territorio: No existe <b>.", "Algo mas: Raro.",
    ])  # fmt: skip
    assert [a["href"] for a in BeautifulSoup(html, "html.parser").select("li a[href='#campo-territory']")]


def test_home_offers_rights_regions_and_latest(app, make_dataset):
    make_dataset()
    page = soup(app.get("/"))
    assert "Información y comunicación" in page.text
    assert page.select_one(".culturape-rights .culturape-count")
    assert "Préstamos de la biblioteca pública" in page.select_one(".culturape-latest").text
    region = page.find("a", string=lambda text: text and "Lima" in text) or page.select_one(
        'a[href*="vocab_region=15"]'
    )
    assert region is not None


def test_every_vocabulary_page_is_shown(app, clean):
    from ckanext.culturape.logic.site import vocabulary

    assert "Derechos culturales" in app.get("/vocabulario/").body
    for scheme in vocabulary().schemes.values():
        assert app.get(f"/vocabulario/{scheme.id}").status_code == 200
        first = next(iter(scheme))
        assert first.label("es") in soup(app.get(f"/vocabulario/{scheme.id}/{first.id}")).text
    assert app.get("/vocabulario/nada", status=404)
    assert app.get("/vocabulario/sector/nada", status=404)


def test_hidden_names_are_never_shown(app, clean):
    assert "Campa" not in app.get("/vocabulario/people/ashaninka").body
    answer = app.get("/api/3/action/culturape_concept_search?scheme=people&q=campa").json["result"]
    assert [row["id"] for row in answer][0] == "ashaninka"
    assert "ampa" not in str(answer)


def test_dataset_page_shows_sections_care_and_what_is_missing(app, make_dataset):
    dataset = make_dataset(
        people=["wampis"], territory=["080101"], access_level="abierto-generalizado", access_reason="<b>x</b>"
    )
    page = soup(app.get(f"/dataset/{dataset['name']}"))
    assert "Wampis" in page.text
    assert "Perú › Cusco › Cusco › Cusco" in " ".join(page.select_one(".culturape-record").text.split())
    assert "Abierto en versión generalizada" in page.select_one(".culturape-care").text
    assert "<b>x</b>" in page.select_one(".culturape-care").text
    assert page.select_one(".culturape-cite").text.strip()


def test_form_shows_every_field_once(app, headers, organization):
    page = soup(app.get("/dataset/new", headers=headers))
    names = {element.get("name", "").split("-")[0] for element in page.select(".culturape-form [name]")}
    schema = load_schema()
    hidden = {field.name for field in schema.fields if field.import_only or field.community_only}
    assert {field.name for field in schema.fields} - hidden - names == set()
    assert [h2["id"] for h2 in page.select(".culturape-section h2")][0] == "seccion-cuidado"


def form_data(**changes: Any) -> dict[str, Any]:
    data = {
        "title_translated-es": "Museos de prueba", "notes_translated-es": "Lista", "sector": ["museos"],
        "cultural_right": ["patrimonio"], "language": "Castellano", "territory": "cusco", "sensitivity": ["ninguna"],
        "access_level": "abierto", "license_id": "notspecified", "frequency": "ANNUAL", "private": "False",
        "save": "go-metadata-preview", "_ckan_phase": "1", "pkg_name": "", "culturape_read_modified": "",
    }  # fmt: skip
    return {**data, **changes}


def test_a_dataset_is_made_in_the_form(app, headers, organization):
    sent = form_data(
        owner_org=organization["id"], **{"contact-0-name": "Mesa", "contact-0-email": "mesa@x.pe"}
    )
    answer = app.post("/dataset/new", data=sent, headers=headers, follow_redirects=False)
    assert answer.status_code == 302, soup(answer).select(".culturape-error, .error-explanation")
    dataset = helpers.call_action("package_show", id="museos-de-prueba")
    assert dataset["state"] == "active"
    assert dataset["territory"] == ["08"]
    assert dataset["language"] == ["es"]
    assert dataset["contact"] == [{"email": "mesa@x.pe", "name": "Mesa"}]
    resource = {
        "url": "https://x.pe/a.csv",
        "name_translated-es": "Tabla",
        "format": "csv",
        "save": "go-metadata",
        "id": "",
    }
    answer = app.post(
        "/dataset/museos-de-prueba/resource/new", data=resource, headers=headers, follow_redirects=False
    )
    assert answer.status_code == 302, soup(answer).select(".culturape-error, .error-explanation")
    dataset = helpers.call_action("package_show", id="museos-de-prueba")
    assert (dataset["state"], dataset["resources"][0]["format"]) == ("active", "CSV")
    assert dataset["resources"][0]["name_translated"] == {"es": "Tabla"}


def test_a_faulty_form_says_all_faults_and_keeps_what_was_typed(app, headers, organization):
    sent = form_data(
        owner_org=organization["id"],
        territory="cuscoo",
        url="javascript:alert(1)",
        issued="ayer",
        **{"title_translated-es": "A & B"},
    )
    page = soup(app.post("/dataset/new", data=sent, headers=headers))
    errors = " ".join(element.text for element in page.select(".culturape-error"))
    assert "Cusco (08)" in errors
    assert "ayer" in errors
    assert "javascript" in errors
    assert page.select_one("[name='title_translated-es']")["value"] == "A & B"
    assert page.select_one("[name='territory']").text.strip() == "cuscoo"
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("package_show", id="a-b")


def test_editing_in_the_form_keeps_undeclared_extras_and_warns_of_others(app, headers, make_dataset):
    dataset = make_dataset(extras=[{"key": "codigo_interno", "value": "X-9"}])
    page = soup(app.get(f"/dataset/edit/{dataset['name']}", headers=headers))
    mark = page.select_one("[name='culturape_read_modified']")["value"]
    sent = form_data(
        owner_org=dataset["owner_org"], name=dataset["name"], culturape_read_modified=mark, save="save"
    )
    sent.pop("_ckan_phase")
    assert (
        app.post(
            f"/dataset/edit/{dataset['name']}", data=sent, headers=headers, follow_redirects=False
        ).status_code
        == 302
    )
    saved = helpers.call_action("package_show", id=dataset["id"])
    assert saved["extras"] == [{"key": "codigo_interno", "value": "X-9"}]
    assert saved["title"] == "Museos de prueba"
    page = soup(app.post(f"/dataset/edit/{dataset['name']}", data=sent, headers=headers))
    assert "mientras usted la editaba" in page.text
    assert (
        helpers.call_action("package_show", id=dataset["id"])["metadata_modified"]
        == saved["metadata_modified"]
    )


def test_an_incomplete_draft_is_saved_and_published_when_complete(app, headers, organization):
    sent = {
        "title_translated-es": "Borrador",
        "owner_org": organization["id"],
        "_ckan_phase": "1",
        "pkg_name": "",
        "private": "False",
    }
    answer = app.post(
        "/dataset/new", data={**sent, "save": "save-draft"}, headers=headers, follow_redirects=False
    )
    assert answer.status_code == 302, soup(answer).select(".culturape-error")
    draft = helpers.call_action("package_show", id="borrador")
    assert draft["state"] == "draft"
    page = soup(
        app.post(
            "/dataset/new",
            data={**sent, "pkg_name": "borrador", "save": "go-metadata-preview"},
            headers=headers,
        )
    )
    assert "Sectores culturales" in " ".join(e.text for e in page.select(".culturape-error"))
    assert helpers.call_action("package_show", id="borrador")["state"] == "draft"
    complete = form_data(owner_org=organization["id"], pkg_name="borrador", name="borrador")
    assert app.post("/dataset/new", data=complete, headers=headers, follow_redirects=False).status_code == 302
    assert helpers.call_action("package_show", id="borrador")["state"] == "active"


def test_an_incomplete_record_is_not_half_saved(app, headers, organization):
    sent = form_data(owner_org=organization["id"], sector="", **{"title_translated-es": "A medias"})
    page = soup(app.post("/dataset/new", data=sent, headers=headers))
    assert page.select(".culturape-error")
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("package_show", id="a-medias")


def test_a_record_is_copied_without_what_is_its_own(app, headers, make_dataset):
    dataset = make_dataset(
        identifier="ID-1", issued="2020", resources=[{"name": "a", "url": "https://x.pe/a"}]
    )
    page = soup(app.get(f"/dataset/copiar/{dataset['name']}", headers=headers))
    assert page.select_one("[name='title_translated-es']")["value"] == dataset["title"]
    assert page.select_one("input[name=sector][value=bibliotecas]").has_attr("checked")
    for name in ("identifier", "issued", "name"):
        assert not page.select_one(f"[name='{name}']")["value"]
    assert page.select_one("#dataset-edit")["action"] == "/dataset/new"
    assert app.get(f"/dataset/copiar/{dataset['name']}", expect_errors=True).status_code == 403


def test_what_is_missing_in_an_organisation(app, headers, make_dataset, organization):
    make_dataset(name="completo")
    make_dataset(name="incompleto", private=True, sector=None, title_translated={"es": "Sin sector"})
    page = soup(app.get(f"/organization/completitud/{organization['name']}", headers=headers))
    rows = [row.text for row in page.select(".culturape-table tbody tr")]
    assert len(rows) == 1
    assert "Sin sector" in rows[0]
    assert "Sectores culturales" in rows[0]
    assert app.get(f"/organization/completitud/{organization['name']}", expect_errors=True).status_code == 403


def test_one_change_for_many_records(app, headers, make_dataset, organization):
    good = make_dataset(name="uno")
    file = {"name": "a", "url": "https://x.pe/a", "download_url": "https://x.pe/d"}
    kept = make_dataset(name="dos", title_translated={"es": "Con archivo"}, resources=[file])
    data = {"dataset": [good["id"], kept["id"]], "access_level": "solo-metadatos", "access_reason": "Norma"}
    address = f"/organization/cambios/{organization['name']}"
    page = soup(app.post(address, data=data, headers=headers))
    assert "Con archivo" in page.select_one(".culturape-care").text
    assert helpers.call_action("package_show", id=good["id"])["access_level"] == "solo-metadatos"
    assert helpers.call_action("package_show", id=kept["id"])["access_level"] == "abierto"
    assert app.post(address, data=data, expect_errors=True).status_code == 403


@pytest.mark.parametrize(
    ("language", "said"), [("es", "31 de diciembre de 2024, 18:05"), ("en", "December 31, 2024, 18:05")]
)
def test_hours_stand_after_a_date_of_the_language(app: Any, language: str, said: str) -> None:
    with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": language}):
        found = tk.h.render_datetime("2024-12-31T18:05:00", with_hours=True)
        assert found.startswith(f"{said} (")
        assert tk.h.render_datetime("2024-12-31T18:05:00") == said.rpartition(", ")[0]
        assert tk.h.render_datetime("nunca", with_hours=True) == ""
        assert tk.h.render_datetime("2024-12-31T18:05:00", "%Y", with_hours=True) == "2024"
