"""What the source no longer shows: is it deleted here? Only when the run saw the whole source, and not when too much would go at once."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.culturape.errors import N_, Fault, fault_to_json
from ckanext.culturape.harvest import objects, rows, runs
from ckanext.culturape.harvest.errand import Errand
from ckanext.culturape.harvest.runs import Run

NOTHING = N_("Nothing of this source waits to be confirmed.")
NEWER = N_("Meanwhile another run of this source began. See the report as it is now, and decide again.")
ALREADY = N_("%(user)s has confirmed this already, on %(date)s. The next run deletes them.")


class Missing(NamedTuple):
    """Datasets of a source that stand in the catalogue.

    Attributes:
        known: how many there are.
        uris: of those that the run did not find.
        unconfirmed: of those, how many nobody has agreed to delete.
    """

    known: int
    uris: list[str]
    unconfirmed: int


def decide(connection: Connection, errand: Errand) -> None:
    """Have what is missing deleted, or write down why not."""
    run = runs.existing(connection, errand.run)
    earlier = runs.latest(connection, errand.source_id, 1, before=errand.run)
    confirmed = earlier[0].id if earlier and earlier[0].confirmed else ""
    found = look(connection, errand, confirmed)
    if not found.uris:
        return
    reason = None if confirmed and not found.unconfirmed else _reason(connection, errand, run, found)
    if reason:
        guard = {"missing": len(found.uris), "known": found.known, "reason": fault_to_json(reason)}
        runs.change(connection, errand.run, guard=guard)
        return
    objects.add(
        connection, errand.source_id, errand.run, ((uri, "", b"") for uri in found.uris), runs.moment()
    )


def look(connection: Connection, errand: Errand, confirmed: str) -> Missing:
    """What a run did not find; the deletion of what an earlier run, ``confirmed``, did not find either is agreed."""
    query = """
        SELECT d.uri, d.seen = :run, :confirmed <> '' AND d.seen <> :confirmed
        FROM culturape_harvest_dataset d JOIN package p ON p.id = d.package_id
        WHERE d.source_id = :source AND d.state = ANY(:kept) AND p.state = 'active' ORDER BY d.uri"""
    values = {"source": errand.source_id, "run": errand.run, "confirmed": confirmed, "kept": list(rows.KEPT)}
    known = 0
    uris: list[str] = []
    unconfirmed = 0
    for uri, is_seen, is_agreed in connection.execute(text(query), values):
        known += 1
        if not is_seen:
            uris.append(uri)
            unconfirmed += not is_agreed
    return Missing(known, uris, unconfirmed)


def _reason(connection: Connection, errand: Errand, run: Run, found: Missing) -> Fault | None:
    """Why nothing may be deleted without being asked, ``None`` when it may."""
    if not run.is_whole or (run.total or 0) > rows.count_seen(connection, errand.source_id, errand.run):
        return Fault(N_("Parts of the source could not be read; what is missing may still be there."))
    if len(found.uris) == found.known:
        return Fault(N_("The source shows none of the datasets that were taken over from it."))
    before = _family_before(connection, errand)
    if before and before != run.family:
        params = {"before": before, "now": run.family}
        return Fault(N_("The source answers in another format than before: %(before)s, now %(now)s."), params)
    share = errand.options.deletion_share
    if len(found.uris) > share * found.known:
        params = {"missing": len(found.uris), "known": found.known, "share": round(share * 100)}
        return Fault(
            N_(
                "%(missing)s of %(known)s datasets are missing, more than the %(share)s %% that may be deleted without being asked."
            ),
            params,
        )
    return None


def _family_before(connection: Connection, errand: Errand) -> str:
    """The family of the documents of the last run that ended well."""
    query = """
        SELECT family FROM culturape_harvest_run
        WHERE source_id = :source AND id <> :run AND state IN ('finished', 'guarded') AND family <> ''
        ORDER BY started DESC LIMIT 1"""
    return str(
        connection.execute(text(query), {"source": errand.source_id, "run": errand.run}).scalar() or ""
    )


def confirm(connection: Connection, source_id: str, user: str, run_id: str = "") -> Run:
    """Agree to the deletions that the last run of a source asked for; the next run makes them.

    Args:
        connection: in a transaction; whoever decides at the same time waits until it ends.
        source_id: of the source.
        user: who agrees.
        run_id: the run whose report was read; when another has begun since, nothing is confirmed.

    Raises: Fault.
    """
    last = asking_run(connection, source_id, run_id)
    if last.confirmed:
        raise Fault(ALREADY, {"user": last.confirmed_by, "date": last.confirmed.date().isoformat()})
    guard = {key: value for key, value in (last.guard or {}).items() if key != "dismissed"}
    changed: dict[str, Any] = {"confirmed": runs.moment(), "confirmed_by": user, "guard": guard}
    runs.change(connection, last.id, **changed)
    return last._replace(**changed)


def asking_run(connection: Connection, source_id: str, run_id: str = "") -> Run:
    """The last run of a source, about whose deletions nobody else decides until the transaction ends. Raises: Fault."""
    lock = """
        SELECT id FROM culturape_harvest_run WHERE source_id = :source
        ORDER BY started DESC, id LIMIT 1 FOR UPDATE"""
    last_id = connection.execute(text(lock), {"source": source_id}).scalar()
    last = runs.get(connection, str(last_id)) if last_id else None
    if last and run_id and last.id != run_id:
        raise Fault(NEWER)
    if last is None or last.state != runs.GUARDED:
        raise Fault(NOTHING)
    return last
