"""The harvester ``culturape_dcat`` of ckanext-harvest."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckanext.harvest.interfaces import IHarvester

from ckanext.culturape.harvest import stages
from ckanext.culturape.harvest.errand import HARVESTER


class CulturapeHarvester(p.SingletonPlugin):
    """What ckanext-harvest calls."""

    p.implements(IHarvester)

    def info(self) -> dict[str, str]:
        """How it is called."""
        return {"name": HARVESTER, "title": "DCAT", "description": ""}

    def gather_stage(self, harvest_job: Any) -> list[str]:
        """Find out what has changed at the source."""
        return stages.gather_job(harvest_job.id)

    def fetch_stage(self, harvest_object: Any) -> bool:
        """Nothing: all was fetched with its page."""
        return True

    def import_stage(self, harvest_object: Any) -> Any:
        """Take the dataset over."""
        return stages.import_object(harvest_object.id)
