"""How long the search page takes with our plugins, beside plain CKAN with the schema `dcat_ap_full`.

Both portals have services of their own and the same datasets; requests alternate between them, and each
figure is the median. Ends with status 1 when ours takes more than 1.15 times the stock.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import _content
from _sites import Site, both, serve

DATASETS = 300
ROUNDS = 40
TARGET = 1.15
PAGES = ("/dataset/", "/dataset/?q=museo+regional", "/dataset/?q=registro&page=3")


def measure(sites: dict[str, Site]) -> dict[str, float]:
    """Median of the seconds of all pages, asked in turns."""
    taken: dict[str, list[float]] = {site: [] for site in sites}
    for number in range(ROUNDS + 3):
        for address in PAGES:
            for name, site in sites.items():
                answer = site.get(address)
                if number == 0:
                    print(f"{name} {address}: {answer.size} bytes")
                elif number > 2:
                    taken[name].append(answer.seconds)
    return {site: statistics.median(figures) for site, figures in taken.items()}


def main() -> None:
    """Bring up both sites, measure, print the line."""
    with both(__file__) as sites:
        median = measure(sites)
    ratio = median["ours"] / median["stock"]
    print(f"search page, ms | {median['ours'] * 1000:.1f} | {median['stock'] * 1000:.1f} | {ratio:.2f}")
    sys.exit(ratio > TARGET)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(sys.argv[1], Path(sys.argv[2]), lambda site: _content.fill(site, DATASETS), {})
    else:
        main()
