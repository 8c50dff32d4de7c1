"""In which serialisations and families may a source be, and how often may it be read? With the words for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.family import CKAN, CSW, DATA_JSON, HTML, RDF, SCHEMA_ORG

#: Media types of the serialisations that ``intake`` reads, with their names.
SERIALISATIONS: Mapping[str, str] = MappingProxyType(
    {
        "text/turtle": "Turtle",
        "application/rdf+xml": "RDF/XML",
        "application/ld+json": "JSON-LD",
        "application/n-triples": "N-Triples",
        "application/n-quads": "N-Quads",
        "application/trig": "TriG",
    }
)
#: What people and other programs call them.
_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "ttl": "text/turtle", "n3": "text/turtle", "text/n3": "text/turtle",
        "xml": "application/rdf+xml", "rdf": "application/rdf+xml", "rdfxml": "application/rdf+xml", "pretty-xml": "application/rdf+xml",
        "application/xml": "application/rdf+xml", "text/xml": "application/rdf+xml",
        "jsonld": "application/ld+json", "nt": "application/n-triples", "ntriples": "application/n-triples",
        "nq": "application/n-quads", "nquads": "application/n-quads",
        **{name.lower(): media_type for media_type, name in SERIALISATIONS.items()},
    }
)  # fmt: skip
#: Families of documents, each with a label.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        RDF: N_("DCAT in RDF"),
        DATA_JSON: N_("data.json (DCAT-US and the profile of Argentina)"),
        CKAN: N_("API of a CKAN or DKAN portal"),
        CSW: N_("CSW, of a catalogue of maps"),
        SCHEMA_ORG: N_("schema.org, in JSON-LD"),
        HTML: N_("Web page that describes its data for search engines"),
    }
)
#: How often ckanext-harvest reads a source by itself, each with a label; the first is what it does when nobody chose.
FREQUENCIES: Mapping[str, str] = MappingProxyType(
    {
        "MANUAL": N_("Only when somebody asks for it"),
        "DAILY": N_("Every day"),
        "WEEKLY": N_("Every week"),
        "BIWEEKLY": N_("Every two weeks"),
        "MONTHLY": N_("Every month"),
        "ALWAYS": N_("Without a break: again as soon as it has ended"),
    }
)


def media_type_of(text: str) -> str:
    """The media type of a serialisation by its name, suffix or media type; empty for what is none that we read."""
    wanted = text.partition(";")[0].strip().lower()
    return wanted if wanted in SERIALISATIONS else _ALIASES.get(wanted, "")
