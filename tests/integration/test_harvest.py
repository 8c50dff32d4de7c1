"""A catalogue by others flows in: added, changed, left alone, refused, deleted; and nothing is lost when anything goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from ckan import model
from sources import Answer, Catalogue, serve
from sqlalchemy import text

from ckanext.culturape.harvest.merging import resource_id
from ckanext.culturape.harvest.residue import keyed_resources


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """Twelve datasets on three pages, which the operator allows to be fetched from inside the house."""
    with serve(Catalogue({n: f"Museo {n}" for n in range(1, 13)})) as served:
        monkeypatch.setitem(tk.config, "ckanext.culturape.allowed_sources", [f"{served.base}/"])
        yield served


def harvest(source_id: str, workers: int = 1) -> Any:
    """One run of a source."""
    from ckanext.culturape.harvest import working

    return working.run_job(working.job_for(source_id), workers)


def datasets() -> dict[str, dict[str, Any]]:
    """All datasets of the index, by their URI."""
    found = tk.get_action("package_search")({"ignore_auth": True}, {"rows": 1000, "include_private": True})[
        "results"
    ]
    return {record.get("uri", record["name"]): record for record in found}


def sql(query: str, **values: Any) -> list[Any]:
    """Rows of the database."""
    return [tuple(row) for row in model.Session.execute(text(query), values)]


def test_all_datasets_come_in_and_nothing_happens_when_nothing_has_changed(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    first = harvest(source)
    assert (first.state, first.counts) == ("finished", {"added": 12})
    assert len(datasets()) == 12
    before = sql("SELECT id, metadata_modified, xmin::text FROM package WHERE type = 'dataset' ORDER BY id")
    activities = sql("SELECT count(*) FROM activity")
    catalogue.sent.clear()
    second = harvest(source)
    assert (second.state, second.counts) == ("finished", {"unchanged": 12})
    assert catalogue.sent == ["/robots.txt"]
    assert (
        sql("SELECT id, metadata_modified, xmin::text FROM package WHERE type = 'dataset' ORDER BY id")
        == before
    )
    assert sql("SELECT count(*) FROM activity") == activities
    assert sql("SELECT count(*) FROM harvest_object") == [(12,)]


def record(catalogue: Catalogue, number: int) -> dict[str, Any]:
    """A dataset as it stands in the database."""
    query = """
        SELECT package_id FROM culturape_harvest_dataset d JOIN package p ON p.id = d.package_id WHERE uri = :uri"""
    [(package_id,)] = sql(query, uri=catalogue.uri(number))
    return tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": package_id})


def test_only_what_has_changed_is_written(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    before = {row[0]: row[1] for row in sql("SELECT id, xmin::text FROM package WHERE type = 'dataset'")}
    first = record(catalogue, 7)
    ids = [resource["id"] for resource in first["resources"]]
    assert ids == [resource_id(first["id"], key) for key in keyed_resources(first)]
    catalogue.datasets[7] = "Museo siete"
    run = harvest(source)
    assert run.counts == {"changed": 1, "unchanged": 11}
    changed = record(catalogue, 7)
    assert changed["title_translated"] == {"es": "Museo siete"}
    assert [resource["id"] for resource in changed["resources"]] == ids
    after = {row[0]: row[1] for row in sql("SELECT id, xmin::text FROM package WHERE type = 'dataset'")}
    assert {key for key in before if before[key] != after[key]} == {changed["id"]}


def test_the_order_and_form_of_statements_do_not_count(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    catalogue.size = 4
    assert harvest(source).counts == {"unchanged": 12}


def test_what_was_edited_here_stays_and_the_rest_follows(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    sysadmin = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
    mine = record(catalogue, 3)
    assert (mine["sensitivity"], mine["access_level"]) == (["no-revisado"], "no-revisado")
    change = {
        "sensitivity": ["ninguna"],
        "access_level": "abierto",
        "notes_translated": {"es": "Revisado aquí."},
    }
    helpers.call_action("package_patch", dict(sysadmin), id=mine["id"], **change)
    catalogue.datasets[3] = "Museo tres"
    catalogue.more[3] = 'dct:description "Otra descripción."@es ;'
    run = harvest(source)
    assert run.counts["changed"] == 1
    after = record(catalogue, 3)
    assert after["title_translated"] == {"es": "Museo tres"}
    assert after["notes_translated"] == {"es": "Revisado aquí."}
    assert (after["sensitivity"], after["access_level"]) == (["ninguna"], "abierto")


def test_what_the_source_drops_is_deleted_and_comes_back_as_itself(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    before = record(catalogue, 2)
    title = catalogue.datasets.pop(2)
    run = harvest(source)
    assert run.counts == {"deleted": 1, "unchanged": 11}
    assert catalogue.uri(2) not in datasets()
    catalogue.datasets[2] = title
    run = harvest(source)
    assert run.counts == {"added": 1, "unchanged": 11}
    after = record(catalogue, 2)
    assert (after["id"], after["name"]) == (before["id"], before["name"])
    assert [r["id"] for r in after["resources"]] == [r["id"] for r in before["resources"]]
    assert catalogue.uri(2) in datasets()


def test_more_than_a_share_is_deleted_only_when_somebody_agrees(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    from ckanext.culturape.harvest import guarding

    source = make_source(catalogue.address)
    harvest(source)
    gone = {n: catalogue.datasets.pop(n) for n in (1, 5, 9)}
    run = harvest(source)
    assert (run.state, run.counts) == ("guarded", {"unchanged": 9})
    assert run.guard["missing"], run.guard["known"] == (3, 12)
    assert len(datasets()) == 12
    with model.ensure_engine().begin() as connection:
        guarding.confirm(connection, source, "alguien")
    # One of them comes back before the next run: it stays.
    catalogue.datasets[5] = gone[5]
    run = harvest(source)
    assert (run.state, run.counts) == ("finished", {"deleted": 2, "unchanged": 10})
    assert catalogue.uri(5) in datasets()
    assert len(datasets()) == 10


def test_what_was_agreed_is_deleted_although_no_page_has_changed_since(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    from ckanext.culturape.harvest import guarding

    source = make_source(catalogue.address)
    harvest(source)
    for n in (1, 5, 9):
        del catalogue.datasets[n]
    assert harvest(source).state == "guarded"
    with model.ensure_engine().begin() as connection:
        guarding.confirm(connection, source, "alguien")
    run = harvest(source)
    assert (run.state, run.counts) == ("finished", {"deleted": 3, "unchanged": 9})
    assert harvest(source).counts == {"unchanged": 9}


def test_agreeing_to_some_deletions_is_not_agreeing_to_others(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    from ckanext.culturape.harvest import guarding

    source = make_source(catalogue.address)
    harvest(source)
    for n in (1, 5, 9):
        del catalogue.datasets[n]
    harvest(source)
    with model.ensure_engine().begin() as connection:
        guarding.confirm(connection, source, "alguien")
    for n in (2, 3, 4):
        del catalogue.datasets[n]
    run = harvest(source)
    assert (run.state, len(datasets())) == ("guarded", 12)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "text/turtle", 200),
        (b"<html><title>Mantenimiento</title><form>Iniciar sesi\xc3\xb3n</form></html>", "text/html", 200),
        (
            b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <https://x.example.org/c> a dcat:Catalog .",
            "text/turtle",
            200,
        ),
        (
            b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <https://x.example.org/c> a dcat:Cat",
            "text/turtle",
            200,
        ),
        (b'{"success": true, "result": []}', "application/json", 200),
        (b"{}", "application/ld+json", 200),
        (b"no", "text/plain", 500),
    ],
)
def test_nothing_is_deleted_when_the_source_shows_nothing(
    catalogue: Catalogue, make_source: Callable[..., str], body: bytes, kind: str, status: int
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    catalogue.answers["/catalogo.ttl"] = Answer(body, kind, status)
    run = harvest(source)
    assert run.state in ("guarded", "failed")
    assert run.guard or run.error
    assert len(datasets()) == 12
    del catalogue.answers["/catalogo.ttl"]
    assert harvest(source).counts == {"unchanged": 12}


def test_after_a_failure_between_pages_the_next_run_goes_on_there(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    catalogue.answers["/catalogo.ttl?p=2"] = Answer(b"ocupado", "text/plain", 500)
    run = harvest(source)
    assert (run.state, run.counts, len(datasets())) == ("failed", {"added": 5}, 5)
    del catalogue.answers["/catalogo.ttl?p=2"]
    catalogue.asked.clear()
    run = harvest(source)
    assert (run.state, run.counts) == ("finished", {"added": 7, "unchanged": 5})
    assert [path for path in catalogue.asked if "robots" not in path] == [
        "/catalogo.ttl?p=2",
        "/catalogo.ttl?p=3",
    ]


def test_an_invalid_dataset_is_refused_or_stays_as_it_was(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    catalogue.datasets[4] = ""
    source = make_source(catalogue.address)
    run = harvest(source)
    assert run.counts == {"added": 11, "refused": 1}
    title = catalogue.datasets[6]
    catalogue.datasets[6] = ""
    run = harvest(source)
    assert run.counts == {"stale": 1, "unchanged": 11}
    assert record(catalogue, 6)["title_translated"] == {"es": title}
    states = sql(
        "SELECT state, reason IS NULL FROM culturape_harvest_dataset WHERE uri = :u", u=catalogue.uri(6)
    )
    assert states == [("stale", False)]
    assert sql("SELECT kind, field FROM culturape_harvest_fault WHERE uri = :u", u=catalogue.uri(6)) == [
        ("refused", "title_translated")
    ]
    catalogue.datasets[6] = title
    assert harvest(source).counts["unchanged"] == 12


def test_two_sources_with_the_same_dataset(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    first = make_source(catalogue.address)
    harvest(first)
    other = Catalogue({n: "Engaño" for n in range(1, 6)}, base=catalogue.base)
    catalogue.answers["/otra.ttl"] = Answer(other.page(1).encode())
    second = make_source(f"{catalogue.base}/otra.ttl", "segunda")
    run = harvest(second)
    assert run.counts == {"conflict": 5}
    assert record(catalogue, 1)["title"] == "Museo 1"
    kinds = sql(
        "SELECT count(*) FROM culturape_harvest_fault WHERE source_id = :s AND kind = 'conflict'", s=second
    )
    assert kinds == [(5,)]
    # When the first no longer has it, the second brings it.
    del catalogue.datasets[2]
    harvest(first)
    run = harvest(second)
    assert run.counts == {"added": 1, "conflict": 4}


def test_what_was_deleted_here_stays_deleted(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    mine = record(catalogue, 8)
    helpers.call_action(
        "package_delete", {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, id=mine["id"]
    )
    catalogue.datasets[8] = "Museo ocho"
    run = harvest(source)
    assert run.counts == {"withdrawn": 1, "unchanged": 11}
    assert catalogue.uri(8) not in datasets()
    restore = {"ignore_auth": True, "user": factories.Sysadmin()["name"], "culturape_import": True}
    helpers.call_action("package_patch", restore, id=mine["id"], state="active")
    run = harvest(source)
    assert (run.state, record(catalogue, 8)["title"]) == ("finished", "Museo ocho")


def test_clearing_the_source_does_not_change_what_things_are_called(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    before = {uri: (r["id"], r["name"], [x["id"] for x in r["resources"]]) for uri, r in datasets().items()}
    user = {
        "user": factories.Sysadmin()["name"],
        "ignore_auth": True,
        "model": model,
        "session": model.Session,
    }
    tk.get_action("harvest_source_clear")(user, {"id": source})
    assert datasets() == {}
    run = harvest(source)
    assert run.counts == {"added": 12}
    assert {
        uri: (r["id"], r["name"], [x["id"] for x in r["resources"]]) for uri, r in datasets().items()
    } == before


def job_of(source: str) -> tuple[str, dict[str, Any], Any]:
    """A job of a source that is under way for ckanext-harvest, who asked, and who does it."""
    from ckanext.harvest import queue

    user = {
        "user": factories.Sysadmin()["name"],
        "ignore_auth": True,
        "model": model,
        "session": model.Session,
    }
    job_id = tk.get_action("harvest_job_create")(dict(user), {"source_id": source, "run": False})["id"]
    tk.get_action("harvest_send_job_to_gather_queue")(dict(user), {"id": job_id})
    return job_id, user, queue.get_harvester("culturape_dcat")


def through_the_queues(source: str) -> tuple[str, dict[str, Any], list[str]]:
    """Have a source gathered, and all objects imported as the consumers of ckanext-harvest do it; the job, who asked, and the objects."""
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob, HarvestObject

    job_id, user, harvester = job_of(source)
    ids = queue.gather_stage(harvester, HarvestJob.get(job_id))
    for object_id in ids:
        queue.fetch_and_import_stages(harvester, HarvestObject.get(object_id))
    return job_id, user, ids


def test_the_queues_of_ckanext_harvest_do_the_same(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    catalogue.datasets[4] = ""
    source = make_source(catalogue.address)
    job_id, user, ids = through_the_queues(source)
    assert len(ids) == 12
    tk.get_action("harvest_jobs_run")(dict(user), {"source_id": source})
    job = tk.get_action("harvest_job_show")(dict(user), {"id": job_id})
    assert job["status"] == "Finished"
    assert (job["stats"]["added"], job["stats"]["errored"]) == (11, 1)
    assert len(datasets()) == 11
    assert sql("SELECT state FROM culturape_harvest_run WHERE id = :j", j=job_id) == [("finished",)]


def heard(object_id: str) -> None:
    """A consumer of ckanext-harvest hears of an object."""
    from ckanext.harvest import queue

    body = json.dumps({"harvest_object_id": object_id})
    consumer = queue.RedisConsumer(queue.get_connection(), queue.get_fetch_routing_key())
    queue.fetch_callback(consumer, queue.FakeMethod(body), None, body)


@pytest.mark.parametrize("told", ["NULL", "report_status"])
def test_what_was_dealt_with_before_the_queue_gave_it_up_is_done(
    catalogue: Catalogue, make_source: Callable[..., str], told: str
) -> None:
    catalogue.datasets[4] = ""
    source = make_source(catalogue.address)
    job_id, user, ids = through_the_queues(source)
    # A consumer that is killed each time after the commit, the fifth time too; before or after it wrote how it ended.
    with model.ensure_engine().begin() as connection:
        connection.execute(
            text(f"UPDATE harvest_object SET state = 'WAITING', report_status = {told}, retry_times = 4")
        )
    for object_id in ids:
        heard(object_id)
    assert sql("SELECT DISTINCT state FROM harvest_object") == [("ERROR",)]
    tk.get_action("harvest_jobs_run")(dict(user), {"source_id": source})
    job = tk.get_action("harvest_job_show")(dict(user), {"id": job_id})
    assert (job["status"], job["stats"]["added"], job["stats"]["errored"]) == ("Finished", 11, 1)
    states = sql("SELECT state, report_status, count(*) FROM harvest_object GROUP BY 1, 2 ORDER BY 1")
    assert states == [("COMPLETE", "added", 11), ("ERROR", "errored", 1)]


def test_what_is_heard_of_again_and_again_stays_as_it_is(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    _, _, ids = through_the_queues(source)
    for _ in range(6):
        heard(ids[0])
    assert sql("SELECT DISTINCT state, report_status FROM harvest_object") == [("COMPLETE", "added")]


def test_the_queue_hears_once_of_what_is_gathered_and_of_nothing_that_has_ended(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob, HarvestObject

    queue.purge_queues()
    job_id, user, harvester = job_of(make_source(catalogue.address))
    ids = queue.gather_stage(harvester, HarvestJob.get(job_id))
    # As somebody has it done every few minutes, also while a source is gathered.
    tk.get_action("harvest_jobs_run")(dict(user), {})
    assert queue.gather_stage(harvester, HarvestJob.get(job_id)) == []
    redis, key = queue.get_connection_redis(), queue.get_fetch_routing_key()
    assert sorted(json.loads(m)["harvest_object_id"] for m in redis.lrange(key, 0, -1)) == sorted(ids)
    redis.set(f"{key}:{ids[0]}", "2026-11-25 10:00:00.000000")
    other = json.dumps({"harvest_object_id": "of-somebody-else"})
    redis.rpush(key, other)
    for object_id in ids:
        queue.fetch_and_import_stages(harvester, HarvestObject.get(object_id))
    assert redis.lrange(key, 0, -1) == [other]
    assert redis.keys(f"{key}:*") == []
    queue.purge_queues()


def test_what_was_gathered_stays_when_the_queue_does_not_answer(
    catalogue: Catalogue, make_source: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob

    job_id, _, harvester = job_of(make_source(catalogue.address))
    monkeypatch.setitem(tk.config, "ckan.redis.url", "redis://127.0.0.1:1/0")
    assert len(queue.gather_stage(harvester, HarvestJob.get(job_id))) == 12
    assert sql("SELECT count(*) FROM harvest_object") == [(12,)]


def test_datasets_go_to_the_organisation_of_their_publisher(
    catalogue: Catalogue, make_source: Callable[..., str], editor: dict[str, Any]
) -> None:
    other = factories.Organization(
        type="organization", title_translated={"es": "Otra"}, institution_type="museo"
    )
    catalogue.more[3] = 'dct:publisher [ a foaf:Agent ; foaf:name "Museo de prueba" ] ;'
    config = {"organizations": {"Museo de prueba": other["name"]}, "private": True}
    source = make_source(catalogue.address, config=json.dumps(config))
    harvest(source)
    assert record(catalogue, 1)["private"]
    owners = {record(catalogue, n)["organization"]["name"] for n in (1, 2)}
    assert owners == {"biblioteca"}


def test_a_source_that_belongs_to_nobody_gives_nothing(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    model.Session.execute(text("UPDATE package SET owner_org = NULL WHERE id = :id"), {"id": source})
    model.Session.commit()
    run = harvest(source)
    assert (run.state, run.counts) == ("failed", {})
    assert catalogue.asked == []


def test_what_this_portal_publishes_does_not_come_back(
    catalogue: Catalogue, make_source: Callable[..., str], make_dataset: Callable[..., dict[str, Any]]
) -> None:
    mine = make_dataset()
    address = f"http://test.ckan.net/dataset/{mine['id']}"
    lines = (
        f'<{address}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Copia"@es .'
    )
    catalogue.answers["/copia.ttl"] = Answer(lines.encode())
    run = harvest(make_source(f"{catalogue.base}/copia.ttl"))
    assert run.counts == {"conflict": 1}
    assert len(datasets()) == 1


def test_the_same_address_written_by_hand_is_a_conflict(
    catalogue: Catalogue, make_source: Callable[..., str], make_dataset: Callable[..., dict[str, Any]]
) -> None:
    make_dataset(uri=catalogue.uri(5), name="a-mano")
    run = harvest(make_source(catalogue.address))
    assert run.counts == {"added": 11, "conflict": 1}
    assert datasets()[catalogue.uri(5)]["name"] == "a-mano"


def test_a_shortened_catalogue_deletes_nothing(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    # The last page is missing, although the source says that it has twelve.
    first = catalogue.page(1)
    catalogue.answers["/catalogo.ttl?p=2"] = Answer(
        catalogue.page(2).split("hydra:next")[0].encode() + b"hydra:totalItems 12 ."
    )
    catalogue.answers["/catalogo.ttl"] = Answer(first.encode())
    run = harvest(source)
    assert run.state in ("guarded", "failed")
    assert len(datasets()) == 12


def test_another_format_deletes_nothing_without_being_asked(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    entries = [
        {
            "@type": "dcat:Dataset",
            "identifier": catalogue.uri(n),
            "title": f"Museo {n}",
            "accessLevel": "public",
        }
        for n in range(1, 12)
    ]
    body = json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": entries})
    catalogue.answers["/catalogo.ttl"] = Answer(body.encode(), "application/json")
    run = harvest(source)
    assert (run.state, run.guard["missing"]) == ("guarded", 1)
    assert len(datasets()) == 12


def test_a_cycle_of_pages_ends(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    page = catalogue.page(1).replace(f"{catalogue.address}?p=2", catalogue.address)
    catalogue.answers["/catalogo.ttl"] = Answer(page.encode())
    run = harvest(make_source(catalogue.address))
    assert run.counts == {"added": 5}


def test_one_process_does_all_that_is_asked_for(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    from ckanext.culturape.harvest import consuming

    source = make_source(catalogue.address, frequency="DAILY")
    user = {
        "user": factories.Sysadmin()["name"],
        "ignore_auth": True,
        "model": model,
        "session": model.Session,
    }
    tk.get_action("harvest_job_create")(dict(user), {"source_id": source})
    assert consuming.work(once=True) == 1
    assert len(datasets()) == 12
    assert sql("SELECT status FROM harvest_job") == [("Finished",)]


def test_a_dataset_that_breaks_our_code_does_not_stop_the_others(
    catalogue: Catalogue, make_source: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.culturape.harvest import saving

    original = saving.create

    def broken(given: dict[str, Any], package_id: str, user: str) -> None:
        if given["title_translated"] == {"es": "Museo 3"}:
            raise AttributeError("a plugin of somebody else")
        original(given, package_id, user)

    monkeypatch.setattr(saving, "create", broken)
    source = make_source(catalogue.address)
    assert harvest(source).counts == {"added": 11, "refused": 1}
    monkeypatch.setattr(saving, "create", original)
    assert harvest(source).counts == {"added": 1, "unchanged": 11}


def test_a_source_that_breaks_our_code_does_not_stop_the_others(
    catalogue: Catalogue, make_source: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.culturape.harvest import consuming, visiting

    original = visiting.look

    def broken(errand: Any, *arguments: Any) -> Any:
        if errand.source_id == first:
            raise AttributeError("a page that nobody thought of")
        return original(errand, *arguments)

    monkeypatch.setattr(visiting, "look", broken)
    first = make_source(f"{catalogue.base}/mala.ttl", "mala")
    second = make_source(catalogue.address)
    user = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    for source in (first, second):
        tk.get_action("harvest_job_create")(dict(user), {"source_id": source})
    assert consuming.work(once=True) == 2
    assert sql("SELECT source_id, state FROM culturape_harvest_run ORDER BY started") == [
        (first, "failed"), (second, "finished"),
    ]  # fmt: skip
    assert len(datasets()) == 12


def test_a_job_that_cannot_be_done_does_not_stop_the_others(
    catalogue: Catalogue, make_source: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.culturape.harvest import consuming, working

    class EndError(BaseException):
        """Ends the endless work."""

    done: list[str] = []

    def broken(job: str, workers: int) -> None:
        done.append(job)
        if len(done) > 1:
            raise EndError
        raise AttributeError("what nobody thought of")

    monkeypatch.setattr(working, "run_job", broken)
    monkeypatch.setattr(consuming, "REST", 0.0)
    user = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    sources = [make_source(f"{catalogue.base}/{name}.ttl", name) for name in ("primera", "segunda")]
    jobs = [tk.get_action("harvest_job_create")(dict(user), {"source_id": s})["id"] for s in sources]
    with pytest.raises(EndError):
        consuming.work()
    assert done == jobs


def test_what_was_edited_here_stays_however_often_the_source_changes(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    source = make_source(catalogue.address)
    harvest(source)
    sysadmin = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
    mine = record(catalogue, 3)
    review = {"sensitivity": ["ninguna"], "access_level": "abierto"}
    own = {"name_translated": {"es": "Propio"}, "url": "https://otro.example.org/propio.csv", "format": "CSV"}
    change = {"notes_translated": {"es": "Revisado aquí."}, "resources": [*mine["resources"], own]}
    helpers.call_action("package_patch", dict(sysadmin), id=mine["id"], **review, **change)
    for title in ("Museo tres", "Museo III"):
        catalogue.datasets[3] = title
        assert harvest(source).counts["changed"] == 1
        after = record(catalogue, 3)
        assert after["title_translated"] == {"es": title}
        assert after["notes_translated"] == {"es": "Revisado aquí."}
        assert {key: after[key] for key in review} == review
        assert [r["name_translated"]["es"] for r in after["resources"]] == ["Datos 3", "Propio"]
