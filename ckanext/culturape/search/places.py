"""Which fields hold the places of a record, so that a region finds what its provinces and districts have?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.culturape.vocab.concept import Scheme

#: Solr fields of the levels of territory, from the whole country downwards.
LEVELS = ("vocab_country", "vocab_region", "vocab_province", "vocab_district")


def place_fields(codes: Iterable[str], scheme: Scheme) -> dict[str, list[str]]:
    """The places themselves and all above them, by level."""
    found: dict[str, set[str]] = {}
    for code in codes:
        if code in scheme:
            way = [*reversed(scheme.ancestors(code)), scheme.concepts[code]]
            for level, place in zip(LEVELS, way, strict=False):
                found.setdefault(level, set()).add(place.id)
    return {level: sorted(places) for level, places in found.items()}
