"""What the templates of pages ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk

from ckanext.culturape.fields import Field, schema_of
from ckanext.culturape.logic.review import missing_fields
from ckanext.culturape.logic.searching import shown_search
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.values.reader import is_empty


def culturape_missing(record: Mapping[str, Any]) -> list[Field]:
    """Needed fields that a record lacks."""
    return missing_fields(schema_of(record.get("type")), record)


def culturape_display(
    record: Mapping[str, Any], schema: Mapping[str, Any]
) -> Iterator[tuple[Any, list[Any]]]:
    """Sections of the page with the fields that have something to show, or are missed."""
    for section in schema["sections"]:
        fields = [
            field
            for field in schema["dataset_fields"]
            if field.get("section") == section["id"] and field.get("display_snippet")
            and field["field_name"] not in {"title_translated", "notes_translated", "tags_translated", "sample_record"}
            and (record.get(field["field_name"]) not in (None, "", [], {}) or field.get("needed"))
        ]  # fmt: skip
        if fields:
            yield section, fields


def culturape_facts(organization: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Any]:
    """Fields of an organisation that have something to show, beside its name and its description."""
    return [
        field
        for field in schema["fields"]
        if field.get("display_snippet")
        and field["field_name"] not in {"title_translated", "description_translated"}
        and not is_empty(organization.get(field["field_name"]))
    ]


def culturape_safe_url(address: Any) -> str:
    """The address when a browser may follow it, empty for any other."""
    text = str(address or "").strip()
    return text if text.lower().startswith(("http://", "https://", "mailto:", "ftp://")) else ""


def culturape_counts() -> dict[str, dict[str, int]]:
    """How many public datasets there are by right, sector, region and people: for the home page."""
    names = ["vocab_cultural_right", "vocab_sector", "vocab_region", "vocab_people"]
    query = {
        "fq": "+dataset_type:dataset",
        "rows": 0,
        "facet.field": names,
        "facet.limit": 500,
        "facet.mincount": 1,
    }
    found = tk.get_action("package_search")(cast("Any", {"user": ""}), query)
    return {"total": {"": found["count"]}, **found.get("facets", {})}


def culturape_country() -> str:
    """The country of the pack."""
    return vocabulary().pack.country


def culturape_feed_url() -> str:
    """Address of the news of the search that the page shows."""
    return tk.url_for("culturape_feeds.custom", _external=True, **shown_search())


def culturape_latest(limit: int = 4) -> list[dict[str, Any]]:
    """The datasets that came last."""
    query = {"fq": "+dataset_type:dataset", "rows": limit, "sort": "metadata_created desc"}
    return tk.get_action("package_search")(cast("Any", {"user": ""}), query)["results"]


def culturape_citation(record: Mapping[str, Any]) -> str:
    """How to cite a dataset."""
    organization: Mapping[str, Any] = record.get("organization") or {}
    year = str(record.get("modified") or record.get("issued") or "")[:4]
    title = tk.h.get_translated(record, "title")
    address = tk.url_for("dataset.read", id=record["name"], _external=True)
    publisher = " ".join(part for part in (organization.get("title"), f"({year})" if year else "") if part)
    return " ".join(part for part in (f"{publisher}." if publisher else "", f"{title}.", address) if part)
