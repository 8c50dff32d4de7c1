"""Against real servers: what a stranger's address gives is bounded in time and size, and never from inside the house."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ending import ending

from ckanext.culturape.dcat.shacl.foreign import examine_safely
from ckanext.culturape.errors import Fault
from ckanext.culturape.intake import cell
from ckanext.culturape.intake.fetch import fetch
from ckanext.culturape.intake.limits import Limits

BOMB = gzip.compress(b"#" * 100_000_000, 1)
ONE = b"<http://x.pe/a> a <http://www.w3.org/ns/dcat#Dataset> .\n"
SHORT = Limits(size=100_000, connect=1.0, read=1.0, total=2.0)


class Server(BaseHTTPRequestHandler):
    """Answers each path in its own bad manner."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        name = self.path.strip("/").partition("/")[0].partition("?")[0] or "good"
        try:
            getattr(self, name)()
        except OSError:
            self.close_connection = True

    def say(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def good(self) -> None:
        self.say(ONE, Content_Type="text/turtle", ETag='"1"', Last_Modified="Wed, 01 Jan 2025 00:00:00 GMT")

    def lies(self) -> None:
        self.say(ONE, Content_Type="text/html; charset=utf-16")

    def fails(self) -> None:
        self.say(b"internal secret", 500)

    def large(self) -> None:
        self.say(b"#" * 200_000)

    def bomb(self) -> None:
        self.say(BOMB, Content_Encoding="gzip")

    def broken(self) -> None:
        self.say(b"this is no gzip", Content_Encoding="gzip")

    def loop(self) -> None:
        self.loop_to("loop")

    def loop_to(self, name: str) -> None:
        self.say(b"", 302, Location=f"/{name}/{time.monotonic()}")

    def to(self) -> None:
        self.say(b"", 302, Location=self.path.partition("?")[2])

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"# and on\n" * 1000)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"#")
            self.wfile.flush()
            time.sleep(0.1)

    def heads(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(600):
            self.wfile.write(f"X-{number}: x\r\n".encode())
            self.wfile.flush()
            time.sleep(0.1)

    def silent(self) -> None:
        time.sleep(5)

    def slow_loop(self) -> None:
        time.sleep(0.7)
        self.loop_to("slow_loop")

    def short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(ONE)
        self.close_connection = True


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server on loopback."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Fault) as caught:
        work()
    return str(caught.value)


def test_what_is_allowed_is_fetched(server: str) -> None:
    got = fetch(f"{server}/good", SHORT, [server])
    assert got.content == ONE
    assert (got.content_type, got.address, got.etag) == ("text/turtle", f"{server}/good", '"1"')
    assert got.modified.startswith("Wed")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "[::1]", "localhost", "0.0.0.0", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::]", "169.254.169.254",
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "[fe80::1]", "[fc00::1]", "100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "user:word@127.0.0.1", "example.org@127.0.0.1", "127.0.0.1\\@127.0.0.1",
    ],
)  # fmt: skip
def test_addresses_inside_the_house_are_refused(host: str) -> None:
    assert "not on the public Internet" in refusal(lambda: fetch(f"http://{host}/", SHORT))


@pytest.mark.parametrize(
    "address",
    ["", "x", "/etc/passwd", "file:///etc/passwd", "ftp://x.pe/a", "gopher://x.pe", "javascript:alert(1)", "http://", "http:///x",
     "http://[::1", "http://*/", "http://x.pe:99999/", "http://.../", "data:text/turtle,a", "http://é‥/", "//x.pe/a"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    assert "is not an address" in refusal(lambda: fetch(address, SHORT))


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://169.254.169.254/latest/",
    ],
)
def test_a_redirect_into_the_house_is_refused(server: str, target: str) -> None:
    assert "not on the public Internet" in refusal(lambda: fetch(f"{server}/to?{target}", SHORT, [server]))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://x.pe/", "data:,x", "http://[::1]/"])
def test_a_redirect_out_of_the_web_is_refused(server: str, target: str) -> None:
    assert "does not follow" in refusal(lambda: fetch(f"{server}/to?{target}", SHORT, [server]))


def test_what_is_allowed_is_no_more_than_what_was_written(server: str) -> None:
    allowed = [f"{server}/good"]
    assert fetch(f"{server}/good/one.ttl", SHORT, allowed).content == ONE
    for path in ("", "lies", "good/../lies", "good/./../lies"):
        assert "public" in refusal(lambda path=path: fetch(f"{server}/{path}", SHORT, allowed))
    # A host alone does not open the hosts and ports whose names begin like it.
    for address in (f"{server}0/", f"{server}.example.org/", f"{server}@127.0.0.1/"):
        refusal(lambda address=address: fetch(address, SHORT, [server[:-1]]))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("fails", "status 500"),
        ("nothing_there", "cannot be reached"),
        ("large", "larger than 0 MB"),
        ("bomb", "larger than 0 MB"),
        ("broken", "damaged"),
        ("endless", "larger than 0 MB"),
        ("loop", "without end"),
        ("silent", "does not answer in time"),
        ("short", "cannot be reached"),
        ("drip", "longer than 2 seconds"),
        ("heads", "longer than 2 seconds"),
        ("slow_loop", "longer than 2 seconds"),
    ],
)
def test_bad_servers_are_told_in_a_sentence(server: str, path: str, sentence: str) -> None:
    with ending():
        said = refusal(lambda: fetch(f"{server}/{path}", SHORT, [server]))
        assert sentence in said
        assert "secret" not in said


def test_a_closed_port_and_an_unknown_name_are_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert "cannot be reached" in refusal(lambda: fetch(f"{address}/", SHORT, [address]))
    assert "cannot be reached" in refusal(lambda: fetch("http://no-such-name.invalid/", SHORT))


@pytest.mark.parametrize("path", ["drip", "heads"])
def test_slow_servers_end_with_the_time_of_the_cell(server: str, path: str) -> None:
    with ending():
        said = refusal(lambda: examine_safely(SHORT, (), f"{server}/{path}", allowed=[server]))
        assert said == "It took longer than 2 seconds, the limit of this site."


def test_a_description_that_lies_about_its_type_is_read(server: str) -> None:
    found = examine_safely(SHORT, (), f"{server}/lies", allowed=[server])
    assert (found.format, found.triples, found.datasets) == ("Turtle", 1, 1)
    assert not found.conforms


def test_faults_come_through_the_wall_of_the_cell(server: str) -> None:
    assert "status 500" in refusal(lambda: examine_safely(SHORT, (), f"{server}/fails", allowed=[server]))
    assert "public Internet" in refusal(lambda: examine_safely(SHORT, (), f"{server}/good"))


def cell_environment(server: str) -> dict[str, str]:
    """What the process of a cell sees of the environment, looked at while it waits for a slow server."""
    waiting = threading.Thread(
        target=lambda: refusal(lambda: examine_safely(SHORT, (), f"{server}/drip", allowed=[server]))
    )
    waiting.start()
    found = None
    while found is None:
        assert waiting.is_alive()
        time.sleep(0.05)
        found = next(filter(None, map(environment_of, children())), None)
    waiting.join()
    return found


def children() -> list[Path]:
    mine = f"PPid:\t{os.getpid()}\n"
    return [path.parent for path in Path("/proc").glob("[0-9]*/status") if mine in read(path)]


def environment_of(process: Path) -> dict[str, str] | None:
    if cell.__name__ not in read(process / "cmdline"):
        return None
    return dict(line.split("=", 1) for line in read(process / "environ").split("\0") if line)


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def test_a_cell_sees_no_secrets(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "CKAN_SQLALCHEMY_URL",
        "DATABASE_URL",
        "SECRET_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "HTTP_PROXY",
        "PYTHONPATH",
        "HOME",
    ):
        monkeypatch.setenv(name, "secret-of-the-house")
    seen = cell_environment(server)
    assert "PATH" in seen
    assert set(seen) <= {"PATH", "LANG", "LC_ALL", "TZ"}


def test_a_cell_imports_nothing_from_the_folder_where_the_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    assert examine_safely(SHORT, (), content=ONE).triples == 1


def test_what_a_library_prints_is_no_part_of_the_answer() -> None:
    assert cell.run("builtins:print", {}, b"", SHORT) is None


def test_a_cell_that_breaks_takes_nothing_down() -> None:
    assert "more than this site can read" in refusal(lambda: cell.run("no.such.module:x", {}, b"", SHORT))


def test_a_cell_has_no_more_memory_than_its_limit() -> None:
    content = b"@prefix d: <http://www.w3.org/ns/dcat#> ." + b"".join(
        b"<%d> a d:Dataset ." % n for n in range(20_000)
    )
    tight = Limits(memory=200_000_000)
    assert "more than this site can read" in refusal(lambda: examine_safely(tight, (), content=content))


def test_a_cell_that_calculates_without_end_is_ended() -> None:
    with ending():
        deep = (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://x/">'
            + b"<rdf:Description><d:p>" * 200_000
        )
        assert "longer than 2 seconds" in refusal(lambda: examine_safely(SHORT, (), content=deep))
