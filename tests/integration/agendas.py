"""Agendas, commitments and needs for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup
from ckan import model

Make = Callable[..., dict[str, Any]]

STATE = {"name": "Ministerio de prueba", "actor_type": "gobierno-nacional", "role": "convocante"}
SOCIETY = {"name": "Colectivo de prueba", "actor_type": "organizacion-cultural", "role": "corresponsable"}

BASE: dict[str, dict[str, Any]] = {
    "agenda": {
        "title_translated": {"es": "Agenda de lenguas", "en": "Agenda of languages"},
        "notes_translated": {"es": "Qué datos de lenguas hacen falta y para qué."},
        "agenda_status": "borrador",
        "agenda_stage": "diseno",
        "purpose": ["salvaguardia"],
        "participation_level": "colaborar",
        "territory": ["16"],
        "actors": [STATE, SOCIETY],
    },
    "compromiso": {
        "title_translated": {"es": "Abrir el registro de hablantes"},
        "notes_translated": {"es": "Por distrito y edad."},
        "lead_actor": "Ministerio de prueba",
        "due_date": "2031-12",
    },
    "necesidad": {
        "title_translated": {"es": "Hablantes por distrito"},
        "notes_translated": {"es": "Docentes necesitan saber cuántos niños hablan la lengua."},
        "requester_type": "organizacion-indigena",
        "purpose": ["educacion"],
    },
}


def maker(owner: str, user: str) -> Make:
    """Makes complete records of these types as a user; what is given replaces or, as ``None``, removes fields."""

    def make(kind: str, **changes: Any) -> dict[str, Any]:
        data = {**BASE[kind], "type": kind, "owner_org": owner, **changes}
        data = {key: value for key, value in data.items() if value is not None}
        return helpers.call_action("package_create", {"user": user, "ignore_auth": False}, **data)

    return make


def act(action: str, user: str = "", /, **data: Any) -> Any:
    """An action as somebody, with what they may."""
    context = {"user": user, "ignore_auth": False, "auth_user_obj": model.User.get(user) if user else None}
    return tk.get_action(action)(context, data)


def refused(call: Callable[[], Any]) -> dict[str, Any]:
    """What was wrong, by field."""
    with pytest.raises(tk.ValidationError) as caught:
        call()
    model.Session.rollback()
    return caught.value.error_dict


def page(app: Any, path: str, user: dict[str, Any] | None = None, status: int = 200) -> BeautifulSoup:
    """A page as somebody with a token sees it."""
    headers = {"Authorization": user["token"]} if user else {}
    return BeautifulSoup(app.get(path, headers=headers, status=status).body, "html.parser")
