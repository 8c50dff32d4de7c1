"""What in a change of a record do those who follow it hear of? A step of a need; a commitment that is fulfilled, withdrawn, or due at another time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.culturape.agenda import neighbours
from ckanext.culturape.agenda.commitments import FULFILLED, WITHDRAWN, state_of, texts_of
from ckanext.culturape.agenda.history import STEP
from ckanext.culturape.agenda.news import entries, mailing
from ckanext.culturape.types import Record


class Promise(NamedTuple):
    """What of a commitment matters to those who follow it."""

    state: str
    due: str


def promise_of(package: Any) -> Promise:
    """The state and date of a stored commitment, as anybody sees them."""
    record = neighbours.decoded(package)
    ids = texts_of(record.get("fulfilled_by"))
    datasets = model.Session.query(model.Package.id).filter(
        model.Package.id.in_(ids),
        model.Package.state == model.State.ACTIVE,
        model.Package.private.is_(False),
    )
    published = {row[0] for row in datasets} if ids else set[str]()
    return Promise(state_of(record, published, neighbours.today()), str(record.get("due_date") or ""))


@tk.chained_action
def package_update(original: Callable[..., Any], context: Context, data_dict: Record) -> Any:
    """As CKAN does it; once it is done, those who follow hear of it."""
    package: Any = model.Package.get(str(data_dict.get("id") or data_dict.get("name") or ""))
    tell = _teller(package, context) if package is not None else None
    result = original(context, data_dict)
    # Before the commit there is nothing to tell of.
    if tell and not context.get("defer_commit"):
        tell()
    return result


def _teller(package: Any, context: Mapping[str, Any]) -> Callable[[], None] | None:
    """What is to be done after a change that is about to be made."""
    package_id, actor = str(package.id), _actor(context)
    if package.type == "compromiso":
        before = promise_of(package)
        return lambda: _tell_promise(package_id, before, actor)
    if package.type == "necesidad" and context.get(STEP):
        # Nobody else can take a step until this one is committed, so that the last one is ours.
        step = entries.steps([package_id], 1)[0].id
        return lambda: mailing.step_taken(package_id, step, actor)
    return None


def _tell_promise(package_id: str, before: Promise, actor: str) -> None:
    package: Any = model.Package.get(package_id)
    now = promise_of(package)
    is_told = now.state != before.state and now.state in {FULFILLED, WITHDRAWN}
    if is_told or now.due != before.due:
        state = now.state if is_told else ""
        moved = (now.due, before.due) if now.due != before.due else ("", "")
        mailing.promise_changed(package_id, state, *moved, actor)


def _actor(context: Mapping[str, Any]) -> str:
    user: Any = model.User.get(context.get("user")) if context.get("user") else None
    return str(user.id) if user is not None else ""
