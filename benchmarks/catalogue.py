"""What the DCAT catalogue costs at 10,000 datasets, beside ckanext-dcat with its profile `euro_dcat_ap_3`.

Both sites hold the same datasets with three distributions each. "Cold" is a page none of whose fragments is kept. Ends with
status 1 when a promise is not kept.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import _content
from _sites import Site, both, peak_memory, serve

FEW, MANY = 1_000, 10_000
PATTERNS = 60
ROUNDS = 9
SAVES = 60
PER_PAGE = 100
FORMATS = ("ttl", "xml", "jsonld")
WHOLE = {"nt": ("ttl", 30), "ttl": ("ttl", 30), "xml": ("xml", 15), "jsonld": ("jsonld", 15)}

broken: list[str] = []


def report(
    name: str, ours: float, stock: float | None, holds: Callable[[float], bool], unit: float = 1000
) -> None:
    """Print a line, and remember a promise that is not kept; the ratio is how many times the stock takes as long."""
    ratio = (stock if stock is not None else ours) / ours
    shown = "-" if stock is None else f"{stock * unit:.1f}"
    print(f"{name} | {ours * unit:.1f} | {shown} | {'-' if stock is None else f'{ratio:.1f}'}", flush=True)
    if not holds(ratio if stock is not None else ours):
        broken.append(name)


def median(ask: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> float:
    """Median of the seconds that an answer takes."""
    taken = []
    for _ in range(ROUNDS):
        before()
        taken.append(ask().seconds)
    return statistics.median(taken)


def forget(site: str) -> None:
    """Drop all fragments."""
    del site
    from ckan import model
    from sqlalchemy import text

    model.Session.execute(text("DELETE FROM culturape_dcat_fragment"))
    model.Session.commit()


def save(site: str) -> list[float]:
    """Medians of the seconds of saving a dataset, with the hooks of the catalogue and without them, in turns."""
    import ckan.plugins.toolkit as tk

    from ckanext.culturape.dcat import hooks
    from ckanext.culturape.dcat.shacl import background

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    ours, taken = (hooks.forget, background.saved), {True: [], False: []}
    for number in range(SAVES):
        hooks.forget, background.saved = ours if number % 2 else (lambda record: None, lambda record: None)
        began = time.perf_counter()
        tk.get_action("package_patch")(
            {"ignore_auth": True, "user": user}, {"id": "dataset-1", "version": f"{number}"}
        )
        taken[bool(number % 2)].append(time.perf_counter() - began)
    hooks.forget, background.saved = ours
    del site
    return [statistics.median(taken[True][3:]), statistics.median(taken[False][3:])]


def measure_pages(ours: Site, stock: Site) -> None:
    """Pages of 100."""
    for suffix in FORMATS:
        page = f"/catalog.{suffix}?page=2"
        theirs = median(lambda page=page: stock.get(page))
        cold = median(lambda page=page: ours.get(page), lambda: ours.tell("forget"))
        warm = median(lambda page=page: ours.get(page))
        report(f"catalogue page of 100, {suffix}, warm, ms", warm, theirs, lambda ratio: ratio >= 10)
        report(f"catalogue page of 100, {suffix}, cold, ms", cold, theirs, lambda ratio: ratio >= 5)
    ours.get("/catalog.nt?page=100")
    first, last = (median(lambda n=n: ours.get(f"/catalog.ttl?page={n}")) for n in (1, 100))
    report(
        "catalogue page 100 (ours) beside page 1 (second figure), ms",
        last,
        first,
        lambda ratio: ratio >= 1 / 1.5,
    )
    etag = ours.get("/catalog.ttl").etag
    known = median(lambda: ours.get("/catalog.ttl", etag, 304))
    report("unchanged page, 304, ms", known, None, lambda seconds: seconds <= 0.015)


def measure_whole(ours: Site, stock: Site) -> None:
    """The whole catalogue: one stream beside a crawl of all pages."""
    crawled = {
        suffix: sum(stock.get(f"/catalog.{suffix}?page={n}").seconds for n in range(1, MANY // PER_PAGE + 1))
        for suffix in FORMATS
    }
    for suffix, (like, wanted) in WHOLE.items():
        taken = statistics.median(ours.get(f"/catalogo/dump.{suffix}").seconds for _ in range(3))
        report(
            f"whole catalogue, {suffix}, s",
            taken,
            crawled[like],
            lambda ratio, wanted=wanted: ratio >= wanted,
            1,
        )
    etag = ours.get("/catalogo/dump.nt").etag
    report(
        "unchanged dump, 304, ms",
        median(lambda: ours.get("/catalogo/dump.nt", etag, 304)),
        None,
        lambda _: True,
    )


def touch(site: str) -> None:
    """Change a dataset past CKAN."""
    del site
    from ckan import model
    from sqlalchemy import text

    model.Session.execute(
        text("UPDATE package SET version = clock_timestamp()::text WHERE name = 'dataset-1'")
    )
    model.Session.commit()


def measure_feed(ours: Site) -> None:
    """What changed: nothing, one dataset, everything."""
    nothing = "/catalogo/cambios.trig?since=2999-01-01"
    taken = median(lambda: ours.get(nothing))
    report("changes, none since, ms", taken, None, lambda seconds: seconds <= 0.15)
    report(
        "changes, one dataset, ms",
        median(lambda: ours.get(nothing), lambda: ours.tell("touch")),
        None,
        lambda _: True,
    )
    for suffix in ("trig", "jsonld", "nt"):
        page = median(lambda suffix=suffix: ours.get(f"/catalogo/cambios.{suffix}?since=2000-01-01"))
        report(f"changes, page of 100, {suffix}, ms", page, None, lambda _: True)


def main() -> None:
    """Bring up both sites, measure, print the lines."""
    with both(__file__) as sites:
        ours, stock = sites["ours"], sites["stock"]
        for site in sites.values():
            site.tell("multiply", FEW)
        for suffix in WHOLE:
            ours.get(f"/catalogo/dump.{suffix}")
        few = ours.tell("memory")
        for site in sites.values():
            began = time.perf_counter()
            print(f"{site.tell('multiply', MANY)} datasets after {time.perf_counter() - began:.0f} s")
        cold = ours.get("/catalogo/dump.nt").seconds
        for suffix in WHOLE:
            ours.get(f"/catalogo/dump.{suffix}")
        growth = ours.tell("memory") - few
        measure_pages(ours, stock)
        measure_whole(ours, stock)
        report("whole catalogue, nt, nothing kept yet, s", cold, None, lambda _: True, 1)
        report(
            "memory of a dump, growth from 1,000 to 10,000 datasets, MB",
            max(growth, 0.1),
            None,
            lambda mb: mb < 50,
            1,
        )
        with_hook, without = ours.tell("save")
        report(
            "saving a dataset, with (ours) and without the hook, ms",
            with_hook,
            without,
            lambda ratio: ratio >= 1 / 1.15,
        )
    if broken:
        print("not kept: " + "; ".join(broken), file=sys.stderr)
    sys.exit(bool(broken))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        commands = {
            "multiply": _content.multiply,
            "memory": peak_memory,
            "forget": forget,
            "save": save,
            "touch": touch,
        }
        serve(sys.argv[1], Path(sys.argv[2]), lambda site: _content.fill(site, PATTERNS), commands)
    else:
        main()
