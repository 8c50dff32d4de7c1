"""How is it said to a person what a source would give? As text, in the language of the site."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from ckanext.culturape.errors import N_
from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.values.texts import shorten
from ckanext.culturape.vocab.concept import best_text
from ckanext.culturape.vocab.pack import Vocabulary

Translate = Callable[[str], str]

#: A moment of a day, as XML Schema writes it.
_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)T\d\d:[\d:.]+(?:Z|[+-]\d\d:\d\d)?")

#: Widths of the column of labels and of that of values.
LABEL, VALUE = 28, 90


def tell(
    source: str, found: Mapping[str, Any], vocabulary: Vocabulary, language: str, say: Translate
) -> Iterator[str]:
    """The lines on one source: its datasets with what was recognised, what is kept beside, and what was refused."""
    yield f"=== {source}"
    if found["error"]:
        yield say(N_("It could not be read: %(reason)s")) % {"reason": found["error"]}
        return
    numbers = {"datasets": len(found["datasets"]), "refused": len(found["refused"])}
    yield say(N_("%(datasets)s dataset(s); %(refused)s value(s) or dataset(s) refused")) % numbers
    if found.get("more"):
        yield say(N_("Pages read: %(number)s. The source has more.")) % {"number": found["pages"]}
    for dataset in found["datasets"]:
        yield ""
        yield f"{dataset['title']}  <{dataset['uri']}>"
        yield from _fields(dataset["fields"], vocabulary, language, say)
        yield _row(
            say(N_("Kept beside the record")),
            say(N_("%(number)s statement(s)")) % {"number": len(dataset["residue"])},
        )
    if found["refused"]:
        yield ""
        yield say(N_("Refused:"))
    for refused in found["refused"]:
        place = ", ".join(filter(None, (refused["uri"], refused["field"])))
        yield f"  - {place + ': ' if place else ''}{refused['reason']}"


def _row(label: str, value: str) -> str:
    return f"  {shorten(label, LABEL):{LABEL}}  {shorten(' '.join(value.split()), VALUE)}"


def _fields(
    record: Mapping[str, Any], vocabulary: Vocabulary, language: str, say: Translate
) -> Iterator[str]:
    for label, text in recognised(record, vocabulary, language, say):
        yield _row(label, text)


def recognised(
    record: Mapping[str, Any], vocabulary: Vocabulary, language: str, say: Translate
) -> Iterator[tuple[str, str]]:
    """Label and value of each field of a record that says something, and of its files, in words."""
    for field in load_schema().fields:
        if field.name in record:
            yield say(field.label), _spelled(field, record[field.name], vocabulary, language)
    resources = cast("list[Mapping[str, Any]]", record.get("resources") or [])
    for resource in resources:
        name = best_text(resource.get("name_translated") or {}, language)
        text = " ".join(
            filter(None, (name, resource.get("format"), resource.get("url") or resource.get("uri")))
        )
        if text:
            yield say(N_("File or link")), text


def _spelled(field: Field, value: Any, vocabulary: Vocabulary, language: str) -> str:
    """A canonical value in words; moments by their day."""
    return _MOMENT.sub(r"\1", _words(field, value, vocabulary, language))


def _words(field: Field, value: Any, vocabulary: Vocabulary, language: str) -> str:
    if field.has_concepts:
        ids = cast("list[str]", value if isinstance(value, list) else [value])
        concepts = (vocabulary.concept(field.vocabulary, concept_id) for concept_id in ids)
        return ", ".join(concept.label(language) for concept in concepts if concept)
    if field.kind == "text_translated":
        return best_text(value, language)
    if isinstance(value, dict):
        words = cast("Mapping[str, list[str]]", value)
        return ", ".join(word for listed in words.values() for word in listed)
    if isinstance(value, list):
        return ", ".join(_item(item) for item in cast("list[Any]", value))
    return str(value)


def _item(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    parts = cast("Mapping[str, Any]", item)
    return str(
        parts.get("name")
        or parts.get("agent")
        or " / ".join(str(part) for part in parts.values())
        or json.dumps(item)
    )
