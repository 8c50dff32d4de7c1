"""How long the page of coverage and its table take at 10,000 datasets. Plain CKAN has no such page: beside it stands its page of search.

Ends with status 1 when a matrix of a usual size takes more than 0.3 seconds; the longest axes against each other, thousands of cells, are measured without a promise.
"""

from __future__ import annotations

import random
import statistics
import sys
from pathlib import Path
from typing import Any

import _content
from _sites import Site, both, serve

PATTERNS, DATASETS = 200, 10_000
ROUNDS = 15
TARGET = 0.3
PAGES = {
    "coverage page, right x region, ms": "/cobertura",
    "coverage page, people x region, whole, ms": "/cobertura?rows=people&columns=region&all=1",
    "coverage page, sector x right, filtered, ms": "/cobertura?rows=sector&columns=cultural_right&region=08",
    "coverage table (CSV), right x region, ms": "/cobertura.csv",
    "coverage table (CSV), people x language, ms": "/cobertura.csv?rows=people&columns=language",
}
SEARCH = "/dataset/"
PLUGINS = "culturape_coverage"

#: The same choices in every run.
CHANCE = random.Random(20261129)


def spread(site: str) -> int:
    """Give the patterns places, rights, sectors, peoples and languages of all kinds, so that the matrix is full."""
    import ckan.plugins.toolkit as tk
    from ckan.common import config
    from ckan.lib import search

    from ckanext.culturape.coverage.axes import AXES
    from ckanext.culturape.logic.site import vocabulary

    del site
    known = {name: [concept.id for concept in axis.concepts(vocabulary())] for name, axis in AXES.items()}
    peoples = [one for one in vocabulary().scheme("people") if not one.attributes.get("isolation")]
    known["people"] = [one.id for one in peoples]
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    config["ckan.search.solr_commit"] = False
    for number in range(PATTERNS):
        changes = {"id": f"dataset-{number}", **_choices(known)}
        tk.get_action("package_patch")({"ignore_auth": True, "user": user}, changes)
    search.commit()
    config["ckan.search.solr_commit"] = True
    return PATTERNS


def _choices(known: dict[str, list[str]]) -> dict[str, Any]:
    places = CHANCE.sample(known["region"], CHANCE.randint(1, 3))
    return {
        "territory": places if CHANCE.random() < 0.7 else ["PE"],
        **{
            name: CHANCE.sample(known[name], CHANCE.randint(1, 3))
            for name in ("cultural_right", "sector", "people", "language")
        },
    }


def median(site: Site, address: str) -> float:
    """Median of the seconds that an answer takes, once the index is warm."""
    site.get(address)
    return statistics.median(site.get(address).seconds for _ in range(ROUNDS))


def main() -> None:
    """Bring up both sites, measure, print the lines."""
    with both(__file__) as sites:
        ours, stock = sites["ours"], sites["stock"]
        ours.tell("spread")
        for site in sites.values():
            site.tell("multiply", DATASETS)
        beside = median(stock, SEARCH)
        missed = False
        for name, address in PAGES.items():
            taken = median(ours, address)
            missed |= taken > TARGET and "people" not in address
            print(f"{name} | {taken * 1000:.1f} | {beside * 1000:.1f} | {beside / taken:.2f}", flush=True)
    sys.exit(missed)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        commands = {"multiply": _content.multiply, "spread": spread}
        serve(sys.argv[1], Path(sys.argv[2]), lambda site: _content.fill(site, PATTERNS), commands, PLUGINS)
    else:
        main()
