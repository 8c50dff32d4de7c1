"""Languages of texts: their tags, what a person may write for them, and which text a reader gets."""

from __future__ import annotations

import unicodedata

import pytest
from pyoxigraph import Literal

from ckanext.culturape.fields import load_schema
from ckanext.culturape.rdf.codecs import text_translated_from_rdf, text_translated_to_rdf
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.terms import Context, iri
from ckanext.culturape.values import canonical_record, canonical_value
from ckanext.culturape.values.record import core_texts
from ckanext.culturape.vocab.concept import best_language, best_text
from ckanext.culturape.vocab.pack import load_vocabulary
from ckanext.culturape.vocab.tags import codes_of, language_of, name_of, tag_of

VOCABULARY = load_vocabulary()
LANGUAGES = VOCABULARY.scheme("language")
TITLE = load_schema().field("title_translated")
WORDS = load_schema().field("tags_translated")


def read(raw, field=TITLE):
    value, faults = canonical_value(field, raw, VOCABULARY)
    return value, [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("es", "es"), ("qu", "qu"), ("shp", "shp"), ("quechua-chanka", "qu-x-quechua-chanka"),
        ("quechua-cajatambo", "qu-x-quechua-cajatamb-o"), ("murui-muinani", "mis-x-murui-muinani"),
        ("kawki", "mis-x-kawki"), ("asheninka", "mis-x-ashenink-a"), ("huu", "huu"), ("xyz", ""), ("", ""), ("klingon", ""),
    ],
)  # fmt: skip
def test_tags(language, tag):
    assert tag_of(language, LANGUAGES) == tag


def test_every_language_has_one_tag_of_its_own_that_rdf_takes_and_that_leads_back():
    tags = {tag_of(concept.id, LANGUAGES): concept.id for concept in LANGUAGES}
    assert len(tags) == len(LANGUAGES)
    for tag, language in tags.items():
        assert Literal("x", language=tag).language == tag
        assert language_of(tag, LANGUAGES) == language
        assert language_of(tag.upper(), LANGUAGES) == language


def test_codes_that_a_language_comprises_are_tags_and_belong_to_no_other():
    codes = [code for concept in LANGUAGES for code in codes_of(concept)]
    assert len(codes) == len(set(codes)) > 8
    assert not [code for code in codes if code in LANGUAGES]
    for code in codes:
        assert tag_of(code, LANGUAGES) == language_of(code, LANGUAGES) == code
    assert name_of("huu", LANGUAGES, "es") == "Murui-Muinanɨ (huu)"


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("es-PE", "es"), ("es_PE", "es"), ("spa", "es"), ("Castellano", "es"), ("QU", "qu"), ("Quechua Chanka", "quechua-chanka"),
        ("Asháninka", "cni"), ("murui muinani", "murui-muinani"), ("zh-Hant-TW", "zh"), ("hto", "hto"),
        ("qu-x-otra", "qu"), ("mis-x-otra", ""), ("xx-lol", ""), ("", ""), ("\u202e", ""), ("x" * 5000, ""),
    ],
)  # fmt: skip
def test_what_people_and_programs_write(written, language):
    assert language_of(written, LANGUAGES) == language


def test_two_texts_in_one_language_are_told_and_the_plainest_tag_stays():
    value, faults = read({"es-PE": "Otra", "es": "Hola", "spa": "Tercera"})
    assert value == {"es": "Hola"}
    assert faults == ["There are two texts in one language (Castellano): “Hola” and “Otra”. Leave one."]
    assert read({"es-PE": "Hola", "es": " Hola"}) == ({"es": "Hola"}, [])


def test_a_text_without_a_language_is_told():
    value, faults = read({"es": "Hola", "": "Allin punchaw"})
    assert value == {"es": "Hola"}
    assert faults == ["Choose the language of “Allin punchaw”."]
    assert read({"": ""}) == (None, [])


def test_keywords_of_one_language_are_joined():
    assert read({"es": "a, b", "spa": ["c", "b"]}, WORDS) == ({"es": ["a", "b", "c"]}, [])
    assert read({"murui-muinani": "urukɨ"}, WORDS) == ({"murui-muinani": ["urukɨ"]}, [])


def test_unknown_languages_are_told_each():
    value, faults = read({"es": "Hola", "xx-lol": "a", "<script>": "b"})
    assert value == {"es": "Hola"}
    assert faults == [f"“{tag}” is not a language of the vocabulary." for tag in ("<script>", "xx-lol")]


def test_texts_are_composed_and_hold_no_marks_that_turn_the_page_around():
    decomposed = unicodedata.normalize("NFD", "Ñawpa pingüino")
    assert read({"qu": f"\u202e{decomposed}\u202d\x07"}) == ({"qu": "Ñawpa pingüino"}, [])
    # Marks that Arabic and Hebrew need stay.
    assert read({"es": "a\u200fb\u200d"})[0] == {"es": "a\u200fb\u200d"}


def test_all_languages_at_once():
    texts = {concept.id: f"Título {concept.id}" for concept in LANGUAGES}
    assert read(texts) == (dict(sorted(texts.items())), [])
    assert read({tag_of(language, LANGUAGES): text for language, text in texts.items()})[0] == texts


@pytest.mark.parametrize(
    ("texts", "wanted", "language"),
    [
        ({"es": "a", "qu": "b"}, ["qu"], "qu"), ({"es": "a", "qu": "b"}, ["en"], "es"), ({"ay": "a", "en": "b"}, ["qu"], "en"),
        ({"ay": "a", "qu": "b"}, ["en"], "ay"), ({"pt": "a", "es": "b"}, ["pt_BR"], "pt"), ({"es": "", "qu": "b"}, ["es"], "qu"),
        ({"pt": "a", "en": "b"}, ["qu", "pt"], "pt"), ({}, ["es"], ""), ({"es": ""}, ["es"], ""),
    ],
)  # fmt: skip
def test_the_reader_gets_their_language_then_those_most_people_read(texts, wanted, language):
    assert best_language(texts, *wanted) == language
    assert best_text(texts, *wanted) == texts.get(language, "")


def test_a_title_in_quechua_alone_is_a_title():
    given = {"title_translated": {"es": "", "qu": "Ñawpa", "ay": "Nayra", "en": "Old"}}
    record, faults = canonical_record(load_schema(), given, VOCABULARY)
    assert not faults
    assert core_texts(record, "es") == {"title": "Old"}
    assert core_texts({"title_translated": {"qu": "Ñawpa"}}, "es") == {"title": "Ñawpa"}


def test_rdf_says_every_language_and_gives_it_back():
    context = Context(VOCABULARY, "https://datos.example")
    subject = iri("https://datos.example/dataset/x")
    assert subject is not None
    texts = {concept.id: f"Título {concept.id}" for concept in LANGUAGES} | {"huu": "Urukɨ"}
    triples = list(text_translated_to_rdf(subject, TITLE, texts, context))
    assert {t.object.language for t in triples} == {tag_of(language, LANGUAGES) for language in texts}
    graph = Graph(triples)
    assert read(text_translated_from_rdf(graph, subject, TITLE, context)) == (dict(sorted(texts.items())), [])
