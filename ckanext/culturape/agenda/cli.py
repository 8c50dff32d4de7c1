"""Commands of the agendas."""

from __future__ import annotations

import click

from ckanext.culturape.agenda import following


@click.group(short_help="Agendas, commitments and needs.")
def agenda() -> None:
    """Agendas, commitments and needs."""


@agenda.command()
def rebuild() -> None:
    """Read the links of all records anew, also of those that were written past CKAN."""
    click.echo(f"{following.rebuild()} records")
