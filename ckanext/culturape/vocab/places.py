"""The territory of a country: places from a CSV file, each with the place above it.

Columns: ``code`` and ``name``; others (``iso``, ``capital``, ``lon``, ``lat``, ``bbox``, ``alt``, ``geonames``) where known; ``replaced_by``
with the code that took the place of a retired one. The place above is the one whose code is the longest prefix; what has none lies directly in the country.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ckanext.culturape.vocab.concept import EMPTY, Concept

#: Addresses of GeoNames, by number.
GEONAMES = "https://sws.geonames.org/"

_FACTS = ("iso", "capital", "bbox")


def read_places(path: Path, pack: Mapping[str, Any], base: str) -> Iterator[Concept]:
    """The places of a pack, those above before those below."""
    territory: Mapping[str, Any] = pack.get("territory_scheme_info") or {}
    scheme = str(pack.get("territory_scheme", "territory"))
    levels = {int(length): str(level) for length, level in (pack.get("territory_levels") or {}).items()}
    common = (
        str(territory.get("source") or pack.get("source") or ""),
        str(territory.get("date") or pack.get("date") or ""),
    )
    names: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: (len(row["code"]), row["code"])):
            code = row["code"]
            above = next((code[:n] for n in range(len(code) - 1, 0, -1) if code[:n] in names), "")
            names[code] = row["name"]
            yield _place(
                row,
                above,
                f"{base}{scheme}/{code}",
                str(pack["country"]),
                levels.get(len(code), "place"),
                common,
                names,
            )


def _place(
    row: Mapping[str, str],
    above: str,
    uri: str,
    country: str,
    level: str,
    common: tuple[str, str],
    names: Mapping[str, str],
) -> Concept:
    alternatives = tuple(filter(None, (row.get("alt") or "").split(";")))
    geonames = f"{GEONAMES}{row['geonames']}/" if row.get("geonames") else ""
    aliases = tuple(filter(None, (row.get("iso"), geonames)))
    return Concept(
        scheme="territory",
        id=row["code"],
        uri=uri,
        labels=MappingProxyType({"es": row["name"]}),
        alt=MappingProxyType({"es": alternatives}) if alternatives else EMPTY,
        broader=(above or country,),
        notation=row["code"],
        aliases=aliases,
        source=common[0],
        date=common[1],
        attributes=MappingProxyType(_attributes(row, level, above, names)),
        deprecated=bool(row.get("replaced_by")),
        replaced_by=row.get("replaced_by") or "",
    )


def _attributes(row: Mapping[str, str], level: str, above: str, names: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: row[name] for name in _FACTS if row.get(name)}
    if row.get("lon") and row.get("lat"):
        facts["centroid"] = f"{row['lon']} {row['lat']}"
    way = [names[above[:n]] for n in range(len(above), 0, -1) if above[:n] in names]
    facts["level"] = level
    facts["qualified"] = ", ".join([row["name"], *way])
    facts["names"] = (facts["qualified"],)
    return facts
