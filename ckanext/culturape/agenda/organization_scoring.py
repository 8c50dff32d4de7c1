"""The scorecard of an organisation: the same five bars over all that it convenes, promises, is asked for and publishes, as anybody can read it."""

from __future__ import annotations

from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.culturape.agenda import neighbours, rows
from ckanext.culturape.agenda.bars import Scored, as_records
from ckanext.culturape.agenda.scorecard import Facts, score
from ckanext.culturape.fields import RECORD_TYPES
from ckanext.culturape.logic import readers
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

#: Records of each type that are looked at, those that changed last, and how many the index gives at once.
MOST, BATCH = 1_000, 500

#: Checks of each bar that an answer lists, unless it is asked for more, and at most.
LISTED, MOST_LISTED = 100, 1_000


class Looked(NamedTuple):
    """How many records of a type there are, and those that are looked at."""

    total: int
    records: list[Record]


@tk.side_effect_free
def culturape_organization_scorecard(context: Context, data_dict: Record) -> Record:
    """The five bars of an organisation over all its public agendas, commitments, needs and datasets; there is no total.

    :param id: id or name of the organisation
    :param limit: how many checks of each bar to list, those that do not hold first; 100 by default, 1000 at most

    :returns: ``organization`` (``id``, ``name``, ``title``), ``looked_at`` (by type of record ``total`` and ``number``: of each type the thousand that
        changed last are looked at), and ``bars`` as in ``culturape_agenda_scorecard``
    """
    tk.check_access("culturape_organization_scorecard", context, data_dict)
    organization = _organization(data_dict)
    limit = _limit(data_dict)
    looked, scored = scored_organization(str(organization.id))
    return {
        "organization": {"id": organization.id, "name": organization.name, "title": organization.title},
        "looked_at": {
            kind: {"total": found.total, "number": len(found.records)} for kind, found in looked.items()
        },
        "bars": as_records(scored, limit),
    }


@tk.auth_allow_anonymous_access
def culturape_organization_scorecard_auth(context: Context, data_dict: Record) -> AuthResult:
    """Who may read the organisation."""
    tk.check_access("organization_show", context, {"id": _organization(data_dict).id})
    return {"success": True}


def _organization(data_dict: Record) -> Any:
    found: Any = model.Group.get(tk.get_or_bust(data_dict, "id"))
    if found is None or not found.is_organization or found.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("Organisation not found"))
    return found


def _limit(data_dict: Record) -> int:
    try:
        limit = int(data_dict.get("limit") or LISTED)
    except (TypeError, ValueError):
        limit = 0
    if limit < 1:
        raise tk.ValidationError({"limit": [tk._("A whole number from 1 is expected.")]})
    return min(limit, MOST_LISTED)


def scored_organization(organization_id: str) -> tuple[dict[str, Looked], Scored]:
    """What is looked at, by type of record, and the bars. A question to the database, and at most two to the index for each type."""
    looked = {kind: _recent(organization_id, kind) for kind in RECORD_TYPES}
    needs = looked["necesidad"].records
    ids = [str(need["id"]) for need in needs]
    facts = Facts(
        agendas=tuple(looked["agenda"].records),
        commitments=tuple(looked["compromiso"].records),
        needs=tuple(needs),
        datasets=tuple(looked["dataset"].records),
        vocabulary=vocabulary(),
        today=neighbours.today(),
        answered=frozenset(rows.pointed_at(model.Session, "answers_needs", ids)),
    )
    records = {str(record["id"]): record for found in looked.values() for record in found.records}
    return looked, Scored(score(facts), records)


def _recent(organization_id: str, record_type: str) -> Looked:
    """The records of a type that anybody can read, those that changed last first."""
    found: list[Record] = []
    total = 1
    while len(found) < min(total, MOST):
        query = {
            "fq": f'+dataset_type:{record_type} +owner_org:"{organization_id}"',
            "sort": "metadata_modified desc, id asc",
            "rows": min(BATCH, MOST - len(found)),
            "start": len(found),
        }
        answer = readers.search(query)
        found += answer["results"]
        # Where the index knows fewer than it counts, for it is changing, the rest is looked at next time.
        total = answer["count"] if answer["results"] else 0
    return Looked(max(total, len(found)), found)
