"""What ckanext-harvest calls. Each method says in one line where the work is done."""

from __future__ import annotations

from ckanext.harvest.interfaces import IHarvester

from ckanext.culturape.harvest import source


class CulturapeHarvester(IHarvester):
    """The harvester ``culturape_dcat``: catalogues of any family that ``adapters`` reads."""

    def info(self) -> dict[str, str]:
        """How it is called in forms and in the database."""
        return source.info()

    def validate_config(self, config: str | None) -> str:
        """The options of a source in their canonical form. Raises: ValueError that says all that is wrong."""
        return source.validate_config(config)
