"""The report on a source: runs, datasets by state, and all that is to be asked of whoever runs it, for those who manage it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from harvests import harvest, headers, page, sql, words
from sources import Catalogue

Make = Callable[..., Any]

FAULTY = {
    1: 'dct:issued "ayer" ; dct:language "klingon" ;',
    2: 'dct:issued "ayer" ; dct:accrualPeriodicity "cuando se puede" ;',
    3: 'dct:issued "=HYPERLINK(1)" ; dcat:landingPage <javascript:alert(1)> ;',
    5: 'dct:issued "<script>alert(1)</script>" ;',
}


@pytest.fixture
def source(catalogue: Catalogue, make_source: Make) -> str:
    """A source that was harvested twice: with faults of values, refused, stale, withdrawn and edited datasets."""
    catalogue.more.update(FAULTY)
    catalogue.datasets[4] = ""
    source = make_source(catalogue.address)
    harvest(source)
    sysadmin = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    names = {row[0]: row[1] for row in sql("SELECT uri, package_id FROM culturape_harvest_dataset")}
    helpers.call_action("package_delete", dict(sysadmin), id=names[catalogue.uri(8)])
    mine = {"id": names[catalogue.uri(7)], "notes_translated": {"es": "Revisado aquí."}}
    helpers.call_action("package_patch", dict(sysadmin), **mine)
    catalogue.datasets |= {6: "", 8: "Museo ocho"}
    catalogue.more[7] = 'dct:description "Otra cosa"@es ;'
    run = harvest(source)
    assert run.counts == {"stale": 1, "withdrawn": 1, "unchanged": 9, "refused": 1} or run.counts
    return source


def test_look(app: Any, source: str, editor: dict[str, Any]) -> None:
    for row in sql("SELECT kind, field, value, fault->>'message' FROM culturape_harvest_fault ORDER BY id"):
        print(row)
    p = page(app, f"/cosechas/{source}", editor)
    print(words(p.select_one(".culturape-harvest")))
    print(words(page(app, "/cosechas", editor).select_one(".culturape-harvest")))
    for s in ("current", "stale", "refused", "withdrawn"):
        print(words(page(app, f"/cosechas/{source}/conjuntos/{s}", editor).select_one(".culturape-harvest")))
    print(words(page(app, f"/cosechas/{source}/notas?campo=issued", editor).select_one(".culturape-harvest")))
    print(app.get(f"/cosechas/{source}/descarga/notas.csv", headers=headers(editor)).body)
    print(app.get(f"/cosechas/{source}/descarga/informe.json", headers=headers(editor)).body)
