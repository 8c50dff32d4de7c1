"""The plugin ``culturape_agenda``: agendas, commitments and needs. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.types import Context
from flask import Blueprint

from ckanext.culturape.agenda import (
    counting,
    doors,
    evaluating,
    evaluation_views,
    evaluations,
    facets,
    following,
    history,
    listing,
    organization_scoring,
    pages,
    rdf_views,
    resolved,
    score_views,
    scoring,
    snapshot_views,
    snapshots,
    validators,
    views,
    words,
)
from ckanext.culturape.agenda.news import noticing, support
from ckanext.culturape.agenda.news import views as news_views
from ckanext.culturape.agenda.public import moderating, readers, similar, stating
from ckanext.culturape.agenda.public import views as public_views
from ckanext.culturape.types import Record


class CulturapeAgendaPlugin(p.SingletonPlugin):
    """Agendas of open cultural data, co-created by State and civil society."""

    p.implements(p.IConfigurer)
    p.implements(p.IValidators)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)

    def update_config(self, config_: CKANConfig) -> None:
        tk.add_template_directory(config_, "templates")

    def get_validators(self) -> dict[str, Any]:
        return validators.VALIDATORS

    def get_actions(self) -> dict[str, Any]:
        return {
            "organization_show": counting.organization_show,
            "group_show": counting.group_show,
            "organization_list_for_user": counting.organization_list_for_user,
            "culturape_agenda_show": resolved.culturape_agenda_show,
            "culturape_agenda_scorecard": scoring.culturape_agenda_scorecard,
            "culturape_agenda_scorecards": scoring.culturape_agenda_scorecards,
            "culturape_organization_scorecard": organization_scoring.culturape_organization_scorecard,
            "culturape_need_status_set": history.culturape_need_status_set,
            "culturape_need_history": history.culturape_need_history,
            "culturape_need_state": stating.culturape_need_state,
            "culturape_need_similar": similar.culturape_need_similar,
            "culturape_need_waiting": moderating.culturape_need_waiting,
            "culturape_need_mine": moderating.culturape_need_mine,
            "culturape_need_contact": moderating.culturape_need_contact,
            "culturape_need_contact_forget": moderating.culturape_need_contact_forget,
            "culturape_evaluation_set": evaluating.culturape_evaluation_set,
            "culturape_evaluation_delete": evaluating.culturape_evaluation_delete,
            "culturape_evaluation_list": evaluations.culturape_evaluation_list,
            "culturape_agenda_snapshot": snapshots.culturape_agenda_snapshot,
            "bulk_update_private": doors.bulk_update_private,
            "bulk_update_public": doors.bulk_update_public,
            "bulk_update_delete": doors.bulk_update_delete,
            "package_update": noticing.package_update,
        }

    def get_auth_functions(self) -> dict[str, Any]:
        return {
            "culturape_agenda_show": resolved.culturape_agenda_show_auth,
            "culturape_agenda_scorecard": scoring.culturape_agenda_scorecard_auth,
            "culturape_agenda_scorecards": scoring.culturape_agenda_scorecards_auth,
            "culturape_organization_scorecard": organization_scoring.culturape_organization_scorecard_auth,
            "culturape_need_status_set": history.culturape_need_status_set_auth,
            "culturape_need_state": stating.culturape_need_state_auth,
            "culturape_need_similar": similar.culturape_need_similar_auth,
            "culturape_need_waiting": moderating.of_people,
            "culturape_need_mine": moderating.of_people,
            "culturape_need_contact": moderating.culturape_need_contact_auth,
            "culturape_evaluation_set": evaluating.culturape_evaluation_set_auth,
            "culturape_evaluation_delete": evaluating.culturape_evaluation_delete_auth,
            "culturape_evaluation_list": evaluations.culturape_evaluation_list_auth,
            "culturape_agenda_snapshot": snapshots.culturape_agenda_snapshot_auth,
        }

    def get_blueprint(self) -> list[Blueprint]:
        modules = (views, public_views, score_views, evaluation_views, snapshot_views, news_views, rdf_views)
        return [module.blueprint() for module in modules]

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        return facets.dataset_facets(facets_dict, package_type)

    def get_helpers(self) -> dict[str, Any]:
        return {
            **pages.template_helpers(),
            "culturape_agenda_formats": rdf_views.culturape_agenda_formats,
            "culturape_support": support.culturape_support,
            "culturape_found": words.culturape_found,
            "culturape_type_word": words.culturape_type_word,
            "humanize_entity_type": words.humanize_entity_type,
        }

    def before_dataset_search(self, search_params: Record) -> Record:
        return listing.before_dataset_search(search_params)

    def after_dataset_create(self, context: Context, pkg_dict: Record) -> None:
        following.record_saved(pkg_dict)
        stating.record_made(context, pkg_dict)
        support.need_made(context, pkg_dict)

    def get_dataset_labels(self, dataset_obj: Any) -> list[str]:
        return readers.dataset_labels(self, dataset_obj)

    def get_user_dataset_labels(self, user_obj: Any) -> list[str]:
        return readers.user_labels(self, user_obj)

    def after_dataset_update(self, context: Context, pkg_dict: Record) -> None:
        following.record_saved(pkg_dict)

    def after_dataset_delete(self, context: Context, pkg_dict: Record) -> None:
        following.record_deleted(pkg_dict)
