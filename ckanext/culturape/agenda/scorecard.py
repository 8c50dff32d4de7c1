"""How is an agenda doing, or an organisation with all its agendas? Five bars side by side and no total: openness without care rewards harm.

Each bar is a share of checks that hold; each check says what it is about, so that what counts and what is missing can be looked at. Where nothing can be
checked there is no bar, not an empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.culturape.agenda import openness
from ckanext.culturape.agenda.commitments import texts_of
from ckanext.culturape.agenda.needs import CLOSED as ENDED
from ckanext.culturape.agenda.needs import status_of
from ckanext.culturape.agenda.rules import actors_of, sides
from ckanext.culturape.care.rules import CLOSED, NOT_REVIEWED
from ckanext.culturape.errors import N_
from ckanext.culturape.vocab.pack import Vocabulary


@dataclass(frozen=True, slots=True)
class Facts:
    """What a scorecard is made from.

    Attributes:
        agendas: the record of the agenda; of an organisation, those of all that it convenes.
        commitments: records of its commitments.
        needs: records of its needs; of an organisation, those that it is to answer.
        datasets: records of the public datasets that its commitments name; of an organisation, its own.
        vocabulary: the concept schemes.
        today: a date in ISO 8601.
        answered: ids of the needs that somebody's commitment answers.
    """

    agendas: tuple[Mapping[str, Any], ...]
    commitments: tuple[Mapping[str, Any], ...]
    needs: tuple[Mapping[str, Any], ...]
    datasets: tuple[Mapping[str, Any], ...]
    vocabulary: Vocabulary
    today: str
    answered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, its words (a msgid), the id of the record that it is about, and whether it holds."""

    name: str
    words: str
    about: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One side of what is looked at: its name, its words (a msgid), and what was looked at."""

    name: str
    words: str
    checks: tuple[Check, ...]

    @property
    def share(self) -> float | None:
        """Share of the checks that hold, from 0 to 1; ``None`` when there was nothing to check."""
        return self.held / len(self.checks) if self.checks else None

    @property
    def held(self) -> int:
        """How many checks hold."""
        return sum(check.holds for check in self.checks)

    @property
    def missing(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.holds)


def score(facts: Facts) -> tuple[Bar, ...]:
    """The five bars, always in the same order."""
    return tuple(Bar(name, words, tuple(checks(facts))) for name, words, checks in BARS)


def _id(record: Mapping[str, Any]) -> str:
    return str(record.get("id") or "")


def _pertinence(facts: Facts) -> Iterator[Check]:
    own = {need for promise in facts.commitments for need in texts_of(promise.get("answers_needs"))}
    answered = own | facts.answered
    for need in facts.needs:
        has_answer = bool(need.get("answered_by")) or _id(need) in answered or status_of(need) in ENDED
        yield Check("answered", N_("The need has an answer."), _id(need), has_answer)
    for promise in facts.commitments:
        yield Check(
            "asked", N_("The commitment answers a need."), _id(promise), bool(promise.get("answers_needs"))
        )


#: Roles in which somebody decides, and does not only watch.
DECIDING = frozenset({"convocante", "corresponsable", "cocreacion", "autoridad-comunitaria", "evaluador"})

#: Who speaks for peoples.
OF_PEOPLES = frozenset({"organizacion-indigena", "organizacion-afroperuana", "comunidad", "portador"})


def _cocreation(facts: Facts) -> Iterator[Check]:
    for agenda in facts.agendas:
        yield from _created(agenda, facts)


def _created(agenda: Mapping[str, Any], facts: Facts) -> Iterator[Check]:
    about = _id(agenda)
    level = facts.vocabulary.concept("participation-level", str(agenda.get("participation_level") or ""))
    present = sides(agenda, facts.vocabulary)
    deciding = [actor for actor in actors_of(agenda) if actor.get("role") in DECIDING]
    types = {str(actor.get("actor_type")) for actor in actors_of(agenda)}
    yield Check("level", N_("Society decides together with the State."), about, bool(level and level.attributes.get("cocreation")))  # fmt: skip
    yield Check("state", N_("The State takes part."), about, "state" in present)
    yield Check("society", N_("Civil society takes part."), about, "civil" in present)
    yield Check(
        "voice", N_("Civil society has a role in which it decides."), about,
        "civil" in sides({"actors": deciding}, facts.vocabulary),
    )  # fmt: skip
    if agenda.get("people"):
        yield Check("peoples", N_("The peoples that it is about take part."), about, bool(types & OF_PEOPLES))
    yield Check("minutes", N_("Minutes, plan or reports can be read."), about, bool(agenda.get("resources")))


def _openness(facts: Facts) -> Iterator[Check]:
    for dataset in filter(openness.is_asked, facts.datasets):
        for name, words, holds in openness.answers(dataset, facts.vocabulary, facts.today):
            yield Check(name, words, _id(dataset), holds)


def _diversity(facts: Facts) -> Iterator[Check]:
    for dataset in facts.datasets:
        about = _id(dataset)
        places = [str(place) for place in dataset.get("territory") or ()]
        concepts = (facts.vocabulary.concept("territory", place) for place in places)
        levels = {str(concept.attributes.get("level")) for concept in concepts if concept}
        yield Check("region", N_("It tells of regions, not of the country alone."), about, bool(levels - {"country"}) or "departamento" in (dataset.get("disaggregation") or ()))  # fmt: skip
        yield Check("peoples", N_("It tells of peoples or groups."), about, bool(dataset.get("people") or dataset.get("population_group")))  # fmt: skip
        languages = {*(dataset.get("subject_language") or ()), *(dataset.get("language") or ())}
        yield Check(
            "languages", N_("It tells of, or speaks, more than Spanish."), about, bool(languages - {"es"})
        )
        yield Check(
            "disaggregation", N_("Its figures are broken down."), about, bool(dataset.get("disaggregation"))
        )


def _care(facts: Facts) -> Iterator[Check]:
    for dataset in facts.datasets:
        about = _id(dataset)
        chosen = dataset.get("sensitivity") or [NOT_REVIEWED]
        yield Check("reviewed", N_("Somebody asked whom it could harm."), about, NOT_REVIEWED not in chosen)
        if dataset.get("access_level") in CLOSED:
            yield Check(
                "reason", N_("It says why it is not open."), about, bool(dataset.get("access_reason"))
            )
        if dataset.get("people"):
            agreed = dataset.get("consent_reference") or dataset.get("community_protocol_url")
            decides = dataset.get("community_authority")
            yield Check("consent", N_("Consent or a protocol is named."), about, bool(agreed))
            yield Check("authority", N_("It is known who decides for the community."), about, bool(decides))
            told = dataset.get("labels") or dataset.get("notices")
            yield Check(
                "labels", N_("Labels of the community, or notices, stand with it."), about, bool(told)
            )


Look = Callable[[Facts], Iterable[Check]]

BARS: tuple[tuple[str, str, Look], ...] = (
    ("pertinence", N_("Pertinence"), _pertinence),
    ("cocreation", N_("Co-creation"), _cocreation),
    ("openness", N_("Openness"), _openness),
    ("diversity", N_("Diversity"), _diversity),
    ("care", N_("Care"), _care),
)
