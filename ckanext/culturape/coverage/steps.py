"""How dark is a cell? A few steps, so that people can tell them apart and a legend can name them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

#: Steps above nothing.
STEPS = 4


def bounds(numbers: Iterable[int]) -> tuple[int, ...]:
    """The least number of each step: as many different numbers in each as in the others; fewer steps where numbers are few."""
    different = sorted({number for number in numbers if number > 0})
    found = [different[step * len(different) // STEPS] for step in range(STEPS)] if different else []
    return tuple(dict.fromkeys(found))


def step_of(number: int, found: tuple[int, ...]) -> int:
    """The step of a number, from 1; 0 for nothing. With fewer steps, they are the darker ones' lighter neighbours: 1, 2, 3."""
    return bisect_right(found, number) if number > 0 else 0


def ranges(found: tuple[int, ...]) -> list[tuple[int, int, int | None]]:
    """For a legend: each step with its least and greatest number; none for the last, which has no end."""
    ends = [*(bound - 1 for bound in found[1:]), None]
    return [(step, least, most) for step, (least, most) in enumerate(zip(found, ends, strict=False), 1)]
