"""Which concepts does a record use, in whatever field? One index field for each scheme that records choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from ckanext.culturape.fields import Field, load_schema, schema_of

if TYPE_CHECKING:
    from ckanext.culturape.vocab.concept import Scheme
    from ckanext.culturape.vocab.pack import Vocabulary

INSTITUTION_TYPE = "institution_type"
TERRITORY = "territory"

#: Schemes whose concepts records choose in another scheme, under the same identifiers.
_HOMES = {"country": TERRITORY}


def concept_ids(value: Any) -> list[str]:
    """The identifiers in the value of a concept field; nothing when it is of another shape."""
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else [value]
    return [item for item in items if isinstance(item, str) and item]


def with_ancestors(ids: Iterable[str], scheme: Scheme) -> list[str]:
    """Known concepts and all that are broader, sorted."""
    known = [concept_id for concept_id in ids if concept_id in scheme]
    return sorted({*known, *(above.id for concept_id in known for above in scheme.ancestors(concept_id))})


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """The dictionaries of a list; nothing when the value is of another shape."""
    for item in cast("list[Any]", value) if isinstance(value, (list, tuple)) else ():
        if isinstance(item, Mapping):
            yield cast("Mapping[str, Any]", item)


@cache
def used_schemes() -> tuple[str, ...]:
    """The schemes that datasets choose from, themselves or through the type of their organisation."""
    schema = load_schema()
    fields = [*schema.fields, *schema.resource_fields, load_schema("organization").field(INSTITUTION_TYPE)]
    named = {part.vocabulary for field in fields for part in (field, *field.subfields)}
    return tuple(sorted(named - {""}))


def use_field(scheme_id: str) -> str:
    """The field of Solr with the concepts of a scheme that a dataset uses; empty when datasets never choose from it.

    CKAN copies ``vocab_*`` into the words of a record; so the values are plain identifiers, and the scheme stands in the name.
    """
    home = _HOMES.get(scheme_id, scheme_id)
    return f"vocab_{home.replace('-', '_')}_concepts" if home in used_schemes() else ""


def use_fields(
    record: Mapping[str, Any], vocabulary: Vocabulary, institution_type: str
) -> dict[str, list[str]]:
    """For each such field the concepts of a record with all above them.

    The record must be one that the rules of care have reduced: whoever searches may read this.
    """
    schema = schema_of(record.get("type"))
    found: dict[str, list[str]] = {"institution-type": [institution_type]}
    _collect(schema.fields, record, found)
    for resource in mappings(record.get("resources")):
        _collect(schema.resource_fields, resource, found)
    return {
        use_field(scheme_id): with_ancestors(ids, vocabulary.scheme(scheme_id))
        for scheme_id, ids in found.items()
        if use_field(scheme_id)
    }


def _collect(fields: Iterable[Field], record: Mapping[str, Any], found: dict[str, list[str]]) -> None:
    for field in fields:
        value = record.get(field.name)
        if field.vocabulary:
            found.setdefault(field.vocabulary, []).extend(concept_ids(value))
        for item in mappings(value) if field.subfields else ():
            _collect(field.subfields, item, found)
