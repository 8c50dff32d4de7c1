"""Does the whole catalogue conform? Every public dataset, a page at a time, so that memory does not grow with the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ckan import model
from ckanext.dcat.utils import catalog_uri

from ckanext.culturape.dcat import building, pages, store, versions
from ckanext.culturape.dcat.shacl.engine import check
from ckanext.culturape.dcat.shacl.findings import Finding, order
from ckanext.culturape.dcat.shacl.shapes import Shapes
from ckanext.culturape.dcat.shacl.trace import titles
from ckanext.culturape.dcat.store import Kept
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.rdf.fragment import describe

BATCH = 200

_OBJECT = re.compile(rb" <([^<>]+)> \.$", re.MULTILINE)


@dataclass
class Examined:
    """What was found so far.

    Attributes:
        datasets: how many were examined.
        titles: of the datasets with findings, by address and language.
    """

    datasets: int = 0
    titles: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])


def organization_id(name: str) -> str:
    """The id of an organisation. Raises: Fault when there is none of that id or name."""
    found = model.Group.get(name)
    if found is None or not found.is_organization:
        raise Fault(N_("No organisation is called “%(name)s”."), {"name": name})
    return str(found.id)


def examine(
    shapes: Shapes,
    examined: Examined,
    organization: str | None = None,
    beside: bytes = b"",
    progress: building.Progress | None = None,
) -> Iterator[Finding]:
    """The findings of all public datasets, or those of an organisation; each once.

    Args:
        shapes: the rules.
        examined: filled while the findings are read.
        organization: id.
        beside: N-Triples of authority tables that the rules look into.
        progress: told how many datasets were examined, and of how many.
    """
    building.refresh()
    seen: set[int] = set()
    with versions.reading() as connection:
        ids = store.written_ids(connection, organization)
        known = store.addresses(connection)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with versions.reading() as connection:
            kept = list(store.read(connection, batch).values())
            near = list(store.read(connection, _neighbours(kept, known)).values())
        yield from _new(_findings(kept, near, shapes, beside, examined), seen)
        if progress:
            progress(len(batch), len(ids))


def _findings(
    kept: list[Kept], near: list[Kept], shapes: Shapes, beside: bytes, examined: Examined
) -> list[Finding]:
    ntriples = _page(kept, near)
    examined.datasets += len(kept)
    examined.titles |= titles(b"".join(fragment.ntriples for fragment in kept))
    strangers = {fragment.uri for fragment in near}
    own = _subjects(ntriples) if beside else frozenset[str]()
    found = check(ntriples + beside, shapes)
    return order(f for f in found if f.owner not in strangers and (not beside or f.focus in own))


def _page(kept: list[Kept], near: list[Kept]) -> bytes:
    """The statements about some datasets, as a page of the catalogue holds them, and about those that they point at."""
    head, concepts = pages.catalogue_head()
    together = concepts.union(*(fragment.concepts.split() for fragment in (*kept, *near)))
    parts = (fragment.ntriples for fragment in (*kept, *near))
    return b"".join([head, pages.links(kept, catalog_uri()), *parts, describe(together, make_context())])


def _neighbours(kept: list[Kept], known: dict[str, str]) -> list[str]:
    """Ids of the datasets of the catalogue that these point at: a rule may ask what they are."""
    own = {fragment.uri for fragment in kept}
    found = set[str]().union(*(targets(fragment.ntriples) for fragment in kept))
    return [known[target] for target in found - own if target in known]


def targets(ntriples: bytes) -> set[str]:
    """Addresses that statements point at."""
    return {match.decode() for match in _OBJECT.findall(ntriples)}


def _subjects(ntriples: bytes) -> frozenset[str]:
    """What the statements are about, rather than the tables laid beside them."""
    names = {line.partition(b" ")[0].decode() for line in ntriples.splitlines()}
    return frozenset(name.removeprefix("<").removesuffix(">") for name in names)


def _new(found: list[Finding], seen: set[int]) -> Iterator[Finding]:
    """Those that no page before had: organisations and the catalogue stand on many."""
    for finding in found:
        mark = hash(finding.key)
        if mark not in seen:
            seen.add(mark)
            yield finding
