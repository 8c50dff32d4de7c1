"""The plugin ``culturape_dcat``: DCAT-AP 3 through the endpoints of ckanext-dcat. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.config.declaration import Declaration, Key
from ckan.types import Context
from flask import Blueprint

from ckanext.culturape.dcat import action, describing, feed_views, hooks, sitemap, views, vocabularies
from ckanext.culturape.dcat.shacl import action as shacl
from ckanext.culturape.dcat.shacl import background
from ckanext.culturape.dcat.shacl import views as examining
from ckanext.culturape.types import Record


class CulturapeDcatPlugin(p.SingletonPlugin):
    """DCAT-AP 3 for cultural datasets."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigDeclaration)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        declaration[key.ckanext.dcat.rdf.profiles].set_default("culturape_dcat_ap_3")

    def get_actions(self) -> dict[str, Any]:
        return {**action.actions(), shacl.SHOW: shacl.culturape_dcat_validation_show}

    def get_auth_functions(self) -> dict[str, Any]:
        return {shacl.SHOW: shacl.may_show}

    def get_helpers(self) -> dict[str, Any]:
        return {
            **describing.template_helpers(),
            "culturape_rdf_links": vocabularies.culturape_rdf_links,
            "culturape_validation": shacl.culturape_validation,
        }

    def get_blueprint(self) -> list[Blueprint]:
        modules = (views, feed_views, vocabularies, sitemap, examining)
        return [module.blueprint() for module in modules]

    def after_dataset_create(self, context: Context, pkg_dict: Record) -> None:
        background.saved(pkg_dict, context)

    def after_dataset_update(self, context: Context, pkg_dict: Record) -> None:
        hooks.forget(pkg_dict)
        background.saved(pkg_dict, context)

    def after_dataset_delete(self, context: Context, pkg_dict: Record) -> None:
        hooks.forget(pkg_dict)
