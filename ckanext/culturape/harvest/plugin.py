"""The plugin ``culturape_harvest``: catalogues of others, through the pages and queues of ckanext-harvest. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from flask import Blueprint

from ckanext.culturape.harvest import (
    deciding,
    doors,
    ending,
    known_source,
    mailing,
    origin,
    pruning,
    queueing,
    report_action,
    report_helpers,
    report_views,
)  # fmt: skip
from ckanext.culturape.harvest.harvester import CulturapeHarvester


class CulturapeHarvestPlugin(CulturapeHarvester):
    """Harvesting that resumes, skips what has not changed and loses nothing."""

    p.implements(p.IConfigurer)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.ITemplateHelpers)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "culturape_harvest")
        ending.listen(deciding.remember, mailing.tell, pruning.prune)

    def get_actions(self) -> dict[str, Any]:
        return {
            "harvest_jobs_run": queueing.harvest_jobs_run,
            "harvest_object_show": doors.harvest_object_show,
            mailing.RECIPIENTS: mailing.harvest_get_notifications_recipients,
            **report_action.actions(),
        }

    def get_auth_functions(self) -> dict[str, Any]:
        return known_source.auth_functions()

    def get_blueprint(self) -> list[Blueprint]:
        return [report_views.blueprint()]

    def get_helpers(self) -> dict[str, Any]:
        return {**origin.template_helpers(), **report_helpers.template_helpers()}
