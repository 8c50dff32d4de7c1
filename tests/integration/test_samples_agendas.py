"""The sample catalogue comes in with its agendas: once, whatever the order, and without them where there are none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import yaml

from ckanext.culturape.agenda.commitments import STATES
from ckanext.culturape.logic import importing, linked
from ckanext.culturape.logic.record_files import SECTIONS, read_files
from ckanext.culturape.logic.site import vocabulary

SAMPLES = Path(__file__).parents[2] / "portal" / "samples"

pytestmark = pytest.mark.usefixtures("clean")


def act(action: str, **data: Any) -> Any:
    """An action as anybody."""
    return tk.get_action(action)({"user": "", "ignore_auth": False, "auth_user_obj": None}, data)


def names(kind: str) -> list[str]:
    return sorted(
        one["name"] for one in act("package_search", fq=f"+dataset_type:{kind}", rows=100)["results"]
    )


def agendas_alone(path: Path) -> Path:
    """The samples, with those datasets only that agendas speak of, as a file."""
    found: dict[str, list[dict[str, Any]]] = {section: [] for section in SECTIONS}
    section_of = {kind: section for section, kind in SECTIONS.items()}
    for kind, record in read_files(SAMPLES):
        found[section_of[kind]].append(record)
    linked_ones = {
        name
        for record in (*found["commitments"], *found["needs"])
        for field in ("fulfilled_by", "about_dataset", "answered_by")
        for name in record.get(field, [])
    }
    found["datasets"] = [record for record in found["datasets"] if record["name"] in linked_ones]
    path.write_text(yaml.safe_dump(found), "utf-8")
    return path


def test_the_samples_show_every_state_and_come_in_once(app: Any, tmp_path: Path) -> None:
    path = agendas_alone(tmp_path / "samples.yaml")
    total = len(list(read_files(path)))
    first = importing.load(path)
    assert first.faults == []
    assert first.counts["created"] == total
    agendas = [act("culturape_agenda_show", id=name) for name in names("agenda")]
    assert len(agendas) == 5
    promised: Counter[str] = Counter()
    needed: Counter[str] = Counter()
    for agenda in agendas:
        promised.update(agenda["counts"]["commitments"])
        needed.update(agenda["counts"]["needs"])
        assert min(len(agenda["commitments"]), len(agenda["needs"])) >= 4
        assert len(act("culturape_agenda_scorecard", id=agenda["agenda"]["name"])) == 5
        for promise in agenda["commitments"]:
            assert len({need["id"] for need in promise["needs"]}) == len(promise["needs"])
    assert set(promised) == set(STATES)
    assert set(needed) == set(vocabulary().scheme("need-status").concepts)
    assert any(need["is_overdue"] for agenda in agendas for need in agenda["needs"])
    assert any(need["answers"] and need["about"] for agenda in agendas for need in agenda["needs"])
    history = act("culturape_need_history", id="necesidad-ficticia-loreto-lenguas-escuela")
    assert [step["status"] for step in history] == ["recibida", "en-revision", "comprometida", "atendida"]
    assert all(step["comment"] for step in history[1:])
    page = app.get("/necesidad/necesidad-ficticia-loreto-lenguas-escuela")
    assert "Ficha de demostración" in page.body

    second = importing.load(path)
    assert (second.faults, second.counts["unchanged"]) == ([], total)
    assert act("culturape_need_history", id="necesidad-ficticia-loreto-lenguas-escuela") == history


def test_without_the_plugin_the_agendas_are_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(linked, "PLUGIN", "culturape_nothing")
    path = tmp_path / "one.yaml"
    path.write_text((SAMPLES / "agenda-cusco.yaml").read_text("utf-8"), "utf-8")
    summary = importing.load(path)
    assert (summary.faults, summary.counts["skipped"], summary.counts["created"]) == ([], 11, 0)
    assert names("agenda") == []


def circle(**changes: Any) -> dict[str, Any]:
    """A need and a commitment that name each other, before the agenda that both name."""
    organization = {"name": "mesa", "title_translated": {"es": "Mesa"}, "institution_type": "museo"}
    both = {
        "owner_org": "mesa",
        "notes_translated": {"es": "Nota"},
        "agenda": "una",
        "title_translated": {"es": "Uno"},
    }
    need = {
        **both, "name": "need", "requester_type": "persona", "purpose": ["memoria"], "answered_by": ["promise"],
        "steps": [{"status": "en-revision", "comment": "Se lee."}, {"status": "atendida", "comment": "Se abre."}],
    }  # fmt: skip
    promise = {
        **both,
        "name": "promise",
        "lead_actor": "Mesa",
        "due_date": "2033",
        "answers_needs": ["need"],
    }
    agenda = {
        **both, "name": "una", "agenda_status": "borrador", "agenda_stage": "diseno", "purpose": ["memoria"], "participation_level": "informar",
        "territory": ["PE"], "actors": [{"name": "Mesa", "actor_type": "academia"}],
    }  # fmt: skip
    del agenda["agenda"]
    return {
        "needs": [{**need, **changes}],
        "commitments": [promise],
        "agendas": [agenda],
        "organizations": [organization],
    }


def load(path: Path, content: dict[str, Any]) -> importing.Summary:
    path.write_text(yaml.safe_dump(content), "utf-8")
    return importing.load(path)


def test_records_that_name_each_other_come_in_and_a_step_that_was_added_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "circle.yaml"
    content = circle()
    later = content["needs"][0]["steps"].pop()
    first = load(path, content)
    assert (first.faults, first.counts["created"]) == ([], 4)
    content["needs"][0]["steps"].append(later)
    second = load(path, content)
    assert (second.faults, second.counts["updated"], second.counts["unchanged"]) == ([], 1, 3)
    assert act("package_show", id="need")["need_status"] == "atendida"


def test_what_people_said_of_a_need_is_not_said_again_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "circle.yaml"
    content = circle(steps=[])
    load(path, content)
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    data = {"id": "need", "status": "aceptada", "comment": "Lo dijo una persona."}
    tk.get_action("culturape_need_status_set")({"user": site, "ignore_auth": True}, data)
    summary = load(path, circle())
    assert (summary.faults, summary.counts["unchanged"]) == ([], 4)
    assert act("package_show", id="need")["need_status"] == "aceptada"


def test_a_name_that_nobody_has_is_told_and_the_rest_comes_in(tmp_path: Path) -> None:
    summary = load(tmp_path / "circle.yaml", circle(answered_by=["nadie"]))
    assert len(summary.faults) == 1
    assert "nadie" in summary.faults[0]
    assert (summary.counts["failed"], summary.counts["created"]) == (1, 3)
