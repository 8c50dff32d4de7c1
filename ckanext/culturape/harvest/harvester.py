"""The harvester ``culturape_dcat`` of ckanext-harvest."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckanext.harvest.interfaces import IHarvester

from ckanext.culturape.harvest import messages, source, stages


class CulturapeHarvester(p.SingletonPlugin):
    """What ckanext-harvest calls."""

    p.implements(IHarvester)

    def info(self) -> dict[str, str]:
        """How it is called."""
        return source.info()

    def validate_config(self, config: Any) -> str:
        """The options of a source in their canonical form. Raises: ValueError that says all that is wrong."""
        return source.validate_config(config)

    def gather_stage(self, harvest_job: Any) -> list[str]:
        """Find out what has changed at the source; what is to be taken over and stands in no queue yet."""
        return messages.unheard(stages.gather_job(harvest_job.id))

    def fetch_stage(self, harvest_object: Any) -> bool:
        """Nothing: all was fetched with its page."""
        return True

    def import_stage(self, harvest_object: Any) -> Any:
        """Take the dataset over."""
        return stages.import_object(harvest_object.id)
