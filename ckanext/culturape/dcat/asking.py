"""What does a crawler ask for? The parameters of the catalogue's addresses, read strictly and answered with one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import catalog_uri
from dateutil.parser import isoparse

from ckanext.culturape.rdf.formats import Format
from ckanext.culturape.views.rdf import read_format, refuse

#: Without the option ``ckanext.dcat.datasets_per_page``, as in ckanext-dcat.
PER_PAGE = 100
MOST_PER_PAGE = 1000
LAST_PAGE = 10_000_000

#: Between the two parts of the place from which a page goes on.
SEPARATOR = "~"

Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """A page of the catalogue.

    Attributes:
        page: number, from 1.
        per_page: datasets on a page.
        after: place of the last dataset of the page before; it counts more than the number.
        since: only what was changed from this moment on, UTC without zone as CKAN keeps it.
        q, fq: words and filters of CKAN's search.
        form: serialisation.
    """

    form: Format
    page: int = 1
    per_page: int = PER_PAGE
    after: Place | None = None
    since: datetime | None = None
    q: str = ""
    fq: str = ""
    size_asked: bool = False

    @property
    def offset(self) -> int:
        """How many datasets stand before the page when nothing changes."""
        return (self.page - 1) * self.per_page

    @property
    def is_search(self) -> bool:
        """Whether the index must be asked."""
        return bool(self.fq or self.q not in ("", "*:*"))

    def address(self, page: int, after: Place | None = None) -> str:
        """The address of another page of the same question."""
        return _page_path(self.form) + "?" + urlencode(replace(self, page=page, after=after).parameters())

    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        found = {
            "q": self.q,
            "fq": self.fq,
            "modified_since": f"{self.since.isoformat()}Z" if self.since else "",
            "per_page": str(self.per_page) if self.size_asked else "",
            "page": str(self.page),
            "after": f"{self.after[0].isoformat()}{SEPARATOR}{self.after[1]}" if self.after else "",
        }
        return {key: value for key, value in found.items() if value}


def _page_path(form: Format) -> str:
    path = tk.request.path if tk.request else f"/catalog.{form.suffix}"
    return catalog_uri().rstrip("/") + path


def read_ask(given: Mapping[str, Any], suffix: str) -> Ask:
    """The page that is asked for. Raises: ValidationError with one sentence for the reader."""
    return Ask(
        form=read_format(suffix),
        page=_whole("page", given.get("page") or 1, LAST_PAGE),
        per_page=read_size(given),
        after=_place(given.get("after")),
        since=read_moment("modified_since", given.get("modified_since")),
        q=str(given.get("q") or ""),
        fq=str(given.get("fq") or ""),
        size_asked=bool(given.get("per_page")),
    )


def read_size(given: Mapping[str, Any]) -> int:
    """How many datasets stand on a page. Raises: ValidationError."""
    if given.get("per_page"):
        return _whole("per_page", given["per_page"], MOST_PER_PAGE)
    return int(tk.config.get("ckanext.dcat.datasets_per_page") or PER_PAGE)


def _whole(name: str, value: Any, most: int) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if not 1 <= number <= most:
        message = tk._("“%(name)s” must be a whole number from 1 to %(most)s.")
        raise refuse(message % {"name": name, "most": most})
    return number


def read_moment(name: str, value: Any) -> datetime | None:
    """A moment in UTC without zone. Raises: ValidationError."""
    if not value:
        return None
    try:
        moment = isoparse(str(value))
        # A plus sign that nobody escaped arrives as a space, which is no moment.
        return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        message = tk._("“%(name)s” must be a date of ISO 8601 such as 2026-01-31 or 2026-01-31T12:00:00Z.")
        raise refuse(message % {"name": name}) from None


def _place(value: Any) -> Place | None:
    if not value:
        return None
    moment, separator, dataset_id = str(value).partition(SEPARATOR)
    try:
        if separator and 0 < len(dataset_id) <= 100 and "\x00" not in dataset_id:
            return datetime.fromisoformat(moment).replace(tzinfo=None), dataset_id
    except ValueError:
        pass
    raise refuse(tk._("“after” must be taken from the address of the next page that the catalogue gave."))
