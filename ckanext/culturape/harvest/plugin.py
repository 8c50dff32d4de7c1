"""The plugin ``culturape_harvest``: catalogues of others, through the pages and queues of ckanext-harvest. Wiring only."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.culturape.harvest.harvester import CulturapeHarvester


class CulturapeHarvestPlugin(CulturapeHarvester, p.SingletonPlugin):
    """Harvesting that resumes, skips what has not changed and loses nothing."""

    p.implements(p.IConfigurer)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")
