"""How long the search page takes with our plugins, beside plain CKAN with the schema `dcat_ap_full`.

Both portals have services of their own and the same datasets; requests alternate between them, and each
figure is the median. Ends with status 1 when ours takes more than 1.15 times the stock.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from culturape_portal.services import start_services

DATASETS = 300
ROUNDS = 40
TARGET = 1.15
PAGES = ("/dataset/", "/dataset/?q=museo+regional", "/dataset/?q=registro&page=3")
VIEWS = "activity datatables_view text_view image_view"
SITES = {
    "ours": ("portal", f"culturape culturape_dcat scheming_datasets scheming_organizations dcat {VIEWS}", {}),
    "stock": (
        "stock",
        f"scheming_datasets dcat {VIEWS}",
        {
            "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
            "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
        },
    ),
}
TITLES = (
    "Museo regional",
    "Archivo histórico",
    "Biblioteca pública",
    "Registro de danzas",
    "Padrón de artesanos",
)


def dataset(site: str, number: int) -> dict[str, Any]:
    """The same dataset, written as each site wants it."""
    title = f"{TITLES[number % len(TITLES)]} {number}"
    notes = f"Registro de prueba número {number}. " * 8
    resources = [{"url": f"https://example.org/{number}/{n}", "format": "CSV"} for n in range(3)]
    common = {"name": f"dataset-{number}", "owner_org": "prueba", "resources": resources}
    if site == "stock":
        tags = [{"name": word} for word in ("museos", "Perú", f"tema-{number % 30}")]
        return {
            **common,
            "title": title,
            "notes": notes,
            "tags": tags,
            "language": ["es"],
            "license_id": "cc-by",
        }
    return {
        **common,
        "title_translated": {"es": title},
        "notes_translated": {"es": notes},
        "tags_translated": {"es": ["museos", "Perú", f"tema-{number % 30}"]},
        "sector": [("museos", "archivos", "bibliotecas")[number % 3]],
        "cultural_right": ["patrimonio"],
        "language": ["es"],
        "people": [("aimara", "wampis", "yanesha")[number % 3]],
        "territory": [("080901", "2101", "15")[number % 3]],
        "sensitivity": ["ninguna"],
        "access_level": "abierto",
        "license_id": "CC-BY-4.0",
        "frequency": "ANNUAL",
    }


def serve(site: str, folder: Path) -> None:
    """Answer pages whose addresses come on the standard input with the seconds they took."""
    from ckan.cli import CKANConfigLoader
    from ckan.cli.db import init as init_database
    from ckan.config.middleware import make_app
    from click.testing import CliRunner

    _, plugins, options = SITES[site]
    settings = {
        "ckan.plugins": plugins,
        "ckan.site_url": "http://127.0.0.1:5000",
        "ckan.site_id": site,
        "ckan.storage_path": str(folder),
        "ckan.locale_default": "es",
        "SECRET_KEY": "only-for-measuring",
        "ckan.auth.create_unowned_dataset": "false",
        **options,
    }
    file = folder / "ckan.ini"
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    file.write_text(f"[app:main]\nuse = egg:ckan\n{lines}")
    app = make_app(CKANConfigLoader(str(file)).get_config())
    client = app._wsgi_app.test_client()
    with app._wsgi_app.test_request_context():
        CliRunner().invoke(init_database, catch_exceptions=False)
        fill(site)
    print("ready", flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        answer = client.get(line.strip())
        taken = time.perf_counter() - began
        print(json.dumps([answer.status_code, len(answer.data), taken]), flush=True)


def fill(site: str) -> None:
    """Create the organisation and its datasets, and commit to the index once."""
    import ckan.plugins.toolkit as tk
    from ckan.common import config
    from ckan.lib import search

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    organization = {"name": "prueba", "title": "Institución de prueba"}
    if site == "ours":
        organization |= {"title_translated": {"es": "Institución de prueba"}, "institution_type": "museo"}
    tk.get_action("organization_create")({"ignore_auth": True, "user": user}, organization)
    config["ckan.search.solr_commit"] = False
    for number in range(DATASETS):
        tk.get_action("package_create")({"ignore_auth": True, "user": user}, dataset(site, number))
    search.commit()


def ask(worker: subprocess.Popen[str], address: str) -> tuple[int, float]:
    """Size of a page in bytes, and the seconds it took."""
    assert worker.stdin
    assert worker.stdout
    worker.stdin.write(f"{address}\n")
    worker.stdin.flush()
    status, size, taken = json.loads(worker.stdout.readline())
    if status != 200:
        raise SystemExit(f"{address}: status {status}")
    return size, taken


def start(site: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """A process that serves the pages of a site."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("CKAN")}
    with (folder / "log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, __file__, site, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**variables, **environment},
        )
    assert worker.stdout
    for line in worker.stdout:
        if line == "ready\n":
            return worker
    raise SystemExit((folder / "log").read_text()[-3000:])


def measure(workers: dict[str, subprocess.Popen[str]]) -> dict[str, float]:
    """Median of the seconds of all pages, asked in turns."""
    taken: dict[str, list[float]] = {site: [] for site in workers}
    for number in range(ROUNDS + 3):
        for address in PAGES:
            for site, worker in workers.items():
                size, seconds = ask(worker, address)
                if number == 0:
                    print(f"{site} {address}: {size} bytes")
                elif number > 2:
                    taken[site].append(seconds)
    return {site: statistics.median(figures) for site, figures in taken.items()}


def main() -> None:
    """Bring up both sites, measure, print the line."""
    with tempfile.TemporaryDirectory(prefix="culturape-bench-") as scratch:
        Path(scratch).chmod(0o755)
        running, workers = [], {}
        try:
            for site, (schema, _, _) in SITES.items():
                folder = Path(scratch) / site
                folder.mkdir(mode=0o755)
                running.append(start_services(folder, schema=schema))
                workers[site] = start(site, folder, running[-1].environment())
            median = measure(workers)
        finally:
            for worker in workers.values():
                worker.terminate()
            for services in running:
                services.stop()
    ratio = median["ours"] / median["stock"]
    print(f"search page, ms | {median['ours'] * 1000:.1f} | {median['stock'] * 1000:.1f} | {ratio:.2f}")
    sys.exit(ratio > TARGET)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
