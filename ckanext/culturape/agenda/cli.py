"""Commands of the agendas."""

from __future__ import annotations

import click
from ckan import model

from ckanext.culturape import config
from ckanext.culturape.agenda import following
from ckanext.culturape.agenda.public import sender


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
