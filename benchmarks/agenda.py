"""How long the page of an agenda with 200 commitments and 500 needs takes, and the scorecards of 100 agendas at once.

The page is compared with the page of a plain dataset, of the same portal and of plain CKAN with the schema `dcat_ap_full`, in the same run; requests
alternate, and each figure is the median. Stock CKAN has no agendas. Ends with status 1 when the agenda takes more than three times a dataset of
either, or the scorecards more than two seconds.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import _content
from _sites import Site, both, serve

DATASETS, AGENDAS = 40, 100
COMMITMENTS, NEEDS = 200, 500
ROUNDS = 15
PAGE_TARGET, CARDS_TARGET = 3.0, 2.0
PAGES = (
    ("ours", "/agenda/agenda-grande"),
    ("ours", "/dataset/dataset-1"),
    ("stock", "/dataset/dataset-1"),
    ("ours", "/agendas/balance"),
)

STATE = {"name": "Ministerio de prueba", "actor_type": "gobierno-nacional", "role": "convocante"}
SOCIETY = {"name": "Colectivo de prueba", "actor_type": "organizacion-cultural", "role": "corresponsable"}
NOTES = {"es": "Registro de prueba para medir. " * 8}


def fill(site: str) -> None:
    """Datasets for both sites; agendas for ours, a big one and a hundred others."""
    import ckan.plugins.toolkit as tk
    from ckan.common import config
    from ckan.lib import search

    _content.fill(site, DATASETS)
    if site == "stock":
        return
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    config["ckan.search.solr_commit"] = False
    make_agenda(user, "agenda-grande", COMMITMENTS, NEEDS)
    for number in range(AGENDAS):
        make_agenda(user, f"agenda-{number}", 2, 3)
    search.commit()
    config["ckan.search.solr_commit"] = True


def make_agenda(user: str, name: str, commitments: int, needs: int) -> None:
    """An agenda whose commitments answer its first needs and are fulfilled by datasets."""
    agenda = _make(
        user, type="agenda", name=name, agenda_status="vigente", agenda_stage="implementacion", purpose=["salvaguardia"],
        participation_level="colaborar", territory=["PE"], actors=[STATE, SOCIETY], people=["aimara"],
    )  # fmt: skip
    asked = [
        _make(
            user, type="necesidad", name=f"{name}-necesidad-{number}", agenda=agenda["id"], requester_type="organizacion-indigena",
            purpose=["educacion"], people=["aimara"],
        )["id"]
        for number in range(needs)
    ]  # fmt: skip
    for number in range(commitments):
        _make(
            user, type="compromiso", name=f"{name}-compromiso-{number}", agenda=agenda["id"], lead_actor="Ministerio de prueba",
            due_date="2031-12", answers_needs=[asked[number % needs]], fulfilled_by=[f"dataset-{number % DATASETS}"],
        )  # fmt: skip


def _make(user: str, **record: Any) -> dict[str, Any]:
    import ckan.plugins.toolkit as tk

    words = str(record["name"]).replace("-", " ")
    texts = {"title_translated": {"es": words.capitalize()}, "notes_translated": NOTES, "owner_org": "prueba"}
    return tk.get_action("package_create")({"ignore_auth": True, "user": user}, {**texts, **record})


def scorecards(site: str) -> float:
    """Median of the seconds that the bars of a hundred agendas take, without their checks."""
    import ckan.plugins.toolkit as tk

    del site
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        found = tk.get_action("culturape_agenda_scorecards")({"user": ""}, {"limit": AGENDAS})
        taken.append(time.perf_counter() - began)
        assert len(found["agendas"]) == AGENDAS
    return statistics.median(taken)


def measure(sites: dict[str, Site]) -> dict[tuple[str, str], float]:
    """Median of the seconds of each page, asked in turns."""
    taken: dict[tuple[str, str], list[float]] = {page: [] for page in PAGES}
    for number in range(ROUNDS + 2):
        for name, address in PAGES:
            answer = sites[name].get(address)
            if number == 0:
                print(f"{name} {address}: {answer.size} bytes")
            elif number > 1:
                taken[name, address].append(answer.seconds)
    return {page: statistics.median(figures) for page, figures in taken.items()}


def main() -> None:
    """Bring up both sites, measure, print the lines."""
    with both(__file__) as sites:
        agenda, dataset, stock, sides = measure(sites).values()
        cards = sites["ours"].tell("scorecards")
    title = f"agenda page, {COMMITMENTS} commitments and {NEEDS} needs"
    print(
        f"{title}, beside a dataset page of stock, ms | {agenda * 1000:.1f} | {stock * 1000:.1f} | {agenda / stock:.2f}"
    )
    print(
        f"{title}, beside a dataset page of ours, ms | {agenda * 1000:.1f} | {dataset * 1000:.1f} | {agenda / dataset:.2f}"
    )
    print(
        f"scorecards of {AGENDAS} agendas, s | {cards:.2f} | {CARDS_TARGET:.2f} at most | {cards / CARDS_TARGET:.2f}"
    )
    print(f"page of 50 agendas side by side, ms | {sides * 1000:.1f} | - | -")
    sys.exit(max(agenda / stock, agenda / dataset) > PAGE_TARGET or cards > CARDS_TARGET)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(sys.argv[1], Path(sys.argv[2]), fill, {"scorecards": scorecards})
    else:
        main()
