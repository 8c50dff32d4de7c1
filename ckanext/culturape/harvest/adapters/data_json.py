"""``data.json`` as DCAT: DCAT-US 1.1, its version 1.0, and Argentina's profile of it.

Sources: https://resources.data.gov/resources/dcat-us/ and the Perfil Nacional de Metadatos of datos.gob.ar. The names are mapped
directly: wrong types are frequent in these files, and a context of JSON-LD has no word for what it does not expect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.agents import agents, contacts
from ckanext.culturape.harvest.adapters.coverage import periods, places
from ckanext.culturape.harvest.adapters.data_json_parts import (
    CSVW,
    access,
    codes_of_argentina,
    columns,
    frequency,
    modified,
    super_themes,
    themes,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.lenient import first, is_empty, listed, mapping, name_of, text_of
from ckanext.culturape.harvest.adapters.parts import (
    Triples,
    concepts,
    dates,
    described,
    documents,
    keywords,
    known_names,
    licences,
    links,
    prose,
    rights,
    rows,
    sizes,
    standards,
    texts,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.rdf.graph import Subject
from ckanext.culturape.rdf.terms import is_a, triple

#: Terms of the standard that DCAT has no word for keep their own.
POD = "https://project-open-data.cio.gov/v1.1/schema#"

CATALOG = rows(
    ("title", "dct:title", texts), ("description", "dct:description", prose), ("publisher", "dct:publisher", agents),
    ("homepage", "foaf:homepage", documents), ("language", "dct:language", texts), ("license", "dct:license", licences),
    ("rights", "dct:rights", rights), ("issued", "dct:issued", dates), ("modified", "dct:modified", dates),
    ("spatial", "dct:spatial", places), ("identifier", "dct:identifier", texts), ("conformsTo", "dct:conformsTo", standards),
    ("superThemeTaxonomy", "dcat:themeTaxonomy", links), ("version", "dcat:version", texts),
)  # fmt: skip

DATASET = rows(
    ("title", "dct:title", texts), ("description", "dct:description", prose), ("identifier", "dct:identifier", texts),
    ("publisher", "dct:publisher", agents), ("contactPoint", "dcat:contactPoint", contacts),
    ("keyword tags", "dcat:keyword", keywords), ("issued", "dct:issued", dates), ("modified", "dct:modified", modified),
    ("accrualPeriodicity", "dct:accrualPeriodicity", frequency), ("landingPage", "dcat:landingPage", documents),
    ("license", "dct:license", licences), ("accessLevel", "dct:accessRights", access),
    ("rights accessLevelComment", "dct:rights", rights), ("temporal", "dct:temporal", periods),
    ("language", "dct:language", texts), ("superTheme", "dcat:theme", super_themes),
    ("describedBy dataDictionary", "foaf:page", documents), ("references", "foaf:page", documents),
    ("conformsTo", "dct:conformsTo", standards), ("source", "dct:source", texts), ("version", "dcat:version", texts),
    ("systemOfRecords", f"{POD}systemOfRecords", texts), ("bureauCode", f"{POD}bureauCode", texts),
    ("programCode", f"{POD}programCode", texts), ("dataQuality", f"{POD}dataQuality", texts),
    ("primaryITInvestmentUII PrimaryITInvestmentUII", f"{POD}primaryITInvestmentUII", texts),
)  # fmt: skip

DISTRIBUTION = rows(
    ("title", "dct:title", texts), ("description", "dct:description", prose), ("identifier", "dct:identifier", texts),
    ("accessURL webService", "dcat:accessURL", links), ("downloadURL", "dcat:downloadURL", links),
    ("format", "dct:format", texts), ("mediaType", "dcat:mediaType", texts), ("byteSize size", "dcat:byteSize", sizes),
    ("license", "dct:license", licences), ("rights", "dct:rights", rights), ("issued", "dct:issued", dates),
    ("modified", "dct:modified", dates), ("language", "dct:language", texts), ("describedBy", "foaf:page", documents),
    ("conformsTo", "dct:conformsTo", standards), ("type", "dct:type", concepts), ("field", f"{CSVW}tableSchema", columns),
)  # fmt: skip

#: Where version 1.0 names the one file of a dataset, and what it says of it.
_FILE, _ABOUT_FILE = ("accessURL", "webService", "downloadURL"), ("format", "mediaType", "size")

_JSON_LD = {"@context", "@id", "@type"}
KNOWN: Mapping[str, frozenset[str]] = {
    "catalog": known_names(CATALOG) | _JSON_LD | {"dataset", "themeTaxonomy"},
    "dataset": known_names(DATASET) | _JSON_LD | {
        "theme", "spatial", "isPartOf", "distribution", "mbox", "describedByType", *_FILE, *_ABOUT_FILE,
    },
    "distribution": known_names(DISTRIBUTION) | _JSON_LD | {"dataset_identifier", "describedByType"},
}  # fmt: skip


#: What names a dataset, when it is an address.
NAMES_OF_IT = ("@id", "identifier")


class Profile(NamedTuple):
    """What the catalogue says that its datasets refer to.

    Attributes:
        themes: its own themes by code, with their names and definitions.
        is_argentine: whether its codes of places are those of Argentina's register.
        datasets: addresses of its datasets by identifier.
    """

    themes: Mapping[str, Mapping[str, Any]]
    is_argentine: bool
    datasets: Mapping[str, NamedNode | None]


def to_dcat(document: Any, place: Place) -> Triples:
    """The catalogue and its datasets; a bare list is one of version 1.0, whose catalogue says nothing of itself."""
    facts = mapping(document)
    given = listed(facts.get("dataset") if facts else document)
    catalog = name_of(facts, "@id") or place.at("catalog").blank()
    if facts:
        yield from is_a(catalog, "dcat:Catalog")
        yield from described(catalog, CATALOG, facts, place)
        place.unknown(set(facts) - KNOWN["catalog"] - {"describedBy"})
    profile, taken = _profile(facts, given), Counter[str]()
    for position, item in enumerate(given):
        subject = _subject(item, place.at("dataset").at(position), taken)
        if subject:
            yield triple(catalog, "dcat:dataset", subject)
            yield from _dataset(subject, _renewed(mapping(item)), profile, place)


def _profile(facts: Mapping[str, Any], given: list[Any]) -> Profile:
    taxonomy = [item for item in map(mapping, listed(facts.get("themeTaxonomy"))) if item]
    country = text_of(facts.get("spatial"))
    return Profile(
        {text_of(first(item, "id", "label")): item for item in taxonomy},
        "superThemeTaxonomy" in facts or country in {"ARG", "AR"},
        {text_of(facts.get("identifier")): name_of(facts, *NAMES_OF_IT) for facts in map(mapping, given)},
    )


def known_as(facts: Mapping[str, Any]) -> str:
    """By what a dataset is known: its identifier, or else its page or title."""
    return text_of(first(facts, *NAMES_OF_IT, "landingPage", "title"))


def _subject(item: Any, place: Place, taken: Counter[str]) -> Subject | None:
    """The node of a dataset; none for what describes nothing, or the same dataset again."""
    facts = mapping(item)
    if not facts:
        place.lose(item, N_("This is no description of a dataset: it has no names and values."))
        return None
    own = name_of(facts, *NAMES_OF_IT)
    key = own.value if own else known_as(facts) or str(place.path)
    taken[key] += 1
    if own and taken[key] > 1:
        place.refuse(key, N_("This address is given to several datasets; only the first is read."))
        return None
    return own or Place(place.report, key, (taken[key],)).blank()


def _renewed(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A dataset of version 1.0 in the words of 1.1: it has one file, and a mailbox beside its contact."""
    changed = dict(facts)
    if is_empty(facts.get("distribution")) and first(facts, *_FILE):
        changed["distribution"] = [{name: facts[name] for name in (*_FILE, *_ABOUT_FILE) if name in facts}]
    contact = facts.get("contactPoint")
    if facts.get("mbox") and (isinstance(contact, str) or not contact):
        changed["contactPoint"] = {"fn": contact, "mbox": facts.get("mbox")}
    return changed


def _dataset(subject: Subject, facts: Mapping[str, Any], profile: Profile, place: Place) -> Triples:
    name = subject.value if isinstance(subject, NamedNode) else known_as(facts)
    here = Place(place.report, name, salt=subject.value)
    yield from is_a(subject, "dcat:Dataset")
    yield from described(subject, DATASET, facts, here)
    yield from themes(subject, facts.get("theme"), profile.themes, here.at("theme"))
    place_writer = codes_of_argentina if profile.is_argentine else places
    yield from place_writer(subject, "dct:spatial", facts.get("spatial"), here.at("spatial"))
    for part in map(text_of, listed(facts.get("isPartOf"))):
        whole = profile.datasets.get(part) or name_of({"@id": part}, "@id")
        if whole:
            yield triple(subject, "dct:isPartOf", whole)
        else:
            here.at("isPartOf").unfit(
                part, N_("the identifier of a dataset of this catalogue that has an address")
            )
    for position, item in enumerate(listed(facts.get("distribution"))):
        yield from _distribution(subject, item, here.at("distribution").at(position))
    here.unknown(set(facts) - KNOWN["dataset"])


def _distribution(dataset: Subject, item: Any, place: Place) -> Triples:
    facts = mapping(item)
    if not facts:
        place.unfit(item, N_("a file with names and values"))
        return
    node = name_of(facts, "@id") or place.blank()
    yield triple(dataset, "dcat:distribution", node)
    yield from is_a(node, "dcat:Distribution")
    yield from described(node, DISTRIBUTION, facts, place)
    Place(place.report, place.dataset, ("distribution",)).unknown(set(facts) - KNOWN["distribution"])
