"""Who may read a record before it is public? Those whom CKAN or another plugin lets, and of a need also whoever stated it."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels

from ckanext.culturape.agenda.public import sender

#: Begins the label of whoever stated a need.
SENDER = "culturape-sender-"


def _others(ours: Any) -> Any:
    """CKAN asks one plugin only: the next one after ours, or CKAN's own rules."""
    found = (plugin for plugin in p.PluginImplementations(p.IPermissionLabels) if plugin is not ours)
    return next(found, None) or DefaultPermissionLabels()


def dataset_labels(ours: Any, dataset_obj: Any) -> list[str]:
    """Labels of a record."""
    labels: list[str] = _others(ours).get_dataset_labels(dataset_obj)
    if dataset_obj.type != "necesidad" or "public" in labels or dataset_obj.state != model.State.ACTIVE:
        return labels
    who = sender.of_need(model.Session, dataset_obj.id)
    return [*labels, SENDER + who.user_id] if who is not None and who.user_id else labels


def user_labels(ours: Any, user_obj: Any) -> list[str]:
    """Labels of a person."""
    labels: list[str] = _others(ours).get_user_dataset_labels(user_obj)
    return [*labels, SENDER + user_obj.id] if user_obj and not user_obj.is_anonymous else labels
