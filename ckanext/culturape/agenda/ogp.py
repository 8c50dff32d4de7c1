"""The commitments of a snapshot as a table in the columns of the Open Government Partnership.

Names of columns: those of OGP's data of commitments (its public spreadsheet: "Commitment Unique Identifier", "Country/Locality", "Commitment Number", "Commitment
Title", "Full Text", "Lead Institution", "Supporting Institution(s)", "URL", and the variables of the IRM "Specificity", "Potential Impact", "Completion", "Did It Open
Government"), and those of its template for action plans ("Other Actors Involved", "Milestones", "Start Date", "End Date", "Status"). What our records do not say stays empty:
commitments of agendas have no date of beginning. Variables of the IRM are said by several actors here, and stand side by side in a cell, each with its actor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ckanext.culturape.agenda.commitments import milestones_of, texts_of
from ckanext.culturape.agenda.evaluation import BY_NAME, key_of
from ckanext.culturape.agenda.rules import actors_of
from ckanext.culturape.agenda.snapshot import title_of
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.concept import best_text
from ckanext.culturape.vocab.pack import Vocabulary

#: Columns, and the question that fills those of the IRM.
IRM: Mapping[str, str] = {
    "Specificity": "specific",
    "Relevance": "relevant",
    "Potential Impact": "ambitious",
    "Completion": "completed",
    "Did It Open Government": "opened",
}

HEAD = (
    "Commitment Unique Identifier", "Country/Locality", "Commitment Number", "Commitment Title", "Full Text", "Lead Institution", "Supporting Institution(s)",
    "Other Actors Involved", "Start Date", "End Date", "Milestones", "Status", *IRM, "Datasets", "URL",
)  # fmt: skip

#: Sides of actors that are institutions of the State; all others are "other actors".
_STATE = "state"


def rows(
    snapshot: Mapping[str, Any],
    vocabulary: Vocabulary,
    language: str,
    translate: Callable[[str], str],
    address: Callable[[str], str],
) -> Iterator[tuple[str, ...]]:
    """A row for each commitment, under ``HEAD``: texts in a language, ``address`` gives that of a commitment by its id."""
    agenda = snapshot["agenda"]
    places = [_label(vocabulary, "territory", place, language) for place in texts_of(agenda.get("territory"))]
    sides = _sides(agenda, vocabulary)
    for number, one in enumerate(snapshot["commitments"], 1):
        support = texts_of(one.get("support_actors"))
        others = [name for name in support if sides.get(key_of(name), _STATE) != _STATE]
        about = [answers for answers in snapshot["evaluations"] if answers["about"] == one["id"]]
        yield (
            str(one["id"]), "; ".join(places), str(number), title_of(one, language), best_text(one.get("notes_translated") or {}, language),
            str(one.get("lead_actor") or ""), "; ".join(name for name in support if name not in others), "; ".join(others), "",
            str(one.get("due_date") or ""), "; ".join(map(_milestone, milestones_of(one))), _label(vocabulary, "commitment-status", one["state"], language),
            *(_levels(about, question, translate) for question in IRM.values()),
            "; ".join(filter(None, (title_of(dataset, language) for dataset in one["datasets"]))), address(str(one["id"])),
        )  # fmt: skip


def _sides(agenda: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, str]:
    """For whom the actors of the agenda speak, by name as it is compared."""
    types = {
        key_of(str(actor.get("name") or "")): str(actor.get("actor_type") or "")
        for actor in actors_of(agenda)
    }
    concepts = {name: vocabulary.concept("actor-type", kind) for name, kind in types.items()}
    return {name: str(concept.attributes.get("side")) for name, concept in concepts.items() if concept}


def _milestone(milestone: Mapping[str, Any]) -> str:
    dates = [str(milestone.get("due_date") or ""), str(milestone.get("done_date") or "")]
    said = " → ".join(date for date in dates if date)
    return f"{milestone.get('title') or ''} ({said})" if said else str(milestone.get("title") or "")


def _levels(about: list[Record], question: str, translate: Callable[[str], str]) -> str:
    given = [(one["actor"], one["answers"][question]["level"]) for one in about if question in one["answers"]]
    levels = [(actor, BY_NAME[question].level(level)) for actor, level in given]
    return "; ".join(f"{actor}: {translate(level.words)}" for actor, level in levels if level)


def _label(vocabulary: Vocabulary, scheme: str, concept_id: str, language: str) -> str:
    concept = vocabulary.concept(scheme, concept_id)
    return concept.label(language) if concept else concept_id
