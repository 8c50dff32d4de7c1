"""The plugin ``culturape_dcat``: DCAT-AP 3 through the endpoints of ckanext-dcat. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.config.declaration import Declaration, Key
from ckan.types import Context
from flask import Blueprint

from ckanext.culturape.dcat import action, hooks, views, vocabularies
from ckanext.culturape.types import Record


class CulturapeDcatPlugin(p.SingletonPlugin):
    """DCAT-AP 3 for cultural datasets."""

    p.implements(p.IConfigDeclaration)
    p.implements(p.IActions)
    p.implements(p.IBlueprint)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IPackageController, inherit=True)

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        declaration[key.ckanext.dcat.rdf.profiles].set_default("culturape_dcat_ap_3")

    def get_actions(self) -> dict[str, Any]:
        return action.actions()

    def get_blueprint(self) -> list[Blueprint]:
        return [views.blueprint(), vocabularies.blueprint()]

    def get_helpers(self) -> dict[str, Any]:
        return {"culturape_rdf_links": vocabularies.culturape_rdf_links}

    def after_dataset_update(self, context: Context, pkg_dict: Record) -> None:
        hooks.forget(pkg_dict)

    def after_dataset_delete(self, context: Context, pkg_dict: Record) -> None:
        hooks.forget(pkg_dict)
