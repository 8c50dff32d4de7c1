"""The ``ckan`` command as the portal runs it: ``python -m culturape_portal.ckan_command -c ckan.ini ...``."""

from __future__ import annotations

from culturape_portal.libmagic import make_known


def main() -> None:
    """Run ckan with the arguments of the command line."""
    make_known()
    from ckan.cli.cli import ckan

    ckan(prog_name="ckan")


if __name__ == "__main__":
    main()
