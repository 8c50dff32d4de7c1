"""What templates ask of texts in many languages: the best for the reader, in which language it is, and which others there are.

A text that is not in the language of the page says its own, so that screen readers, browsers and search engines know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from markupsafe import Markup, escape

from ckanext.culturape import config
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.values.record import CORE_OF, core_tags
from ckanext.culturape.vocab.concept import best_language
from ckanext.culturape.vocab.fold import fold
from ckanext.culturape.vocab.tags import name_of, tag_of

TITLES = ("title_translated", "name_translated")
DESCRIPTIONS = ("notes_translated", "description_translated")

#: Languages that a line names before it says how many more there are.
NAMED = 6

#: Marks of direction, which may reach beyond their own text where nothing holds it together.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")


class Said(NamedTuple):
    """A text, and the tag of its language; no tag when it is that of the page, or not known."""

    text: str
    tag: str = ""


class Version(NamedTuple):
    """What a record says in a language that the page does not show.

    Attributes:
        name: of the language, for the reader.
        tag: of the language, as ``lang`` takes it.
        title, description: its texts; empty where it has none.
    """

    name: str
    tag: str
    title: str
    description: str


def culturape_said(texts: Any, other: Any = "") -> Said:
    """The best text for the reader: in their language, in that of the site, in Spanish, in English, or the first there is.

    Args:
        texts: by language, or one text.
        other: what stands in where there is none.
    """
    if not isinstance(texts, Mapping):
        return Said(str(texts or other or ""))
    given = cast("Mapping[str, str]", texts)
    language = _best(given)
    return Said(str(given[language]), _tag_here(language)) if language else Said(str(other or ""))


def culturape_text(texts: Any, other: Any = "", longest: int = 0) -> Markup:
    """The best text for a line of a page, marked with its language where that is not the language of the page."""
    text, tag = culturape_said(texts, other)
    if longest and len(text) > longest:
        text = f"{text[: longest - 1].rstrip()}…"
    if tag:
        return Markup('<bdi lang="{}">{}</bdi>').format(tag, text)
    return Markup("<bdi>{}</bdi>").format(text) if _DIRECTIONS.intersection(text) else escape(text)


def culturape_title(record: Mapping[str, Any], longest: int = 0) -> Markup:
    """The title of a record, a resource or an organisation, marked with its language."""
    name = next((field for field in TITLES if isinstance(record.get(field), Mapping)), "")
    plain = record.get("title") or record.get("display_name") or record.get("name") or record.get("id")
    return culturape_text(record.get(name), plain, longest)


def culturape_description(record: Mapping[str, Any]) -> Said:
    """The description of a record, a resource or an organisation."""
    name = next((field for field in DESCRIPTIONS if isinstance(record.get(field), Mapping)), "")
    return culturape_said(
        record.get(name),
        record.get(CORE_OF.get(name, "")) or record.get("notes") or record.get("description"),
    )


def culturape_versions(record: Mapping[str, Any]) -> list[Version]:
    """What a record says in the other languages, by the name of the language."""
    titles, descriptions = (_others(record, names) for names in (TITLES, DESCRIPTIONS))
    scheme, reader = vocabulary().scheme("language"), culturape_language()
    found = [
        Version(
            name_of(language, scheme, reader),
            _tag(language),
            titles.get(language, ""),
            descriptions.get(language, ""),
        )
        for language in {**titles, **descriptions}
    ]
    return sorted(found, key=lambda version: fold(version.name))


def culturape_version_names(versions: list[Version]) -> str:
    """The names of their languages in one line; of many, the first and how many more."""
    names = ", ".join(version.name for version in versions[:NAMED])
    more = len(versions) - NAMED
    return tk._("%(names)s and %(number)s more") % {"names": names, "number": more} if more > 0 else names


def culturape_keywords(record: Mapping[str, Any]) -> Iterator[tuple[Said, str]]:
    """Each keyword once, those that the reader understands first, with the tag of CKAN that finds it; empty where CKAN can hold none."""
    given: Any = record.get("tags_translated")
    if not isinstance(given, Mapping):
        given = {"": [tag["name"] for tag in record.get("tags") or ()]}
    words = cast("Mapping[str, list[str]]", given)
    first = _best(words)
    seen: set[str] = set()
    for language in sorted(words, key=lambda one: (one != first, one)):
        for word in words[language]:
            if word not in seen:
                seen.add(word)
                yield (
                    Said(word, _tag_here(language)),
                    next((tag["name"] for tag in core_tags({language: [word]})), ""),
                )


def culturape_tag(language: str) -> str:
    """The tag of a language as ``lang`` takes it; empty when it is not known."""
    return tag_of(language.strip(), vocabulary().scheme("language"))


def _others(record: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    texts = next((record[name] for name in names if isinstance(record.get(name), Mapping)), {})
    shown = _best(texts)
    return {language: str(text) for language, text in texts.items() if text and language != shown}


def _best(texts: Mapping[str, Any]) -> str:
    return best_language(texts, culturape_language(), config.default_language())


def _tag(language: str) -> str:
    # What was stored before the vocabulary knew it still says what it is.
    return culturape_tag(language) or language


def _tag_here(language: str) -> str:
    page = culturape_language().replace("_", "-")
    return "" if language in ("", page, page.split("-")[0]) else _tag(language)
