"""How do records that name each other come in from a file? First each by itself, then what each says of the others, then the steps of needs.

A commitment names needs and a need names commitments, so that there is no order in which every name is known.
"""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.fields import RECORD_TYPES, load_schema
from ckanext.culturape.logic.links import ids_of
from ckanext.culturape.types import Record

#: Types of records that link to others.
TYPES = RECORD_TYPES[1:]

PLUGIN = "culturape_agenda"

#: Of a need in a file: what became of it, a list of ``status`` and ``comment``.
STEPS = "steps"


def is_known() -> bool:
    """Whether this portal has records of these types."""
    return bool(p.plugin_loaded(PLUGIN))


def alone(kind: str, record: Record) -> Record:
    """A record without what it says of others."""
    linking = {field.name for field in load_schema(kind).fields if field.is_link}
    return {name: value for name, value in _fields(kind, record).items() if name not in linking}


def with_ids(kind: str, record: Record) -> Record:
    """A record with ids in place of names of others, as they are stored; a name that nobody has stays, to be refused."""
    found = _fields(kind, record)
    for field in load_schema(kind).fields:
        if field.is_link and found.get(field.name):
            ids = [_id_of(name) for name in ids_of(found[field.name])]
            found[field.name] = ids if field.is_list else ids[0]
    return found


def _fields(kind: str, record: Record) -> Record:
    return {**{name: value for name, value in record.items() if name != STEPS}, "type": kind}


def _id_of(name: str) -> str:
    package: Any = model.Package.get(name)
    return str(package.id) if package is not None else name


def take_steps(record: Record, user: str) -> bool:
    """Take the steps of a need that were not taken yet; whether there was one. A need of which people said something else is left to them."""
    wanted: list[Record] = record.get(STEPS) or []
    history = tk.get_action("culturape_need_history")({"ignore_auth": True}, {"id": record["name"]})
    # The first step is that the need was received.
    taken = [(step["status"], step["comment"]) for step in history[1:]]
    if taken != [(step["status"], step["comment"]) for step in wanted[: len(taken)]]:
        return False
    for step in wanted[len(taken) :]:
        context = cast("Context", {"ignore_auth": True, "user": user})
        tk.get_action("culturape_need_status_set")(context, {"id": record["name"], **step})
    return len(wanted) > len(taken)
