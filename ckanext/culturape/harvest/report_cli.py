"""``ckan culturape harvest status|report``: how the sources stand, and all that was noted about one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from ckanext.culturape.commands import told, whole_file
from ckanext.culturape.harvest import health, noted, reporting, runs
from ckanext.culturape.harvest.account import STATES
from ckanext.culturape.harvest.database import connected, streaming
from ckanext.culturape.harvest.exporting import Teller, advice_on_problem
from ckanext.culturape.harvest.health import Entry, Scope
from ckanext.culturape.harvest.known_source import KnownSource, find
from ckanext.culturape.harvest.noted import Chosen
from ckanext.culturape.harvest.report_helpers import culturape_harvest_moment
from ckanext.culturape.harvest.run_cli import in_a_request, source_of
from ckanext.culturape.harvest.spots import title_of
from ckanext.culturape.harvest.standing import CALLING, STANDINGS
from ckanext.culturape.harvest.teller import site_teller


@click.command("status")
@click.argument("source", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@click.pass_context
def status(context: click.Context, source: str | None, as_json: bool) -> None:
    """Say how the sources stand, the most urgent first.

    Ends with 0 when all is well, with 1 when something failed, does not go on, is overdue, or waits to be confirmed.
    """
    only = source_of(source).id if source else ""
    with in_a_request(context), told(2):
        entries, teller = health.listed(Scope(is_all=True), only), site_teller()
        if as_json:
            click.echo(
                json.dumps([health.to_dict(entry, teller) for entry in entries], ensure_ascii=False, indent=1)
            )
        else:
            for entry in entries:
                click.echo(_plain("\t".join(_status_line(entry, teller))))
    if any(entry.standing in CALLING for entry in entries):
        raise click.exceptions.Exit(1)


def _status_line(entry: Entry, teller: Teller) -> Iterator[str]:
    yield teller.say(STANDINGS[entry.standing])
    yield entry.name
    yield f"last run {culturape_harvest_moment(entry.last_run) or '-'}"
    yield f"last success {culturape_harvest_moment(entry.last_success) or '-'}"
    yield f"next run {_due(entry)}"
    yield f"datasets {entry.datasets}, stale {entry.stale}, refused {entry.refused}, deletions that wait {entry.missing}"


def _due(entry: Entry) -> str:
    """When a source is harvested next."""
    if entry.frequency == "MANUAL" or entry.standing == "off":
        return "when asked for"
    due = culturape_harvest_moment(entry.next_run) or "as soon as possible"
    return f"{due} (overdue)" if entry.is_overdue else due


@click.command("report")
@click.argument("source")
@click.option(
    "--run", "run_id", default="", help="Id of a run: what that run wrote. Without it, all that holds today."
)
@click.option(
    "--csv", "target", type=click.Path(path_type=Path, dir_okay=False), help="File for all notes, as a table."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print everything as one object: runs, datasets, notes."
)
@click.pass_context
def report(context: click.Context, source: str, run_id: str, target: Path | None, as_json: bool) -> None:
    """Print what a source gave, what became of it, and everything that is to be asked of whoever runs it."""
    if target and as_json:
        raise click.UsageError("choose one of --csv and --json")
    found = source_of(source)
    with in_a_request(context), told(2):
        known, teller = find(found.id), site_teller()
        chosen = Chosen(known.id, _run_of(known, run_id))
        if target:
            with whole_file(target) as file:
                for line in reporting.stream_notes(chosen, teller):
                    file.write(line.encode())
        elif as_json:
            for piece in reporting.stream_json(known, teller, chosen.run):
                click.echo(piece, nl=False)
        else:
            for line in _lines(known, chosen, teller):
                click.echo(_plain(line))


def _run_of(source: KnownSource, run_id: str) -> str:
    """The id of a run of the source. Raises: ClickException when it has no such run."""
    with connected() as connection:
        run = runs.get(connection, run_id) if run_id else None
    if run_id and (run is None or run.source_id != source.id):
        raise click.ClickException(
            f"{source.name} has no run {run_id}; see: ckan culturape harvest report {source.name}"
        )
    return run_id


def _lines(source: KnownSource, chosen: Chosen, teller: Teller) -> Iterator[str]:
    """The report for people."""
    with connected() as connection:
        found = reporting.head(connection, source, teller, chosen.run)
        groups = noted.groups(connection, chosen)
    yield f"{source.title} ({source.name}) {source.address}"
    for run in found["runs"]:
        counts = ", ".join(f"{name} {number}" for name, number in run["counts"].items())
        reason = run["error"] or (run["deletions"] or {}).get("reason") or ""
        yield "  ".join(filter(None, (run["id"], run["started"][:16], run["verdict"], counts, reason)))
    for state, number in found["states"].items():
        yield f"{number:7} {teller.say(STATES[state].title)}"
    for group in groups:
        yield ""
        yield f"{title_of(group.name, teller.say)} ({group.datasets})"
        for problem in group.problems:
            yield f"  {teller.advice(advice_on_problem(group, problem))}"
            yield from _notes(chosen._replace(group=group.name, problem=problem.id), teller)


def _notes(chosen: Chosen, teller: Teller) -> Iterable[str]:
    with streaming() as connection:
        for notice in noted.listed(connection, chosen):
            place = notice.title or notice.uri or notice.page
            yield f"  - {place}: {teller.sentence(notice.fault)}"


def _plain(line: str) -> str:
    """What strangers wrote must not steer the terminal."""
    return "".join(sign if sign.isprintable() or sign == "\t" else " " for sign in line)
