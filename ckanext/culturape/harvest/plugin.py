"""The plugin ``culturape_harvest``: catalogues of others, through the pages and queues of ckanext-harvest. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.culturape.harvest import doors, queueing, showing, views
from ckanext.culturape.harvest.harvester import CulturapeHarvester


class CulturapeHarvestPlugin(CulturapeHarvester):
    """Harvesting that resumes, skips what has not changed and loses nothing."""

    p.implements(p.IConfigurer)
    p.implements(p.IActions)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")

    def get_actions(self) -> dict[str, Any]:
        return {
            "harvest_jobs_run": queueing.harvest_jobs_run,
            "harvest_object_show": doors.harvest_object_show,
            "package_show": showing.package_show,
            "package_create_default_resource_views": views.package_create_default_resource_views,
        }
