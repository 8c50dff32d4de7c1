"""What it costs to take over a catalogue by others, beside the harvester `dcat_rdf` of ckanext-dcat.

Both sites harvest the same source: pages of 100 datasets with 41 statements and three distributions each. Ours is measured as its own command does
the work and through the functions of the queues, the stock through the functions of the queues. Gathering alone is measured in a process of its
own with all that it starts. Where real catalogues are at hand, what each site exports of them again is compared with what they said. Ends
with status 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import _harvesting
from _content import fill
from _sites import Site, both, serve
from _source import KINDS, source
from _statements import kept_of, said_by

PER_PAGE = 100
PORTAL = "http://127.0.0.1:5000"
ROOT = Path(__file__).parent.parent
CATALOGS = ROOT.parent / "shared" / "catalogs"
REAL, BAD = CATALOGS / "real", CATALOGS / "bad"

broken: list[str] = []


def report(
    name: str, ours: float, stock: float | None, holds: Callable[[float], bool], digits: int = 1
) -> None:
    """Print a line, and remember a promise that is not kept; the ratio is how many times the stock takes as long."""
    ratio = (stock if stock is not None else ours) / ours
    shown = "-" if stock is None else f"{stock:.{digits}f}"
    print(f"{name} | {ours:.{digits}f} | {shown} | {'-' if stock is None else f'{ratio:.1f}'}", flush=True)
    if not holds(ratio if stock is not None else ours):
        broken.append(name)


def measure_runs(ours: Site, stock: Site, base: str, total: int, workers: int) -> None:
    """First import, nothing changed, one in a hundred changed."""

    def made(site: Site, name: str) -> str:
        return site.tell("source", f"{base}/{name}/{total}/{PER_PAGE}/catalogo.ttl", f"{base}/")

    def each(run: dict[str, float]) -> float:
        return run["seconds"] / total * 1000

    theirs, own, queued, parallel = (
        made(stock, "uno"),
        made(ours, "uno"),
        made(ours, "dos"),
        made(ours, "tres"),
    )
    first = stock.tell("by_queue", theirs)
    expect(first["added"] == total, first)
    for name, run, wanted in (
        ("one worker", ours.tell("by_job", own, 1), 2),
        ("through the queues", ours.tell("by_queue", queued), 1),
        (f"{workers} workers", ours.tell("by_job", parallel, workers), 3),
    ):
        expect(run["added"] == total, run)
        report(
            f"first import of {total} datasets, {name}, ms each",
            each(run),
            each(first),
            lambda ratio, w=wanted: ratio >= w,
        )
    again = stock.tell("by_queue", theirs)
    unchanged = ours.tell("by_job", own, 1)
    expect(unchanged["unchanged"] == total, unchanged)
    report(
        f"{total} datasets again, nothing changed, s",
        unchanged["seconds"],
        again["seconds"],
        lambda ratio: ratio >= 50,
        2,
    )
    change(base, "uno")
    changed = ours.tell("by_job", own, 1)
    expect(changed["changed"] == total // 100, changed)
    report(
        f"{total} datasets again, 1 % changed, s",
        changed["seconds"],
        stock.tell("by_queue", theirs)["seconds"],
        lambda _: True,
        2,
    )


def measure_statements(sites: dict[str, Site], base: str) -> None:
    """What each site exports of catalogues by others."""
    files = sorted(path for path in REAL.glob("*") if path.suffix in KINDS)
    counts = {name: Counter[str]() for name in sites}
    for path in files:
        source = said_by(path, f"{base}/real/{path.name}")
        for name, site in sites.items():
            found = site.tell("source", f"{base}/real/{path.name}", f"{base}/")
            site.tell("by_job" if name == "ours" else "by_queue", found, *([1] if name == "ours" else []))
            if name == "ours":
                site.tell("review", found)
            counts[name] += kept_of(source, site.tell("triples", found), PORTAL)
            site.tell("clear", found)
    for what in ("datasets", "statements", "publishers"):
        total = counts["ours"][what]
        ours, stock = (counts[name][f"{what} kept"] / total * 100 for name in ("ours", "stock"))
        label = f"{what} kept of {total} in {len(files)} catalogues by others, %"
        report(label, ours, stock, lambda _, kept=ours: kept == 100)


def measure_bad(ours: Site, base: str) -> None:
    """What it costs to answer catalogues that are broken or hostile: the longest, and the greatest."""
    answers: list[dict[str, float]] = []
    for file in sorted(BAD.iterdir()):
        found = ours.tell("source", f"{base}/bad/{file.name}", f"{base}/")
        answers.append(ours.tell("answer", found))
    for what, unit, most in (("seconds", "s", 10), ("memory", "memory in MB", 300)):
        worst = max(answer[what] for answer in answers)
        report(
            f"worst of {len(answers)} bad catalogues, {unit}", worst, None, lambda it, most=most: it < most
        )


def measure_gathering(ours: Site, base: str, sizes: tuple[int, int]) -> None:
    """Pages alone: time by dataset does not grow with their number, memory stays small."""
    each: list[float] = []
    for total in sizes:
        source = ours.tell("source", f"{base}/muchos{total}/{total}/{PER_PAGE}/catalogo.ttl", f"{base}/")
        found = ours.tell("gather", source)
        expect(found["datasets"] == total, found)
        each.append(found["seconds"] / total * 1000)
        report(f"gather of {total} datasets, ms each", each[-1], None, lambda _: each[-1] < each[0] * 1.5, 2)
        report(f"gather of {total} datasets, memory in MB", found["memory"], None, lambda mb: mb < 300)


def expect(holds: bool, run: Any) -> None:
    """Stop when a run did not do what is measured."""
    if not holds:
        raise SystemExit(f"not what was to be measured: {run}")


def change(base: str, name: str) -> None:
    """Have one dataset in a hundred changed."""
    from urllib.request import urlopen

    urlopen(f"{base}/change/{name}/100").read()


def main() -> None:
    """Bring up both sites, measure, print the lines."""
    options = argparse.ArgumentParser()
    options.add_argument("--datasets", type=int, default=2000)
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--gather", type=int, default=100_000)
    asked = options.parse_args()
    with source(CATALOGS) as base, both(__file__) as sites:
        ours, stock = sites["ours"], sites["stock"]
        if REAL.is_dir():
            measure_statements(sites, base)
            measure_bad(ours, base)
        else:
            print(f"no catalogues by others at {REAL}: what is kept of them is not measured", file=sys.stderr)
        measure_runs(ours, stock, base, asked.datasets, asked.workers)
        measure_gathering(ours, base, (asked.gather // 10, asked.gather))
    if broken:
        print("not kept: " + "; ".join(broken), file=sys.stderr)
    sys.exit(bool(broken))


if __name__ == "__main__":
    if len(sys.argv) == 3 and not sys.argv[1].startswith("-"):
        commands = {
            "source": _harvesting.make_source,
            "by_queue": _harvesting.by_queue,
            "by_job": _harvesting.by_job,
            "profile": _harvesting.profile,
            "triples": _harvesting.triples_of,
            "clear": _harvesting.clear,
            "review": _harvesting.review,
            "gather": _harvesting.gather,
            "answer": _harvesting.answer,
        }
        serve(sys.argv[1], Path(sys.argv[2]), lambda site: fill(site, 0), commands)
    else:
        main()
