"""``ckan culturape ...``: what an administrator does from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.culturape import config
from ckanext.culturape.agenda.cli import agenda
from ckanext.culturape.dcat.cli import dcat
from ckanext.culturape.fields import load_schema
from ckanext.culturape.harvest.cli import harvest
from ckanext.culturape.logic import importing, succession, upkeep
from ckanext.culturape.logic.record_files import read_files
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.vocab.check import check as check_vocabulary

__all__ = ["culturape"]


@click.group(short_help="Cultural datasets and vocabularies.")
def culturape() -> None:
    """Cultural datasets and vocabularies."""


@culturape.group()
def vocab() -> None:
    """Look at the vocabularies and check them."""


@vocab.command("list")
def list_schemes() -> None:
    """Name every scheme and say how many concepts it has."""
    language = config.default_language()
    for scheme in vocabulary().schemes.values():
        click.echo(f"{scheme.id:24} {len(scheme):6}  {scheme.title(language)}")


@vocab.command("show")
@click.argument("scheme_id")
@click.option("--lang", default="es", show_default=True, help="Language of the labels.")
def show_scheme(scheme_id: str, lang: str) -> None:
    """Name every concept of a scheme."""
    if scheme_id not in vocabulary().schemes:
        raise click.ClickException(f"no scheme is called {scheme_id}; see: ckan culturape vocab list")
    for concept in vocabulary().scheme(scheme_id):
        above = f"  < {' '.join(concept.broader)}" if concept.broader else ""
        click.echo(f"{concept.id:28} {concept.label(lang)}{above}")


@vocab.command("check")
def check_schemes() -> None:
    """Print a line for each fault of the vocabularies; exit with 1 when there is one."""
    faults = check_vocabulary(vocabulary())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.exceptions.Exit(1)
    schemes = vocabulary().schemes.values()
    click.echo(f"{len(schemes)} schemes, {sum(map(len, schemes))} concepts, no fault")


@vocab.command("migrate")
@click.option("--write", is_flag=True, help="Write the changes; without it only say what would change.")
def migrate_concepts(write: bool) -> None:
    """Put the successors of retired concepts into stored records.

    Exit with 1 when somebody must decide: for a concept that was retired without successor, or a record that refuses the
    change.
    """
    replaced = undecided = refused = 0
    for name, (field, old, new), fault in succession.replace_stored(write=write):
        replaced += bool(new and not fault)
        undecided += not new
        refused += bool(fault)
        line = f"{name}\t{field}\t{old} → {new or '?'}"
        click.echo(f"{line}\t{fault}" if fault else line)
    verb = "replaced" if write else "would be replaced (repeat with --write)"
    click.echo(f"{replaced} value(s) {verb}", err=True)
    if undecided:
        click.echo(
            f"{undecided} value(s) retired without successor (→ ?): choose another concept by hand", err=True
        )
    if refused:
        click.echo(f"{refused} value(s) not replaced: the record refuses the change", err=True)
    if undecided or refused:
        raise click.exceptions.Exit(1)


@culturape.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def load(path: Path) -> None:
    """Bring the organisations, datasets, agendas, commitments and needs of a YAML file or folder into the catalogue. May be repeated."""
    try:
        total = sum(1 for _ in read_files(path))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    with click.progressbar(length=total, label=str(path.name), show_pos=True) as bar:
        summary = importing.load(path, lambda _name, _outcome: bar.update(1))
    for line in summary.faults:
        click.echo(line, err=True)
    click.echo(", ".join(f"{number} {outcome}" for outcome, number in summary.counts.items()))
    if summary.faults:
        raise click.exceptions.Exit(1)


@culturape.command()
@click.option("--org", "organization", help="Only the datasets of this organisation.")
def check(organization: str | None) -> None:
    """List, for each dataset, what would have to be completed. Changes nothing."""
    count = 0
    for row in upkeep.incomplete(organization):
        count += 1
        click.echo(f"{row.dataset}\t{row.field}\t{row.reason}")
    click.echo(f"{count} field(s) to complete", err=True)


@culturape.command()
@click.option("--write", is_flag=True, help="Write the changes; without it only say what would change.")
def migrate(write: bool) -> None:
    """Bring stored records to the present version of the schema and to canonical form."""
    version = load_schema().version
    changed = 0
    for row in upkeep.migrate(write=write):
        changed += 1
        click.echo(f"{row.dataset}\t{row.field}\t{row.reason}")
    verb = "changed" if write else "would change (repeat with --write)"
    click.echo(f"schema version {version}: {changed} record(s) {verb}", err=True)


culturape.add_command(agenda)
culturape.add_command(dcat)
culturape.add_command(harvest)
