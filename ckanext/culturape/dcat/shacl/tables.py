"""What is known of the addresses of controlled vocabularies that a description names and does not describe?

DCAT-AP 3 wants formats, languages, frequencies and so on from tables that others publish (its section on controlled vocabularies). A validator knows the tables, so
whoever points to ``…/file-type/CSV`` need not say what it is. We do not carry the tables whole: an address in one is taken at its word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.culturape.namespaces import AUTHORITY, RDF_TYPE, expand

#: Classes of what stands below an address, as DCAT-AP names them for the properties that lead there.
CLASSES = {
    f"{AUTHORITY}file-type/": "dct:MediaTypeOrExtent",
    f"{AUTHORITY}language/": "dct:LinguisticSystem",
    f"{AUTHORITY}frequency/": "dct:Frequency",
    f"{AUTHORITY}access-right/": "dct:RightsStatement",
    f"{AUTHORITY}licence/": "dct:LicenseDocument",
    f"{AUTHORITY}continent/": "dct:Location",
    f"{AUTHORITY}country/": "dct:Location",
    f"{AUTHORITY}place/": "dct:Location",
    "https://sws.geonames.org/": "dct:Location",
    "http://sws.geonames.org/": "dct:Location",
    "https://www.iana.org/assignments/media-types/": "dct:MediaType",
    "http://www.iana.org/assignments/media-types/": "dct:MediaType",
}

_KNOWN = re.compile(rf"<(?P<table>{'|'.join(map(re.escape, CLASSES))})[^<>\s]+>(?= \.$)", re.MULTILINE)


def known(ntriples: bytes) -> bytes:
    """The classes of all addresses in the tables that are objects of statements, as N-Triples.

    Args:
        ntriples: statements that are known to be well written, one on a line.
    """
    return "".join(dict.fromkeys(_classes(ntriples.decode()))).encode()


def _classes(text: str) -> Iterator[str]:
    for found in _KNOWN.finditer(text):
        yield f"{found[0]} <{RDF_TYPE.value}> <{expand(CLASSES[found['table']])}> .\n"
