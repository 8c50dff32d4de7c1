"""The reader of texts in several languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values.scope import Scope, Values
from ckanext.culturape.values.texts import MAX_TEXT, as_list, clean_text, decode_json, shorten
from ckanext.culturape.vocab.tags import language_of, name_of


def read_translated(field: Field, raw: Any, scope: Scope) -> Values:
    """Texts, or lists of words, by language.

    Two different texts in one language are a fault, and the first stays; lists of words are joined.
    """
    given, faults = _by_language(raw, scope)
    found: dict[str, Any] = {}
    for language, several in sorted(given.items()):
        try:
            found[language] = _one_of(field, language, several, scope, faults)
        except Fault as fault:
            faults.append(fault)
    return {language: text for language, text in found.items() if text}, faults


def _one_of(field: Field, language: str, several: list[Any], scope: Scope, faults: list[Fault]) -> Any:
    if field.kind == "tags_translated":
        return sorted({word for words in several for word in _words(words)})
    texts = [clean_text(text, field.longest or MAX_TEXT) for text in several]
    first, *others = dict.fromkeys(filter(None, texts)) or ("",)
    if others:
        name = name_of(language, scope.vocabulary.scheme("language"), scope.default_language)
        message = N_(
            "There are two texts in one language (%(language)s): “%(first)s” and “%(second)s”. Leave one."
        )
        params = {"language": name, "first": shorten(first), "second": shorten(others[0])}
        faults.append(Fault(message, params))
    return first


def _words(raw: Any) -> list[str]:
    is_plain = isinstance(raw, str) and decode_json(raw, "[") is None
    items = re.split(r"[,\r\n]+", raw) if is_plain else as_list(raw)
    return sorted({clean_text(item) for item in items} - {""})


def _by_language(raw: Any, scope: Scope) -> tuple[dict[str, list[Any]], list[Fault]]:
    """What was given for each language: several times when two tags mean the same, the plainest tag first."""
    decoded = decode_json(raw, "{") if isinstance(raw, str) else raw
    if not isinstance(decoded, Mapping):
        return ({scope.default_language: [raw]} if raw else {}), []
    texts: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    scheme = scope.vocabulary.scheme("language")
    given = [(str(tag), text) for tag, text in cast("Mapping[Any, Any]", decoded).items() if text]
    for tag, text in sorted(given, key=lambda pair: (pair[0] != language_of(pair[0], scheme), pair[0])):
        language = language_of(tag, scheme)
        if language:
            texts.setdefault(language, []).append(text)
        else:
            faults.append(_unknown_language(tag, text))
    return texts, faults


def _unknown_language(tag: str, text: Any) -> Fault:
    if not tag.strip():
        params = {"text": shorten(" ".join(map(str, as_list(text))))}
        return Fault(N_("Choose the language of “%(text)s”."), params)
    return Fault(N_("“%(value)s” is not a language of the vocabulary."), {"value": shorten(tag)})
