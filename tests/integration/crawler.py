"""Follows the links of a site as somebody, and tells what its pages say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from bs4 import BeautifulSoup, Comment, Doctype
from werkzeug.exceptions import HTTPException

#: Attributes whose text people see or hear.
SPOKEN = (
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "data-bs-title",
    "data-bs-content",
    "data-module-content",
)
#: What is read aloud or shown as it is, in no language.
MUTE = {"script", "style", "code", "pre", "kbd", "samp", "textarea", "noscript", "template"}
#: Ways that change something, leave the site or are files.
CLOSED = re.compile(
    r"/(_logout|logout|logged_out|delete/|webassets|uploads|base/|fonts|api/(?!3/?$)|download/)|/reset/|\?.*__no_cache__"
)


@dataclass
class Page:
    """What came back of an address."""

    address: str
    endpoint: str
    status: int
    html: str
    soup: Any

    def texts(self) -> Iterator[str]:
        """What people read or hear of it, piece by piece; without what stands in another language and says so."""
        for node in self.soup.find_all(string=True):
            if not isinstance(node, (Comment, Doctype)) and not _aside(node.parent):
                yield _plain(str(node))
        for tag in self.soup.find_all(True):
            if not _aside(tag):
                yield from map(_plain, _attributes(tag))

    def addresses(self) -> Iterator[str]:
        """What it leads to."""
        for tag in self.soup.find_all("a", href=True):
            yield tag["href"]


@dataclass
class Crawl:
    """A walk through a site.

    Attributes:
        each: how many pages of one kind are read; of the same kind are those of one view and one set of names in the query.
        most: how many pages of one view are read.
    """

    app: Any
    headers: dict[str, str]
    each: int = 1
    most: int = 5
    seen: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)

    def pages(self, start: Iterable[str]) -> Iterator[Page]:
        """The pages that can be reached from some addresses."""
        waiting = list(start)
        while waiting:
            address = waiting.pop(0)
            page = self._read(address)
            if page is None:
                continue
            yield page
            waiting += [urljoin(address, one) for one in page.addresses()]

    def _read(self, address: str) -> Page | None:
        parts = urlsplit(address)
        inside = not parts.netloc or parts.netloc == "test.ckan.net"
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        if not inside or target in self.seen or parts.path.startswith("/en/") or CLOSED.search(target):
            return None
        endpoint = self._endpoint(parts.path)
        kind = " ".join([endpoint, *sorted({name for name, _ in parse_qsl(parts.query)})])
        if self.kinds[kind] >= self.each or self.kinds[endpoint] >= self.most:
            return None
        self.kinds.update({kind, endpoint})
        self.seen.add(target)
        answer = self.app.get(target, headers=self.headers)
        if "html" not in answer.headers.get("Content-Type", ""):
            return None
        html = answer.get_data(as_text=True)
        return Page(target, endpoint, answer.status_code, html, BeautifulSoup(html, "html.parser"))

    def _endpoint(self, path: str) -> str:
        path = re.sub(r"^/(es|en)(?=/|$)", "", path) or "/"
        try:
            return str(self.app.flask_app.url_map.bind("test.ckan.net").match(path)[0])
        except HTTPException:
            return path


def _attributes(tag: Any) -> Iterator[str]:
    """Texts of attributes that people see or hear."""
    for name in SPOKEN:
        if isinstance(tag.get(name), str):
            yield re.sub(r"<[^>]*>", " ", tag[name])
    if tag.name == "input" and tag.get("type") in {"submit", "button", "reset"}:
        yield tag.get("value") or ""
    if tag.name == "meta" and tag.get("name") == "description":
        yield tag.get("content") or ""


def _aside(tag: Any) -> bool:
    return any(
        one.name in MUTE or one.get("lang", "es") not in {"es", ""} or one.get("translate") == "no"
        for one in (tag, *tag.parents)
        if one.name != "[document]"
    )


def _plain(text: str) -> str:
    return " ".join(text.split())
