"""What is said of a harvest: fields by their names, advice for every fault, verdicts, and how a source stands."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ckanext.culturape.errors import Fault
from ckanext.culturape.fields import load_schema
from ckanext.culturape.harvest import spots
from ckanext.culturape.harvest.account import OUTCOMES, STATES, Account, Deletions, spell_duration
from ckanext.culturape.harvest.advice import advise, advise_on_run
from ckanext.culturape.harvest.advice_words import BY_FIELD, BY_KIND, BY_MESSAGE, BY_RUN
from ckanext.culturape.harvest.paging import Page, read_page
from ckanext.culturape.harvest.standing import CALLING, STANDINGS, Facts, is_overdue, standing_of, urgency
from ckanext.culturape.messages import translator

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
ROOT = Path(__file__).parents[2] / "ckanext" / "culturape"


@pytest.mark.parametrize(
    ("place", "group"),
    [
        ("title_translated", "title_translated"),
        ("title", "title_translated"),
        ("temporal_coverage/0/start", "temporal_coverage"),
        ("resources/3/url", "resources/url"),
        ("resources/3.name", "resources/name_translated"),
        ("resources/12", "resources"),
        ("uri", spots.DATASET),
    ],
)
def test_places_of_ours(place: str, group: str) -> None:
    assert spots.ours()[spots.normal(place)] == group


@pytest.mark.parametrize(
    ("place", "group"),
    [
        ("license", "license_id"),
        ("dct:spatial", "territory"),
        ("http://www.w3.org/ns/dcat#landingPage", "url"),
        ("distribution.0.accessURL", "resources/url"),
        ("distribution.17.dcat:accessURL", "resources/url"),
        ("keyword.2", "tags_translated"),
        ("programCode", None),
    ],
)
def test_places_of_theirs(place: str, group: str | None) -> None:
    assert spots.theirs().get(spots.normal(place)) == group


def test_every_place_leads_to_a_group_that_has_a_name() -> None:
    groups = {*spots.ours().values(), *spots.theirs().values(), spots.SOURCE}
    assert all(spots.is_group(group) for group in groups)
    assert all(spots.title_of(group, str) not in ("", group) for group in groups)
    assert not spots.is_group("password")


def test_names_of_fields_are_those_of_the_form_in_the_language_of_the_reader() -> None:
    say = translator("es")
    assert spots.title_of("license_id", say) == "Licencia"
    assert spots.title_of("resources/format", say) == "Archivo o enlace: Formato"


@pytest.mark.parametrize("message", [*BY_MESSAGE, *BY_RUN])
def test_advice_is_on_faults_that_there_are(message: str) -> None:
    assert any(
        message in path.read_text(encoding="utf-8")
        for path in ROOT.rglob("*.py")
        if path.name != "advice_words.py"
    )


def test_advice_on_fields_is_on_fields_that_there_are() -> None:
    assert all(spots.field_of(group) for group in BY_FIELD)


def test_every_field_has_some_advice_and_it_names_the_field() -> None:
    schema = load_schema()
    groups = [f.name for f in schema.fields] + [f"resources/{f.name}" for f in schema.resource_fields]
    for group in groups:
        found = advise("value", group, "something that nobody has foreseen")
        assert found.sentences, group
        if group not in BY_FIELD:
            assert str(spots.field_of(group).label) in str(found.sentences[0]), group  # type: ignore[union-attr]


def test_a_value_that_is_no_term_leads_to_the_list_and_says_how_the_field_is_read() -> None:
    found = advise("value", "license_id", "“%(value)s” is not in the vocabulary.")
    assert found.vocabulary == "licence"
    assert [str(sentence) for sentence in found.sentences] == [
        BY_MESSAGE["“%(value)s” is not in the vocabulary."].advice,
        BY_FIELD["license_id"],
    ]


def test_the_fault_of_a_part_is_what_counts() -> None:
    found = advise("value", "contact", "%(label)s: %(reason)s", "“%(value)s” is not an e-mail address.")
    assert [str(s) for s in found.sentences] == [BY_MESSAGE["“%(value)s” is not an e-mail address."].advice]


@pytest.mark.parametrize("kind", ["conflict", "kept", "withdrawn"])
def test_what_nobody_has_to_ask_the_source(kind: str) -> None:
    found = advise(kind, "title_translated", "anything")
    assert [str(sentence) for sentence in found.sentences] == [BY_KIND[kind].advice]


def test_advice_on_runs() -> None:
    assert "DCAT" in str(advise_on_run("The document is empty."))
    assert advise_on_run("something else") is None


def account(state: str, **more: Any) -> Account:
    is_open = state in ("gathering", "importing")
    return Account("r", state, NOW, None if is_open else NOW + timedelta(seconds=75), 1, {}, **more)


ASKED = Deletions(3, 12, Fault("why"))


@pytest.mark.parametrize(
    ("run", "level", "verdict"),
    [
        (account("finished"), "good", "Terminó bien"),
        (account("failed", error=Fault("why")), "bad", "FALLÓ"),
        (account("gathering"), "busy", "Leyendo la fuente"),
        (account("importing"), "busy", "Incorporando conjuntos de datos"),
        (account("guarded", deletions=ASKED), "ask", "POR CONFIRMAR: 3 eliminación(es)"),
        (
            account("guarded", deletions=ASKED._replace(decision="confirmed")),
            "good",
            "Terminó bien; 3 eliminación(es) confirmada(s)",
        ),
        (
            account("guarded", deletions=ASKED._replace(decision="dismissed")),
            "good",
            "Terminó bien; no se elimina nada",
        ),
    ],
)
def test_verdicts(run: Account, level: str, verdict: str) -> None:
    assert (run.level, run.verdict.text(translator("es"))) == (level, verdict)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (59, "59 s"), (75, "1 min"), (3540, "59 min"), (3600, "1 h 0 min"), (11100, "3 h 5 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert spell_duration(timedelta(seconds=seconds)) == words


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        (Facts(), "never"),
        (Facts(last_state="finished"), "good"),
        (Facts(last_state="guarded"), "good"),
        (Facts(last_state="guarded", asks=True), "ask"),
        (Facts(last_state="failed"), "failed"),
        (Facts(last_state="failed", is_running=True), "busy"),
        (Facts(last_state="gathering", started=NOW - HOUR), "busy"),
        (Facts(last_state="importing", started=NOW - 2 * DAY), "stuck"),
        (Facts(last_state="finished", waiting_since=NOW - HOUR), "stuck"),
        (Facts(last_state="finished", waiting_since=NOW, is_running=True), "busy"),
        (Facts(last_state="finished", is_scheduled=True, next_run=NOW - DAY), "overdue"),
        (Facts(last_state="finished", is_scheduled=True, next_run=NOW - HOUR / 2), "good"),
        (Facts(last_state="finished", is_scheduled=True, next_run=NOW + DAY), "good"),
        (Facts(is_scheduled=True, created=NOW - DAY), "overdue"),
        (Facts(is_scheduled=True, created=NOW), "never"),
        (Facts(last_state="failed", is_scheduled=True, next_run=NOW - DAY), "failed"),
        (Facts(last_state="finished", troubled=2), "trouble"),
        (Facts(is_active=False, last_state="failed", is_scheduled=True, next_run=NOW - DAY), "off"),
    ],
)
def test_standings(facts: Facts, standing: str) -> None:
    assert standing_of(facts, NOW) == standing
    assert standing in STANDINGS


def test_what_calls_for_somebody_stands_first() -> None:
    assert sorted(STANDINGS, key=urgency)[: len(CALLING)] == list(CALLING)
    assert not is_overdue(Facts(is_scheduled=True, is_active=False, next_run=NOW - DAY), NOW)


def test_words_of_outcomes_and_states_differ() -> None:
    say = translator("es")
    for words in (OUTCOMES.values(), [state.title for state in STATES.values()], STANDINGS.values()):
        spelled = [say(word) for word in words]
        assert len({*spelled}) == len(spelled)


@pytest.mark.parametrize(
    ("given", "number"), [("", 1), ("3", 3), ("0", 1), ("-2", 1), ("x", 1), ("9" * 30, 1), ("²", 1)]
)
def test_pages_that_are_asked_for(given: str, number: int) -> None:
    assert read_page(given) == number


def test_pages_of_a_list() -> None:
    page = Page(3, 50).of(120)
    assert (page.offset, page.pages, page.first, page.last) == (100, 3, 101, 120)
    beyond = Page(9, 50).of(120)
    assert (beyond.first, beyond.pages) == (0, 3)
    assert Page(1).of(0).pages == 1
