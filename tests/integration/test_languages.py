"""Texts in many languages: what the form takes, what pages show and say of it, and the way out to RDF and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from agendas import maker
from bs4 import BeautifulSoup
from ckan import model

from ckanext.culturape.logic.site import vocabulary

Make = Callable[..., dict[str, Any]]

TITLES = {
    "es": "Canciones",
    "qu": "Takikuna",
    "murui-muinani": "Urukɨ rua",
    "quechua-chanka": "Chanka takikuna",
}


def page_of(app: Any, address: str, **headers: Any) -> BeautifulSoup:
    answer = app.get(address, extra_environ=headers, follow_redirects=True)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def marked(soup: BeautifulSoup) -> dict[str, str]:
    """Text of each element that says its language, by tag and text."""
    return {" ".join(one.get_text(" ").split()): str(one["lang"]) for one in soup.select("body [lang]")}


def test_a_page_shows_the_best_text_and_the_others_each_in_its_language(app: Any, make_dataset: Make) -> None:
    make_dataset(name="canciones", title_translated=TITLES, notes_translated={"qu": "Takikunata *huñun*."})
    soup = page_of(app, "/dataset/canciones")
    assert soup.h1 is not None
    assert soup.h1.get_text(strip=True) == "Canciones"
    found = marked(soup)
    assert found["Takikunata huñun ."] == "qu"
    assert found["Takikuna"] == "qu"
    assert found["Urukɨ rua"] == "mis-x-murui-muinani"
    assert found["Chanka takikuna"] == "qu-x-quechua-chanka"
    assert "Canciones" not in found
    summary = soup.select_one("details.culturape-languages summary")
    assert summary is not None
    assert " ".join(summary.get_text().split()) == "También en: Murui-Muinanɨ, Quechua, Quechua Chanka"


def test_a_reader_of_another_language_is_told_in_which_the_text_is(app: Any, make_dataset: Make) -> None:
    make_dataset(name="canciones", title_translated=TITLES)
    soup = page_of(app, "/en/dataset/canciones")
    assert [str(one) for one in soup.select("h1 bdi")] == ['<bdi lang="es">Canciones</bdi>']
    assert soup.select_one(".breadcrumb bdi[lang=es]") is not None
    listed = page_of(app, "/en/dataset/")
    assert [str(one) for one in listed.select(".dataset-heading bdi")] == ['<bdi lang="es">Canciones</bdi>']
    assert "Murui-Muinanɨ" in listed.select(".culturape-also")[0].get_text()


def test_without_spanish_a_title_is_still_a_title(app: Any, make_dataset: Make) -> None:
    made = make_dataset(
        name="canto", title_translated={"es": "", "qu": "Takikuna", "ay": "Jaylli", "en": "Songs"}
    )
    assert made["title"] == "Songs"
    assert str(page_of(app, "/dataset/canto").select("h1 bdi")[0]) == '<bdi lang="en">Songs</bdi>'
    make_dataset(name="danza", title_translated={"qu": "Takikuna"}, notes_translated={"qu": "Takikuna."})
    assert marked(page_of(app, "/dataset/danza"))["Takikuna"] == "qu"
    with pytest.raises(tk.ValidationError) as refused:
        make_dataset(title_translated={"es": "", "qu": " "})
    assert "title_translated" in refused.value.error_dict


def test_keywords_resources_and_organisations_say_their_language(
    app: Any, make_dataset: Make, organization: dict[str, Any]
) -> None:
    sysadmin = {"ignore_auth": True, "user": factories.Sysadmin()["name"]}
    helpers.call_action(
        "organization_patch", sysadmin, id=organization["id"],
        title_translated={"qu": "Ñawinchana wasi", "shp": "Kirika xobo"}, description_translated={"qu": "Liwrukuna."},
    )  # fmt: skip
    made = make_dataset(
        name="canto", tags_translated={"es": ["canto"], "qu": ["taki", "x" * 150], "murui-muinani": ["rua"]},
        resources=[{"url": "https://example.org/a", "format": "CSV", "name_translated": {"qu": "Sutikuna", "es": ""}, "description_translated": {"qu": "Qillqa", "en": "A list"}}],
    )  # fmt: skip
    found = marked(page_of(app, "/dataset/canto"))
    assert (found["taki"], found["rua"], found["x" * 150]) == ("qu", "mis-x-murui-muinani", "qu")
    assert (found["Sutikuna"], found["A list"], found["Ñawinchana wasi"]) == ("qu", "en", "qu")
    assert "canto" not in found
    resource = page_of(app, f"/dataset/canto/resource/{made['resources'][0]['id']}")
    assert str(resource.select("h1 bdi")[0]) == '<bdi lang="qu">Sutikuna</bdi>'
    assert marked(resource)["Qillqa"] == "qu"
    for address in ("/organization/biblioteca", "/organization/about/biblioteca", "/organization/"):
        assert marked(page_of(app, address))["Ñawinchana wasi"] == "qu", address
    assert marked(page_of(app, "/organization/biblioteca"))["Kirika xobo"] == "shp"


def test_the_page_about_an_organisation_says_what_is_known_in_words(
    app: Any, organization: dict[str, Any]
) -> None:
    sysadmin = {"ignore_auth": True, "user": factories.Sysadmin()["name"]}
    helpers.call_action(
        "organization_patch", sysadmin, id=organization["id"], title_translated={"es": "Biblioteca", "en": "Library"}, territory=["08"],
        institution_type="ministerio", url="https://example.org/", contact_email="datos@example.org", tax_id="20537630222",
    )  # fmt: skip
    soup = page_of(app, "/organization/about/biblioteca")
    facts = {
        row.dt.get_text(strip=True): " ".join(row.dd.get_text(" ").split())
        for row in soup.select(".culturape-record dl > div")
    }
    assert facts["Territorio"] == "Perú › Cusco"
    assert facts["Sitio web"] == "https://example.org/"
    assert "datos@example.org" in facts["Correo de la oficina de contacto"]
    assert facts["Tipo de institución"] == "Ministerio"
    assert "Nombre" not in facts
    assert "{" not in soup.select_one('[role="main"]').get_text()


def test_all_languages_at_once_and_hostile_texts(app: Any, make_dataset: Make) -> None:
    hostile = "<script>alert(1)</script> \u202egnol\u2067 " + "ñ" * 900
    texts = {concept.id: f"{concept.id} {hostile}" for concept in vocabulary().scheme("language")}
    made = make_dataset(
        name="canto",
        title_translated=texts,
        tags_translated={key: [text[:90]] for key, text in texts.items()},
    )
    assert len(made["title_translated"]) == len(texts) > 80
    soup = page_of(app, "/dataset/canto")
    assert not [
        one
        for one in soup.select("script")
        if "alert(1)" in one.get_text() and "application/ld+json" not in str(one.get("type"))
    ]
    assert "\u202e" not in soup.get_text()
    assert len(soup.select("details.culturape-languages li")) == len(texts) - 1
    assert f"y {len(texts) - 7} más" in soup.select("details.culturape-languages summary")[0].get_text()
    # Marks of direction stay within what they turn.
    assert soup.select("h1 bdi")
    page_of(app, "/dataset/")


@pytest.fixture
def form(app: Any, editor: dict[str, Any], organization: dict[str, Any]) -> Callable[..., BeautifulSoup]:
    """Sends the form of a new dataset as the editor, without JavaScript."""

    def send(**fields: str) -> BeautifulSoup:
        headers = {"Authorization": editor["token"]}
        data = {
            "save": "go-metadata-preview", "culturape_read_modified": "", "name": "canto", "owner_org": organization["id"], "private": "False",
            "notes_translated-es": "Descripción.", "sector": "bibliotecas", "cultural_right": "informacion", "language": "es", "territory": "1501",
            "sensitivity": "ninguna", "access_level": "abierto", "license_id": "CC-BY-4.0", "frequency": "ANNUAL", **fields,
        }  # fmt: skip
        answer = app.post("/dataset/new", data=data, headers=headers, follow_redirects=False)
        return BeautifulSoup(answer.text, "html.parser")

    return send


def test_the_form_adds_a_language(form: Any) -> None:
    form(**{
        "title_translated-es": "Canciones", "title_translated-new_lang": "murui-muinani", "title_translated-new_text": "Urukɨ",
        "tags_translated-es": "canto, voz", "tags_translated-new_lang": "qu", "tags_translated-new_text": "taki, kunka",
    })  # fmt: skip
    stored = helpers.call_action("package_show", id="canto")
    assert stored["title_translated"] == {"es": "Canciones", "murui-muinani": "Urukɨ"}
    assert stored["tags_translated"] == {"es": ["canto", "voz"], "qu": ["kunka", "taki"]}


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Hay dos textos en una misma lengua (Castellano)"), ("", "Elija la lengua de «Takikuna»")],
)
def test_the_form_loses_no_text_of_a_repeated_or_forgotten_language(
    form: Any, language: str, words: str
) -> None:
    soup = form(**{
        "title_translated-es": "Canciones", "title_translated-new_lang": language, "title_translated-new_text": "Takikuna",
    })  # fmt: skip
    assert words in soup.select("#campo-title_translated .culturape-error")[0].get_text()
    assert soup.select("[name='title_translated-es']")[0]["value"] == "Canciones"
    assert soup.select("[name='title_translated-new_text']")[0]["value"] == "Takikuna"
    chosen = [str(one["value"]) for one in soup.select("[name='title_translated-new_lang'] option[selected]")]
    assert chosen == ([language] if language else [])
    assert soup.select("#campo-title_translated details")[0].has_attr("open")
    assert model.Package.get("canto") is None


def test_rdf_says_all_languages(app: Any, make_dataset: Make) -> None:
    make_dataset(
        name="canto", title_translated=TITLES, tags_translated={"qu": ["taki"], "murui-muinani": ["rua"]}
    )
    turtle = app.get("/dataset/canto.ttl").text
    for text, tag in (
        ("Takikuna", "qu"),
        ("Urukɨ rua", "mis-x-murui-muinani"),
        ("Chanka takikuna", "qu-x-quechua-chanka"),
        ("taki", "qu"),
        ("rua", "mis-x-murui-muinani"),
    ):
        assert f'"{text}"@{tag}' in turtle, text


def test_pages_of_agendas_and_their_parts_say_the_language(
    app: Any, organization: dict[str, Any], editor: dict[str, Any]
) -> None:
    make = maker(organization["id"], editor["name"])
    agenda = make("agenda", name="agenda-x", title_translated={"qu": "Agenda qillqa", "shp": "Joi"})
    make("necesidad", agenda=agenda["name"], name="necesidad-x", title_translated={"qu": "Munasqa willakuy"})
    make(
        "compromiso",
        agenda=agenda["name"],
        name="compromiso-x",
        title_translated={"ay": "Arsuwi", "qu": "Sullullchay"},
    )
    found = marked(page_of(app, "/agenda/agenda-x"))
    assert {
        "Agenda qillqa": "qu",
        "Joi": "shp",
        "Munasqa willakuy": "qu",
        "Arsuwi": "ay",
    }.items() <= found.items()
    assert marked(page_of(app, "/compromiso/compromiso-x"))["Sullullchay"] == "qu"
    assert marked(page_of(app, "/necesidad/necesidad-x"))["Munasqa willakuy"] == "qu"
