"""Which catalogued datasets are not open, and why? The reasons that their records give, for anybody to question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from ckanext.culturape.care.rules import CLOSED
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.logic.readers import search as search_public
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

#: Records that one question to the index asks for.
BATCH = 200

HEAD = ("titulo", "direccion", "nivel_de_acceso", "motivo", "base_legal", "responsable", "contacto")


class Withheld(NamedTuple):
    """A dataset that is not open: its name and titles, its access level, the reason and the norms that it names, who answers for it and how to reach them."""

    name: str
    titles: Mapping[str, str]
    access_level: str
    reason: str
    legal_basis: tuple[str, ...]
    organization: str
    contact: str


def search(page: int, size: int) -> tuple[int, list[Withheld]]:
    """How many there are that anybody can see, and a page of them by organisation and title."""
    query = {
        "fq": f"+dataset_type:dataset +vocab_access_level:({' OR '.join(CLOSED)})",
        "sort": "organization asc, title_string asc, id asc",
        "rows": size,
        "start": (page - 1) * size,
    }
    found = search_public(query)
    return found["count"], [_read(record) for record in found["results"]]


def everything() -> Iterator[Withheld]:
    """All of them, page by page."""
    page, more = 1, True
    while more:
        number, found = search(page, BATCH)
        yield from found
        more, page = number > page * BATCH, page + 1


def row(found: Withheld, language: str) -> tuple[str, ...]:
    """A line of the table for spreadsheets, under ``HEAD``."""
    title = found.titles.get(language) or next(iter(found.titles.values()), found.name)
    address = tk.url_for("dataset.read", id=found.name, _external=True)
    norms = "; ".join(_label("legal-basis", norm, language) for norm in found.legal_basis)
    level = _label("access-level", found.access_level, language)
    return (title, address, level, found.reason, norms, found.organization, found.contact)


def _label(scheme: str, concept_id: str, language: str) -> str:
    concept = vocabulary().concept(scheme, concept_id)
    return concept.label(language) if concept else concept_id


def _read(record: Record) -> Withheld:
    organization: Mapping[str, Any] = record.get("organization") or {}
    contacts = [item for item in record.get("contact") or () if isinstance(item, Mapping)]
    contact = next(
        (str(item.get("email") or item.get("url") or item.get("name") or "") for item in contacts), ""
    )
    return Withheld(
        name=str(record["name"]),
        titles=record.get("title_translated") or {"": str(record.get("title") or record["name"])},
        access_level=str(record.get("access_level") or ""),
        reason=str(record.get("access_reason") or ""),
        legal_basis=tuple(ids_of(record.get("legal_basis"))),
        organization=str(organization.get("title") or ""),
        contact=contact,
    )
