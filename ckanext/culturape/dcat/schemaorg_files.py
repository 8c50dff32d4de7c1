"""A file or page of a dataset as schema.org says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.culturape.care.facts import is_restricted
from ckanext.culturape.dcat.schemaorg_parts import Reader, filled, http, languages, licence, text
from ckanext.culturape.rdf.mapping import distribution_iri
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record

_PAGES = frozenset({"", "HTML"})
_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")


def distribution(
    resource: Mapping[str, Any], record: Mapping[str, Any], context: Context, reader: Reader
) -> Record:
    """A file or page; its address is that of content only when it leads to a file that anybody may have."""
    content, page = _addresses(resource, record, context, reader)
    own = resource.get("license") if resource.get("license") != record.get("license_id") else ""
    dictionary = http(resource.get("data_dictionary_url"))
    return filled({
        "@type": "DataDownload", "@id": http(distribution_iri(resource, record, context).value),
        "name": reader.text(resource.get("name_translated") or resource.get("name")),
        "description": reader.text(resource.get("description_translated") or resource.get("description")),
        "contentUrl": content, "url": page if page != content else "",
        "encodingFormat": media_type(resource, reader),
        "contentSize": f"{resource['size']} B" if resource.get("size") else "",
        "inLanguage": languages(resource.get("language"), reader),
        "license": licence(own, reader),
        "copyrightNotice": text(resource.get("rights")),
        "datePublished": text(resource.get("issued")), "dateModified": text(resource.get("modified")),
        "sha256": _sha256(resource),
        "subjectOf": {"@type": "CreativeWork", "url": dictionary} if dictionary else None,
    })  # fmt: skip


def _addresses(
    resource: Mapping[str, Any], record: Mapping[str, Any], context: Context, reader: Reader
) -> tuple[str, str]:
    """Of the content, empty when not anybody may have it, and of the page."""
    page, content = http(resource.get("url")), http(resource.get("download_url"))
    if not content and is_file(resource):
        content = page
    if is_restricted(record, reader.vocabulary):
        content = ""
    own_page = f"{context.base}/dataset/{record['id']}/resource/{resource['id']}"
    return content, page if page or content else http(own_page)


def _sha256(resource: Mapping[str, Any]) -> str:
    """The checksum, when it is of the only kind that schema.org has a property for."""
    algorithm = str(resource.get("hash_algorithm") or "").lower().replace("-", "")
    digest = str(resource.get("hash") or "")
    return digest if algorithm == "sha256" and _SHA256.fullmatch(digest) else ""


def is_file(resource: Mapping[str, Any]) -> bool:
    """Whether the address of a resource leads to a file: it was uploaded, or its format is told and is not a page's."""
    return resource.get("url_type") == "upload" or str(resource.get("format") or "") not in _PAGES


def media_type(resource: Mapping[str, Any], reader: Reader) -> str:
    """The media type that is told, or that of the format; the format as it is told when nobody knows its type."""
    format_text = text(resource.get("format"))
    # By any of its names: CKAN spells formats in its own way, GeoJSON for GEOJSON.
    known = reader.vocabulary.scheme("file-type").resolve(format_text) if format_text else None
    return text(resource.get("mimetype") or (known and known.attributes.get("media_type")) or format_text)
