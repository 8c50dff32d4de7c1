"""Answers of the API of CKAN, and of DKAN in the way that the national portal of Peru serves it, as DCAT.

https://docs.ckan.org/en/latest/api/ · What is special there: ``result`` of ``package_show`` is a list, dates are shown in words,
``license_title`` holds an address, public records are marked private, the title ends with the institution, and each file comes
with a file of metadata and a dictionary, told by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import NamedNode

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.adapters import dkan_pages
from ckanext.culturape.harvest.adapters import dkan_parts as own
from ckanext.culturape.harvest.adapters.agents import agents, contacts
from ckanext.culturape.harvest.adapters.coverage import periods, places
from ckanext.culturape.harvest.adapters.lenient import first, is_empty, listed, mapping, text_of
from ckanext.culturape.harvest.adapters.parts import (
    Triples,
    concepts,
    dates,
    described,
    documents,
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

DATASET = rows(
    ("title_translated title", "dct:title", texts), ("notes_translated notes", "dct:description", prose), ("identifier id", "dct:identifier", texts),
    ("url", "dcat:landingPage", documents), ("version", "dcat:version", texts), ("tags", "dcat:keyword", own.tags),
    ("issued metadata_created", "dct:issued", dates), ("modified metadata_modified", "dct:modified", dates),
    ("frequency accrual_periodicity", "dct:accrualPeriodicity", texts), ("language", "dct:language", own.many(texts)),
    ("theme", "dcat:theme", own.many(concepts)), ("conforms_to", "dct:conformsTo", own.many(standards)),
    ("documentation", "foaf:page", own.many(documents)), ("access_rights", "dct:accessRights", rights),
    ("spatial_uri", "dct:spatial", places), ("spatial", "dct:spatial", places), ("spatial_text", "dct:spatial", places),
    ("provenance", "dct:provenance", own.provenance), ("source", "dct:source", own.many(texts)),
)  # fmt: skip

RESOURCE = rows(
    ("name_translated name title", "dct:title", texts), ("description_translated description", "dct:description", prose), ("url access_url", "dcat:accessURL", links),
    ("download_url", "dcat:downloadURL", links), ("format", "dct:format", texts),
    ("mimetype mime_type", "dcat:mediaType", texts), ("size", "dcat:byteSize", sizes), ("id", "dct:identifier", texts),
    ("license license_url", "dct:license", licences), ("rights", "dct:rights", rights),
    ("issued created", "dct:issued", dates), ("modified last_modified", "dct:modified", dates),
    ("language", "dct:language", own.many(texts)), ("documentation", "foaf:page", own.many(documents)),
    ("conforms_to", "dct:conformsTo", own.many(standards)),
)  # fmt: skip

#: What a portal keeps for itself, or what is read apart.
_READ = {
    "name", "author", "author_email", "maintainer", "maintainer_email", "license_id", "license_title", "license_url",
    "publisher_name", "publisher_email", "publisher_url", "publisher_uri", "publisher_identifier", "publisher_acronym",
    "contact_name", "contact_email", "contact_uri", "creator_name", "creator_email", "creator_uri", "temporal_start",
    "temporal_end", "organization", "owner_org", "groups", "resources", "extras", "private", "state", "type", "isopen", "uri",
    "guid", "num_resources", "num_tags", "creator_user_id", "revision_id", "revision_timestamp", "relationships_as_object",
    "relationships_as_subject", "log_message", "archiver", "qa", "tracking_summary", "plugin_data",
}  # fmt: skip
KNOWN = known_names(DATASET) | _READ

#: Where a licence is said not to be known; an absent licence stays absent.
NO_LICENCE = frozenset(
    {"notspecified", "not-specified", "license not specified", "licencia no especificada", "no especificada"}
)


def to_dcat(document: Any, place: Place) -> tuple[Triples, tuple[str, ...]]:
    """The datasets of an answer, and the addresses of the answers to read next. Raises: Fault for an answer of failure."""
    facts = mapping(document)
    if facts.get("success") is False or "result" not in facts:
        reason = text_of(first(mapping(facts.get("error")), "message", "__type")) or text_of(
            facts.get("error")
        )
        raise Fault(N_("The catalogue answers with an error: %(reason)s"), {"reason": reason[:500]})
    result = facts["result"]
    search = mapping(result)
    if "results" in search:
        return _datasets(listed(search["results"]), place, is_dkan=False), dkan_pages.of_search(
            search, place.report.address
        )
    flat = [item for group in listed(result) for item in listed(group)]
    if flat and all(isinstance(item, str) for item in flat):
        return iter(()), dkan_pages.of_names(flat, place.report.address)
    is_dkan = isinstance(result, list)
    return _datasets(flat, place, is_dkan=is_dkan), dkan_pages.of_list(flat, place.report.address)


def _datasets(given: list[Any], place: Place, *, is_dkan: bool) -> Triples:
    taken: set[str] = set()
    for position, item in enumerate(given):
        here = place.at(position)
        facts = own.with_extras(mapping(item))
        key = text_of(first(facts, "id", "name"))
        if not key or key in taken:
            here.lose(key or item, N_("This is no dataset with an identifier of its own."))
            continue
        taken.add(key)
        if _is_public(facts, here, is_dkan=is_dkan):
            yield from _dataset(facts, key, place, is_dkan=is_dkan)


def _is_public(facts: Mapping[str, Any], place: Place, *, is_dkan: bool) -> bool:
    """Whether a record is for everybody. DKAN marks public records private, and gives others to nobody without a key."""
    is_private = text_of(facts.get("private")).lower() == "true" or facts.get("private") is True
    state = text_of(facts.get("state")).lower()
    if state not in {"", "active"} or (is_private and not is_dkan):
        place.refuse(text_of(facts.get("name")), N_("The record is not public at its source."))
        return False
    return True


def _dataset(facts: Mapping[str, Any], key: str, place: Place, *, is_dkan: bool) -> Triples:
    portal = dkan_pages.portal_of(place.report.address)
    subject = own.node_of(
        text_of(facts.get("uri")), f"{portal}/dataset/{key}" if portal else "", Place(place.report, key)
    )
    here = Place(place.report, subject.value if isinstance(subject, NamedNode) else key)
    facts = own.with_institution(facts) if is_dkan else facts
    page = (
        f"{portal}/dataset/{text_of(facts.get('name'))}"
        if portal and is_empty(facts.get("url"))
        else facts.get("url")
    )
    yield from is_a(subject, "dcat:Dataset")
    yield from described(subject, DATASET, {**facts, "url": page}, here)
    yield from _responsible(subject, facts, here, is_dkan=is_dkan)
    yield from _licence(subject, facts, here)
    start, end = facts.get("temporal_start"), facts.get("temporal_end")
    if first({"start": start, "end": end}, "start", "end"):
        yield from periods(subject, "dct:temporal", {"start": start, "end": end}, here.at("temporal"))
    yield from _files(subject, facts, here)
    here.unknown({name for name in facts if not is_empty(facts[name])} - KNOWN)


def _responsible(subject: Subject, facts: Mapping[str, Any], place: Place, *, is_dkan: bool) -> Triples:
    """Publisher, contact and creator; groups are the institutions in DKAN, and themes in CKAN."""
    groups = [mapping(item) for item in listed(facts.get("groups"))]
    names = [
        text for text in (text_of(first(group, "title", "display_name", "name")) for group in groups) if text
    ]
    organization = mapping(facts.get("organization"))
    publisher = own.agent(facts, "publisher") or own.agent({"name": first(organization, "title", "name")})
    if is_dkan and not publisher:
        publisher = own.agent({"name": names[0]}) if names else {}
    if publisher:
        yield from agents(subject, "dct:publisher", publisher, place.at("publisher"))
    contact = own.agent(facts, "contact") or own.agent({
        "name": first(facts, "maintainer", "author"), "email": first(facts, "maintainer_email", "author_email"),
    })  # fmt: skip
    if contact:
        yield from contacts(subject, "dcat:contactPoint", contact, place.at("maintainer"))
    creator = own.agent(facts, "creator")
    if creator:
        yield from agents(subject, "dct:creator", creator, place.at("creator"))
    if names and not is_dkan:
        yield from concepts(subject, "dcat:theme", names, place.at("groups"))


def _licence(subject: Subject, facts: Mapping[str, Any], place: Place) -> Triples:
    """The licence by its address, wherever that stands; else by its code or name."""
    given = [
        text for text in (text_of(facts.get(f"license_{name}")) for name in ("url", "title", "id")) if text
    ]
    if not any(text.lower() in NO_LICENCE for text in given):
        best = sorted(given, key=lambda text: not text.startswith(("http://", "https://")))
        yield from licences(subject, "dct:license", best[:1], place.at("license_title"))


def _files(subject: Subject, facts: Mapping[str, Any], place: Place) -> Triples:
    """Files of data; what describes them stands with them as documentation."""
    for file in own.sorted_files(listed(facts.get("resources"))):
        here = place.at("resources").at(file.position)
        if file.is_documentation:
            yield from own.document(subject, file.facts, here)
            continue
        if not file.facts:
            here.unfit("", N_("a file with names and values"))
            continue
        portal = dkan_pages.portal_of(place.report.address)
        name = text_of(file.facts.get("id"))
        own_page = (
            f"{subject.value}/resource/{name}" if portal and name and isinstance(subject, NamedNode) else ""
        )
        node = own.node_of(text_of(file.facts.get("uri")), own_page, here)
        yield triple(subject, "dcat:distribution", node)
        yield from is_a(node, "dcat:Distribution")
        yield from described(node, RESOURCE, file.facts, here)
        for dictionary in file.dictionaries:
            yield from own.document(node, dictionary, here.at("dictionary"))
