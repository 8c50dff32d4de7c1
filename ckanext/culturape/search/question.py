"""Which query finds what somebody typed, with the other forms of its words?"""

from __future__ import annotations

import re

from ckanext.culturape.search.words import stems

#: Longer questions are left to CKAN as they are: Solr takes about a thousand words times fields.
MAX_LENGTH = 400
MAX_FORMS = 100

#: What only somebody who knows the query language writes: phrases, fields, parameters, signs before a word.
_SYNTAX = re.compile(r'[":{}\\]|(?:^|\s)[+-]')

#: Letters and digits, and inside a word what names carry: q'ero, shipibo-konibo, 1.5.
_TERM = re.compile(r"[^\W_]+(?:['’._-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_OPERATORS = frozenset({"AND", "OR", "NOT"})


def expand_question(text: str) -> str:
    """The query for Solr's edismax parser; empty when the question is to stay as it is.

    Each word becomes a group of the word and its stem, and the groups are joined with OR, so that the minimum
    match that CKAN asks for counts them as it counts plain words. It finds all that the plain question finds.
    """
    if len(text) > MAX_LENGTH or _SYNTAX.search(text):
        return ""
    groups = [forms for forms in map(_forms, text.split()) if forms]
    if sum(map(len, groups)) > MAX_FORMS:
        return ""
    return " OR ".join(f"({' OR '.join(forms)})" for forms in groups)


def _forms(term: str) -> list[str]:
    """The term, its parts, and their stems."""
    names = [_plain(name) for name in _TERM.findall(term)]
    parts = [_plain(part) for name in names for part in _PART.findall(name)]
    return list(dict.fromkeys([*names, *parts, *stems([term]).split()]))


def _plain(word: str) -> str:
    return word.lower() if word in _OPERATORS else word
