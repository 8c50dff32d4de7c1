"""What may not be said of an agenda, a commitment or a need? Each fault names the field and what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from ckanext.culturape.agenda.commitments import milestones_of, texts_of
from ckanext.culturape.agenda.needs import ANSWERED, status_of
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.vocab.pack import Vocabulary

IN_FORCE = "vigente"

#: Before this nobody spoke of open data; an earlier date is a slip.
EARLIEST = "1990"

NO_STATE = N_("An agenda in force needs an actor of the State.")
NO_SOCIETY = N_("An agenda in force needs an actor of civil society.")
NO_PURPOSE = N_("An agenda in force needs a purpose.")
TOO_EARLY = N_("%(date)s lies too far back: no date before %(earliest)s is possible here.")
LATE_MILESTONE = N_("The milestone “%(title)s” is due (%(date)s) after the commitment itself (%(due)s).")
NO_ANSWER = N_("A need is answered by datasets or commitments: say by which.")
NO_FILES = N_("Documents stand with the agenda, not here. Give the address of a page instead.")

Check = Callable[[Mapping[str, Any], Vocabulary], Iterator[Fault]]


def faults(record: Mapping[str, Any], vocabulary: Vocabulary) -> list[Fault]:
    """All that is wrong with a full intended record of one of the types."""
    return [fault for check in CHECKS.get(str(record.get("type")), ()) for fault in check(record, vocabulary)]


def sides(record: Mapping[str, Any], vocabulary: Vocabulary) -> set[str]:
    """For whom the actors of an agenda speak: ``state``, ``civil``, ``other``."""
    types = (str(actor.get("actor_type") or "") for actor in actors_of(record))
    concepts = (vocabulary.concept("actor-type", name) for name in types)
    return {str(concept.attributes.get("side")) for concept in concepts if concept}


def actors_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The actors of an agenda; nothing when they are of another shape."""
    return _items(record, "actors")


def _items(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value: Any = record.get(name)
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else []
    return [cast("Mapping[str, Any]", item) for item in items if isinstance(item, Mapping)]


def _check_force(record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Fault]:
    if record.get("agenda_status") != IN_FORCE:
        return
    present = sides(record, vocabulary)
    if "state" not in present:
        yield Fault(NO_STATE, {}, "actors")
    if "civil" not in present:
        yield Fault(NO_SOCIETY, {}, "actors")
    if not record.get("purpose"):
        yield Fault(NO_PURPOSE, {}, "purpose")


def _check_dates(record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Fault]:
    del vocabulary
    given = [(name, str(record.get(name) or "")) for name in ("due_date", "response_due")]
    given += [
        (name, str(item.get(part) or ""))
        for name, parts in (("validity", ("start", "end")), ("milestones", ("due_date", "done_date")))
        for item in _items(record, name)
        for part in parts
    ]
    for name, date in given:
        if date and date[:4] < EARLIEST:
            yield Fault(TOO_EARLY, {"date": date, "earliest": EARLIEST}, name)


def _check_milestones(record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Fault]:
    del vocabulary
    due = str(record.get("due_date") or "")
    for milestone in milestones_of(record):
        date = str(milestone.get("due_date") or "")
        precision = min(len(date), len(due))
        if date[:precision] > due[:precision]:
            yield Fault(
                LATE_MILESTONE,
                {"title": milestone.get("title") or "", "date": date, "due": due},
                "milestones",
            )


def _check_answer(record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Fault]:
    del vocabulary
    if status_of(record) == ANSWERED and not texts_of(record.get("answered_by")):
        yield Fault(NO_ANSWER, {}, "answered_by")


def _check_files(record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Fault]:
    del vocabulary
    if record.get("resources"):
        yield Fault(NO_FILES, {}, "notes_translated")


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "agenda": (_check_force, _check_dates),
    "compromiso": (_check_dates, _check_milestones, _check_files),
    "necesidad": (_check_dates, _check_answer, _check_files),
}
