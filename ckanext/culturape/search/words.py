"""Which words are the same for somebody who searches? Stems of Spanish words, marked to meet no other word.

The analyser of a stock Solr schema stems English, so ``luz`` and ``luces`` do not meet there. Solr's light
Spanish stemmer leaves words of four letters alone, so ``arte`` and ``artes`` do not meet with it. Stems of
our own go into the index beside the words, and into the query beside what was typed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ckanext.culturape.vocab.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Begins every stem. No word begins so, and no analyser of a stock schema cuts or changes it.
MARK = "xq"

#: Characters of one text that are read for stems: enough for any description, little for a hostile one.
MAX_READ = 200_000

#: Stems of one record.
MAX_STEMS = 20_000

_WORD = re.compile(r"[^\W\d_]{3,40}")
_VOWELS = frozenset("aeiou")


def stem(word: str) -> str:
    """The folded word without plural and gender: ``luces`` gives ``luz``, ``mineras`` gives ``miner``.

    A final ``a`` or ``o`` goes only where four letters remain, so that ``casa`` and ``caso`` stay apart.
    A final ``c`` is written ``z``, because the plural of ``luz`` has it.
    """
    while True:
        word = _without_vowel(word[:-1] if _is_plural(word) else word)
        if not _is_plural(word):
            return f"{word[:-1]}z" if word.endswith("c") else word


def _is_plural(word: str) -> bool:
    """Whether a final ``s`` may be one: ``rios`` yes, ``pais``, ``mes`` and ``express`` no."""
    shortest = 4 if word[-2:-1] in ("a", "e", "o") else 5
    return word.endswith("s") and not word.endswith("ss") and len(word) >= shortest


def _without_vowel(word: str) -> str:
    shortest = 4 if word.endswith("e") and word[-2:-1] not in _VOWELS else 5
    return word[:-1] if word.endswith(("a", "e", "o")) and len(word) >= shortest else word


def stems(texts: Iterable[str]) -> str:
    """The marked stems of all words of some texts, each once, as one text."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(map(stem, _WORD.findall(fold(text[:MAX_READ])))))
        if len(found) > MAX_STEMS:
            break
    return " ".join(f"{MARK}{one}" for one in list(found)[:MAX_STEMS])
