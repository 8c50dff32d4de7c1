"""Write requirements/ckan-X.Y.txt: the exact pins of a CKAN release, without what needs a compiler.

usage: python scripts/build_requirements.py 2.12.0 2.11.6

The pins come from the ``requirements`` extra of CKAN's own wheel on the package index. ``psycopg2`` has no Linux wheel,
so ``psycopg2-binary`` of the same version takes its place.
"""

from __future__ import annotations

import email
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "requirements"
PIN = re.compile(r'^(?P<requirement>\S+); extra == "requirements"$')


def download_wheel(version: str, folder: Path) -> Path:
    """The wheel of that CKAN release, downloaded into the folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*command, f"ckan=={version}"], check=True)
    return next(folder.glob("ckan-*.whl"))


def read_pins(wheel: Path) -> list[str]:
    """The pinned requirements that the wheel declares for a production site."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
    found = (PIN.match(line) for line in metadata.get_all("Requires-Dist", []))
    pins = [match["requirement"] for match in found if match]
    return [re.sub(r"^psycopg2==", "psycopg2-binary==", pin) for pin in pins]


def main() -> None:
    """Write one file for each version named on the command line."""
    for version in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            pins = read_pins(download_wheel(version, Path(folder)))
        target = FOLDER / f"ckan-{'.'.join(version.split('.')[:2])}.txt"
        target.write_text("\n".join([f"ckan=={version}", *pins]) + "\n")
        print(f"{target.name}: {len(pins)} pins")


if __name__ == "__main__":
    main()
