"""Which English messages of the installed catalogues stand in a text?"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

#: Names and formats that are the same in any language.
SAME = {
    "true",
    "false",
    "ckanapi",
    "api",
    "css",
    "csv",
    "id",
    "json",
    "no",
    "rdf",
    "url",
    "uri",
    "xml",
    "html",
    "pdf",
    "solr",
    "ckan",
    "markdown",
    "total",
    "error",
    "general",
    "popular",
    "regular",
}
#: A text with two of these is English.
ENGLISH = re.compile(
    r"(?<![\w-])(the|and|of|is|are|this|that|your|you|with|for|from|not|to|by|or|an|in|have|has|been|will|was|were|it|at|on)(?![\w-])",
    re.IGNORECASE,
)
#: A text with one of these, too.
ONLY_ENGLISH = re.compile(
    r"(?<![\w-])(found|please|cannot|should|must|does|which|when|there|here|click|choose|add|edit|search|showing|hide|yes|all)(?![\w-])",
    re.IGNORECASE,
)
PARAMETER = re.compile(r"%\(\w+\)[sdr]|%[sdr]|\{[^}]*\}")


def messages() -> Iterator[Any]:
    """Messages of CKAN and its companions as they are installed here (``overlay.Found``)."""
    import overlay

    yield from overlay.messages_of(overlay.environments()[_version()]).values()


@lru_cache(maxsize=1)
def english() -> tuple[dict[str, str], tuple[re.Pattern[str], ...]]:
    """Messages that must not stand in a Spanish page: whole ones, and patterns of those with parameters."""
    ids = {found.ids for found in messages()}
    own = polib.pofile(str(ROOT / "i18n" / "es" / "LC_MESSAGES" / "ckanext-culturape.po"))
    ids |= {(entry.msgid, entry.msgid_plural) if entry.msgid_plural else (entry.msgid,) for entry in own}
    spanish = _spanish_words()
    whole: dict[str, str] = {}
    patterns: set[str] = set()
    for one in (text for group in ids for text in group):
        for piece in re.split(r"<[^>]*>|\n", one):
            plain = " ".join(piece.split())
            if PARAMETER.search(plain):
                _pattern(plain, patterns)
            elif len(plain) > 2 and plain.casefold() not in SAME | spanish:
                whole[plain.casefold()] = one
    return whole, tuple(re.compile(one) for one in patterns)


def _pattern(plain: str, patterns: set[str]) -> None:
    fixed = PARAMETER.split(plain)
    if len(re.findall(r"[a-z]{2,}", " ".join(fixed))) >= 2:
        patterns.add("^" + ".+?".join(map(re.escape, fixed)) + "$")


def _spanish_words() -> set[str]:
    """What is also said so in Spanish."""
    import overlay

    said: set[str] = set()
    paths = [
        ROOT / "i18n/es/LC_MESSAGES/ckanext-culturape.po",
        ROOT / "i18n/overlay/es/LC_MESSAGES/culturape-overlay.po",
    ]
    paths.append(overlay.environments()[_version()] / "ckan/i18n/es/LC_MESSAGES/ckan.po")
    for path in paths:
        for entry in polib.pofile(str(path)):
            said |= {text.casefold() for text in (entry.msgstr, *entry.msgstr_plural.values())}
    return said


def _version() -> str:
    import ckan

    return ".".join(ckan.__version__.split(".")[:2])


def faults(text: str) -> Iterator[str]:
    """What of a text is English, and why we think so."""
    whole, patterns = english()
    bare = text.strip(" :.…*»«›‹→←")
    for one in {text.casefold(), bare.casefold()}:
        if one in whole:
            yield f"message {whole[one]!r}"
            return
    if any(pattern.match(text) for pattern in patterns):
        yield "message with parameters"
    elif ONLY_ENGLISH.search(text) or len({found.casefold() for found in ENGLISH.findall(text)}) >= 2:
        yield "English words"
