"""The Java archives of Solr: which ones (a list with checksums), fetched once into a cache of the user.

``solr_jars.json`` was resolved with jgo from the coordinates in ROOTS; ``python -m culturape_portal.jars``
writes it anew. Shipping the outcome makes the first start quick, the same everywhere, and checked.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from culturape_portal.errors import PortalError

NAME = "Solr"
SOLR_VERSION = "9.9.0"
ROOTS = (
    f"org.apache.solr:solr-core:{SOLR_VERSION}",
    "org.eclipse.jetty:jetty-webapp:10.0.22",
    "org.eclipse.jetty:jetty-xml:10.0.22",
    "org.eclipse.jetty:jetty-server:10.0.22",
    "jakarta.inject:jakarta.inject-api:2.0.1",
    "jakarta.annotation:jakarta.annotation-api:2.1.1",
)
# Native network code for clusters, and analysers for Japanese and Korean: 20 MB that a portal never loads.
LEFT_OUT = ("netty-", "lucene-analysis-kuromoji", "lucene-analysis-nori", "listenablefuture")
LIST = Path(__file__).parent / "solr_jars.json"
Progress = Callable[[str], None]


class Jar(NamedTuple):
    """One archive: its Maven coordinate and its SHA-256."""

    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The file's name in the cache."""
        _group, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def cache_folder() -> Path:
    """Where archives are kept between portals: CULTURAPE_PORTAL_CACHE, or the user's cache folder."""
    chosen = os.environ.get("CULTURAPE_PORTAL_CACHE")
    if chosen:
        return Path(chosen).expanduser().resolve()
    import platformdirs

    return Path(platformdirs.user_cache_path("culturape"))


def listed_jars() -> list[Jar]:
    """The archives that Solr needs."""
    return [Jar(coordinate, digest) for coordinate, digest in json.loads(LIST.read_text("utf-8")).items()]


def _folder() -> Path:
    return cache_folder() / f"solr-{SOLR_VERSION}"


def classpath() -> str:
    """All archives, as Java wants them."""
    return os.pathsep.join(str(_folder() / jar.file_name) for jar in listed_jars())


def ensure_jars(progress: Progress) -> None:
    """Fetch the archives that are not in the cache yet; `progress` may raise to give up."""
    folder, jars = _folder(), listed_jars()
    if any(not (folder / jar.file_name).exists() for jar in jars):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _one_at_a_time(folder):
                _fetch_missing(folder, jars, progress)
        except OSError as error:
            why = f"its Java archives could not be kept in {folder}: {error}"
            raise PortalError(NAME, why) from error


def _fetch_missing(folder: Path, jars: list[Jar], progress: Progress) -> None:
    missing = [jar for jar in jars if not (folder / jar.file_name).exists()]
    progress(f"Solr: fetching {len(missing)} Java archives (50 MB, once)")
    with tempfile.TemporaryDirectory(dir=folder) as scratch, ThreadPoolExecutor(8) as pool:
        context = _maven(Path(scratch))
        pending = {pool.submit(_fetch, context, jar, folder) for jar in missing}
        try:
            while pending:
                done, pending = wait(pending, timeout=3)
                for fetched in done:
                    fetched.result()
                progress(f"Solr: {len(missing) - len(pending)} of {len(missing)} Java archives fetched")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _fetch(context: Any, jar: Jar, folder: Path) -> None:
    try:
        path = context.create_dependency(jar.coordinate).artifact.resolve()
    except Exception as error:
        why = f"{jar.coordinate} could not be fetched from Maven Central: {error}"
        raise PortalError(NAME, why) from error
    if _sha256(path) != jar.sha256:
        raise PortalError(NAME, f"{jar.coordinate} is not the expected file (its checksum differs)")
    path.replace(folder / jar.file_name)


def _maven(repository: Path) -> Any:
    try:
        from jgo.maven import MavenContext
    except ImportError as error:
        raise PortalError(
            NAME,
            "the package jgo is not there (pip install 'ckanext-culturape[portal]'), or give "
            "the address of a Solr of yours in CKAN_SOLR_URL",
        ) from error
    return MavenContext(repo_cache=repository, timeout=60)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two starts at once must not fetch into the same folder."""
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_list() -> None:
    """Resolve ROOTS with jgo and write the list anew (for whoever moves to another Solr)."""
    with tempfile.TemporaryDirectory() as scratch:
        context = _maven(Path(scratch))
        inputs, others = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
        wanted = [
            dep.artifact for dep in [*inputs, *others] if not dep.artifact.artifactId.startswith(LEFT_OUT)
        ]
        with ThreadPoolExecutor(8) as pool:
            sums = list(pool.map(lambda artifact: _sha256(artifact.resolve()), wanted))
    names = [f"{a.groupId}:{a.artifactId}:{a.version}" for a in wanted]
    found = dict(zip(names, sums, strict=True))
    LIST.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    write_list()
