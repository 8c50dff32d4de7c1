"""What is asked about a commitment or an agenda when it is evaluated, and what may be answered?

Five questions in the manner of the Independent Reporting Mechanism of the Open Government Partnership (specificity, relevance, ambition, completion,
"did it open government"), in words of our own. Each actor answers for itself; nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.values.addresses import check_address
from ckanext.culturape.values.texts import clean_text, shorten

#: The stage of an agenda in which answers are taken.
STAGE = "evaluacion"

#: Characters of an explanation, of the lessons or of a reason, and of a name.
LONGEST, LONGEST_NAME = 5_000, 500

#: Schemes of the addresses of evidence.
SCHEMES = ("http", "https")

NOT_ASKED = N_("“%(value)s” is no question of the evaluation.")
NO_LEVEL = N_("“%(value)s” is no answer to this question.")
LEVEL_MISSING = N_("Choose an answer: an explanation or evidence alone says nothing.")
NOTHING = N_("Answer at least one question, or say what was learnt.")
SHAPE = N_("Answers are given by question, each with its level.")

#: By question: ``level``, ``explanation`` and ``evidence``, the last two where they were given.
Answers = dict[str, dict[str, str]]


class Given(NamedTuple):
    """What somebody wants to record of an actor: about which record, name and type of the actor, answers, lessons."""

    about_id: str
    actor: str
    actor_type: str
    answers: Answers
    lessons: str


@dataclass(frozen=True, slots=True)
class Level:
    """A possible answer: its name, and its words (a msgid)."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name, its short and long words (msgids), and the possible answers from the least to the most."""

    name: str
    words: str
    help: str
    levels: tuple[Level, ...]

    def level(self, name: str) -> Level | None:
        """The answer of that name; ``None`` when there is none."""
        return next((level for level in self.levels if level.name == name), None)


_NO, _PARTLY, _YES = Level("no", N_("No")), Level("partly", N_("In part")), Level("yes", N_("Yes"))

QUESTIONS: tuple[Question, ...] = (
    Question(
        "specific", N_("Is it specific?"), N_("Does it say so clearly what will be done that anybody can check it?"), (_NO, _PARTLY, _YES),
    ),
    Question(
        "relevant", N_("Is it relevant?"), N_("Does it serve access to information, participation or accountability?"), (_NO, _PARTLY, _YES),
    ),
    Question(
        "ambitious", N_("Is it ambitious?"), N_("If all of it is done, how much changes for people and communities?"),
        (Level("none", N_("Nothing")), Level("minor", N_("A little")), Level("moderate", N_("Much, within limits")), Level("transformative", N_("It transforms"))),
    ),
    Question(
        "completed", N_("Was it completed?"), N_("How much of what was promised has been done?"),
        (Level("not-started", N_("Nothing yet")), Level("limited", N_("A limited part")), Level("substantial", N_("A substantial part")), Level("complete", N_("All of it"))),
    ),
    Question(
        "opened", N_("Did it open government?"), N_("Did the practice of government become more open through it?"),
        (
            Level("worsened", N_("It became worse")), Level("did-not", N_("It did not change")), Level("marginal", N_("A marginal change")),
            Level("major", N_("A major change")), Level("outstanding", N_("An outstanding change")),
        ),
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Question] = {question.name: question for question in QUESTIONS}


def read_answers(raw: Any) -> tuple[Answers, list[Fault]]:
    """The answers that somebody gives, in the order of the questions, and what is wrong with them; what is empty is left out."""
    if not isinstance(raw, Mapping):
        return {}, [] if raw in (None, "") else [Fault(SHAPE, field="answers")]
    given = {str(name): item for name, item in cast("Mapping[Any, Any]", raw).items()}
    faults = [Fault(NOT_ASKED, {"value": shorten(name)}, "answers") for name in given if name not in BY_NAME]
    found: Answers = {}
    for question in QUESTIONS:
        try:
            answer = _read_answer(question, given.get(question.name))
            if answer:
                found[question.name] = answer
        except Fault as fault:
            faults.append(fault.at(question.name))
    return found, faults


def _read_answer(question: Question, raw: Any) -> dict[str, str]:
    if raw is not None and not isinstance(raw, Mapping):
        raise Fault(SHAPE)
    given = cast("Mapping[str, Any]", raw or {})
    level = clean_text(given.get("level"))
    explanation, evidence = clean_text(given.get("explanation"), LONGEST), clean_text(given.get("evidence"))
    if level and question.level(level) is None:
        raise Fault(NO_LEVEL, {"value": shorten(level)})
    if not level and (explanation or evidence):
        raise Fault(LEVEL_MISSING)
    if evidence:
        check_address(evidence, SCHEMES)
    parts = {"level": level, "explanation": explanation, "evidence": evidence}
    return {name: text for name, text in parts.items() if text}


def read_name(raw: Any) -> str:
    """The name of an actor, on one line. Raises: Fault."""
    return " ".join(clean_text(raw, LONGEST_NAME).split())


def key_of(name: str) -> str:
    """A name as it is compared: two spellings that differ in capitals and spaces alone are one actor."""
    return " ".join(name.split()).casefold()


def differing(answers: Iterable[Mapping[str, Mapping[str, str]]]) -> frozenset[str]:
    """Names of the questions to which actors gave different answers; who gave none does not disagree."""
    given = list(answers)
    levels = {name: {answer[name]["level"] for answer in given if name in answer} for name in BY_NAME}
    return frozenset(name for name, found in levels.items() if len(found) > 1)
