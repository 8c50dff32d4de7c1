"""The identity of the site: what the operator chose stands on each page, and nothing that is no colour or no text."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup

from ckanext.culturape import wiring
from ckanext.culturape.errors import ConfigurationFault

pytestmark = pytest.mark.usefixtures("clean")
LOOK, HOME, FOOTER = "ckanext.culturape.look.", "ckanext.culturape.home.", "ckanext.culturape.footer.text"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> [go](javascript:alert(1)) \"'>"


def page(app: Any, path: str = "/", **more: Any) -> BeautifulSoup:
    return BeautifulSoup(app.get(path, **more).get_data(as_text=True), "html.parser")


def style(app: Any) -> str:
    """What the head of the page says of colours, beside its sheets."""
    return "".join(found.get_text() for found in page(app).find_all("style"))


def test_without_options_the_look_is_ours(app):
    found = page(app)
    assert style(app) == ""
    assert found.select_one("link[rel=icon]")["href"] == "/culturape/icon.svg"
    assert found.select_one("meta[name=theme-color]")["content"] == "#6d1f22"
    name = found.select_one(".masthead .culturape-name")
    assert name.svg and name.get_text(strip=True) == tk.config["ckan.site_title"]
    assert not found.select(".masthead h1, .masthead h2")
    icon = app.get("/culturape/icon.svg").get_data(as_text=True)
    assert icon.startswith("<svg") and "http" not in icon.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.ckan_config(LOOK + "primary", "#ffd400")
@pytest.mark.ckan_config(LOOK + "accent", "#8A4B00")
def test_chosen_colours_stand_on_the_page_with_text_that_can_be_read_on_them(app):
    said = style(app)
    assert "--cu-mast:#ffd400;" in said
    # White could not be read on yellow.
    assert re.search(r"--cu-on-mast:#141b20;", said)
    assert "--cu-fill:#8a4b00;" in said and "--cu-on-fill:#ffffff;" in said
    assert page(app).select_one("meta[name=theme-color]")["content"] == "#ffd400"


@pytest.mark.parametrize(("scheme", "written"), [("light", "light"), (" Dark ", "dark")])
def test_one_look_for_everybody(app, monkeypatch, scheme, written):
    monkeypatch.setitem(tk.config, LOOK + "scheme", scheme)
    assert style(app) == f"@media not print{{:root{{color-scheme:{written}}}}}"


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("primary", "red"),
        ("primary", "#12345"),
        ("accent", "#fff;}</style><script>alert(1)</script>"),
        ("accent", "url(//other.example/x)"),
        ("scheme", "sepia"),
    ],
)
def test_what_is_no_colour_stops_the_site_and_says_which_option(option, given):
    with pytest.raises(ConfigurationFault) as refused:
        wiring.check_look({LOOK + option: given})
    assert LOOK + option in str(refused.value)
    assert repr(given) in str(refused.value)


def test_empty_colours_are_no_fault():
    wiring.check_look({LOOK + "primary": "", LOOK + "accent": " ", LOOK + "scheme": ""})


@pytest.mark.ckan_config(HOME + "title", "Datos de la cultura")
@pytest.mark.ckan_config(HOME + "title.en", "Data about culture")
@pytest.mark.ckan_config(HOME + "lead", "Lo que publican los museos")
@pytest.mark.ckan_config(HOME + "about", "Lo mantiene la **Dirección**. [Más](/about)")
@pytest.mark.ckan_config(FOOTER, "Av. Ejemplo 123 · [Términos](/about)")
@pytest.mark.ckan_config(FOOTER + ".en", "123 Example Avenue")
def test_texts_of_the_operator_speak_the_language_of_the_reader(app):
    spanish, english = page(app), page(app, "/en/")
    assert spanish.h1.get_text(strip=True) == "Datos de la cultura"
    assert english.h1.get_text(strip=True) == "Data about culture"
    for found in (spanish, english):
        assert found.select_one(".culturape-hero p").get_text(strip=True) == "Lo que publican los museos"
        assert found.select_one(".culturape-about strong").get_text() == "Dirección"
    assert spanish.select_one(".culturape-institution a")["href"] == "/about"
    assert "123 Example Avenue" in english.select_one(".culturape-institution").get_text()
    assert "Av. Ejemplo" in page(app, "/dataset/").select_one(".site-footer").get_text()


@pytest.mark.ckan_config("ckanext.culturape.default_language", "es")
@pytest.mark.ckan_config(HOME + "title.es", "Solo en castellano")
def test_a_text_in_one_language_is_better_than_none(app):
    assert page(app, "/en/").h1.get_text(strip=True) == "Solo en castellano"


@pytest.mark.ckan_config(HOME + "title", HOSTILE)
@pytest.mark.ckan_config(HOME + "lead", HOSTILE)
@pytest.mark.ckan_config(HOME + "about", HOSTILE)
@pytest.mark.ckan_config(FOOTER, HOSTILE)
@pytest.mark.ckan_config("ckan.site_description", HOSTILE)
def test_texts_of_the_operator_bring_no_script(app):
    found = page(app)
    assert found.h1.get_text() == HOSTILE
    assert not [
        tag for tag in found.find_all("script") if "alert" in tag.get_text() and tag.get("type") is None
    ]
    assert not found.select("[onerror]")
    assert not [link for link in found.select("a[href]") if link["href"].lower().startswith("javascript:")]
    assert found.select_one("meta[property='og:description']")["content"] == HOSTILE


def test_what_administrators_write_in_the_page_of_settings_counts(app):
    helpers.call_action(
        "config_option_update",
        **{
            "ckan.site_title": "Otro título",
            "ckan.site_description": "Otro lema",
            "ckan.site_custom_css": "main { color: #123456; }",
            "ckan.site_logo": "/uploads/admin/logo.png",
            "ckan.site_about": "Quiénes *somos*",
        },
    )
    found = page(app)
    assert found.h1.get_text(strip=True) == "Otro título"
    assert found.select_one(".culturape-hero p").get_text(strip=True) == "Otro lema"
    assert "#123456" in style(app)
    logo = found.select_one(".masthead .culturape-name img")
    assert (logo["src"], logo["alt"]) == ("/uploads/admin/logo.png", "Otro título")
    assert "somos" in page(app, "/about").em.get_text()


@pytest.mark.ckan_config("ckan.favicon", "/mi-icono.ico")
def test_an_icon_of_the_operator_takes_the_place_of_ours(app):
    assert page(app).select_one("link[rel=icon]")["href"] == "/mi-icono.ico"


def test_a_link_that_is_shared_says_what_it_leads_to_once(app, make_dataset):
    record = make_dataset(
        name="una-ficha",
        title_translated={"es": "Fiestas & danzas"},
        resources=[{"url": "http://example.org/a.csv", "name": "Tabla"}],
    )
    for path, title in (
        ("/about", "Acerca de"),
        ("/dataset/una-ficha", "Fiestas & danzas"),
        (f"/dataset/una-ficha/resource/{record['resources'][0]['id']}", "Fiestas & danzas"),
    ):
        found = page(app, path)
        titles = [tag["content"] for tag in found.select("meta[property='og:title']")]
        assert len(titles) == 1 and tk.config["ckan.site_title"] in titles[0], path
        assert path == "/about" or title in titles[0]
        assert len(found.select("meta[property='og:description']")) == 1
        assert found.select_one("meta[property='og:site_name']")["content"] == tk.config["ckan.site_title"]


def test_another_language_needs_no_script(app):
    links = {a["hreflang"]: a for a in page(app, "/dataset/?q=a").select(".culturape-languages a")}
    assert links["en"]["href"].startswith("/en/dataset/")
    assert links["es"].get("aria-current") == "true" and not links["en"].get("aria-current")


def test_the_page_of_a_view_has_the_look(app, make_dataset, editor):
    record = make_dataset(name="con-vista", resources=[{"url": "http://example.org/a.png", "format": "PNG"}])
    resource = record["resources"][0]["id"]
    view = helpers.call_action(
        "resource_view_create",
        {"ignore_auth": True, "user": editor["name"]},
        resource_id=resource,
        view_type="image_view",
        title="V",
    )
    answer = app.get(f"/dataset/con-vista/resource/{resource}/view/{view['id']}").get_data(as_text=True)
    assert re.search(r"href=\"[^\"]*culturape[^\"]*\.css", answer)
