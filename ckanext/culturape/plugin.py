"""The plugin ``culturape``: schema, vocabularies, care, search and pages. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.config.declaration import Declaration, Key
from ckan.lib.plugins import DefaultTranslation

import ckanext.culturape.i18n
from ckanext.culturape import cli, helpers, views
from ckanext.culturape.logic import action, auth, hooks, validators
from ckanext.culturape.wiring import check_order, extend_option, i18n_folder, i18n_languages

DATASET_SCHEMA = "ckanext.culturape.schemas:dataset.yaml"
ORGANIZATION_SCHEMA = "ckanext.culturape.schemas:organization.yaml"
PRESETS = "ckanext.scheming:presets.json ckanext.culturape.schemas:presets.yaml"


class CulturapePlugin(hooks.DatasetHooks, hooks.OrganizationHooks, hooks.Facets, p.SingletonPlugin, DefaultTranslation):
    """Cultural datasets and organisations for CKAN."""

    p.implements(p.IConfigurer, inherit=True)
    p.implements(p.IConfigDeclaration)
    p.implements(p.ITranslation, inherit=True)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IValidators)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IOrganizationController, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        check_order(config_)
        tk.add_template_directory(config_, "templates")
        tk.add_resource("assets", "culturape")
        extend_option(config_, "scheming.presets", PRESETS)

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        declaration.load_dict(_declared_options())
        declaration.declare(key.scheming.dataset_schemas, DATASET_SCHEMA)
        declaration.declare(key.scheming.organization_schemas, ORGANIZATION_SCHEMA)
        declaration.declare(key.scheming.presets, PRESETS)

    def i18n_directory(self) -> str:
        return i18n_folder(ckanext.culturape.i18n)

    def i18n_locales(self) -> list[str]:
        return i18n_languages(ckanext.culturape.i18n)

    def i18n_domain(self) -> str:
        return "ckanext-culturape"

    def get_helpers(self) -> dict[str, Any]:
        return helpers.HELPERS

    def get_validators(self) -> dict[str, Any]:
        return validators.VALIDATORS

    def get_actions(self) -> dict[str, Any]:
        return action.ACTIONS

    def get_auth_functions(self) -> dict[str, Any]:
        return auth.AUTH

    def get_blueprint(self) -> list[Any]:
        return views.BLUEPRINTS

    def get_commands(self) -> list[Any]:
        return [cli.culturape]
