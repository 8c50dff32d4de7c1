"""How many bytes a page brings over the line, beside plain CKAN with the schema `dcat_ap_full`: the first that somebody opens, and later ones.

Chromium opens the pages of both sites, which have the same datasets and are served as `culturape-portal` serves them, with compression and
with static files that browsers keep. Counted is what comes over the line, headings of the answers included. Ends with status 1 when ours adds
more than 60 KB to a first page, when a later page of ours brings more than 60 KB, or when any page asks another host.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import _content
import agenda
from _sites import Site, both, serve

PLUGINS = "culturape_coverage culturape_translations"
DATASETS = 40
LIMIT = 60.0
PAGES = {"home": "/", "search": "/dataset/", "dataset": "/dataset/dataset-1", "agenda": "/agenda/agenda-1"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]  # fmt: skip


def fill(site: str) -> None:
    """The same datasets for both, and an agenda for ours."""
    import ckan.plugins.toolkit as tk

    _content.fill(site, DATASETS)
    if site == "ours":
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        agenda.make_agenda(user, "agenda-1", 8, 12)


def address(site: str, folder: str) -> str:
    """Serve the site on the loopback, as a portal does, until the process ends; where."""
    from ckan.common import config
    from flask import current_app
    from werkzeug.serving import make_server

    from culturape_portal.compress import Compress
    from culturape_portal.static import StaticFiles
    from culturape_portal.web import static_roots

    packed = Path(folder) / "compressed"
    packed.mkdir()
    served = Compress(StaticFiles(current_app.wsgi_app, static_roots(), packed))
    server = make_server("127.0.0.1", 0, served, threaded=True)
    config["ckan.site_url"] = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return str(config["ckan.site_url"])


class Line:
    """A browser with an empty cache, and what comes over its line."""

    def __init__(self, browser: Any, home: str) -> None:
        self.home = home
        self.page = browser.new_context().new_page()
        self.strangers: list[str] = []
        self._bytes = 0.0
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._came)
        self.page.on("request", self._asked)

    def _came(self, event: dict[str, Any]) -> None:
        self._bytes += event["encodedDataLength"]

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.home + "/", "data:")):
            self.strangers.append(request.url)

    def weigh(self, path: str) -> float:
        """KB that a page brings."""
        self._bytes = 0.0
        answer = self.page.goto(self.home + path)
        if answer.status != 200:
            raise SystemExit(f"{path}: status {answer.status}")
        self.page.wait_for_load_state("networkidle")
        return self._bytes / 1000


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser of the machine."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        raise SystemExit("there is no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def weights(browser: Any, home: str, names: list[str]) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """KB of each page as the first that is opened and as a later one; and what was asked of other hosts."""
    found: dict[str, tuple[float, float]] = {}
    strangers: list[str] = []
    for name in names:
        # The server has made its bundles before it is weighed.
        Line(browser, home).weigh(PAGES[name])
        first = Line(browser, home)
        begun = first.weigh(PAGES[name])
        later = Line(browser, home)
        later.weigh(PAGES["search" if name == "home" else "home"])
        found[name] = (begun, later.weigh(PAGES[name]))
        strangers += first.strangers + later.strangers
    return found, strangers


def measure(sites: dict[str, Site], folders: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Weights by site, and what our pages asked of other hosts."""
    homes = {name: site.tell("address", folders[name]) for name, site in sites.items()}
    with chromium() as browser:
        ours, strangers = weights(browser, homes["ours"], list(PAGES))
        stock, _ = weights(browser, homes["stock"], [name for name in PAGES if name != "agenda"])
    return {"ours": ours, "stock": stock}, strangers


def main() -> None:
    """Bring up both sites, weigh, print the lines."""
    with both(__file__) as sites:
        folders = {name: str(site.log.parent) for name, site in sites.items()}
        found, strangers = measure(sites, folders)
    broken = bool(strangers)
    for name, (first, later) in found["ours"].items():
        beside = found["stock"].get(name)
        for kind, mine, theirs in (("first", first, beside and beside[0]), ("later", later, beside and beside[1])):  # fmt: skip
            ratio = f"{mine:.1f} | {theirs:.1f} | {mine / theirs:.2f}" if theirs else f"{mine:.1f} | - | -"
            print(f"weight of {name} as {kind} page, KB | {ratio}")
            if theirs:
                print(f"  ours adds {mine - theirs:+.1f} KB")
            broken |= later > LIMIT or bool(theirs and kind == "first" and mine - theirs > LIMIT)
    print("asked of other hosts:", " ".join(sorted(set(strangers))) or "nothing")
    sys.exit(broken)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(sys.argv[1], Path(sys.argv[2]), fill, {"address": address}, more=PLUGINS)
    else:
        main()
