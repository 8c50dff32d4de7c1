"""What is kept of a record, the document of a day, its checksum, and the table in the columns of OGP."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape.agenda import kept, ogp, snapshot
from ckanext.culturape.agenda.kept import Stored
from ckanext.culturape.agenda.snapshot import Then
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
EXTRAS = {
    "title_translated": '{"es": "Agenda"}', "purpose": '["educacion"]', "agenda_stage": "evaluacion", "secreto": "no declarado",
    "territory": '["170101"]', "notes_translated": "[no es JSON",
}  # fmt: skip


def stored(kind: str = "agenda", **changes: Any) -> Stored:
    whole = Stored("1", "uno", kind, "Título", True, "o", "Museo", EXTRAS, ())
    return whole._replace(**changes)


def test_of_a_record_its_declared_fields_are_kept() -> None:
    found = kept.content_of(stored(), VOCABULARY)
    assert found == {
        "id": "1", "name": "uno", "type": "agenda", "title_translated": {"es": "Agenda"}, "purpose": ["educacion"], "agenda_stage": "evaluacion",
        "territory": ["170101"], "notes_translated": "[no es JSON", "owner_org": "o", "organization": "Museo",
    }  # fmt: skip


def test_of_a_dataset_only_its_title_and_of_what_is_not_public_nothing() -> None:
    assert kept.content_of(stored("dataset"), VOCABULARY) == {
        "id": "1", "name": "uno", "type": "dataset", "title_translated": {"es": "Agenda"},
    }  # fmt: skip
    for kind in ("agenda", "dataset"):
        assert kept.content_of(stored(kind, is_public=False), VOCABULARY) is None
    assert kept.content_of(stored(extras={}), VOCABULARY)["title_translated"] == {"und": "Título"}  # type: ignore[index]


def test_an_uploaded_document_is_kept_by_its_name() -> None:
    resources = (
        {"name": "Acta", "url": "https://x.pe/a", "url_type": ""},
        {"name": "Plan", "url": "plan.pdf", "url_type": "upload"},
    )
    found = kept.content_of(stored(resources=resources), VOCABULARY)
    assert found and found["resources"] == [{"name": "Acta", "url": "https://x.pe/a"}, {"name": "Plan"}]


@pytest.mark.parametrize("subject", [{"people": '["mashco-piro"]'}, {"subject_language": '["isc"]'}], ids=str)
def test_places_of_peoples_in_isolation_are_not_kept_and_go_from_the_past(subject: dict[str, str]) -> None:
    hidden = kept.content_of(stored(extras={**EXTRAS, **subject}), VOCABULARY)
    assert hidden and "170101" not in json.dumps(hidden)
    old = kept.content_of(stored(), VOCABULARY)
    assert old and hidden
    less = kept.tightened(old, hidden, VOCABULARY)
    assert less["territory"] == ["PE"] and not subject.keys() & less.keys()
    assert kept.tightened(less, hidden, VOCABULARY) == less
    assert kept.tightened(old, {}, VOCABULARY) == old


PROMISE = {
    "id": "c1", "type": "compromiso", "name": "c", "agenda": "a", "title_translated": {"es": "=Abrir"}, "due_date": "2026-06",
    "fulfilled_by": ["d1", "d2"], "lead_actor": "Ministerio", "support_actors": ["Colectivo", "Oficina"],
    "milestones": [{"title": "Inventario", "due_date": "2026-02", "done_date": "2026-03"}],
}  # fmt: skip
NEED = {
    "id": "n1",
    "type": "necesidad",
    "name": "n",
    "agenda": "a",
    "title_translated": {"es": "Datos"},
    "response_due": "2026-05",
}
AGENDA = {
    "id": "a", "type": "agenda", "title_translated": {"es": "Agenda"}, "territory": ["PE"],
    "actors": [{"name": "colectivo", "actor_type": "organizacion-cultural"}, {"name": "Oficina", "actor_type": "gobierno-regional"}],
}  # fmt: skip
ANSWERS = {"completed": {"level": "limited"}}
THEN = Then(
    date="2026-05-31", until="2026-06-01T05:00:00+00:00", agenda=AGENDA, records=[NEED, PROMISE],
    datasets={"d1": {"id": "d1", "name": "uno", "type": "dataset", "title_translated": {"es": "Uno"}}}, published=frozenset({"d1", "d2"}),
    steps={"n1": [{"status": "recibida", "date": "2026-01-01T00:00:00+00:00", "comment": ""}]},
    evaluations=[
        {"about": "c1", "actor": "Colectivo", "actor_type": "organizacion-cultural", "answers": ANSWERS, "lessons": "", "date": "2026-05-01"},
        {"about": "c9", "actor": "Colectivo", "actor_type": "organizacion-cultural", "answers": ANSWERS, "lessons": "", "date": "2026-05-01"},
    ],
    withdrawn={"dataset": 1},
)  # fmt: skip


def test_the_document_says_in_which_state_things_were_that_day() -> None:
    found = snapshot.document(THEN)
    [promise], [need] = found["commitments"], found["needs"]
    assert promise["state"] == "cumplido"
    assert promise["datasets"] == [
        {**THEN.datasets["d1"], "published": True},
        {"id": "d2", "published": True},
    ]
    assert (need["need_status"], need["is_overdue"]) == ("recibida", False)
    assert [one["about"] for one in found["evaluations"]] == ["c1"]
    assert found["withdrawn"] == {"compromiso": 0, "necesidad": 0, "dataset": 1}
    later = snapshot.document(replace(THEN, date="2026-07-01", published=frozenset()))
    assert later["commitments"][0]["state"] == "vencido" and later["needs"][0]["is_overdue"]


def test_the_order_of_what_is_given_changes_nothing() -> None:
    more = [{**PROMISE, "id": f"c{number}"} for number in range(9)]
    forwards, backwards = (
        snapshot.written(snapshot.document(replace(THEN, records=records))) for records in (more, more[::-1])
    )
    assert forwards == backwards


def test_the_checksum_is_that_of_the_canonical_form() -> None:
    content = snapshot.written({"b": "ñ\x1f\u2028", "a": [1, None, True]})
    assert content == '{"a":[1,null,true],"b":"ñ\\u001f\u2028"}'.encode()
    assert snapshot.checksum(content) == hashlib.sha256(content).hexdigest()


@given(st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.integers(), st.text())))
def test_the_canonical_form_is_the_same_whatever_the_order(record: dict[str, Any]) -> None:
    try:
        content = snapshot.written(record)
    except UnicodeEncodeError:
        return  # A lone surrogate, which PostgreSQL keeps out.
    assert json.loads(content) == record
    assert snapshot.written(dict(reversed(record.items()))) == content


def test_commitments_stand_in_the_columns_of_ogp() -> None:
    rows = ogp.rows(snapshot.document(THEN), VOCABULARY, "en", str, lambda one: f"https://x.pe/{one}")
    [row] = [dict(zip(ogp.HEAD, row, strict=True)) for row in rows]
    assert row == {
        "Commitment Unique Identifier": "c1", "Country/Locality": "Peru", "Commitment Number": "1", "Commitment Title": "=Abrir", "Full Text": "",
        "Lead Institution": "Ministerio", "Supporting Institution(s)": "Oficina", "Other Actors Involved": "Colectivo", "Start Date": "",
        "End Date": "2026-06", "Milestones": "Inventario (2026-02 → 2026-03)", "Status": "Fulfilled", "Specificity": "", "Relevance": "",
        "Potential Impact": "", "Completion": "Colectivo: A limited part", "Did It Open Government": "", "Datasets": "Uno", "URL": "https://x.pe/c1",
    }  # fmt: skip
