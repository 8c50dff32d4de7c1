"""A dataset as schema.org says it, for search engines: one dictionary, ready to be written as JSON-LD.

Every property comes from the record; what the record does not say is left out. Values are plain texts in the language of
the page, since that is all that Google Dataset Search reads; other titles stand as ``alternateName``.
See https://developers.google.com/search/docs/appearance/structured-data/dataset and docs/decisions/0013-search-engines.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.culturape import care
from ckanext.culturape.care.facts import codes_of, is_restricted, rules_of
from ckanext.culturape.dcat.schemaorg_agents import responsible
from ckanext.culturape.dcat.schemaorg_files import distribution
from ckanext.culturape.dcat.schemaorg_parts import (
    Reader,
    filled,
    http,
    https,
    languages,
    licence,
    listed,
    period,
    place,
    text,
)  # fmt: skip
from ckanext.culturape.fields import load_schema
from ckanext.culturape.rdf.mapping import dataset_iri
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record

#: As Google documents it and schema.org recommends; its terms are the same as under ``http``.
CONTEXT = "https://schema.org/"

#: Property of the terms that a field holds, by the predicate that it has in RDF.
TERMS = {"dcat:theme": "keywords", "dct:subject": "about"}

#: A right is a keyword to find a dataset by, and what the dataset is about.
ALSO_ABOUT = ("cultural_right",)

#: A longer description is refused by Google Dataset Search.
LONGEST = 5000

#: Level of access of the EU table that lets anybody in, and a licence that says the contrary.
PUBLIC, CLOSED_LICENCE = "PUBLIC", "other-closed"


def dataset_to_schemaorg(
    record: Mapping[str, Any], context: Context, organization: Mapping[str, Any], reader: Reader
) -> Record:
    """What a search engine may know of a public dataset, after the rules of care.

    Args:
        record: the dataset as ``package_show`` gives it.
        context: vocabularies and addresses, as for RDF.
        organization: its organisation with all fields; stands in for publisher and contact.
        reader: language and address of the page, and its catalogue.

    Raises: AttributeError, KeyError, TypeError, ValueError for a record whose stored values have shapes of no field.
    """
    reduced = care.reduce(record, reader.vocabulary)
    return filled({
        "@context": CONTEXT, "@type": "Dataset",
        **_names(reduced, context, reader),
        **_terms(reduced, reader),
        **_access(reduced, reader),
        **responsible(reduced, context, organization, reader),
        **_coverage(reduced, reader),
        **_relations(reduced, reader),
        "distribution": [distribution(resource, reduced, context, reader) for resource in reduced.get("resources") or ()],
        "includedInDataCatalog": reader.catalogue,
        **reader.about_description,
        "sdDatePublished": text(reduced.get("metadata_modified"))[:10],
    })  # fmt: skip


def _names(record: Mapping[str, Any], context: Context, reader: Reader) -> Record:
    titles: Mapping[str, str] = record.get("title_translated") or {"": record.get("title") or ""}
    name = reader.text(titles)
    description = reader.text(record.get("notes_translated") or record.get("notes"))
    own = dataset_iri(record, context).value
    codes = [record.get("identifier"), *listed(record.get("alternate_identifier"))]
    return {
        "@id": own if http(own) or own.startswith("urn:") else f"{context.base}/dataset/{record['id']}",
        "url": reader.url,
        "name": name,
        "alternateName": [other for other in map(text, titles.values()) if other not in ("", name)],
        "description": description if len(description) <= LONGEST else f"{description[: LONGEST - 1].rstrip()}…",
        "identifier": [text(code) for code in codes if code],
        "version": text(record.get("version")),
        "datePublished": text(record.get("issued")),
        "dateModified": text(record.get("modified")),
        "inLanguage": languages(record.get("language"), reader),
    }  # fmt: skip


def _terms(record: Mapping[str, Any], reader: Reader) -> Record:
    found: dict[str, list[Any]] = {"keywords": list(_tags(record)), "about": []}
    for field in load_schema().fields:
        target = TERMS.get(field.rdf.predicate) if field.rdf and field.vocabulary else None
        terms = map(reader.term, reader.concepts(field.vocabulary, record.get(field.name))) if target else ()
        for term in terms:
            found[target or ""].append(term)
            if field.name in ALSO_ABOUT:
                found["about"].append(term)
    return found


def _tags(record: Mapping[str, Any]) -> Iterator[str]:
    """Keywords of all languages, each once; those of CKAN when there are no others."""
    translated: Mapping[str, Any] = record.get("tags_translated") or {}
    words = [word for tags in translated.values() for word in listed(tags)]
    words = words or [tag["name"] for tag in listed(record.get("tags"))]
    yield from dict.fromkeys(word for word in map(text, words) if word)


def _access(record: Mapping[str, Any], reader: Reader) -> Record:
    level = next(reader.concepts("access-level", record.get("access_level")), None)
    right = str(level.attributes.get("access_right") or "") if level else ""
    is_open = right == PUBLIC and not is_restricted(record, reader.vocabulary)
    said = [level.label(reader.language) if level and right else "", reader.text(record.get("access_reason"))]
    marks = [
        concept.uri
        for scheme, name in (("local-contexts-notice", "notices"), ("local-contexts-label", "labels"))
        for concept in reader.concepts(scheme, record.get(name))
    ]
    return {
        "license": licence(record.get("license_id"), reader),
        # Whether what is not open to all costs something is not known.
        "isAccessibleForFree": True if is_open and record.get("license_id") != CLOSED_LICENCE else None,
        "conditionsOfAccess": ". ".join(filter(None, said)),
        "usageInfo": https([record.get("community_protocol_url"), *marks]),
    }


def _coverage(record: Mapping[str, Any], reader: Reader) -> Record:
    # The rectangle of a district is no secret, but where a rule forbids geometry no number shall look like one.
    geometry = all(rule.geometry for rule in rules_of(record, reader.vocabulary))
    places = (place(code, reader, geometry=geometry) for code in codes_of(record))
    periods = map(period, record.get("temporal_coverage") or ())
    return {
        "spatialCoverage": [found for found in places if found],
        "temporalCoverage": [found for found in periods if found],
    }


def _relations(record: Mapping[str, Any], reader: Reader) -> Record:
    source = "isBasedOn" if record.get("sample_record") else "sameAs"
    pages = https(record.get("documentation"))
    return {
        # A sample record is made from its source; any other is described at its source too.
        source: https(record.get("url")),
        "isPartOf": https(record.get("in_series")),
        "subjectOf": [{"@type": "CreativeWork", "url": page} for page in pages],
    }
