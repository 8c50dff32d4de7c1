"""Write the countries of the world for the vocabularies, codes of ISO 3166-1 (pycountry), names of CLDR (Babel).

usage: python scripts/build_countries.py

Identifiers are ISO 3166-1 alpha-2; alpha-3 is an alias, and names the concept of the EU authority table.
"""

from __future__ import annotations

from pathlib import Path

import pycountry
from babel import Locale

TARGET = Path(__file__).parent.parent / "ckanext/culturape/vocab/data/country.yaml"
HEAD = """\
# Written by scripts/build_countries.py from Unicode CLDR.
id: country
title: {es: Países, en: Countries}
description: {es: Países del mundo según ISO 3166-1., en: Countries of the world after ISO 3166-1.}
source: Unicode CLDR; ISO 3166-1
date: "2025"
uri: http://publications.europa.eu/resource/authority/country
definition:
  open: {es: "Datos que cubren {es}, o una parte sin precisar.", en: "Data that cover {en}, or an unspecified part of it."}
  rights: {es: "Derechos que se ejercen en {es}.", en: "Rights exercised in {en}."}
concepts:
"""


def main() -> None:
    """Write one line for each country that CLDR names in Spanish and English."""
    spanish, english = Locale("es").territories, Locale("en").territories
    lines = []
    for country in sorted(pycountry.countries, key=lambda country: country.alpha_2):
        code, long_code = country.alpha_2, country.alpha_3
        uri = f"http://publications.europa.eu/resource/authority/country/{long_code}"
        lines.append(
            f'- {{id: "{code}", label: {{es: "{spanish[code]}", en: "{english[code]}"}}, aliases: ["{long_code}"], '
            f'uri: "{uri}", attributes: {{level: country}}}}\n'
        )
    TARGET.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{TARGET.name}: {len(lines)} countries")


if __name__ == "__main__":
    main()
