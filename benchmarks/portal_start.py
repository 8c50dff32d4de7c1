"""How long a portal takes to its first page: from an empty folder, and started again.

Packages are installed and Solr's archives are in the cache; the sample catalogue is not loaded. CKAN has
no such command of its own, so there is no stock figure. Ends with status 1 when a target is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from culturape_portal.jars import ensure_jars

TARGETS = {"first page from an empty folder, s": 30.0, "first page after a restart, s": 12.0}


def command(folder: Path, *words: str) -> str:
    """Run culturape-portal, without services of the caller; what it prints."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
    argv = [sys.executable, "-m", "culturape_portal.cli", words[0], "--data", str(folder), *words[1:]]
    return subprocess.run(argv, check=True, capture_output=True, text=True, env=variables).stdout


def seconds_to_first_page(folder: Path) -> float:
    """Start the portal, read its first page, stop it."""
    began = time.perf_counter()
    command(folder, "up", "--detach", "--no-seed")
    url = json.loads(command(folder, "status", "--json"))["url"]
    with urllib.request.urlopen(url, timeout=60) as page:
        page.read()
    taken = time.perf_counter() - began
    command(folder, "down")
    return taken


def main() -> None:
    """Measure both and print a line for each."""
    ensure_jars(print)
    with tempfile.TemporaryDirectory(prefix="culturape-bench-") as scratch:
        folder = Path(scratch) / "portal"
        missed = False
        for name, target in TARGETS.items():
            taken = seconds_to_first_page(folder)
            missed |= taken > target
            print(f"{name} | {taken:.1f} | - | -")
    sys.exit(missed)


if __name__ == "__main__":
    main()
