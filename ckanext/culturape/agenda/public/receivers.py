"""Which organisation answers a need from outside? That of its agenda, of the dataset that it is about, or the one that the operator named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ckan import model

from ckanext.culturape import config
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.logic import readers

#: Agendas that take no more needs.
ENDED = ("concluida", "archivada")

#: Agendas that a form offers.
MOST = 200

NOBODY = N_("Choose the agenda that should answer it.")
NO_AGENDA = N_("This agenda takes no needs.")


class Open(NamedTuple):
    """An agenda that takes needs: id, name, title by language, and the title of its organisation."""

    id: str
    name: str
    titles: dict[str, str]
    organization: str


def open_agendas() -> list[Open]:
    """Public agendas that take needs, by title."""
    query = {
        "fq": f"+dataset_type:agenda -vocab_agenda_status:({' OR '.join(ENDED)})",
        "sort": "title_string asc, id asc",
        "rows": MOST,
    }
    found = readers.search(query)["results"]
    return [
        Open(
            one["id"],
            one["name"],
            one.get("title_translated") or {"": one["title"]},
            (one.get("organization") or {}).get("title") or "",
        )
        for one in found
    ]


def fallback() -> Any:
    """The organisation that answers needs of no agenda; ``None`` when the operator named none, or one that is not there."""
    name = config.needs_organization()
    found: Any = model.Group.get(name) if name else None
    return (
        found if found is not None and found.is_organization and found.state == model.State.ACTIVE else None
    )


def is_anybody_there() -> bool:
    """Whether somebody would receive a need."""
    return fallback() is not None or bool(open_agendas())


def agenda_of(value: str) -> Any:
    """The agenda that an id or a name stands for, if it is public and takes needs. Raises: Fault."""
    package: Any = model.Package.get(value)
    if package is None or package.type != "agenda" or not readers.is_public(package):
        raise Fault(NO_AGENDA, {}, "agenda")
    if package.extras.get("agenda_status") in ENDED:
        raise Fault(NO_AGENDA, {}, "agenda")
    return package


def owner_of(agenda: Any, datasets: Sequence[str]) -> str:
    """Id of the organisation that answers a need of this agenda, if any, and about these datasets. Raises: Fault."""
    if agenda is not None:
        return str(agenda.owner_org)
    for dataset in datasets:
        package: Any = model.Package.get(dataset)
        if package is not None and package.owner_org:
            return str(package.owner_org)
    found = fallback()
    if found is None:
        raise Fault(NOBODY, {}, "agenda")
    return str(found.id)
