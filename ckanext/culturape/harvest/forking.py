"""Another process that does a part of the work, with connections of its own.

It is forked: loading CKAN takes longer than taking over a hundred datasets, and what is loaded is shared.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable

from ckan import model
from sqlalchemy.engine import Engine

log = logging.getLogger(__name__)


def fork(work: Callable[[], None]) -> int:
    """Number of a new process that does some work and ends, with 0 when it was done."""
    model.Session.remove()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _forget_connections()
        work()
        status = 0
    except BaseException:
        log.exception("a worker ends")
    finally:
        sys.stdout.flush()
        logging.shutdown()
        os._exit(status)


def _forget_connections() -> None:
    """Two processes on one connection would read each other's answers; the engines of all plugins get new ones. Those of the parent stay open."""
    for engine in [found for found in gc.get_objects() if isinstance(found, Engine)]:
        engine.dispose(close=False)
    # What is shared with the parent stays shared: looking through it for garbage would copy it.
    gc.freeze()
