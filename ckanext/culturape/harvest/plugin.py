"""The plugin ``culturape_harvest``: catalogues of others, through the pages and queues of ckanext-harvest. Wiring only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.types import Context
from flask import Blueprint

from ckanext.culturape.harvest import (
    deciding,
    doors,
    ending,
    keeping,
    known_source,
    listing,
    mailing,
    messages,
    origin,
    pruning,
    queueing,
    report_action,
    report_helpers,
    report_views,
    showing,
    source_doors,
    source_form,
    source_views,
    views,
)  # fmt: skip
from ckanext.culturape.harvest.harvester import CulturapeHarvester
from ckanext.culturape.interfaces import IStatements
from ckanext.culturape.rdf.fragment import Say
from ckanext.culturape.types import Record


class CulturapeHarvestPlugin(CulturapeHarvester):
    """Harvesting that resumes, skips what has not changed and loses nothing."""

    p.implements(p.IConfigurer)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IDomainObjectModification, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(IStatements, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "culturape_harvest")
        ending.listen(deciding.remember, mailing.tell, pruning.prune, messages.take_out)

    def get_actions(self) -> dict[str, Any]:
        return {
            "harvest_jobs_run": queueing.harvest_jobs_run,
            "harvest_object_show": doors.harvest_object_show,
            "package_create": source_doors.package_create,
            "package_update": source_doors.package_update,
            mailing.RECIPIENTS: mailing.harvest_get_notifications_recipients,
            **report_action.actions(),
            "package_show": showing.package_show,
            "package_create_default_resource_views": views.package_create_default_resource_views,
        }

    def get_auth_functions(self) -> dict[str, Any]:
        return known_source.auth_functions()

    def get_blueprint(self) -> list[Blueprint]:
        return [source_views.blueprint(), report_views.blueprint()]

    def get_helpers(self) -> dict[str, Any]:
        form = {**vars(source_form), **vars(source_views)}
        return {
            **{name: helper for name, helper in form.items() if name.startswith("culturape_")},
            **origin.template_helpers(),
            "culturape_harvest_facet_titles": listing.culturape_harvest_facet_titles,
            "culturape_sources_found": listing.culturape_sources_found,
            **report_helpers.template_helpers(),
        }

    def notify(self, entity: Any, operation: Any) -> None:
        keeping.forget_purged(entity, operation)

    def statements_version(self) -> str:
        return keeping.version()

    def statements_beside(self, records: Sequence[Record]) -> Mapping[str, Say]:
        return keeping.said_beside(records)

    def after_dataset_show(self, context: Context, pkg_dict: Record) -> None:
        source_doors.after_dataset_show(context, pkg_dict)

    def after_dataset_search(self, search_results: Record, search_params: Record) -> Record:
        return listing.after_dataset_search(search_results, search_params)

    def before_dataset_index(self, pkg_dict: Record) -> Record:
        return source_doors.before_dataset_index(pkg_dict)
