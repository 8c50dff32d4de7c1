"""The plugin ``culturape``: schema, vocabularies, care, search and pages. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.config.declaration import Declaration, Key
from ckan.lib.plugins import DefaultTranslation

from ckanext.culturape import cli, helpers, messages, views, wiring
from ckanext.culturape.logic import action, auth, facets, indexing, searching, validators
from ckanext.culturape.types import Record


class CulturapePlugin(p.SingletonPlugin, DefaultTranslation):
    """Cultural datasets and organisations for CKAN."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigDeclaration)
    p.implements(p.ITranslation)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IValidators)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    p.implements(p.IFacets)
    p.implements(p.IFeed)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IOrganizationController, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        wiring.check_order(config_)
        wiring.check_look(config_)
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "culturape")

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        wiring.declare_options(declaration, key)

    def i18n_directory(self) -> str:
        return str(messages.folder())

    def i18n_locales(self) -> list[str]:
        return messages.languages(messages.folder())

    def i18n_domain(self) -> str:
        return messages.DOMAIN

    def get_helpers(self) -> dict[str, Any]:
        return helpers.template_helpers()

    def get_validators(self) -> dict[str, Any]:
        return validators.VALIDATORS

    def get_actions(self) -> dict[str, Any]:
        return action.actions()

    def get_auth_functions(self) -> dict[str, Any]:
        return auth.auth_functions()

    def get_blueprint(self) -> list[Any]:
        return views.blueprints()

    def get_commands(self) -> list[Any]:
        return [cli.culturape]

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        return facets.dataset_facets(facets_dict, package_type)

    def organization_facets(self, facets_dict: Any, organization_type: str, package_type: str | None) -> Any:
        return facets.organization_facets(facets_dict, organization_type, package_type)

    def group_facets(self, facets_dict: Any, group_type: str, package_type: str | None) -> Any:
        return facets.group_facets(facets_dict, group_type, package_type)

    def get_feed_class(self) -> Any:
        return views.Feed

    def get_item_additional_fields(self, dataset_dict: Record) -> Record:
        return {}

    def before_dataset_index(self, pkg_dict: Record) -> Record:
        return indexing.before_dataset_index(pkg_dict)

    def before_dataset_search(self, search_params: Record) -> Record:
        return searching.before_dataset_search(search_params)

    def after_dataset_search(self, search_results: Record, search_params: Record) -> Record:
        return searching.after_dataset_search(search_results, search_params)

    def edit(self, entity: Any) -> None:
        if getattr(entity, "is_organization", False):
            indexing.organization_changed(entity.id)
