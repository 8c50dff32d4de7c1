"""What the sites do when they are told to harvest: the stages of each as its consumers would run them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

HARVESTERS = {"ours": "culturape_dcat", "stock": "dcat_rdf"}


def make_source(site: str, address: str, allowed: str) -> str:
    """Id of a new source."""
    import ckan.plugins.toolkit as tk

    tk.config["ckanext.culturape.allowed_sources"] = [allowed]
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    name = "-".join(address.removeprefix(allowed).split("/")[:2]).replace(".", "-").lower()
    data = {"name": f"fuente-{name}", "title": name, "url": address, "source_type": HARVESTERS[site]}
    context = {"ignore_auth": True, "user": user}
    return tk.get_action("harvest_source_create")(context, {**data, "owner_org": "prueba"})["id"]


def _new_job(source: str) -> str:
    import ckan.plugins.toolkit as tk

    context: Any = {"ignore_auth": True, "user": ""}
    job = tk.get_action("harvest_job_create")(dict(context), {"source_id": source, "run": False})["id"]
    tk.get_action("harvest_send_job_to_gather_queue")(dict(context), {"id": job})
    return job


def by_queue(site: str, source: str) -> dict[str, float]:
    """One run through the functions that the consumers of ckanext-harvest call; seconds, and how many datasets were added and changed."""
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob, HarvestObject

    job = _new_job(source)
    harvester = queue.get_harvester(HARVESTERS[site])
    began = time.perf_counter()
    ids = queue.gather_stage(harvester, HarvestJob.get(job))
    gathered = time.perf_counter() - began
    for number in ids:
        queue.fetch_and_import_stages(harvester, HarvestObject.get(number))
        model.Session.remove()
    taken = time.perf_counter() - began
    context: Any = {"ignore_auth": True, "user": "", "model": model, "session": model.Session}
    tk.get_action("harvest_jobs_run")(dict(context), {"source_id": source})
    stats = tk.get_action("harvest_job_show")(dict(context), {"id": job})["stats"]
    return {"seconds": taken, "gather": gathered, **stats}


def by_job(site: str, source: str, workers: int) -> dict[str, float]:
    """One run as ``ckan culturape harvest run`` makes it; seconds, and datasets by outcome."""
    from ckanext.culturape.harvest import working

    began = time.perf_counter()
    gathered: list[float] = []

    def heard(pages: int, datasets: int) -> None:
        gathered.append(time.perf_counter() - began)

    run = working.run_job(working.job_for(source), workers, heard)
    return {
        "seconds": time.perf_counter() - began,
        "gather": gathered[-1] if gathered else 0.0,
        **(run.counts or {}),
    }


def profile(site: str, source: str, target: str) -> dict[str, float]:
    """The same with one worker under the profiler of Python."""
    import cProfile

    profiler = cProfile.Profile()
    found = profiler.runcall(by_job, site, source, 1)
    profiler.dump_stats(target)
    return found


def triples_of(site: str, source: str) -> str:
    """What the site exports of the datasets of a source, as N-Triples."""
    from ckan import model
    from sqlalchemy import text

    table = (
        "culturape_harvest_dataset WHERE source_id"
        if site == "ours"
        else "harvest_object WHERE current AND harvest_source_id"
    )
    ids = list(model.Session.execute(text(f"SELECT package_id FROM {table} = :s"), {"s": source}).scalars())
    return EXPORTS[site](ids)


def _ours(ids: list[str]) -> str:
    from ckanext.culturape.dcat.dump import open_dump
    from ckanext.culturape.rdf.formats import FORMATS

    del ids
    return b"".join(open_dump().write(FORMATS["nt"])).decode()


def _stock(ids: list[str]) -> str:
    import ckan.plugins.toolkit as tk
    from ckanext.dcat.processors import RDFSerializer

    told = []
    for number in filter(None, ids):
        record = tk.get_action("package_show")({"ignore_auth": True}, {"id": number})
        told.append(RDFSerializer(profiles=["euro_dcat_ap_3"]).serialize_dataset(record, _format="nt"))
    return "\n".join(told)


EXPORTS: dict[str, Callable[[list[str]], str]] = {"ours": _ours, "stock": _stock}


def review(site: str, source: str) -> None:
    """Have somebody look at the datasets of a source, so that nothing is withheld any more for not being reviewed."""
    import ckan.plugins.toolkit as tk
    from ckan import model
    from sqlalchemy import text

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    query = "SELECT package_id FROM culturape_harvest_dataset WHERE source_id = :s AND state = 'current'"
    for number in model.Session.execute(text(query), {"s": source}).scalars().all():
        context: Any = {"ignore_auth": True, "user": user, "culturape_import": True}
        tk.get_action("package_patch")(context, {"id": number, "sensitivity": ["ninguna"]})


def gather(site: str, source: str) -> dict[str, float]:
    """The pages of a source, read by a consumer of the queue; seconds, datasets, and the most memory that it and what it starts held, in MB."""
    import ckan.plugins.toolkit as tk
    import psutil

    job = _new_job(source)
    settings = Path(tk.config["__file__"])
    own = settings.with_name("gather.ini")
    allowed = " ".join(tk.config["ckanext.culturape.allowed_sources"])
    own.write_text(f"{settings.read_text()}ckanext.culturape.allowed_sources = {allowed}\n")
    command = [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()", "-c", str(own)]
    most = 0.0
    with subprocess.Popen(
        [*command, "harvester", "gather-consumer"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as consumer:
        watched = psutil.Process(consumer.pid)
        while not (found := _gathered(job)):
            most = max(most, _held([watched, *watched.children(recursive=True)]))
            time.sleep(0.1)
        consumer.kill()
    return {**found, "memory": most}


def _held(processes: list[Any]) -> float:
    """Memory of processes, in MB."""
    import psutil

    held = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            held += process.memory_info().rss / 1e6
    return held


def answer(site: str, source: str) -> dict[str, float]:
    """A run of a source; seconds, and the most memory that the processes which read it held, in MB."""
    import psutil

    own, most, is_over = psutil.Process(), [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            most[0] = max(most[0], _held(own.children(recursive=True)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        by_job(site, source, 1)
    finally:
        is_over.set()
        watcher.join()
    return {"seconds": time.perf_counter() - began, "memory": most[0]}


def _gathered(job: str) -> dict[str, float] | None:
    from ckan import model
    from sqlalchemy import text

    query = """
        SELECT extract(epoch FROM gathered - started), (SELECT count(*) FROM harvest_object WHERE harvest_job_id = :job)
        FROM culturape_harvest_run WHERE id = :job AND gathered IS NOT NULL"""
    found = model.Session.execute(text(query), {"job": job}).one_or_none()
    model.Session.remove()
    return {"seconds": float(found[0]), "datasets": int(found[1])} if found else None


def clear(site: str, source: str) -> None:
    """Take a source and its datasets out of the catalogue."""
    import ckan.plugins.toolkit as tk
    from ckan import model

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context: Any = {"ignore_auth": True, "user": user, "model": model, "session": model.Session}
    tk.get_action("harvest_source_clear")(context, {"id": source})
