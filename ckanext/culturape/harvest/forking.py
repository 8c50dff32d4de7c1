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
    close_connections()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        # What is shared with the parent stays shared: looking through it for garbage would copy it.
        gc.freeze()
        work()
        status = 0
    except BaseException:
        log.exception("a worker ends")
    finally:
        sys.stdout.flush()
        logging.shutdown()
        os._exit(status)


def close_connections() -> None:
    """Close those of all plugins, so that both processes open their own.

    On one connection they would read each other's answers. And one that only the child still has open keeps the locks of a parent that was killed: the
    database does not know of its end, and the child may wait for them for ever.
    """
    model.Session.remove()
    for engine in [found for found in gc.get_objects() if isinstance(found, Engine)]:
        engine.dispose()
