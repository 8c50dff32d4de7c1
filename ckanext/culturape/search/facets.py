"""Which facet stands for which Solr field, with which vocabulary and title?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.culturape.errors import N_
from ckanext.culturape.fields import RECORD_TYPES, load_schema
from ckanext.culturape.search.concepts import INSTITUTION_TYPE, TERRITORY, use_field, used_schemes
from ckanext.culturape.search.places import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

CORE_FIELDS = frozenset({"license_id"})


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of the search page.

    Attributes:
        name: what the site's option calls it.
        field: field of Solr, and parameter of the page's address.
        vocabulary: id of the concept scheme of its values.
        title: English msgid.
        above: field that must be chosen before this one is offered; empty when it is always offered.
    """

    name: str
    field: str
    vocabulary: str
    title: str
    above: str = ""


_LEVEL_TITLES = (N_("Country"), N_("Region"), N_("Province"), N_("District"))


def _places() -> Iterable[Facet]:
    country, *levels = zip(LEVELS, _LEVEL_TITLES, strict=True)
    yield Facet("country", country[0], TERRITORY, country[1])
    above = ""
    for field, title in levels:
        yield Facet(TERRITORY, field, TERRITORY, title, above)
        above = field


def _declared() -> Iterable[Facet]:
    schema = load_schema()
    for field in schema.fields:
        if field.facet and field.name == TERRITORY:
            yield from _places()
        elif field.facet:
            # The licence has a field of its own in CKAN, whose name stands in addresses that people keep.
            solr = field.name if field.name in CORE_FIELDS else f"vocab_{field.name}"
            yield Facet(field.name, solr, field.vocabulary, field.label)
    institution = load_schema("organization").field(INSTITUTION_TYPE)
    yield Facet(INSTITUTION_TYPE, f"vocab_{INSTITUTION_TYPE}", institution.vocabulary, institution.label)
    formats = schema.resource_field("format")
    yield Facet("res_format", "res_format", formats.vocabulary, formats.label)
    yield from _of_other_types({field.name for field in schema.fields})


def _of_other_types(known: set[str]) -> Iterable[Facet]:
    """Those of agendas, commitments and needs that datasets do not have."""
    for name in RECORD_TYPES[1:]:
        for field in load_schema(name).fields:
            if field.facet and field.name not in known:
                known.add(field.name)
                yield Facet(field.name, f"vocab_{field.name}", field.vocabulary, field.label)


#: All facets that can be offered, in the order of the schema; ``territory`` stands for three of them.
FACETS: tuple[Facet, ...] = tuple(_declared())

#: What leads from the page of a concept to the datasets that use it in any field. Offered only to remove what was chosen.
USES = tuple(Facet(use_field(scheme_id), use_field(scheme_id), scheme_id, "") for scheme_id in used_schemes())

_BY_FIELD = {facet.field: facet for facet in (*FACETS, *USES)}


def facet_of(field: str) -> Facet | None:
    """The facet on this field of Solr; ``None`` for those of others."""
    return _BY_FIELD.get(field)
