"""Readers of the options of a source: each gives the value as it is kept, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from ckanext.culturape.care.rules import EVERY, NOT_REVIEWED, OPEN, RULES
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.kinds import FAMILIES, SERIALISATIONS, media_type_of
from ckanext.culturape.harvest.withheld import NONE
from ckanext.culturape.values.addresses import MAX_ADDRESS
from ckanext.culturape.values.concepts import resolve_concept
from ckanext.culturape.values.texts import clean_text, shorten
from ckanext.culturape.vocab.pack import Vocabulary
from ckanext.culturape.vocab.tags import language_of

#: A value, and the faults of what was left out of it.
Values = tuple[Any, list[Fault]]

#: Seconds between two requests; who needs more does not want to be read by programs.
LONGEST_PAUSE = 60
#: Rows of publishers; a catalogue of a whole state has some hundreds.
MOST_ROWS = 2000

_EXPECTED = N_("This cannot be read: %(accepted)s was expected.")
_STANDS_IN = N_(
    "“%(value)s” cannot stand for what a source does not say: nobody has reviewed those datasets. Choose “%(instead)s”, or what must be taken care of."
)


@dataclass(frozen=True, slots=True)
class Against:
    """What options are checked against.

    Attributes:
        vocabulary: of the site.
        most: limits of the site, by name of the option.
        language: in which terms are named.
    """

    vocabulary: Vocabulary
    most: Mapping[str, int]
    language: str = "es"

    def label(self, scheme: str, concept_id: str) -> str:
        """What a concept is called."""
        concept = self.vocabulary.concept(scheme, concept_id)
        return concept.label(self.language) if concept else concept_id


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise Fault(_EXPECTED, {"accepted": N_("a text")})
    return clean_text(raw)


def read_format(raw: Any, against: Against) -> Values:
    """The media type of a serialisation. Raises: Fault."""
    del against
    text = _text(raw)
    found = media_type_of(text)
    if text and not found:
        message = N_(
            "“%(value)s” is not a serialisation of RDF that this site reads: %(names)s. For all else choose the kind of catalogue."
        )
        raise Fault(message, {"value": shorten(text), "names": tuple(SERIALISATIONS.values())})
    return found, []


def read_family(raw: Any, against: Against) -> Values:
    """A family of documents. Raises: Fault."""
    del against
    text = _text(raw).lower()
    if text and text not in FAMILIES:
        message = N_("“%(value)s” is not a kind of catalogue that this site reads: %(names)s.")
        raise Fault(message, {"value": shorten(text), "names": tuple(FAMILIES)})
    return text, []


def read_language(raw: Any, against: Against) -> Values:
    """A language of the vocabulary, by its tag or name. Raises: Fault."""
    text = _text(raw)
    language = language_of(text, against.vocabulary.scheme("language")) if text else ""
    if text and not language:
        # Names the closest ones.
        language = resolve_concept(against.vocabulary.scheme("language"), text, against.language).id
    return language, []


def read_switch(raw: Any, against: Against) -> Values:
    """Yes or no. Raises: Fault."""
    del against
    if not isinstance(raw, bool):
        raise Fault(_EXPECTED, {"accepted": N_("yes or no (true or false)")})
    return raw, []


def read_share(raw: Any, against: Against) -> Values:
    """A part of the whole. Raises: Fault."""
    del against
    share = _number(raw)
    if not 0 <= share <= 1:
        raise Fault(N_("The share must lie between 0 and 100 percent; in JSON, between 0 and 1."))
    return share, []


def read_pause(raw: Any, against: Against) -> Values:
    """Seconds. Raises: Fault."""
    del against
    seconds = _number(raw)
    if not 0 <= seconds <= LONGEST_PAUSE:
        raise Fault(N_("The pause must lie between 0 and %(most)s seconds."), {"most": LONGEST_PAUSE})
    return seconds, []


def _number(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise Fault(_EXPECTED, {"accepted": N_("a number")})
    return float(raw)


def limit_reader(name: str) -> Callable[[Any, Against], Values]:
    """The reader of a limit, which is at most that of the site."""

    def read(raw: Any, against: Against) -> Values:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise Fault(_EXPECTED, {"accepted": N_("a whole number")})
        most = against.most[name]
        if raw < 0:
            raise Fault(N_("A limit cannot be less than zero; zero stands for the limit of the site."))
        if raw > most and name == "size":
            raise Fault(N_("This site reads at most %(most)s MB of a page."), {"most": most // 1_000_000})
        if raw > most:
            raise Fault(N_("The limit of this site is %(most)s."), {"most": most})
        return raw, []

    return read


def read_sensitivity(raw: Any, against: Against) -> Values:
    """What must be taken care of in datasets whose source says nothing. Raises: Fault for what is no list."""
    items = cast("list[Any]", raw if isinstance(raw, (list, tuple)) else [raw])
    found: set[str] = set()
    faults: list[Fault] = []
    for item in items:
        try:
            found |= _concept(item, "sensitivity", (NONE,), against)
        except Fault as fault:
            faults.append(fault)
    return tuple(sorted(found)) or (NOT_REVIEWED,), faults


def read_access_level(raw: Any, against: Against) -> Values:
    """The level of access of datasets whose source says nothing. Raises: Fault."""
    return next(iter(_concept(raw, "access-level", OPEN, against)), NOT_REVIEWED), []


def _concept(raw: Any, scheme: str, forbidden: tuple[str, ...], against: Against) -> set[str]:
    text = _text(raw)
    if not text:
        return set()
    concept = resolve_concept(against.vocabulary.scheme(scheme), text, against.language)
    if concept.id in forbidden:
        params = {"value": concept.label(against.language), "instead": against.label(scheme, NOT_REVIEWED)}
        raise Fault(_STANDS_IN, params)
    return {concept.id}


def allowed_levels(sensitivity: tuple[str, ...]) -> tuple[str, ...]:
    """Levels of access that may stand in for what a source does not say; where nobody decided, the rules of care choose."""
    rules = [RULES[name] for name in sensitivity if name in RULES]
    levels = (level for level in EVERY if all(level in rule.access for rule in rules))
    return tuple(dict.fromkeys([*(level for level in levels if level not in OPEN), NOT_REVIEWED]))


def read_organizations(raw: Any, against: Against) -> Values:
    """Organisations by publisher, from an object or from rows with ``publisher`` and ``organization``. Raises: Fault."""
    del against
    if not isinstance(raw, (list, Mapping)):
        raise Fault(_EXPECTED, {"accepted": N_("publishers, each with an organisation")})
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for number, (publisher, organization) in enumerate(_rows(raw), 1):
        if number > MOST_ROWS:
            raise Fault(N_("At most %(most)s publishers can be listed."), {"most": MOST_ROWS})
        if not (publisher and organization) or len(publisher) > MAX_ADDRESS:
            message = N_(
                "Row %(number)s needs both: the publisher, as its catalogue names it, and one of your organisations."
            )
            faults.append(Fault(message, {"number": number}))
        elif found.setdefault(publisher, organization) != organization:
            message = N_("“%(value)s” stands twice, with different organisations.")
            faults.append(Fault(message, {"value": shorten(publisher)}))
    return dict(sorted(found.items())), faults


def _rows(raw: Any) -> Iterator[tuple[str, str]]:
    """Pairs of publisher and organisation; empty rows are none."""
    if isinstance(raw, Mapping):
        pairs = cast("Mapping[Any, Any]", raw).items()
    else:
        rows = [
            cast("Mapping[str, Any]", row if isinstance(row, Mapping) else {"publisher": row})
            for row in cast("list[Any]", raw)
        ]
        pairs = [(row.get("publisher"), row.get("organization")) for row in rows]
    for publisher, organization in pairs:
        texts = tuple(value.strip() if isinstance(value, str) else "" for value in (publisher, organization))
        if any(texts) or (publisher or organization):
            yield clean_text(texts[0]), clean_text(texts[1])
