"""Does a Spanish message use the words of ``i18n/glossary.yaml``?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parent.parent / "i18n" / "glossary.yaml"
#: Not words of the message: parameters, tags, addresses, code.
ASIDE = re.compile(
    r"%\(\w+\)[sd]|%[sd]|\{[\w.!\[\]]*\}|<[^>]*>|\[\[[^\]]*\]\]|https?://\S+|\S+@\S+|`[^`]*`|[\w.]*_\w+|\w+\.\w+\w*"
)


@dataclass(frozen=True)
class Term:
    """A term and how it is said: ``es`` as the glossary prints it, the patterns that a message needs and must not have."""

    en: str
    es: str
    asks: re.Pattern[str]
    words: re.Pattern[str]
    never: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    avoid: str
    note: str

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Term:
        """A term as the file declares it."""
        asks = entry.get("only") or [rf"\b{re.escape(entry['en'])}(s|es)?\b"]
        never = entry.get("never")
        return cls(
            entry["en"], entry["es"], _any(asks), _any(entry["words"]), _any([rf"\b({'|'.join(never)})\b"]) if never else None,
            _any([entry["unless"]]) if "unless" in entry else None,
            entry.get("avoid", ""), entry.get("note", ""),
        )  # fmt: skip


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


@lru_cache(maxsize=1)
def glossary() -> tuple[tuple[Term, ...], tuple[tuple[re.Pattern[str], str], ...]]:
    """The terms, and the forms that are never used with the reason."""
    read = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    forms = tuple((re.compile(form["never"], re.IGNORECASE), form["because"]) for form in read["forms"])
    return tuple(Term.of(entry) for entry in read["terms"]), forms


def faults_of_message(ids: tuple[str, ...], spanish: tuple[str, ...]) -> Iterator[str]:
    """Why a translated message is not in the words of the glossary: a line for each reason."""
    terms, forms = glossary()
    asked = ASIDE.sub(" ", ids[-1])
    for said in {ASIDE.sub(" ", text) for text in spanish}:
        for term in terms:
            if term.unless and term.unless.search(asked):
                continue
            if term.never and (bad := term.never.search(said)):
                yield f"«{bad[0]}» for {term.en!r}: «{term.es}»"
            elif term.asks.search(asked) and not term.words.search(said):
                yield f"{term.en!r} is «{term.es}»"
        for pattern, because in forms:
            if bad := pattern.search(said):
                yield f"«{bad[0].strip()}»: {because}"
