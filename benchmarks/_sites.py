"""Two CKAN sites with services of their own, side by side: ours, and plain CKAN with the best schema of ckanext-dcat.

A script that measures gives ``fill``, which makes the content of a site, and asks the sites in turns.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from culturape_portal.services import start_services

VIEWS = "activity datatables_view text_view image_view"
SITES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "ours": (
        "portal",
        f"culturape culturape_dcat culturape_harvest culturape_agenda scheming_datasets scheming_organizations dcat harvest {VIEWS}",
        {},
    ),
    "stock": (
        "stock",
        f"scheming_datasets dcat harvest dcat_rdf_harvester {VIEWS}",
        {
            "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
            "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
            "ckanext.dcat.rdf.profiles": "euro_dcat_ap_3",
        },
    ),
}

#: What a site does beside answering pages, by name.
Commands = Mapping[str, Callable[..., Any]]


class Answer(NamedTuple):
    """What came back: status, bytes, seconds, and the tag of the answer."""

    status: int
    size: int
    seconds: float
    etag: str


def serve(site: str, folder: Path, fill: Callable[[str], None], commands: Commands, more: str = "") -> None:
    """Be a site: answer what comes on the standard input, a JSON list in each line. ``more``: plugins of ours that the benchmark is about."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    file = _write_settings(site, folder, more)
    # In processes of their own: afterwards the command leaves CKAN without a pool of connections. Ours need the tables of ckanext-harvest.
    for words in (["--skip-plugins"], ["-p", "harvest"], []):
        run_ckan(file, "db", "upgrade", *words)
    app = make_app(CKANConfigLoader(str(file)).get_config())
    with app._wsgi_app.test_request_context():
        fill(site)
    client = app._wsgi_app.test_client()
    print("ready", flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        if name == "get":
            print(json.dumps(_get(client, *arguments)), flush=True)
        else:
            with app._wsgi_app.test_request_context():
                print(json.dumps(commands[name](site, *arguments)), flush=True)


def run_ckan(file: Path, *words: str) -> None:
    """Run a command of CKAN in a process of its own."""
    command = [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()", "-c", str(file), *words]
    subprocess.run(command, check=True, stdout=sys.stderr)


def _write_settings(site: str, folder: Path, more: str) -> Path:
    settings = {
        "ckan.plugins": SITES[site][1].replace("culturape_harvest", f"culturape_harvest {more}".strip()),
        "ckan.site_url": "http://127.0.0.1:5000",
        "ckan.site_id": site,
        "ckan.storage_path": str(folder),
        "ckan.locale_default": "es",
        "SECRET_KEY": "only-for-measuring",
        "ckan.auth.create_unowned_dataset": "false",
        **SITES[site][2],
    }
    file = folder / "ckan.ini"
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    file.write_text(f"[app:main]\nuse = egg:ckan\n{lines}")
    return file


def _get(client: Any, path: str, etag: str = "") -> Answer:
    """Ask for a page and read it piece by piece, as a client would."""
    began = time.perf_counter()
    answer = client.get(path, headers={"If-None-Match": etag} if etag else {}, buffered=False)
    size = sum(len(chunk) for chunk in answer.iter_encoded())
    taken = time.perf_counter() - began
    # The client has all of it; what the server still does costs the next one.
    answer.close()
    return Answer(answer.status_code, size, taken, answer.headers.get("ETag", ""))


def peak_memory(site: str) -> float:
    """Greatest memory of the process until now, in MB."""
    del site
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Site:
    """A site that runs in a process of its own."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str], script: str) -> None:
        variables = {key: value for key, value in os.environ.items() if not key.startswith("CKAN")}
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, script, name, str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**variables, **environment},
            )
        while (line := self._read()) != "ready":
            print(f"{name}: {line}", file=sys.stderr)

    def _read(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(self.log.read_text()[-3000:])
        return line.strip()

    def tell(self, *words: Any) -> Any:
        """Give a command, and return what came of it."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return json.loads(self._read())

    def get(self, path: str, etag: str = "", status: int = 200) -> Answer:
        """Ask for a page."""
        answer = Answer(*self.tell("get", path, etag))
        if answer.status != status:
            raise SystemExit(f"{path}: status {answer.status}")
        return answer


@contextmanager
def both(script: str, names: Iterable[str] = tuple(SITES)) -> Iterator[dict[str, Site]]:
    """Both sites, or one, filled by the script, which is called again with the name of a site and its folder."""
    with tempfile.TemporaryDirectory(prefix="culturape-bench-") as scratch:
        Path(scratch).chmod(0o755)
        services, sites = [], {}
        try:
            for name in names:
                schema = SITES[name][0]
                folder = Path(scratch) / name
                folder.mkdir(mode=0o755)
                services.append(start_services(folder, schema=schema))
                sites[name] = Site(name, folder, services[-1].environment(), script)
            yield sites
        finally:
            for site in sites.values():
                site.process.terminate()
            for service in services:
                service.stop()
