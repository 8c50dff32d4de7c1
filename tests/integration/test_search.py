"""Finding datasets, with the portal's Solr schema and with the one that CKAN ships."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any
from unicodedata import normalize
from uuid import uuid4

import ckan.lib.jobs as jobs
import ckan.lib.search as search
import ckan.lib.search.common as common
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pysolr
import pytest
from ckan import model
from ckan.lib.search.index import PackageSearchIndex
from rooms import room

from culturape_portal.databases import new_password
from culturape_portal.launch import Launch, launch_all, stop_all
from culturape_portal.solr import Solr

Make = Callable[..., dict[str, Any]]

#: Schema of the Solr that the whole test session has.
OF_SESSION = os.environ.get("CULTURAPE_TEST_SOLR", "portal")
OTHER = "stock" if OF_SESSION == "portal" else "portal"


@pytest.fixture(scope="module")
def other_solr() -> Iterator[str]:
    """Address of a second Solr, with the other schema."""
    with room() as folder:
        solr = Solr(folder / "solr", folder / "solr.log", new_password(), schema=OTHER, fast=True)
        solr.prepare(lambda line: None)
        launches = (Launch("solr", solr.part),)
        launch_all(launches)
        yield solr.url(launches[0].port)
        stop_all(launches)


@pytest.fixture(params=["portal", "stock"])
def schema(request: pytest.FixtureRequest, clean: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Runs a test with each schema, on an empty index."""
    if request.param == OTHER:
        address = request.getfixturevalue("other_solr")
        monkeypatch.setitem(common.config, "solr_url", address)
        settings = getattr(common, "SolrSettings", None)  # CKAN 2.11
        if settings:
            monkeypatch.setattr(settings, "_url", address)
        pysolr.Solr(address).delete(q="*:*", commit=True)
    return request.param


@pytest.fixture
def make(schema: str, make_dataset: Make) -> Make:
    """Creates datasets whose titles are given; their names say nothing."""

    def create(title: str = "Registro", **changes: Any) -> dict[str, Any]:
        changes.setdefault("name", f"x{uuid4().hex}")
        return make_dataset(title_translated={"es": title}, **changes)

    return create


def found(q: str = "", **query: Any) -> list[str]:
    """Titles that anybody finds, best first."""
    result = helpers.call_action("package_search", {"ignore_auth": False, "user": ""}, q=q, **query)
    return [dataset["title"] for dataset in result["results"]]


def index_document(document: dict[str, Any], record: dict[str, Any]) -> None:
    """Index a dataset that was never saved so; CKAN 2.11 makes the record itself."""
    PackageSearchIndex().index_package({**document, "with_custom_schema": record})


@pytest.mark.parametrize(
    ("title", "questions"),
    [
        ("Luces de la ciudad", ["luz", "luces", "LUZ"]),
        ("Registro arqueológico", ["arqueologicas", "arqueológico", "Arqueologicos"]),
        ("Arte y obra de los países", ["artes", "obras", "país", "pais", "arte obra países"]),
        ("Exposición de danzas", ["exposiciones", "exposicion danza", "danzas de exposición"]),
        ("Museums of the coast", ["museum", "museums", "coasts"]),
    ],
)
def test_accents_plurals_and_genders_meet(make: Make, title: str, questions: list[str]) -> None:
    make(title)
    make("Padrón de otra cosa", notes_translated={"es": "Sin relación."})
    for question in questions:
        assert found(question) == [title], question


def test_all_names_of_a_people_and_of_its_language_find_the_same_records(make: Make) -> None:
    make("Vocabulario uno", people=["wampis"], subject_language=["hub"], territory=["16"])
    make("Vocabulario dos", people=["shipibo-konibo"], territory=["25"])
    for question in ("wampis", "Huambisa", "huambisas"):
        assert found(question) == ["Vocabulario uno"], question
    for question in ("shipibo conibo", "Shipibo-Konibo", "shipibo-conibo", "konibos"):
        assert found(question) == ["Vocabulario dos"], question


def test_hidden_names_find_a_record_and_cannot_be_read(make: Make) -> None:
    make("Vocabulario", people=["ashaninka"], territory=["12"])
    assert found("campas") == ["Vocabulario"]
    query = {"fl": ["*"], "facet.field": ["text", "vocab_people"], "facet.limit": -1, "rows": 5}
    answer = json.dumps(helpers.call_action("package_search", {"ignore_auth": False, "user": ""}, **query))
    assert "vocab_people" in answer
    assert "camp" not in answer.casefold()


def test_every_language_of_a_text_finds_it_and_so_do_names_of_places(make: Make) -> None:
    make_one = {"notes_translated": {"es": "Padrón.", "en": "Ledger of weavers"}, "territory": ["080901"]}
    make("Registro", **make_one)
    for question in ("weaver", "cusco", "Cuzco", "la convencion", "ledger cusco"):
        assert found(question) == ["Registro"], question


WORDS = {
    "qu": "Wawakunaq takin qʼero ñawpa", "ay": "Wawanakan jayllinakapa", "shp": "Bakebo bewá", "cni": "Otsipanthaitziri",
    "murui-muinani": "Urukɨ rua uai", "quechua-chanka": "Yachachikuy", "ja": "文化",
}  # fmt: skip
QUESTIONS = [
    "wawakunaq", "qʼero", "q'ero", "q’ero", "qero", "ñawpa", "nawpa", "n\u0303awpa", "jayllinakapa", "bewá", "bewa", "otsipanthaitziri",
    "urukɨ", "uruki", "URUKƗ", "yachachikuy", "文化", "wawakunaq urukɨ", "niñakunaq", "taki tʼikray", "Takikunaqpa",
    "Rimaykuna", "xobo",
]  # fmt: skip


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_of_every_language_find_it_however_they_are_written(
    make: Make, organization: dict[str, Any], form: Any
) -> None:
    helpers.call_action(
        "organization_patch",
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
        id=organization["id"],
        title_translated={"es": "Biblioteca de prueba", "qu": "Rimaykuna wasi", "shp": "Joi xobo"},
    )
    texts = {language: normalize(form, text) for language, text in WORDS.items()}
    make(
        "Canciones",
        notes_translated={"es": "Grabaciones.", **texts},
        tags_translated={"qu": [normalize(form, "niñakunaq")]},
        resources=[
            {
                "url": "https://example.org/a",
                "name_translated": {"qu": normalize(form, "Takikunaqpa sutin")},
                "description_translated": {"qu": normalize(form, "taki tʼikray")},
            }
        ],
    )
    assert found("wawakunapaq") == found("uruko") == []
    assert [question for question in QUESTIONS if found(question) != ["Canciones"]] == []


def test_titles_are_sorted_as_spanish_sorts_them(make: Make) -> None:
    titles = [
        "nzuá",
        "Ñandúes",
        "árbol",
        "zorro",
        "Oca",
        "Nube",
        "aro",
        "Ávila",
        "Ñusta",
        "caña",
        "cana",
        "canto",
        "Caoba",
    ]
    for title in titles:
        make(title)
    expected = [
        "árbol",
        "aro",
        "Ávila",
        "cana",
        "canto",
        "caña",
        "Caoba",
        "Nube",
        "nzuá",
        "Ñandúes",
        "Ñusta",
        "Oca",
        "zorro",
    ]
    assert found(sort="title_string asc", rows=50) == expected
    assert found(sort="title_string desc", rows=50) == expected[::-1]


def test_the_exact_word_comes_before_its_other_forms(make: Make, schema: str) -> None:
    make("Luces")
    make("Luz")
    for q, expected in (("luz", ["Luz", "Luces"]), ("luces", ["Luces", "Luz"])):
        assert sorted(found(q)) == ["Luces", "Luz"]
        # The Spanish analyser of the portal makes one word of both before they are compared.
        assert schema == "portal" or found(q) == expected


def test_as_many_words_must_match_as_in_any_ckan(make: Make) -> None:
    make("Museo regional")
    assert found("museos regionales") == ["Museo regional"]
    assert found("museo inexistente") == []
    assert found("museo regional inexistente") == ["Museo regional"]
    assert found("museo inexistente imposible") == []


def test_a_region_finds_what_its_provinces_and_districts_have(make: Make) -> None:
    make("Distrito", territory=["080901"])
    make("Provincia", territory=["0809", "2101"])
    make("Otra región", territory=["15"])
    make("País", territory=["PE"])
    facets = {"facet.field": ["vocab_region", "vocab_province", "vocab_district", "vocab_territory"]}
    result = helpers.call_action("package_search", fq='vocab_region:"08"', **facets)
    assert sorted(dataset["title"] for dataset in result["results"]) == ["Distrito", "Provincia"]
    assert result["facets"]["vocab_region"] == {"08": 2, "21": 1}
    assert result["facets"]["vocab_province"] == {"0809": 2, "2101": 1}
    assert result["facets"]["vocab_district"] == {"080901": 1}
    assert result["facets"]["vocab_territory"]["PE"] == 2


def test_no_text_of_any_length_is_refused(make: Make) -> None:
    text, word = "漢字 ñandú " * 4_000, "字" * 33_000
    resource = {
        "url": "https://example.org/x",
        "name_translated": {"es": text},
        "description_translated": {"es": word},
        "rights": word,
        "hash": word,
        "format": word,
    }
    make(
        word[:1_000],
        name="largo",
        notes_translated={"es": text, "en": word},
        need_statement=word,
        identifier=word,
        access_reason=text,
        publisher=[{"name": word}],
        tags_translated={"es": [word]},
        alternate_identifier=[word],
        resources=[resource],
        extras=[{"key": key, "value": word} for key in ("spatial", "guid", "vocab_region", "views_total")],
    )
    found_here = helpers.call_action("package_search", q="name:largo")
    assert found_here["results"][0]["need_statement"] == word
    assert helpers.call_action("package_search", q="ñandú")["count"] == 1


def test_a_description_of_five_megabytes_is_indexed(make: Make) -> None:
    dataset = make("Registro")
    text = "ñandú café " * 450_000  # more than five megabytes
    document = helpers.call_action("package_show", id=dataset["id"], use_default_schema=True)
    document["notes"] = text
    document["extras"] = [*document.get("extras", []), {"key": "note", "value": text}]
    index_document(document, {**dataset, "notes": text})
    assert found("cafés") == ["Registro"]


def test_an_extra_cannot_pose_as_a_facet_of_ours(make: Make) -> None:
    make("Registro", extras=[{"key": "vocab_region", "value": "08"}, {"key": "_version_", "value": "x"}])
    assert helpers.call_action("package_search", fq='vocab_region:"08"')["count"] == 0


def test_keys_of_stored_objects_are_no_words(make: Make) -> None:
    make("Registro", contact=[{"name": "Mesa de partes", "email": "mesa@example.org"}])
    assert found("email") == []
    assert found("notes_translated") == []


def test_the_query_language_works_as_before(make: Make) -> None:
    make("Museo regional")
    make("Teatro municipal")
    for q in ('"museo regional"', "museo -teatro", "+museo", "title:museo", "museo AND regional"):
        assert found(q) == ["Museo regional"], q


def test_odd_signs_break_nothing(make: Make) -> None:
    make("Museo")
    for q in ("[", "((", "museo)", "!", "a^b", "~", "\\", "*", "?", "/", "'", "OR", "museo ||"):
        assert isinstance(found(q), list), q


def test_a_query_that_says_nothing_is_refused_as_in_any_ckan(schema: str, app: Any) -> None:
    for q in ("-", "+", "&&", "title:(", "museo AND title:["):
        answer = app.get("/api/3/action/package_search", query_string={"q": q}, status=409)
        assert answer.json["success"] is False


def test_the_page_of_a_broken_query_says_so(make: Make, app: Any) -> None:
    assert "search-error" in app.get("/en/dataset/", query_string={"q": "title:("}, status=200).body


def test_long_questions_are_answered(make: Make) -> None:
    make("Museo")
    for q in ("museo " * 66, "museo de " * 40, "a" * 10_000, "-".join(["ab", "cd"] * 66), "museo-" * 60):
        assert isinstance(found(q), list), q[:20]


def test_what_was_written_past_the_rules_of_care_is_not_indexed(make: Make) -> None:
    package: Any = model.Package.get(make("Registro", territory=["PE"], people=["wampis"])["id"])
    package.extras["sensitivity"] = json.dumps(["piaci"])
    package.extras["territory"] = json.dumps(["080901"])
    model.Session.commit()
    search.rebuild(package.id)
    (stored,) = common.make_connection().search(q="*:*", fl="*").docs
    assert stored["vocab_sensitivity"] == ["piaci"]
    assert stored["vocab_territory"] == ["PE"]
    assert [name for name, value in stored.items() if "080901" in str(value)] == []


def test_a_private_dataset_is_not_found_by_its_words(make: Make) -> None:
    make("Luces reservadas", private=True)
    assert found("luz") == []


def test_datasets_follow_the_type_of_their_organisation(make: Make, organization: dict[str, Any]) -> None:
    make("Registro")
    jobs.get_queue().empty()
    query = {"facet.field": ["vocab_institution_type"]}
    assert helpers.call_action("package_search", **query)["facets"]["vocab_institution_type"] == {
        "biblioteca": 1
    }
    context = {"ignore_auth": True, "user": factories.Sysadmin()["name"]}
    helpers.call_action(
        "organization_patch", dict(context), id=organization["id"], description_translated={"es": "x"}
    )
    assert not jobs.get_queue().jobs
    helpers.call_action(
        "organization_patch", dict(context), id=organization["id"], institution_type="archivo"
    )
    assert [job.perform() for job in jobs.get_queue().jobs] == [1]
    jobs.get_queue().empty()
    common.make_connection().commit(waitSearcher=True)
    assert helpers.call_action("package_search", **query)["facets"]["vocab_institution_type"] == {
        "archivo": 1
    }
