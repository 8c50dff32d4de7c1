"""Page by page: what has changed at the source? Interrupted at any moment, the next call goes on with the page that was under way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack

from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.culturape import config
from ckanext.culturape.errors import N_, Fault, error_text
from ckanext.culturape.harvest import guarding, objects, presence, runs, visiting
from ckanext.culturape.harvest.errand import Errand
from ckanext.culturape.harvest.patience import is_outage
from ckanext.culturape.harvest.runs import GATHERING, IMPORTING, Run
from ckanext.culturape.harvest.site import limits_of, translate
from ckanext.culturape.harvest.split import open_splitter
from ckanext.culturape.harvest.visiting import Visit
from ckanext.culturape.intake.courtesy import open_errand

TOO_MANY_PAGES = N_("The source has more than %(number)s pages, the limit of this site.")
TOO_MANY_DATASETS = N_("The source has more than %(number)s datasets, the limit of this site.")
UNEXPECTED = N_("The source could not be read, because something unexpected went wrong: %(value)s")

log = logging.getLogger(__name__)

#: Told how many pages and datasets were read.
Progress = Callable[[int, int], None]


def gather(errand: Errand, progress: Progress | None = None) -> None:
    """Read all pages of the source of a job, and write down what is to be done. What goes wrong ends the run, and is written down. Raises: an outage (``patience``)."""
    with presence.alone(presence.PAGES, errand.source_id):
        with model.ensure_engine().begin() as connection:
            objects.ensure_lookups(connection)
            run = runs.begin(connection, errand.run, errand.source_id, errand.address, errand.rules)
        if run.state != GATHERING:
            return
        try:
            _refuse_without_owner(errand)
            _read_pages(errand, run, progress)
        except Fault as fault:
            _fail(errand, fault)
        except Exception as error:
            if is_outage(error):
                raise
            # A fault of ours, or of another plugin: raised, it would have the queue forget what was gathered, and keep other sources waiting.
            log.exception("source %s", errand.source_id)
            _fail(errand, Fault(UNEXPECTED, {"value": error_text(error)}))
        else:
            with model.ensure_engine().begin() as connection:
                guarding.decide(connection, errand)
                runs.change(connection, errand.run, state=IMPORTING, gathered=runs.moment())


def _fail(errand: Errand, fault: Fault) -> None:
    with model.ensure_engine().begin() as connection:
        runs.fail(connection, errand.run, fault)
        objects.complain_of_job(connection, errand.run, fault.text(translate))


def _refuse_without_owner(errand: Errand) -> None:
    from ckan.authz import check_config_permission

    if not errand.owner and not check_config_permission("create_unowned_dataset"):
        raise Fault(
            N_(
                "The source belongs to no organisation, so that its datasets would belong to none. Choose one for it."
            )
        )


def _read_pages(errand: Errand, run: Run, progress: Progress | None) -> None:
    limits, bounds = limits_of(errand.options)
    options = errand.options
    with ExitStack() as stack:
        split = stack.enter_context(open_splitter(limits))
        errands = open_errand(
            limits, config.allowed_sources(), verify=options.verify, pause=options.pause, portal=errand.context().base
        )  # fmt: skip
        fetch = stack.enter_context(errands).fetch
        read = seen_pages(errand)
        found = 0
        while run.pending:
            address = run.pending[0]
            if len(read) >= bounds.pages:
                raise Fault(TOO_MANY_PAGES, {"number": bounds.pages})
            with model.ensure_engine().begin() as connection:
                before = visiting.trusted(connection, errand, address)
            looked = visiting.look(errand, address, before, fetch, split)
            with model.ensure_engine().begin() as connection:
                visited = visiting.visit(connection, errand, run.pages, looked)
                found += visited.datasets
                if found > bounds.datasets:
                    raise Fault(TOO_MANY_DATASETS, {"number": bounds.datasets})
                read.add(address)
                run = _go_on(connection, run, visited, read)
            if progress:
                progress(run.pages, found)


def seen_pages(errand: Errand) -> set[str]:
    """Addresses of the pages that this run has read."""
    query = "SELECT address FROM culturape_harvest_page WHERE source_id = :source AND run_id = :run"
    with model.ensure_engine().connect() as connection:
        found = connection.execute(text(query), {"source": errand.source_id, "run": errand.run})
        return set(found.scalars())


def _go_on(connection: Connection, run: Run, visited: Visit, read: set[str]) -> Run:
    """The run after a page; a page that leads back to one that was read leads nowhere."""
    waiting = run.pending[1:]
    new = [address for address in visited.next if address not in read and address not in waiting]
    changed = {
        "pending": [*waiting, *new],
        "pages": run.pages + 1,
        "family": visited.family or run.family,
        "total": run.total if visited.total is None else visited.total,
        "is_whole": run.is_whole and visited.is_whole,
    }
    runs.change(connection, run.id, **changed)
    return run._replace(**changed)
