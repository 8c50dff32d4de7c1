"""What does a person say who states a need, and what is wrong with it? Pure: dict in, statement out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ckanext.culturape.agenda.commitments import texts_of
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.vocab.fold import fold

#: Fewest and most characters of each text.
LENGTHS: Mapping[str, tuple[int, int]] = {
    "title": (10, 200),
    "description": (20, 5_000),
    "requester_name": (0, 200),
    "contact_name": (0, 200),
    "contact_email": (0, 254),
}

#: What belongs to the record as it was chosen; the validators of the record look at it.
LINES = ("purpose", "cultural_right", "sector", "territory", "people", "subject_language", "about_dataset")

#: Choices of one field: nobody needs more to say what is missing.
MOST_CHOICES = 30

#: In which step of the form each part stands.
STEP_OF: Mapping[str, int] = {
    **dict.fromkeys(("title", "description", "language", "about_dataset"), 1),
    **dict.fromkeys(("purpose", "cultural_right", "sector", "territory", "people", "subject_language"), 2),
    **dict.fromkeys(("requester_type", "requester_name", "agenda", "organization", "contact_name", "contact_email"), 3),
}  # fmt: skip

SHORT = N_("Say a little more: at least %(limit)s characters.")
LONG = N_("The text is too long: at most %(limit)s characters.")
ADDRESS = N_(
    "Leave e-mail addresses out: anybody will read this text. There is a place for yours in the last step."
)
CHOOSE = N_("Choose at least one.")
MANY = N_("Choose at most %(limit)s.")
WHO = N_("Choose who needs it.")
NO_ADDRESS = N_("This is no e-mail address.")
LINE = N_("Write it in one line.")

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\W\d_]{2,}")
_NUMBER = re.compile(r"(?<![\w.,/-])\+?\d(?:[ .-]?\d){7,}(?![\w/])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Statement(NamedTuple):
    """What was said.

    Attributes:
        texts: ``title``, ``description``, and for the public ``requester_name``; in the language ``language``.
        language: short tag.
        choices: what was chosen of each field of ``LINES``.
        requester_type: kind of who needs it, a concept of ``actor-type``.
        agenda, organization: to whom it is addressed: id or name, or empty.
        contact: ``contact_name`` and ``contact_email``, for those who answer alone.
    """

    texts: Mapping[str, str]
    language: str
    choices: Mapping[str, tuple[str, ...]]
    requester_type: str
    agenda: str
    organization: str
    contact: Mapping[str, str]

    def record(self) -> dict[str, Any]:
        """The fields of the record that it becomes."""
        named = {"requester_name": self.texts["requester_name"], "requester_type": self.requester_type}
        chosen = {name: list(values) for name, values in self.choices.items()}
        return {
            "type": "necesidad",
            "title_translated": {self.language: self.texts["title"]},
            "notes_translated": {self.language: self.texts["description"]},
            **{name: value for name, value in {**named, **chosen}.items() if value},
        }

    def digest(self, sender: str) -> str:
        """What the same person, or any visitor, would get who says the same again."""
        said = "\x00".join(
            [sender, *(" ".join(fold(self.texts[name]).split()) for name in ("title", "description"))]
        )
        return hashlib.sha256(said.encode()).hexdigest()


def read(given: Mapping[str, Any], language: str) -> Statement:
    """The statement in what a form or a program sends; texts of another shape count as empty. Lists may come as lines of a text."""
    texts = {name: _text(given.get(name)) for name in LENGTHS}
    return Statement(
        texts={name: texts[name] for name in ("title", "description", "requester_name")},
        language=_text(given.get("language")) or language,
        choices={name: _lines(given.get(name)) for name in LINES},
        requester_type=_text(given.get("requester_type")),
        agenda=_text(given.get("agenda")),
        organization=_text(given.get("organization")),
        contact={name: texts[name] for name in ("contact_name", "contact_email")},
    )


def _text(value: Any) -> str:
    return _CONTROL.sub(" ", value).strip() if isinstance(value, str) else ""


def _lines(value: Any) -> tuple[str, ...]:
    found = value.splitlines() if isinstance(value, str) else texts_of(value)
    return tuple(dict.fromkeys(text for text in map(_text, found) if text))


def faults(said: Statement) -> Iterator[Fault]:
    """What is wrong with a statement before the validators of the record see it."""
    yield from _text_faults({**said.texts, **said.contact})
    if not said.choices["purpose"]:
        yield Fault(CHOOSE, {}, "purpose")
    for name, values in said.choices.items():
        if len(values) > MOST_CHOICES:
            yield Fault(MANY, {"limit": MOST_CHOICES}, name)
    if not said.requester_type:
        yield Fault(WHO, {}, "requester_type")
    email = said.contact["contact_email"]
    if email and not _EMAIL.fullmatch(email):
        yield Fault(NO_ADDRESS, {}, "contact_email")


def _text_faults(texts: Mapping[str, str]) -> Iterator[Fault]:
    for name, text in texts.items():
        least, most = LENGTHS[name]
        if len(text) < least:
            yield Fault(SHORT, {"limit": least}, name)
        elif len(text) > most:
            yield Fault(LONG, {"limit": most}, name)
        elif name != "description" and len(text.splitlines()) > 1:
            yield Fault(LINE, {}, name)
        elif not name.startswith("contact") and _EMAIL.search(text):
            yield Fault(ADDRESS, {}, name)


def numbers_in(*texts: str) -> list[str]:
    """What may be a telephone number or the number of an identity card, for somebody to look at before anybody can read it."""
    return [match.group() for text in texts for match in _NUMBER.finditer(text[: LENGTHS["description"][1]])]
