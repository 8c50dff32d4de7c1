"""What becomes of one dataset that a run found changed? Taken over, kept as it was, refused or deleted: in one transaction with its row."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.culturape import care
from ckanext.culturape.errors import N_, Fault, error_text
from ckanext.culturape.harvest import casefile, indexing, keeping, objects, rows, saving, showing
from ckanext.culturape.harvest.basing import next_base
from ckanext.culturape.harvest.casefile import Case
from ckanext.culturape.harvest.cautious import make_cautious
from ckanext.culturape.harvest.errand import Errand
from ckanext.culturape.harvest.merging import Merged, merge, with_ids
from ckanext.culturape.harvest.notes import Note
from ckanext.culturape.harvest.patience import is_outage, let_go
from ckanext.culturape.harvest.read import Reading, read_document
from ckanext.culturape.harvest.residue import seal
from ckanext.culturape.harvest.site import translate
from ckanext.culturape.harvest.visiting import CONFLICT
from ckanext.culturape.logic.importing import flatten
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

KEPT = N_("This was edited here, and the source has changed it as well: what was edited here stays.")
UNEXPECTED = N_("It could not be taken over, because something unexpected went wrong: %(value)s")
NOTHING = N_("No dataset was found in what the source says of it.")


def take(found: objects.Found, errand: Errand, *, is_last: bool = False) -> str:
    """Deal with the dataset of a harvest object; the outcome. What the index is to be told goes into ``indexing.outbox``.

    Gives ``added``, ``changed``, ``unchanged``, ``stale`` (the last good version stays), ``refused``, ``conflict`` or ``deleted``. Idempotent: done again
    after a crash, it brings the same. Raises: an outage (``patience``), when database or index do not answer and it is to be tried again; with ``is_last``
    the dataset is refused for this run instead.
    """
    # CKAN's session keeps what it read before; somebody may have edited the record since.
    model.Session.expire_all()
    row = casefile.lock(errand.source_id, found.uri)
    if row is None:
        return "unchanged"
    case = Case(errand, found.id, found.uri, found.digest, row)
    with indexing.collected() as parcel, showing.remembered(row.package_id):
        outcome = _try(case, found, is_last)
    indexing.outbox.put(parcel)
    return outcome


def _try(case: Case, found: objects.Found, is_last: bool) -> str:
    try:
        return _deal(case, found)
    except Exception as error:
        if is_outage(error) and not is_last:
            let_go()
            raise
        log.exception("dataset %s of source %s", found.uri, case.errand.source_id)
        return _fail(case, error)


def _deal(case: Case, found: objects.Found) -> str:
    if not found.ntriples:
        return _delete(case)
    row = case.row
    if (row.digest, row.rules, row.outcome_run) == (found.digest, case.errand.rules, case.errand.run):
        return _again(case)
    return _read(case, found.ntriples)


def _fail(case: Case, error: Exception) -> str:
    """Let the others go on; this one is tried again in the next run."""
    model.Session.rollback()
    case.told.clear()
    casefile.lock(case.errand.source_id, case.uri)
    reason = Fault(UNEXPECTED, {"value": error_text(error)})
    return _refuse(case, [reason], saving.stored(case.row.package_id), {}, digest="")


def _again(case: Case) -> str:
    """It was dealt with before a crash; only the index may not know of it."""
    model.Session.rollback()
    if saving.stored(case.row.package_id):
        indexing.index(showing.show(case.row.package_id), again=True)
    return case.row.outcome


def _delete(case: Case) -> str:
    """Delete a dataset that its source no longer has, unless it has come back since."""
    row, errand = case.row, case.errand
    if row.state == "gone" and row.outcome_run == errand.run:
        return _again(case)
    if row.seen == errand.run or row.state == "gone":
        return "unchanged" if row.outcome_run != errand.run else row.outcome
    package = saving.stored(row.package_id)
    case.write("gone", "deleted", digest="", package=row.package_id if package else None)
    if package and package["state"] == "active":
        saving.delete(row.package_id, errand.user)
    model.Session.commit()
    return "deleted"


def _read(case: Case, ntriples: bytes) -> str:
    reading = next(iter(read_document(ntriples, case.errand.context())), None)
    # The base tells of a record that another process made while this one waited for the row.
    is_known = case.row.is_there or case.row.base is not None
    old = saving.stored(case.row.package_id) if is_known else None
    if reading is None or reading.is_refused:
        return _refuse(case, reading.faults if reading else [Fault(NOTHING)], old, {})
    record, reduced = make_cautious(reading.record, case.errand.options, vocabulary())
    case.tell("value", [*reading.faults, *reduced])
    theirs = with_ids(record, case.row.package_id, old["resources"] if old else ())
    try:
        return _save(case, reading, theirs, old)
    except tk.ValidationError as error:
        model.Session.rollback()
        case.told.clear()
        casefile.lock(case.errand.source_id, case.uri)
        return _refuse(case, list(_faults(error)), old, record)


def _save(case: Case, reading: Reading, theirs: Record, old: Record | None) -> str:
    if old is None and _is_held_elsewhere(case):
        return _leave(case)
    merged = _merge(case, theirs, old)
    case.tell("kept", [Fault(KEPT, {}, name) for name in merged.kept])
    if old is None:
        owner = case.errand.owner_of(theirs)
        title = reading.title(case.errand.language)
        own = {"owner_org": owner, "private": case.errand.options.private, "name": title}
        saving.create({**theirs, **own}, case.row.package_id, case.errand.user)
    elif merged.is_changed:
        saving.update(merged.record, case.errand.user)
    is_new_to_index = merged.is_changed or case.row.base is None
    return _finish(case, reading, _outcome(case, old, merged), is_new_to_index, old, theirs)


def _merge(case: Case, theirs: Record, old: Record | None) -> Merged:
    if old is None:
        return Merged(theirs, (), is_changed=True)
    merged = merge(rows.unpacked(case.row.base), old, theirs)
    if old["state"] == "active":
        return merged
    return Merged({**merged.record, "state": "active"}, merged.kept, is_changed=True)


def _outcome(case: Case, old: Record | None, merged: Merged) -> str:
    if old is None or case.row.base is None or old["state"] != "active":
        return "added"
    return "changed" if merged.is_changed else "unchanged"


def _finish(
    case: Case, reading: Reading, outcome: str, is_new_to_index: bool, old: Record | None, theirs: Record
) -> str:
    """Keep what belongs to the record, and end the transaction."""
    package_id = case.row.package_id
    shown = showing.show(package_id)
    keeping.keep(package_id, seal(reading.residue, shown.ours))
    base = next_base(rows.unpacked(case.row.base), old, theirs, shown.ours)
    # A record that stays as it is also stays with the object that it came from, which the index knows.
    case.write(
        "current",
        outcome,
        base=rows.packed(base),
        package=package_id if is_new_to_index else None,
        is_current=is_new_to_index,
    )
    if is_new_to_index:
        # Before the end, while CKAN has at hand what it needs of the database.
        indexing.index(shown)
    model.Session.commit()
    return outcome


def _is_held_elsewhere(case: Case) -> bool:
    """Whether another source brought the same dataset in the meantime; who came second has waited for the first to end (``casefile.lock``)."""
    return bool(rows.held_by_sources(model.Session, case.errand.source_id, [case.uri]))


def _leave(case: Case) -> str:
    fault = Fault(CONFLICT)
    case.told = [Note("conflict", case.uri, "uri", case.uri, fault)]
    case.write("conflict", "conflict", reason=fault)
    model.Session.commit()
    return "conflict"


def _refuse(
    case: Case,
    faults: Iterable[Fault],
    old: Record | None,
    record: Mapping[str, Any],
    digest: str | None = None,
) -> str:
    """Take nothing over: the last good version stays, unless the source now says that it may not be shown."""
    reasons = list(faults)
    is_kept = old is not None and old["state"] == "active"
    outcome = "stale" if is_kept else "refused"
    case.tell("refused", reasons)
    case.write(outcome, outcome, reason=reasons[0] if reasons else None, digest=digest)
    objects.complain(model.Session, case.object_id, [fault.text(translate) for fault in reasons])
    is_hidden = is_kept and old and record and care.tightened(old, record, vocabulary())
    if is_hidden:
        saving.hide(case.row.package_id, case.errand.user)
        indexing.index(showing.show(case.row.package_id))
    model.Session.commit()
    return outcome


def _faults(error: tk.ValidationError) -> Iterator[Fault]:
    for place, message in flatten(error.error_dict):
        yield Fault("%(reason)s", {"reason": message}, place.replace("[", "/").replace("]", ""))
