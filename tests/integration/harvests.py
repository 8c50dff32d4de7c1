"""What tests of harvests do again and again: run a source, look at tables, ask pages as somebody."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from ckan import model
from sqlalchemy import text


def harvest(source_id: str, workers: int = 1) -> Any:
    """One run of a source."""
    from ckanext.culturape.harvest import working

    return working.run_job(working.job_for(source_id), workers)


def sql(query: str, **values: Any) -> list[Any]:
    """Rows of the database."""
    return [tuple(row) for row in model.Session.execute(text(query), values)]


def headers(user: dict[str, Any] | None) -> dict[str, str]:
    """Of a request by somebody; by nobody when there is none."""
    return {"Authorization": user["token"]} if user else {}


def page(app: Any, path: str, user: dict[str, Any] | None = None, status: int = 200) -> BeautifulSoup:
    """A page as somebody sees it."""
    found = app.get(path, headers=headers(user), status=status)
    return BeautifulSoup(found.get_data(as_text=True), "html.parser")


def words(node: Any) -> str:
    """The words of a part of a page, with single spaces."""
    return " ".join(node.get_text(" ").split())
