"""The same datasets for both sites, as each site wants them; and many of them in little time.

A few are made through CKAN's actions; the others are copies of their rows and of their documents in the index, under names and
moments of their own.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

TITLES = (
    "Museo regional",
    "Archivo histórico",
    "Biblioteca pública",
    "Registro de danzas",
    "Padrón de artesanos",
)
FIRST = datetime(2020, 1, 1)
CHUNK = 1000

#: Fields that Solr fills itself.
GIVEN_BY_SOLR = {"_version_", "score", "name_ngram", "title_ngram", "indexed_ts"}


def dataset(site: str, number: int) -> dict[str, Any]:
    """A dataset with three distributions."""
    title = f"{TITLES[number % len(TITLES)]} {number}"
    notes = f"Registro de prueba número {number}. " * 8
    resources = [{"url": f"https://example.org/{number}/{n}", "format": "CSV"} for n in range(3)]
    common = {"name": f"dataset-{number}", "owner_org": "prueba", "resources": resources}
    if site == "stock":
        tags = [{"name": word} for word in ("museos", "Perú", f"tema-{number % 30}")]
        return {
            **common,
            "title": title,
            "notes": notes,
            "tags": tags,
            "language": ["es"],
            "license_id": "cc-by",
        }
    return {
        **common,
        "title_translated": {"es": title},
        "notes_translated": {"es": notes},
        "tags_translated": {"es": ["museos", "Perú", f"tema-{number % 30}"]},
        "sector": [("museos", "archivos", "bibliotecas")[number % 3]],
        "cultural_right": ["patrimonio"],
        "language": ["es"],
        "people": [("aimara", "wampis", "yanesha")[number % 3]],
        "territory": [("080901", "2101", "15")[number % 3]],
        "sensitivity": ["ninguna"],
        "access_level": "abierto",
        "license_id": "CC-BY-4.0",
        "frequency": "ANNUAL",
    }


def fill(site: str, number: int) -> None:
    """Create the organisation and some datasets, and commit to the index once."""
    import ckan.plugins.toolkit as tk
    from ckan.common import config
    from ckan.lib import search

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    organization = {"name": "prueba", "title": "Institución de prueba"}
    if site == "ours":
        organization |= {"title_translated": {"es": "Institución de prueba"}, "institution_type": "museo"}
    tk.get_action("organization_create")({"ignore_auth": True, "user": user}, organization)
    config["ckan.search.solr_commit"] = False
    for position in range(number):
        tk.get_action("package_create")({"ignore_auth": True, "user": user}, dataset(site, position))
    search.commit()
    config["ckan.search.solr_commit"] = True


def multiply(site: str, total: int) -> int:
    """Copy the datasets that are there until there are so many; how many there are then."""
    from ckan import model
    from ckan.lib.search.common import make_connection

    index = make_connection()
    patterns = index.search("*:*", fq=f"site_id:{site}", rows=1000, sort="name asc").docs
    patterns = [doc for doc in patterns if not doc["name"].startswith("copia-")]
    there = model.Session.query(model.Package).count()
    for start in range(there, total, CHUNK):
        copies = [
            copy_of(patterns[n % len(patterns)], n, site) for n in range(start, min(total, start + CHUNK))
        ]
        _insert([copy for copy, _ in copies])
        index.add([document for _, document in copies], commit=False)
    index.commit()
    model.Session.commit()
    return model.Session.query(model.Package).count()


def copy_of(pattern: dict[str, Any], number: int, site: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The ids of a copy beside those of its pattern, and its document for the index."""
    new, created = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}")), FIRST + timedelta(minutes=number)
    record = json.loads(pattern["validated_data_dict"])
    ids = {record["id"]: new} | {
        resource["id"]: str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}/{n}"))
        for n, resource in enumerate(record["resources"])
    }
    changed = {"id": new, "name": f"copia-{number}", "metadata_created": created.isoformat()}
    document = {key: _plain(value) for key, value in pattern.items() if key not in GIVEN_BY_SOLR}
    for key in ("data_dict", "validated_data_dict"):
        text = document[key]
        for old, fresh in ids.items():
            text = text.replace(old, fresh)
        document[key] = json.dumps({**json.loads(text), **changed})
    document |= {**changed, "metadata_created": created.isoformat() + "Z"}
    # The index keeps no copy of this field, so the pattern does not bring it along.
    document["permission_labels"] = ["public"]
    document["index_id"] = hashlib.md5(f"{new}{site}".encode()).hexdigest()
    return {"old": record["id"], "ids": ids, "name": changed["name"], "created": created}, document


def _plain(value: Any) -> Any:
    """A value as the index takes it; its client reads moments as objects and does not write them."""
    return value.replace(tzinfo=None).isoformat() + "Z" if isinstance(value, datetime) else value


def _insert(copies: list[dict[str, Any]]) -> None:
    """The rows of copies, from those of their patterns."""
    from ckan import model
    from sqlalchemy import text

    for table, own in (
        (model.Package.__table__, ("id", "name", "metadata_created")),
        (model.Resource.__table__, ("id", "package_id")),
    ):
        rest = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in own)
        given = ", ".join(f":{name}" for name in own)
        query = text(
            f'INSERT INTO "{table.name}" ({", ".join(own)}, {rest}) SELECT {given}, {rest} FROM "{table.name}" WHERE id = :old'
        )
        rows = list(_rows(table.name, copies))
        model.Session.execute(query, rows)
    model.Session.commit()


def _rows(table: str, copies: list[dict[str, Any]]) -> Any:
    for copy in copies:
        new = copy["ids"][copy["old"]]
        if table == "package":
            yield {"old": copy["old"], "id": new, "name": copy["name"], "metadata_created": copy["created"]}
        else:
            yield from (
                {"old": old, "id": fresh, "package_id": new}
                for old, fresh in copy["ids"].items()
                if old != copy["old"]
            )
