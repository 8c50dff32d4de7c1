"""What is sent and what is saved: mails that hold no value of a source, tables that no spreadsheet executes."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ckanext.culturape.errors import Fault
from ckanext.culturape.harvest.account import Account, Deletions
from ckanext.culturape.harvest.exporting import Teller, as_json, holdings_as_csv, notes_as_csv
from ckanext.culturape.harvest.letter import Occasion, is_wanted, write
from ckanext.culturape.harvest.notices import Example, Group, Holding, Notice, Problem
from ckanext.culturape.messages import translator

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
SECRET = "Quebrada donde vive el grupo"
TELLERS = {
    lang: Teller(translator(lang), lambda name: f"https://x.example.org/dataset/{name}")
    for lang in ("es", "en")
}
VOCABULARY = "“%(value)s” is not in the vocabulary."


def account(state: str = "finished", **more: Any) -> Account:
    return Account("r", state, NOW, NOW + timedelta(minutes=3), 2, {"added": 4, "refused": 1}, **more)


def occasion(run: Account, title: str = "Museo regional") -> Occasion:
    fault = Fault(VOCABULARY, {"value": SECRET})
    problem = Problem("p", "value", VOCABULARY, "", 2, 2, (Example(SECRET, fault, 2),))
    groups = [Group("territory", 2, 2, [problem])]
    return Occasion(
        title,
        run,
        ("2026-03-01 07:00", "2026-03-01 07:03"),
        groups,
        "https://x.example.org/cosechas/m",
        "Portal",
    )


ASKING = account(
    "guarded",
    deletions=Deletions(3, 12, Fault("The source shows none of the datasets that were taken over from it.")),
)
FAILED = account("failed", error=Fault("“%(host)s” cannot be reached.", {"host": "museo.example.org"}))


@pytest.mark.parametrize(
    ("run", "spanish", "english"),
    [
        (FAILED, "FALLÓ: ", "FAILED: "),
        (ASKING, "POR CONFIRMAR: ", "TO BE CONFIRMED: "),
        (account(), "Cosecha terminada: ", "Harvest ended: "),
    ],
)
def test_the_subject_says_first_what_it_is_about(run: Account, spanish: str, english: str) -> None:
    for lang, beginning in (("es", spanish), ("en", english)):
        letter = write(occasion(run), TELLERS[lang])
        assert letter.subject.startswith(beginning)
        assert letter.subject.endswith("Museo regional")


def test_the_body_says_what_happened_and_what_to_do_but_no_value_of_the_source() -> None:
    body = write(occasion(FAILED), TELLERS["es"]).body
    for words in (
        "Fuente: Museo regional", "Resultado: FALLÓ", "2026-03-01 07:03 (3 min)", "«museo.example.org»", "- Agregados: 4",
        "- No incorporados: 1", "- Territorio (2): Pida un término de nuestra lista", "https://x.example.org/cosechas/m",
        "Vuelva a intentarlo más tarde",
    ):  # fmt: skip
        assert words in body
    assert SECRET not in body
    assert "Sin cambios" not in body


def test_a_title_cannot_add_headers_or_lines() -> None:
    letter = write(occasion(FAILED, "Museo\r\nBcc: x@example.org\u2028\x00"), TELLERS["es"])
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "\nBcc" not in letter.body


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [("never", (False, False, False)), ("failed", (True, True, False)), ("always", (True, True, True))],
)
def test_who_wants_mail_of_what(choice: str, wanted: tuple[bool, ...]) -> None:
    assert tuple(is_wanted(run, choice) for run in (FAILED, ASKING, account())) == wanted


def test_a_question_that_was_answered_is_no_news() -> None:
    assert ASKING.deletions is not None
    answered = ASKING._replace(deletions=ASKING.deletions._replace(decision="dismissed"))
    assert not is_wanted(answered, "failed")
    assert write(occasion(answered), TELLERS["es"]).subject.startswith("Cosecha terminada")


def notice(value: str, **more: Any) -> Notice:
    given = {
        "group": "issued",
        "kind": "value",
        "field": "issued",
        "uri": "https://y.example.org/1",
        "title": "Uno",
        "package": "uno",
    }
    fault = Fault("“%(value)s” is not a date. Write 2023, 2023-12 or 2023-12-31.", {"value": value})
    return Notice(**{**given, "value": value, "fault": fault, "page": "", "run": "r", **more})


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(value: str) -> None:
    lines = "".join(notes_as_csv([notice(value, title=value, uri=value)], TELLERS["es"]))
    head, row = list(csv.reader(io.StringIO(lines.removeprefix("\ufeff"))))
    assert head[:3] == ["Campo", "Qué es", "Qué falla"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
    assert f"'{value}" in row


def test_what_an_older_version_wrote_down_is_told_as_it_stands() -> None:
    broken = notice("x", fault=Fault("%(gone)s is wrong", {"value": "x"}))
    assert "%(gone)s is wrong" in "".join(notes_as_csv([broken], TELLERS["es"]))


def test_datasets_as_a_table() -> None:
    holding = Holding(
        "https://y.example.org/1",
        "Uno",
        "stale",
        Fault("A dataset without a title is not taken over."),
        "uno",
        False,
        NOW,
        NOW,
        None,
    )
    row = list(csv.reader(io.StringIO("".join(holdings_as_csv([holding], TELLERS["es"])))))[1]
    assert row[:3] == ["Uno", "Se mantienen como estaban", "No se incorpora un conjunto de datos sin título."]
    assert row[4] == "https://x.example.org/dataset/uno"


def test_json_is_one_object_however_little_there_is() -> None:
    assert json.loads("".join(as_json({"source": {}}, [], [], TELLERS["es"]))) == {
        "source": {},
        "datasets": [],
        "notes": [],
    }
    found = json.loads("".join(as_json({"a": 1}, [], [notice("ayer"), notice("hoy")], TELLERS["es"])))
    assert [n["value"] for n in found["notes"]] == ["ayer", "hoy"]
    assert found["notes"][0]["label"] == "Primera publicación"
    assert found["notes"][0]["record"] == "https://x.example.org/dataset/uno"
