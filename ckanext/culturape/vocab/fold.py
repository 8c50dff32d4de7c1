"""When do two words mean the same? Letters without case, accents, apostrophes or punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Letters of orthographies of Peru that no decomposition brings to a basic one.
_LETTERS = str.maketrans({"ɨ": "i", "ʉ": "u", "ø": "o", "ł": "l", "đ": "d", "ß": "ss"})
_APOSTROPHES = re.compile("['’‘ʼʻ´`ˈ]")
_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """The text for comparison: ``Matsés`` gives ``matses``, ``Harakmbut / Wachipaeri`` gives ``harakmbut wachipaeri``."""
    # Apostrophes go first: some decompose to a space.
    plain = _decompose(_decompose(_APOSTROPHES.sub("", text)).casefold().translate(_LETTERS))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", letters)).strip()


def _decompose(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKD", text)


def sorting_key(text: str) -> str:
    """The text as lists sort it by characters: without case and accents, and ``ñ`` between ``n`` and ``o``, as Spanish has it."""
    # The letter after n is of no orthography of Peru, stays when folded, and comes after z.
    marked = unicodedata.normalize("NFC", text).casefold().replace("ñ", "nʒ")
    return fold(marked) or text
