"""The command ``culturape-portal``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from culturape_portal import control, test_services_command
from culturape_portal.errors import PortalError
from culturape_portal.logs import show_logs
from culturape_portal.state import DataFolder, default_folder
from culturape_portal.status import as_text
from culturape_portal.status import status as status_of
from culturape_portal.supervise import Wishes

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder of the portal. Without it: CULTURAPE_PORTAL_DATA, else the user's data folder "
    "(~/.local/share/culturape; on macOS ~/Library/Application Support/culturape), as root "
    "/var/lib/culturape.",
)


def folder(data: Path | None) -> DataFolder:
    """The data folder that a command works on."""
    return DataFolder((data or default_folder()).expanduser().resolve())


class Commands(click.Group):
    """Shows failures as sentences, not as tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a failure ends it with status 1."""
        try:
            return super().invoke(ctx)
        except PortalError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="ckanext-culturape")
def main() -> None:
    """A whole CKAN portal with culturape: no Docker, no root, one folder.

    PostgreSQL, Solr and Valkey come from Python packages and Maven. Where CKAN_SQLALCHEMY_URL,
    CKAN_SOLR_URL or CKAN_REDIS_URL is set, that service of yours is used and ours is not started.
    """


@main.command()
@data_option
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port of the web server [5000, or the next free one]."
)
@click.option("--host", help="Address to listen on; 0.0.0.0 opens the portal to the network [127.0.0.1].")
@click.option(
    "--site-url", help="Address under which people reach the portal, when a proxy stands before it."
)
@click.option("--detach", is_flag=True, help="Return when the portal is ready, and let it run.")
@click.option("--no-seed", is_flag=True, help="Do not load the sample catalogue on the first start.")
def up(data: Path | None, detach: bool, no_seed: bool, **address: Any) -> None:
    """Start the portal; Ctrl-C stops it."""
    control.up(folder(data), Wishes(seed=not no_seed, **address), detach)


@main.command()
@data_option
def down(data: Path | None) -> None:
    """Stop the portal."""
    click.echo("stopped" if control.down(folder(data)) else "it was not running")


@main.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(data: Path | None, as_json: bool) -> None:
    """Show the address and the state of each part; ends with status 3 when the portal does not run."""
    found = status_of(folder(data))
    click.echo(as_text(found, as_json))
    if found["state"] != "running":
        sys.exit(3)


@main.command()
@data_option
def seed(data: Path | None) -> None:
    """Load the sample catalogue (again); the portal must run."""
    control.seed(folder(data))


@main.command()
@data_option
@click.argument("component", required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on showing what is added.")
@click.option("-n", "--lines", default=50, show_default=True, help="How many lines of the end.")
def logs(data: Path | None, component: str | None, follow: bool, lines: int) -> None:
    """Show the log of a COMPONENT: web, worker, harvest, postgres, solr, valkey, setup, seed or portal."""
    show_logs(folder(data), component, follow, lines)


@main.command()
@data_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(data: Path | None, yes: bool) -> None:
    """Delete the portal with all its data."""
    found = folder(data)
    if not found.exists():
        raise PortalError("data folder", f"there is no portal in {found.path}")
    if not yes:
        click.confirm(f"Delete all data of the portal in {found.path}?", abort=True)
    control.reset(found)


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@data_option
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def ckan(data: Path | None, args: tuple[str, ...]) -> None:
    """Run the ckan command with the settings of this portal: culturape-portal ckan -- ARGS..."""
    argv, variables = control.ckan_command(folder(data), args)
    os.execve(argv[0], argv, variables)  # noqa: S606


main.add_command(test_services_command.test_services)

if __name__ == "__main__":
    main()
