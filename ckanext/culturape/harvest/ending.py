"""What happens when a run has ended? It is counted once, and whoever wants to know is told."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ckan import model

from ckanext.culturape.harvest import indexing, runs
from ckanext.culturape.harvest.runs import Run

log = logging.getLogger(__name__)

Listener = Callable[[Run], None]

#: Called with each run that ended, in their order.
LISTENERS: list[Listener] = []


def listen(*listeners: Listener) -> None:
    """Have these called with each run that ended, each once however often it is asked for."""
    LISTENERS.extend(listener for listener in listeners if listener not in LISTENERS)


def end(run_id: str) -> Run | None:
    """End a run all of whose objects were dealt with; ``None`` when it goes on or was ended before. Raises: SearchIndexError.

    The index shows then what was written, also by processes that were killed before they could say so.
    """
    indexing.outbox.show()
    run = runs.end(model.Session, run_id)
    model.Session.commit()
    if run:
        log.info("harvest of %s: %s, %s", run.source_id, run.state, run.counts)
        for listener in LISTENERS:
            _call(listener, run)
    return run


def _call(listener: Listener, run: Run) -> None:
    """The run has ended, whatever those who listen make of it."""
    try:
        listener(run)
    except Exception:
        model.Session.rollback()
        log.exception("what follows the harvest of %s", run.source_id)
