"""What it costs to hold 10,000 datasets to SHACL shapes, beside pyshacl, the usual engine, on pages of the same statements.

pyshacl examines three pages of 100 datasets, and its figure is what that makes for all of them. Ends with status 1 when a promise is
not kept.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import _content
from _sites import both, peak_memory, serve

MANY = 10_000
PATTERNS = 60
PER_PAGE = 100
PAGES = 3
PROMISED = 60.0


def examine(site: str) -> list[float]:
    """Seconds of the whole catalogue and number of findings, with all fragments kept."""
    from ckanext.culturape.dcat import building
    from ckanext.culturape.dcat.shacl import whole
    from ckanext.culturape.dcat.shacl.shapes import read_shapes

    del site
    building.refresh()
    began = time.perf_counter()
    examined = whole.Examined()
    found = sum(1 for _ in whole.examine(read_shapes(), examined))
    taken = time.perf_counter() - began
    if examined.datasets != MANY:
        raise RuntimeError(f"{examined.datasets} datasets were examined")
    return [taken, found]


def usual(site: str) -> float:
    """Seconds of pyshacl for as many pages of our catalogue, from statements that are read already."""
    import pyshacl
    import rdflib

    from ckanext.culturape.dcat import pages
    from ckanext.culturape.dcat.asking import read_ask
    from ckanext.culturape.dcat.shacl.shapes import OWN

    del site
    shapes, taken = rdflib.Graph().parse(OWN), 0.0
    for number in range(1, PAGES + 1):
        page = pages.write_page(pages.find_page(read_ask({"page": number, "per_page": PER_PAGE}, "nt")))
        graph = rdflib.Graph().parse(data=page, format="nt")
        began = time.perf_counter()
        pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
        taken += time.perf_counter() - began
    return taken / PAGES * MANY / PER_PAGE


def main() -> None:
    """Bring up our site, measure, print the lines."""
    with both(__file__, ["ours"]) as sites:
        ours = sites["ours"]
        ours.tell("multiply", MANY)
        ours.get("/catalogo/dump.nt")
        before = ours.tell("memory")
        taken, found = ours.tell("examine")
        growth = ours.tell("memory") - before
        theirs = ours.tell("usual")
    print(
        f"SHACL of {MANY} datasets, {found} findings, s | {taken:.1f} | {theirs:.1f} | {theirs / taken:.1f}"
    )
    print(f"SHACL of {MANY} datasets, growth of memory, MB | {growth:.0f} | - | -")
    sys.exit(taken > PROMISED)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        commands = {"multiply": _content.multiply, "memory": peak_memory, "examine": examine, "usual": usual}
        serve(sys.argv[1], Path(sys.argv[2]), lambda site: _content.fill(site, PATTERNS), commands)
    else:
        main()
