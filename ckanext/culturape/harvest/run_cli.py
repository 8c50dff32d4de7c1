"""``ckan culturape harvest run|confirm|work``: harvesting from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from ckan import model
from ckanext.harvest.model import HarvestSource

from ckanext.culturape.commands import progress, told
from ckanext.culturape.errors import Fault, fault_from_json
from ckanext.culturape.harvest import consuming, guarding, working
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.runs import FAILED, GUARDED, Run

WORKERS = click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 32),
    help="Processes that take over datasets.",
)


@contextmanager
def in_a_request(context: click.Context) -> Iterator[None]:
    """Within a request of the site, whose language the messages of CKAN have."""
    with context.meta["flask_app"].test_request_context():
        yield


def source_of(name: str) -> Any:
    """The source of that id or name. Raises: ClickException."""
    package = model.Package.get(name)
    source: Any = HarvestSource.get(package.id) if package else None
    if source is None:
        raise click.ClickException(f"no source is called {name}; see: ckan culturape harvest status")
    if source.type != HARVESTER:
        raise click.ClickException(f"{name} is for the harvester {source.type}; use: ckan harvester")
    return source


@click.command("run")
@click.argument("source")
@WORKERS
@click.pass_context
def run_source(context: click.Context, source: str, workers: int) -> None:
    """Harvest a source now, or go on where an earlier run was interrupted.

    Ends with 0 when all went well, with 3 when deletions wait to be confirmed, with 1 when the source could not be read.
    """
    found = source_of(source)
    with in_a_request(context), told():
        job = working.job_for(found.id)
        with progress("datasets") as advance:
            run = working.run_job(job, workers, _pages, advance)
    tell_run(run)
    raise click.exceptions.Exit({FAILED: 1, GUARDED: 3}.get(run.state, 0))


def _pages(pages: int, datasets: int) -> None:
    click.echo(f"\r{pages} page(s), {datasets} dataset(s) read", err=True, nl=not sys.stderr.isatty())


def tell_run(run: Run) -> None:
    """One line of what came of a run, and why it did not go on or deletes nothing."""

    counts = ", ".join(f"{name} {number}" for name, number in sorted(run.counts.items())) or "no datasets"
    click.echo(f"{run.state}: {counts}")
    for raw in (run.error, (run.guard or {}).get("reason")):
        if raw:
            click.echo(fault_from_json(raw).text(), err=True)


@click.command("confirm")
@click.argument("source")
def confirm_deletions(source: str) -> None:
    """Agree to the deletions that the last run of a source asked for; its next run makes them."""
    found = source_of(source)
    with told(), model.ensure_engine().begin() as connection:
        try:
            run = guarding.confirm(connection, found.id, "command line")
        except Fault as fault:
            raise click.ClickException(str(fault)) from fault
    missing = (run.guard or {}).get("missing", 0)
    click.echo(f"{missing} deletion(s) confirmed; make them with: ckan culturape harvest run {source}")


@click.command("work")
@WORKERS
@click.option("--once", is_flag=True, help="End when nothing is left to be done.")
@click.pass_context
def work(context: click.Context, workers: int, once: bool) -> None:
    """Do what is asked for in the pages and by the schedule, until stopped: in place of gather-consumer, fetch-consumer and run."""
    with in_a_request(context), told():
        consuming.work(workers, once=once)
