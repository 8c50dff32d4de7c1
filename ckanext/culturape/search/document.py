"""What does the index know of a record? Concepts with those above them, and all words that should find it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from ckanext.culturape.fields import RECORD_TYPES, Field, Schema, load_schema, schema_of
from ckanext.culturape.search.concepts import (
    INSTITUTION_TYPE,
    concept_ids,
    mappings,
    use_field,
    use_fields,
    used_schemes,
    with_ancestors,
)  # fmt: skip
from ckanext.culturape.search.places import LEVELS, place_fields
from ckanext.culturape.search.words import stems
from ckanext.culturape.vocab.find import names_of
from ckanext.culturape.vocab.fold import fold, sorting_key

if TYPE_CHECKING:
    from ckanext.culturape.vocab.concept import Concept, Scheme
    from ckanext.culturape.vocab.pack import Vocabulary

#: Schemes that name the same communities.
NAMESAKES = {"people": "language", "language": "people"}

#: Core fields of CKAN whose words are indexed by themselves, and need only their stems.
CORE_TEXTS = ("title", "notes", "author", "maintainer")


def index_document(
    record: Mapping[str, Any], vocabulary: Vocabulary, organization: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The fields of Solr that follow from a canonical dataset; they work on a stock schema.

    ``vocab_*`` fields are stored and may be read by anybody who searches. Alternative and hidden names of
    concepts go into ``text`` alone, which is not stored.

    Args:
        record: the decoded dataset; values that are not canonical are passed over.
        vocabulary: the schemes of the site.
        organization: its organisation, with ``institution_type``.
    """
    schema = schema_of(record.get("type"))
    document = _facet_fields(schema, record, vocabulary)
    institution = str((organization or {}).get(INSTITUTION_TYPE) or "")
    document[f"vocab_{INSTITUTION_TYPE}"] = with_ancestors(
        [institution], vocabulary.scheme("institution-type")
    )
    document.update(use_fields(record, vocabulary, institution))
    words = [*_words(schema, record, vocabulary), *_organization_words(record, organization)]
    words = list(dict.fromkeys(words))
    document["title_string"] = sorting_key(str(record.get("title") or ""))
    document["text"] = [text for text in (*words, stems([*words, *_core_words(record)])) if text]
    return {name: value for name, value in document.items() if value}


def facet_fields() -> tuple[str, ...]:
    """All ``vocab_*`` fields that only we may fill."""
    declared = (field for name in RECORD_TYPES for field in load_schema(name).fields)
    own = dict.fromkeys(f"vocab_{field.name}" for field in declared if field.facet)
    return (*own, *LEVELS, f"vocab_{INSTITUTION_TYPE}", *map(use_field, used_schemes()))


def _facet_fields(schema: Schema, record: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in schema.fields:
        if field.facet:
            scheme = vocabulary.scheme(field.vocabulary)
            chosen = concept_ids(record.get(field.name))
            found[f"vocab_{field.name}"] = with_ancestors(chosen, scheme)
            if field.kind == "territory":
                found.update(place_fields(chosen, scheme))
    return found


def _words(schema: Schema, record: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[str]:
    for field in schema.fields:
        if field.searchable:
            yield from _field_words(field, record.get(field.name), vocabulary)
    for resource in mappings(record.get("resources")):
        for field in schema.resource_fields:
            if field.searchable or field.name == "format":
                yield from _field_words(field, resource.get(field.name), vocabulary)


def _field_words(field: Field, value: Any, vocabulary: Vocabulary) -> Iterator[str]:
    if field.has_concepts or field.kind == "format":
        scheme = vocabulary.scheme(field.vocabulary)
        for concept_id in concept_ids(value):
            yield from _concept_words(concept_id, scheme, vocabulary)
    elif field.subfields:
        for item in mappings(value):
            yield from (
                str(item[sub.name]) for sub in field.subfields if sub.kind == "text" and item.get(sub.name)
            )
    else:
        yield from _texts(value)


def _concept_words(concept_id: str, scheme: Scheme, vocabulary: Vocabulary) -> Iterator[str]:
    concept = scheme.get(concept_id)
    if concept is None:
        yield concept_id
        return
    for each in (concept, *scheme.ancestors(concept_id), *_namesakes(concept, vocabulary)):
        yield from names_of(each)


def _namesakes(concept: Concept, vocabulary: Vocabulary) -> Iterator[Concept]:
    """The language with the name of a people, and the reverse: people write the variants of either."""
    other = NAMESAKES.get(concept.scheme)
    for twin in vocabulary.scheme(other).candidates(concept.label("es")) if other else ():
        if fold(twin.label("es")) == fold(concept.label("es")):
            yield twin


def _organization_words(record: Mapping[str, Any], organization: Mapping[str, Any] | None) -> Iterator[str]:
    for source in (record.get("organization"), organization):
        if isinstance(source, Mapping):
            named = cast("Mapping[str, Any]", source)
            yield from _texts(named.get("title"))
            yield from _texts(named.get("title_translated"))


def _core_words(record: Mapping[str, Any]) -> Iterator[str]:
    for name in CORE_TEXTS:
        yield from _texts(record.get(name))
    for tag in mappings(record.get("tags")):
        yield from _texts(tag.get("name"))
    for extra in mappings(record.get("extras")):
        yield from _texts(extra.get("value"))
    for resource in mappings(record.get("resources")):
        yield from _texts(resource.get("name"))
        yield from _texts(resource.get("description"))


def _texts(value: Any) -> Iterator[str]:
    """All texts in a text, a list of texts, or texts by language."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Mapping):
        for part in cast("Mapping[str, Any]", value).values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in cast("list[Any]", value):
            yield from _texts(part)
