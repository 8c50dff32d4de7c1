"""Static files of CKAN and its plugins, served by WhiteNoise: compressed once, cached by browsers.

CKAN's own way runs every request hook for each file and forbids caching. Bundles of webassets come to be
while the portal runs, so files are looked up when first asked for, not listed at the start.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

KINDS = frozenset(
    [
        ".css",
        ".js",
        ".mjs",
        ".map",
        ".json",
        ".svg",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".avif",
        ".ico",
        ".woff",
        ".woff2",
        ".ttf",
        ".eot",
        ".otf",
        ".webmanifest",
    ]
)
TEXT = frozenset(
    [".css", ".js", ".mjs", ".map", ".json", ".svg", ".ttf", ".eot", ".otf", ".ico", ".webmanifest"]
)
# webassets puts eight digits of the content's hash before the name of each bundle
HASHED = r"/[0-9a-f]{8}_[^/]+$"
HALF_DAY = 12 * 60 * 60
SMALL = 500


class StaticFiles(WhiteNoise):
    """Wraps a WSGI application; of `roots` (URL prefix, folder) the first that has a file wins."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], roots: Sequence[tuple[str, Path]], compressed: Path
    ) -> None:
        super().__init__(application, max_age=HALF_DAY, immutable_file_test=HASHED)
        self.roots = [(prefix, folder.resolve()) for prefix, folder in roots]
        self.compressed = compressed
        self.known: dict[str, tuple[int, StaticFile]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request: a static file, or whatever the application says."""
        url = environ.get("PATH_INFO", "")
        found = self.find(url) if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else None
        if found is None:
            return self.application(environ, start_response)
        return self.serve(found, environ, start_response)

    def find(self, url: str) -> StaticFile | None:
        """The static file at this address, ready to be sent; None when there is none."""
        if PurePosixPath(url).suffix.lower() not in KINDS or not self.url_is_canonical(url):
            return None
        for prefix, folder in self.roots:
            path = folder / url[len(prefix) :]
            if url.startswith(prefix) and path.is_file() and folder in path.resolve().parents:
                return self._ready(url, path)
        return None

    def _ready(self, url: str, path: Path) -> StaticFile:
        changed = path.stat().st_mtime_ns
        known = self.known.get(url)
        if known is None or known[0] != changed:
            known = self.known[url] = (changed, self._static_file(url, path))
        return known[1]

    def _static_file(self, url: str, path: Path) -> StaticFile:
        plain = self.get_static_file(str(path), url)
        packed = self._packed(path)
        if packed is None:
            return plain
        headers = [item for item in plain.alternatives[-1][2] if item[0] != "Content-Length"]
        return StaticFile(str(path), headers, encodings={"gzip": str(packed)})

    def _packed(self, path: Path) -> Path | None:
        """The compressed copy of a textual file, made when it is not there or older than the file."""
        if path.suffix.lower() not in TEXT or path.stat().st_size < SMALL:
            return None
        stat = path.stat()
        name = hashlib.sha256(f"{path}:{stat.st_mtime_ns}:{stat.st_size}".encode()).hexdigest()[:32]
        packed = self.compressed / f"{name}.gz"
        if not packed.exists():
            scratch = packed.with_suffix(f".{os.getpid()}")
            scratch.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            scratch.replace(packed)
        return packed
