"""Commands of the agendas."""

from __future__ import annotations

from pathlib import Path

import click
from ckan import model

from ckanext.culturape import config
from ckanext.culturape.agenda import following
from ckanext.culturape.agenda.dump import open_dump
from ckanext.culturape.agenda.public import sender
from ckanext.culturape.commands import format_of, told, write_snapshot


@click.group(short_help="Agendas, commitments and needs.")
def agenda() -> None:
    """Agendas, commitments and needs."""


@agenda.command()
def rebuild() -> None:
    """Read the links of all records anew, also of those that were written past CKAN, and keep how the records are now."""
    click.echo(f"{following.rebuild()} records")


@agenda.command()
def forget() -> None:
    """Forget names and addresses of those whose needs were answered or refused long ago (ckanext.culturape.needs.contact_days)."""
    number = sender.forget_old(model.Session, config.needs_contact_days())
    model.Session.commit()
    click.echo(f"{number} contacts")


@agenda.command("dump")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def write_dump(path: Path) -> None:
    """Write all public agendas, commitments and needs to a file; its format is that of the suffix (.ttl, .xml, .jsonld, .nt; .gz after it packs)."""
    file_format = format_of(path)
    with told():
        dump = open_dump()
    write_snapshot(dump, path, file_format)
    click.echo(f"{len(dump.ids)} record(s) in {path}", err=True)
