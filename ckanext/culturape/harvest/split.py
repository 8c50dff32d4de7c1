"""What does a page say of each of its datasets? Told apart and digested, without reading records: most of them have not changed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from ckanext.culturape.errors import fault_from_json, fault_to_json
from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.adapters.report import Refused
from ckanext.culturape.harvest.naming import described
from ckanext.culturape.harvest.portions import Portion, portion
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.intake import cell
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.rdf.graph import Graph


class Page(NamedTuple):
    """A page of a source.

    Attributes:
        portions: its datasets and series, in its order.
        next: addresses of the pages that follow.
        errors: what could not be used.
        family: of the document.
        is_whole: whether no dataset was lost.
        total: datasets that the source says it has on all pages, ``None`` when it says nothing.
    """

    portions: tuple[Portion, ...]
    next: tuple[str, ...]
    errors: tuple[Refused, ...]
    family: str
    is_whole: bool
    total: int | None


Splitter = Callable[[bytes, str, str, str, str], Page]


def split(
    content: bytes, content_type: str, address: str, limits: Limits, *, format: str = "", profile: str = ""
) -> Page:
    """The portions of a page.

    Args:
        content: its bytes.
        content_type: as its server declares it.
        address: where it was found.
        limits: bounds.
        format: suffix or media type of the serialisation, when it is known.
        profile: the family, when it shall be of that and no other.

    Raises: Fault.
    """
    adapted = to_dcat(content, content_type, address, limits, format=format, profile=profile)
    graph = Graph(respell(adapted.triples))
    portions = tuple(portion(graph, uri, scope) for uri, scope in described(graph))
    return Page(portions, adapted.next, adapted.errors, adapted.family, adapted.is_whole, adapted.total)


@contextmanager
def open_splitter(limits: Limits) -> Generator[Splitter, None, None]:
    """A splitter in a process of its own, kept for many pages."""
    with cell.open_cell(f"{__name__}:split_here", limits, _page_from) as work:

        def splitter(content: bytes, content_type: str, address: str, format: str, profile: str) -> Page:
            given = {"content_type": content_type, "address": address, "format": format, "profile": profile}
            return work(given, content)

        yield splitter


def split_here(arguments: Mapping[str, Any], content: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """The same as JSON and bytes, for whoever called from another process. Raises: Fault."""
    page = split(
        content,
        arguments["content_type"],
        arguments["address"],
        limits,
        format=arguments["format"],
        profile=arguments["profile"],
    )
    portions = [(p.uri, p.title, p.digest, len(p.ntriples)) for p in page.portions]
    errors = [(e.uri, e.field, e.value, fault_to_json(e.fault)) for e in page.errors]
    told = {**page._asdict(), "portions": portions, "errors": errors}
    return told, b"".join(portion.ntriples for portion in page.portions)


def _page_from(told: Mapping[str, Any], raw: bytes) -> Page:
    portions: list[Portion] = []
    start = 0
    for uri, title, digest, size in told["portions"]:
        portions.append(Portion(uri, title, digest, raw[start : start + size]))
        start += size
    errors = (Refused(uri, field, value, fault_from_json(kept)) for uri, field, value, kept in told["errors"])
    return Page(
        tuple(portions), tuple(told["next"]), tuple(errors), told["family"], told["is_whole"], told["total"],
    )  # fmt: skip
