"""What does a harvest take from the options of the site?"""

from __future__ import annotations

from typing import NamedTuple

import ckan.plugins.toolkit as tk

from ckanext.culturape.harvest.options import Options
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.messages import translator


class Bounds(NamedTuple):
    """How many pages and datasets of a source are read at most."""

    pages: int
    datasets: int


def limits_of(options: Options) -> tuple[Limits, Bounds]:
    """The limits of a page, and of a source: those of the source where it has lower ones."""
    size = _least(options.size, 100_000_000)
    triples = _least(options.triples, 2_000_000)
    limits = Limits(size=size, triples=triples, total=120.0, errors=1000)
    return limits, Bounds(_least(options.pages, 10_000), _least(options.datasets, 500_000))


def _least(chosen: int, most: int) -> int:
    return min(chosen, most) if chosen else most


def language() -> str:
    """The language of reports that nobody asks for: that of the site."""
    return str(tk.config.get("ckan.locale_default") or "en")


def translate(message: str) -> str:
    """A message of ours in that language."""
    return translator(language())(message)
