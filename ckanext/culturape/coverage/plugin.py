"""The plugin ``culturape_coverage``: what exists, what is only asked for, what is missing. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from flask import Blueprint

from ckanext.culturape.coverage import searching, views
from ckanext.culturape.types import Record


class CulturapeCoveragePlugin(p.SingletonPlugin):
    """Coverage of the catalogue by right, region, sector, people, language and access level."""

    p.implements(p.IConfigurer)
    p.implements(p.IBlueprint)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "culturape_coverage")

    def get_blueprint(self) -> list[Blueprint]:
        return [views.blueprint()]

    def get_helpers(self) -> dict[str, Any]:
        return {"culturape_coverage_limits": searching.culturape_coverage_limits}

    def before_dataset_search(self, search_params: Record) -> Record:
        return searching.before_dataset_search(search_params)
