"""Which statements of a residue stay back, so that care holds for what the schema has no room for as well?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.culturape import care
from ckanext.culturape.namespaces import RDF_TYPE, READ_PREFIXES, node
from ckanext.culturape.values.addresses import is_script
from ckanext.culturape.vocab.pack import Vocabulary

#: What somebody who reviewed a record says when nothing in it calls for care.
NONE = "ninguna"

#: Predicates whose object is a place or a geometry; all that hangs from them is of the place.
PLACES = tuple(
    node(name)
    for name in (
        "dct:spatial", "dct:coverage", "dcat:bbox", "dcat:centroid", "prov:atLocation", "foaf:based_near", "schema:spatial",
        "schema:spatialCoverage", "schema:contentLocation", "schema:geo", "schema:location", "schema:locationCreated", "schema:box",
        "schema:polygon", "schema:latitude", "schema:longitude", "schema:hasMap", "vcard:hasGeo", "vcard:geo",
    )
)  # fmt: skip
#: Vocabularies of places and geometries as a whole.
_OF_PLACE = tuple(READ_PREFIXES[name] for name in ("locn", "geo", "gsp", "geonames", "georss"))
_PLACE_CLASSES = tuple(
    node(name)
    for name in ("dct:Location", "locn:Geometry", "schema:Place", "schema:GeoShape", "prov:Location")
)
_GEOMETRY_TYPES = ("wktliteral", "gmlliteral", "geojson", "kmlliteral", "geojsonliteral")
#: Predicates that lead to content or describe a file.
_CONTENT = frozenset(
    node(name)
    for name in (
        "dcat:accessURL", "dcat:downloadURL", "dcat:accessService", "dcat:endpointURL", "dcat:byteSize", "dcat:mediaType", "dct:format",
        "dcat:compressFormat", "dcat:packageFormat", "spdx:checksum", "void:dataDump", "void:sparqlEndpoint", "schema:contentUrl",
        "schema:distribution", "adms:sample", "dcat:servesDataset", "foaf:depiction",
    )
)  # fmt: skip


def is_harmful(triple: Triple) -> bool:
    """Whether the object of a statement is an address that no reader may follow: a script, or embedded content."""
    return isinstance(triple.object, (NamedNode, Literal)) and is_script(triple.object.value)


def is_of_place(triple: Triple) -> bool:
    """Whether a statement says where something is."""
    value = triple.object
    if triple.predicate in PLACES or triple.predicate.value.startswith(_OF_PLACE):
        return True
    if isinstance(value, Literal):
        return value.datatype.value.lower().endswith(_GEOMETRY_TYPES)
    return triple.predicate == RDF_TYPE and isinstance(value, NamedNode) and value in _PLACE_CLASSES


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the rules of care hold back of the residue of a record.

    Attributes:
        places: statements of place.
        content: statements that lead to files, when only links to pages are allowed.
    """

    places: bool
    content: bool

    @staticmethod
    def of(record: Mapping[str, Any], vocabulary: Vocabulary) -> Withheld:
        """What is held back of a record. One that nobody reviewed counts as sensitive: its geometry is not ours to publish yet."""
        is_open = {rule.sensitivity for rule in care.rules_of(record, vocabulary)} == {NONE}
        return Withheld(not is_open, care.is_restricted(record, vocabulary))

    def holds_back(self, triple: Triple) -> bool:
        """Whether a statement stays back; what runs as a script when it is followed always does."""
        if is_harmful(triple):
            return True
        return (self.places and is_of_place(triple)) or (self.content and triple.predicate in _CONTENT)
