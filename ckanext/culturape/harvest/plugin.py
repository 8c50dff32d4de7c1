"""The plugin ``culturape_harvest``: catalogues of others, through the pages and queues of ckanext-harvest. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.types import Context
from flask import Blueprint

from ckanext.culturape.harvest import doors, queueing, source_doors, source_form, source_views
from ckanext.culturape.harvest.harvester import CulturapeHarvester
from ckanext.culturape.types import Record


class CulturapeHarvestPlugin(CulturapeHarvester):
    """Harvesting that resumes, skips what has not changed and loses nothing."""

    p.implements(p.IConfigurer)
    p.implements(p.IActions)
    p.implements(p.IBlueprint)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")

    def get_actions(self) -> dict[str, Any]:
        return {
            "harvest_jobs_run": queueing.harvest_jobs_run,
            "harvest_object_show": doors.harvest_object_show,
            "package_create": source_doors.package_create,
            "package_update": source_doors.package_update,
        }

    def get_blueprint(self) -> list[Blueprint]:
        return [source_views.blueprint()]

    def get_helpers(self) -> dict[str, Any]:
        own = {**vars(source_form), **vars(source_views)}
        return {name: helper for name, helper in own.items() if name.startswith("culturape_")}

    def after_dataset_show(self, context: Context, pkg_dict: Record) -> None:
        source_doors.after_dataset_show(context, pkg_dict)

    def before_dataset_index(self, pkg_dict: Record) -> Record:
        return source_doors.before_dataset_index(pkg_dict)
