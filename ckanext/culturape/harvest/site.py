"""What do a harvest and a preview take from the options of the site?"""

from __future__ import annotations

from typing import NamedTuple

import ckan.plugins.toolkit as tk

from ckanext.culturape import config
from ckanext.culturape.harvest.options import Options
from ckanext.culturape.harvest.preview import Site
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.messages import translator


class Bounds(NamedTuple):
    """How many pages and datasets of a source are read at most."""

    pages: int
    datasets: int


def maxima() -> dict[str, int]:
    """The limits of this site, by the name of the option with which a source may lower them: bytes, pages, datasets, statements."""
    return {
        "size": config.harvest_max_size(),
        "pages": config.harvest_max_pages(),
        "datasets": config.harvest_max_datasets(),
        "triples": config.harvest_max_triples(),
    }


def limits_of(options: Options) -> tuple[Limits, Bounds]:
    """The limits of a page, and of a source: those of the source where it has lower ones."""
    least = {name: _least(getattr(options, name), most) for name, most in maxima().items()}
    total = float(config.harvest_timeout())
    limits = Limits(size=least["size"], triples=least["triples"], total=total, errors=1000)
    return limits, Bounds(least["pages"], least["datasets"])


def reading_site(language: str) -> Site:
    """What a preview must know of this site.

    Args:
        language: in which reasons are given.
    """
    return Site(
        base=str(tk.config.get("ckan.site_url") or "").rstrip("/"),
        vocabulary_base=config.vocabulary_base(),
        pack=config.pack(),
        default_language=config.default_language(),
        language=language,
        allowed=tuple(config.allowed_sources()),
    )


def _least(chosen: int, most: int) -> int:
    return min(chosen, most) if chosen else most


def language() -> str:
    """The language of reports that nobody asks for: that of the site."""
    return str(tk.config.get("ckan.locale_default") or "en")


def translate(message: str) -> str:
    """A message of ours in that language."""
    return translator(language())(message)
