"""What was noted about the datasets of a source, for people: grouped by field and by what is wrong, the most frequent first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import text

from ckanext.culturape.errors import fault_from_json
from ckanext.culturape.harvest import spots
from ckanext.culturape.harvest.notices import Example, Group, Notice, Problem
from ckanext.culturape.harvest.rows import Executor

#: Values that are quoted of each kind of problem before the whole list.
EXAMPLES = 3


class Chosen(NamedTuple):
    """Which notes are asked for.

    Attributes:
        source: id.
        run: those that a run wrote; all that hold today when empty.
        group: see ``spots``; all when empty.
        problem: id of one kind of problem, see ``Problem``; all when empty.
    """

    source: str
    run: str = ""
    group: str = ""
    problem: str = ""


#: The notes that are asked for, each with its group and the id of its problem.
_NOTES = f"""
    SELECT *, left(md5(concat_ws(chr(31), kind, message, inner_message)), 8) AS problem FROM (
        SELECT f.id, f.kind, f.key, f.uri, f.field, f.value, f.fault, f.run_id, f.source_id, f.fault ->> 'message' AS message,
            coalesce(f.fault -> 'params' -> 'reason' ->> 'message', '') AS inner_message,
            coalesce(
                CASE WHEN f.kind = 'document' THEN CAST(:theirs AS jsonb) ELSE CAST(:ours AS jsonb) END ->>
                    trim('/' FROM regexp_replace(replace(f.field, '.', '/'), '(^|/)[0-9]+(?=/|$)', '', 'g')),
                CASE WHEN f.kind = 'document' THEN '{spots.SOURCE}' ELSE '{spots.DATASET}' END) AS spot
        FROM culturape_harvest_fault f
        WHERE f.source_id = :source AND (:run = '' OR f.run_id = :run)) AS noted
    WHERE :group = '' OR spot = :group"""  # noqa: S608

_GROUPS = f"""
    WITH n AS ({_NOTES}),
    v AS (
        SELECT spot, problem, value, count(*) AS number, min(id) AS id,
            row_number() OVER (PARTITION BY spot, problem ORDER BY count(*) DESC, min(id)) AS place
        FROM n GROUP BY spot, problem, value),
    e AS (
        SELECT v.spot, v.problem, jsonb_agg(jsonb_build_array(v.value, f.fault, v.number) ORDER BY v.place) AS examples
        FROM v JOIN culturape_harvest_fault f ON f.id = v.id WHERE v.place <= :examples GROUP BY 1, 2)
    SELECT g.*, e.examples FROM (
        SELECT spot, problem, min(kind) AS kind, min(message) AS message, min(inner_message) AS inner_message, count(*) AS notes,
            count(DISTINCT key) AS datasets
        FROM n GROUP BY GROUPING SETS ((spot), (spot, problem))) AS g
    LEFT JOIN e ON e.spot = g.spot AND e.problem = g.problem
    ORDER BY g.datasets DESC, g.notes DESC, g.spot, g.problem"""  # noqa: S608

_FULL = f"""
    SELECT n.spot, n.kind, n.field, n.value, n.fault, n.uri, coalesce(nullif(d.title, ''), p.title, ''), p.name, coalesce(g.address, ''), n.run_id
    FROM ({_NOTES}) AS n
    LEFT JOIN culturape_harvest_dataset d ON d.source_id = n.source_id AND d.key =
        CASE WHEN n.kind = 'document' THEN left(encode(sha256(convert_to(n.uri, 'UTF8')), 'hex'), 32) ELSE n.key END
    LEFT JOIN package p ON p.id = d.package_id AND p.state = 'active'
    LEFT JOIN culturape_harvest_page g ON n.kind = 'document' AND g.source_id = n.source_id AND g.key = n.key
    WHERE :problem = '' OR n.problem = :problem
    ORDER BY n.spot, n.problem, n.uri, n.id LIMIT :limit OFFSET :offset"""  # noqa: S608

_COUNT = f"SELECT count(*) FROM ({_NOTES}) AS n WHERE :problem = '' OR n.problem = :problem"  # noqa: S608


def _values(chosen: Chosen, **more: Any) -> dict[str, Any]:
    places = {"ours": json.dumps(dict(spots.ours())), "theirs": json.dumps(dict(spots.theirs()))}
    return {**chosen._asdict(), **places, **more}


def groups(execute: Executor, chosen: Chosen) -> list[Group]:
    """What is wrong, field by field, the field with the most datasets first."""
    found: dict[str, Group] = {}
    problems: dict[str, list[Problem]] = {}
    for row in execute.execute(text(_GROUPS), _values(chosen, examples=EXAMPLES)):
        own = problems.setdefault(row.spot, [])
        if row.problem is None:
            found[row.spot] = Group(row.spot, row.notes, row.datasets, own)
        else:
            own.append(_problem(row))
    return list(found.values())


def _problem(row: Any) -> Problem:
    examples = tuple(Example(value, fault_from_json(raw), number) for value, raw, number in row.examples)
    return Problem(row.problem, row.kind, row.message, row.inner_message, row.notes, row.datasets, examples)


def count(execute: Executor, chosen: Chosen) -> int:
    """How many notes are asked for."""
    return int(execute.execute(text(_COUNT), _values(chosen)).scalar_one())


def listed(execute: Executor, chosen: Chosen, limit: int | None = None, offset: int = 0) -> Iterator[Notice]:
    """The notes, in an order that stays the same; all of them without a limit."""
    for row in execute.execute(text(_FULL), _values(chosen, limit=limit, offset=offset)):
        group, kind, field, value, raw, uri, title, package, page, run = row
        yield Notice(group, kind, field, value, fault_from_json(raw), uri, title, package, page, run)
