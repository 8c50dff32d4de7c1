"""Parts of a schema.org description: terms, places, periods, agents, licences. Plain dictionaries, strict like ``terms``.

Shapes: https://schema.org/version/latest and, where it is narrower, what Google documents for ``Dataset``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ckanext.culturape.rdf.codecs_concepts import official
from ckanext.culturape.rdf.terms import iri, plain
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.concept import Concept, best_text
from ckanext.culturape.vocab.pack import TERRITORY, Vocabulary

#: What stands for an end of a period that is open (ISO 8601-2, as Google documents it).
OPEN_END = ".."

_TAG = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a description, and where.

    Attributes:
        vocabulary: the schemes of the site.
        language: language of the page; texts and labels are given in it where they exist in it.
        url: address of the page.
        catalogue: the catalogue that the page belongs to, as a node.
        about_description: what is said of the description itself: its publisher and its licence.
    """

    vocabulary: Vocabulary
    language: str
    url: str = ""
    catalogue: Mapping[str, Any] = field(default_factory=dict[str, Any])
    about_description: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def text(self, texts: Any) -> str:
        """The text of a mapping of languages, or the text itself; without characters that no document may hold."""
        if isinstance(texts, Mapping):
            return text(best_text(cast("Mapping[str, str]", texts), self.language))
        return text(texts)

    def concepts(self, scheme: str, ids: Any) -> Iterator[Concept]:
        """The concepts behind the values of a field, one or several; values that are none are left out."""
        found = (self.vocabulary.concept(scheme, str(concept_id)) for concept_id in listed(ids))
        return (concept for concept in found if concept)

    def term(self, concept: Concept) -> Record:
        """A concept as a term of its scheme."""
        scheme = self.vocabulary.schemes[concept.scheme]
        return filled({
            "@type": "DefinedTerm", "@id": http(concept.uri), "name": concept.label(self.language),
            "termCode": concept.notation, "inDefinedTermSet": http(scheme.uri),
        })  # fmt: skip


def listed(value: Any) -> list[Any]:
    """The values of a field that holds one or several."""
    return cast("list[Any]", value) if isinstance(value, list) else [] if value in (None, "") else [value]


def text(value: object) -> str:
    """A text without characters that no document may hold, empty for nothing. Raises: TypeError for what is no text."""
    if isinstance(value, (list, Mapping)):
        raise TypeError(f"no text: {value!r:.60}")
    return "" if value is None else plain(value).strip()


def filled(node: Mapping[str, Any]) -> Record:
    """A node without its empty properties."""
    return {key: value for key, value in node.items() if value is not None and value not in ("", [], {})}


def http(address: object) -> str:
    """A well-formed address of the web; empty for any other, of whatever scheme."""
    given = str(address or "").strip().replace(" ", "%20")
    return given if given.lower().startswith(("http://", "https://")) and iri(given) else ""


def https(addresses: Any) -> list[str]:
    """The addresses of the web among one or several."""
    return [found for found in map(http, listed(addresses)) if found]


def languages(ids: Any, reader: Reader) -> list[str]:
    """Tags of BCP 47; a variety without a tag is told by that of its language, one of several tags by none."""
    scheme = reader.vocabulary.scheme("language")
    tags: dict[str, None] = {}
    for concept in reader.concepts("language", ids):
        own = concept.attributes.get("iso639_3") or ()
        codes = [concept.id, *([own] if isinstance(own, str) else own if len(own) == 1 else ())]
        codes += [above.id for above in scheme.ancestors(concept.id)]
        tags |= {code: None for code in [code for code in codes if _TAG.fullmatch(code)][:1]}
    return list(tags)


def place(code: str, reader: Reader, *, geometry: bool) -> Record:
    """A place with its code, where it lies, and its country; empty for a code that nobody knows."""
    concept = reader.vocabulary.concept(TERRITORY, code)
    if concept is None:
        return {}
    above = reader.vocabulary.scheme(TERRITORY).ancestors(code)
    code_node = {
        "@type": "PropertyValue", "propertyID": concept.uri.rpartition("/")[0], "value": concept.notation,
    }  # fmt: skip
    return filled({
        "@type": "Place", "@id": http(concept.uri),
        "name": str(concept.attributes.get("qualified") or concept.label(reader.language)),
        "identifier": code_node if concept.notation else None,
        "geo": geo(concept.attributes) if geometry else None,
        "containedInPlace": place(above[-1].id, reader, geometry=False) if above else None,
    })  # fmt: skip


def geo(facts: Mapping[str, Any]) -> Record:
    """The rectangle of a place, or its centre: latitude before longitude, the other way round than in the vocabulary."""
    if facts.get("bbox"):
        west, south, east, north = str(facts["bbox"]).split()
        return {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    if facts.get("centroid"):
        longitude, latitude = map(float, str(facts["centroid"]).split())
        return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return {}


def period(item: Mapping[str, Any]) -> str:
    """An interval of ISO 8601 in the precision given; empty when it has neither beginning nor end."""
    ends = [text(item.get(name)) for name in ("start", "end")]
    return "/".join(end or OPEN_END for end in ends) if any(ends) else ""


def licence(value: object, reader: Reader) -> str:
    """The address of a licence: its own, or that of the EU table where it is the same; empty when it has none."""
    concept = reader.vocabulary.concept("licence", str(value or ""))
    return http(concept.attributes.get("url") or official(concept)) if concept else ""
