"""Who follows the feed of changes ends up with the catalogue as it is: nothing skipped, nothing repeated, nothing hidden told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import rdflib
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS
from sqlalchemy import text

from ckanext.culturape.dcat import building, changes, feed, versions

AS = rdflib.Namespace("https://www.w3.org/ns/activitystreams#")
LDES = rdflib.Namespace("https://w3id.org/ldes#")
TREE = rdflib.Namespace("https://w3id.org/tree#")
FEED = rdflib.URIRef("http://test.ckan.net/catalogo/cambios#feed")
QUADS = {"trig": "trig", "jsonld": "json-ld", "nq": "nquads"}
TRIPLES = {"ttl": "turtle", "nt": "nt", "xml": "xml"}
Make = Callable[..., dict[str, Any]]


class Page:
    """A page of the feed, as a program reads it."""

    def __init__(self, app: Any, address: str = "", suffix: str = "nq") -> None:
        address = address if "/" in address else f"/catalogo/cambios.{suffix}{address}"
        self.answer = app.get(address.removeprefix("http://test.ckan.net"))
        self.quads = rdflib.Dataset(default_union=True)
        self.quads.parse(data=self.answer.body, format=QUADS[suffix])
        self.next = next(map(str, self.quads.objects(None, TREE.node)), None)

    def events(self) -> list[tuple[str, str, str]]:
        """Moment, kind and dataset of each change, in their order."""
        found = []
        for member in self.quads.objects(FEED, TREE.member):
            kind = str(self.quads.value(member, RDF.type)).rsplit("#", 1)[1]
            dataset = str(self.quads.value(member, AS.object)).rsplit("/", 1)[1]
            found.append((str(self.quads.value(member, AS.published)), kind, dataset))
        return sorted(found)

    def payloads(self) -> dict[str, tuple[str, rdflib.Graph]]:
        """Statements of each activity, by the address of its dataset, with its kind."""
        found = {}
        for member in sorted(self.quads.objects(FEED, TREE.member)):
            kind = str(self.quads.value(member, RDF.type)).rsplit("#", 1)[1]
            found[str(self.quads.value(member, AS.object)).rsplit("/", 1)[1]] = (
                kind,
                self.quads.graph(member),
            )
        return found

    def lines(self, graph: rdflib.Graph) -> frozenset[str]:
        """Statements of a named graph as N-Triples, with the names of blank nodes as they were written."""
        end = f" <{graph.identifier}> ."
        return frozenset(
            line.removesuffix(end) + " ."
            for line in self.answer.body.splitlines()
            if line.endswith(end) and not line.startswith(f"<{FEED}>")
        )


def kinds(app: Any, address: str = "") -> dict[str, str]:
    return {dataset: kind for _, kind, dataset in Page(app, address).events()}


def act(action: str, **data: Any) -> Any:
    return helpers.call_action(action, {"user": factories.Sysadmin()["name"]}, **data)


def sql(statement: str, **values: Any) -> None:
    with model.ensure_engine().begin() as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def news(app: Any) -> Callable[[], dict[str, str]]:
    """What changed since the last call."""
    place = [""]

    def ask() -> dict[str, str]:
        page = Page(app, place[0])
        place[0] = page.next or place[0]
        return {dataset: kind for _, kind, dataset in page.events()}

    return ask


def test_the_life_of_a_dataset(news: Any, make_dataset: Make) -> None:
    assert news() == {}
    dataset = make_dataset(name="vive")["id"]
    assert news() == {dataset: "Create"}
    assert news() == {}
    act("package_patch", id=dataset, title_translated={"es": "Otro título"})
    assert news() == {dataset: "Update"}
    act("package_patch", id=dataset, name="otro-nombre")
    # The date of the last change is a statement too; what moves none of them is no news.
    news()
    sql("UPDATE package SET name = 'otro-mas' WHERE id = :id", id=dataset)
    assert news() == {}
    act("package_patch", id=dataset, private=True)
    assert news() == {dataset: "Delete"}
    assert news() == {}
    act("package_patch", id=dataset, private=False)
    assert news() == {dataset: "Create"}
    act("package_delete", id=dataset)
    assert news() == {dataset: "Delete"}
    act("package_patch", id=dataset, state="active")
    assert news() == {dataset: "Create"}
    act("dataset_purge", id=dataset)
    assert news() == {dataset: "Delete"}
    assert news() == {}


def test_what_the_organisation_or_the_site_change_is_told(
    news: Any, make_dataset: Make, organization: dict[str, Any], ckan_config: Any, monkeypatch: Any
) -> None:
    dataset = make_dataset()["id"]
    assert news() == {dataset: "Create"}
    act("organization_patch", id=organization["id"], title_translated={"es": "Con otro nombre"})
    assert news() == {dataset: "Update"}
    monkeypatch.setitem(ckan_config, "ckanext.culturape.default_language", "en")
    building.refresh()
    monkeypatch.setitem(ckan_config, "ckanext.culturape.vocabulary_base", "https://v.example.org/")
    assert news() == {dataset: "Update"}


def test_a_rule_of_care_is_told(app: Any, news: Any, make_dataset: Make) -> None:
    dataset = make_dataset(territory=["080901"])["id"]
    news()
    assert "ubigeo-inei/080901" in Page(app).answer.body
    package = model.Package.get(dataset)
    package.extras["sensitivity"] = '["lugar-sagrado"]'
    model.Session.commit()
    page = Page(app)
    assert page.events()[0][1:] == ("Update", dataset)
    assert "ubigeo-inei/080901" not in page.answer.body
    assert "ubigeo-inei/080901" not in app.get("/catalog.nt").body


def test_a_dataset_that_takes_another_address_leaves_the_old_one(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()["id"]
    assert kinds(app) == {dataset: "Create"}
    act("package_patch", id=dataset, uri="https://x.pe/id/propio")
    page = Page(app)
    assert [event[1:] for event in page.events()] == [("Delete", dataset), ("Create", "propio")]
    act("package_delete", id=dataset)
    assert kinds(app) == {dataset: "Delete", "propio": "Delete"}


def test_what_was_never_public_is_never_told(app: Any, make_dataset: Make) -> None:
    secret = make_dataset(name="reservado", private=True)
    draft = act("package_create", name="borrador", state="draft", owner_org=secret["owner_org"], type="dataset",
                title_translated={"es": "Borrador"})  # fmt: skip
    shown = make_dataset(name="a-la-vista")
    assert kinds(app) == {shown["id"]: "Create"}
    act("package_delete", id=secret["id"])
    act("dataset_purge", id=draft["id"])
    assert kinds(app) == {shown["id"]: "Create"}


@pytest.mark.parametrize("suffix", [*QUADS, *TRIPLES])
def test_of_what_is_gone_nothing_is_said_but_its_address(app: Any, make_dataset: Make, suffix: str) -> None:
    dataset = make_dataset(title_translated={"es": "Título secreto"}, url="https://secreto.pe/x")
    assert "secreto" in app.get(f"/catalogo/cambios.{suffix}").body
    act("package_patch", id=dataset["id"], private=True)
    body = app.get(f"/catalogo/cambios.{suffix}").body
    assert "secreto" not in body and dataset["name"] not in body
    graph = rdflib.Dataset(default_union=True) if suffix in QUADS else rdflib.Graph()
    graph.parse(data=body, format={**QUADS, **TRIPLES}[suffix])
    address = next(graph.objects(None, AS.object))
    assert list(graph.predicate_objects(address)) == []
    assert {predicate for predicate in graph.predicates(None, address)} == {AS.object}


def crawl(app: Any, start: str, between: Callable[[], None]) -> Iterator[Page]:
    address: str | None = start
    while address:
        page = Page(app, address)
        yield page
        between()
        address = page.next


def replay(pages: Iterator[Page], known: dict[str, frozenset[str]]) -> list[str]:
    """Keep what a harvester keeps; the moments in the order in which they came."""
    moments = []
    for page in pages:
        moments += [event[0] for event in page.events()]
        for dataset, (kind, graph) in page.payloads().items():
            known.pop(dataset, None)
            if kind != "Delete":
                known[dataset] = page.lines(graph)
    return moments


def test_a_crawl_while_datasets_change_collects_the_truth(app: Any, make_dataset: Make) -> None:
    there = [make_dataset(name=f"numero-{n}")["id"] for n in range(7)]
    steps: list[Callable[[], Any]] = [
        lambda: act("package_delete", id=there[0]),
        lambda: act("package_patch", id=there[6], title_translated={"es": "Cambiado"}),
        lambda: act("package_patch", id=there[5], private=True),
        lambda: make_dataset(name="llega"),
        lambda: act("package_patch", id=there[0], state="active"),
        lambda: act("dataset_purge", id=there[1]),
    ]
    known: dict[str, frozenset[str]] = {}
    moments = replay(crawl(app, "?per_page=2", lambda: steps.pop(0)() if steps else None), known)
    assert not steps
    assert moments == sorted(set(moments))
    anew: dict[str, frozenset[str]] = {}
    replay(crawl(app, "?since=2000-01-01", lambda: None), anew)
    assert known == anew
    dump = set(app.get("/catalogo/dump.nt").body.splitlines())
    said = set().union(*known.values())
    assert said <= dump and any("Cambiado" in line for line in said)
    # All that the feed does not say of datasets is what the catalogue says of itself and of its concepts.
    assert not [line for line in dump - said if "/dataset/" in line or line.startswith("_:")]
    assert {line.split()[2] for line in dump if f"<{DCAT.dataset}>" in line} == {
        f"<http://test.ckan.net/dataset/{dataset}>" for dataset in known
    }


def test_a_kept_address_goes_on_where_it_ended(app: Any, make_dataset: Make) -> None:
    for n in range(3):
        make_dataset(name=f"numero-{n}")
    pages = list(crawl(app, "?per_page=2", lambda: None))
    assert [len(page.events()) for page in pages] == [2, 1, 0]
    assert 'rel="next"' in ",".join(pages[0].answer.headers.getlist("Link"))
    assert 'rel="next"' not in ",".join(pages[1].answer.headers.getlist("Link"))
    place = pages[1].next
    assert place and "per_page=2" in place
    late = make_dataset(name="llega")["id"]
    assert kinds(app, place) == {late: "Create"}
    assert kinds(app, place) == {late: "Create"}


def test_since_is_a_moment(app: Any, make_dataset: Make) -> None:
    make_dataset()
    (first,) = Page(app).events()
    later = make_dataset()["id"]
    assert len(kinds(app, f"?since={quote(first[0])}")) == 2
    assert kinds(app, f"?after={quote(first[0])}") == {later: "Create"}
    in_lima = (datetime.fromisoformat(first[0].replace("Z", "+00:00"))).astimezone(
        timezone(timedelta(hours=-5))
    )
    assert len(kinds(app, f"?since={quote(in_lima.isoformat())}")) == 2
    assert kinds(app, "?since=2999-01-01") == {}
    assert "startingFrom" in app.get("/catalogo/cambios.ttl?since=2999-01-01").body


@pytest.mark.parametrize(
    "address",
    [
        ".nt?since=foo", ".nt?since=99999-01-01", ".nt?since=2026-13-45", ".nt?after=garbage", ".nt?after=2020-01-01~x",
        ".nt?per_page=0", ".nt?per_page=uno", ".nt?per_page=1000000", ".foo", ".n3", ".nt?since=%00",
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told_in_one_sentence(app: Any, make_dataset: Make, address: str) -> None:
    make_dataset()
    answer = app.get(f"/catalogo/cambios{address}", expect_errors=True)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.body.count("\n") == 1


@pytest.mark.parametrize("suffix", QUADS)
def test_formats_with_graphs_say_the_same(app: Any, make_dataset: Make, suffix: str) -> None:
    dataset = make_dataset()["id"]
    page, other = Page(app, suffix=suffix), Page(app)
    kind, graph = page.payloads()[dataset]
    assert kind == "Create" and isomorphic(graph, other.payloads()[dataset][1])
    address = rdflib.URIRef(f"http://test.ckan.net/dataset/{dataset}")
    assert (rdflib.URIRef("http://test.ckan.net"), DCAT.dataset, address) in graph
    assert (address, DCTERMS.title, None) in graph


@pytest.mark.parametrize("suffix", TRIPLES)
def test_formats_without_graphs_hold_the_same_statements(app: Any, make_dataset: Make, suffix: str) -> None:
    make_dataset()
    graph = rdflib.Graph().parse(data=app.get(f"/catalogo/cambios.{suffix}").body, format=TRIPLES[suffix])
    union = rdflib.Graph()
    for triple in Page(app).quads.triples((None, None, None)):
        union.add(triple)
    # Pages have addresses of their own.
    for one in (graph, union):
        for triple in list(one):
            if any(".nq" in str(term) or f".{suffix}" in str(term) for term in triple):
                one.remove(triple)
    assert isomorphic(graph, union)


def test_the_page_is_an_event_stream(app: Any, make_dataset: Make) -> None:
    make_dataset(), make_dataset()
    graph = Page(app, "?per_page=1").quads
    root = rdflib.URIRef("http://test.ckan.net/catalogo/cambios.nq?per_page=1")
    assert (FEED, RDF.type, LDES.EventStream) in graph
    assert (FEED, LDES.timestampPath, AS.published) in graph and (
        FEED,
        LDES.versionOfPath,
        AS.object,
    ) in graph
    assert list(graph.objects(FEED, TREE.view)) == [root]
    policy = graph.value(root, LDES.retentionPolicy)
    assert (policy, RDF.type, LDES.LatestVersionSubset) in graph
    assert int(graph.value(policy, LDES.amount)) == int(graph.value(policy, LDES.versionAmount)) == 1
    relation = graph.value(root, TREE.relation)
    assert (relation, RDF.type, TREE.GreaterThanRelation) in graph
    (event,) = Page(app, "?per_page=1").events()
    assert str(graph.value(relation, TREE.value)) == event[0]
    after = Page(app, Page(app, "?per_page=1").next).quads
    assert list(after.objects(FEED, TREE.view)) == [root]


@pytest.mark.parametrize(
    "query", ["?since=2020-01-01", "?per_page=5&since=2020-01-01T00:00:00%2B00:00", "?x=1"]
)
def test_a_view_has_the_address_that_was_asked_for(app: Any, make_dataset: Make, query: str) -> None:
    make_dataset()
    page = Page(app, query)
    (view,) = page.quads.objects(FEED, TREE.view)
    assert str(view) == f"http://test.ckan.net/catalogo/cambios.nq{query}"
    assert page.quads.value(view, TREE.relation)
    assert len(Page(app, '?x=<"ñ{>').events()) == 1


def test_the_stream_leads_to_the_serialisation_that_a_client_reads(app: Any, clean: None) -> None:
    client = app.flask_app.test_client()
    for accept, suffix in (
        ("application/ld+json", "jsonld"),
        ("text/turtle", "ttl"),
        ("*/*", "trig"),
        ("text/html", "trig"),
    ):
        answer = client.get("/catalogo/cambios?per_page=2", headers={"Accept": accept})
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/catalogo/cambios.{suffix}?per_page=2")
        assert "Accept" in answer.headers["Vary"]


def test_the_catalogue_leads_to_its_feed(app: Any, clean: None) -> None:
    graph = rdflib.Graph().parse(data=app.get("/catalog.nt").body, format="nt")
    link = rdflib.URIRef("http://test.ckan.net/catalogo/cambios")
    assert (rdflib.URIRef("http://test.ckan.net"), RDFS.seeAlso, link) in graph


def test_an_unchanged_page_is_not_sent_again(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()
    answer = app.get("/catalogo/cambios.trig")
    assert answer.headers["Content-Type"] == "application/trig; charset=utf-8"
    assert answer.headers["Vary"].count("Accept-Encoding") == 1 and 'rel="profile"' in answer.headers["Link"]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert app.get("/catalogo/cambios.trig", headers=known, status=304).body == ""
    assert app.get("/catalogo/cambios.ttl", headers=known).status_code == 200
    act("package_delete", id=dataset["id"])
    assert app.get("/catalogo/cambios.trig", headers=known).headers["ETag"] != known["If-None-Match"]


def test_a_slow_writer_is_never_skipped(app: Any, clean: None) -> None:
    def moments() -> list[datetime]:
        with versions.reading() as connection:
            return [change.changed for change in changes.page(connection, 100, None, None)]

    second = threading.Thread(target=_note, args=("otra",))
    with versions.reading() as slow:
        changes.note(slow, [("lenta", "http://x.pe/lenta", "1")])
        second.start()
        time.sleep(0.5)
        # The second waits, or a reader would be given its moment and pass over the first.
        assert second.is_alive() and moments() == []
    second.join()
    with versions.reading() as connection:
        assert [c.package_id for c in changes.page(connection, 9, None, None)] == ["lenta", "otra"]


def _note(name: str, digest: str = "1") -> None:
    with versions.reading() as connection:
        changes.note(connection, [(name, f"http://x.pe/{name}", digest)])


def test_readers_of_many_writers_skip_and_repeat_nothing(app: Any, clean: None) -> None:
    def write(writer: int) -> None:
        for n in range(25):
            with versions.reading() as connection:
                changes.note(
                    connection,
                    [(f"{writer}-{n}-{k}", f"http://x.pe/{writer}/{n}/{k}", "1") for k in range(3)],
                )
                time.sleep(0.002 * writer)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    seen: list[str] = []
    after = None
    while True:
        running = any(thread.is_alive() for thread in threads)
        with versions.reading() as connection:
            found = changes.page(connection, 5, None, after)
        seen += [change.package_id for change in found]
        after = found[-1].changed if found else after
        if not running and not found:
            break
    assert len(seen) == len(set(seen)) == 4 * 25 * 3


def test_moments_go_on_when_the_clock_is_set_back(app: Any, clean: None) -> None:
    _note("antes")
    sql(
        "UPDATE culturape_dcat_change SET changed = changed + interval '1 day', published = published + interval '1 day'"
    )
    _note("despues")
    with versions.reading() as connection:
        first, second = changes.page(connection, 9, None, None)
    assert second.package_id == "despues" and second.changed > first.changed


def test_saving_a_dataset_waits_for_no_writer_of_changes(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()["id"]
    with versions.reading() as busy:
        changes.note(busy, [("otro", "http://x.pe/otro", "1")])
        with model.ensure_engine().connect() as watch:
            assert watch.execute(text("SELECT 1")).scalar() == 1
            act("package_patch", id=dataset, version="2")
            act("package_delete", id=dataset)


def test_what_changes_while_a_page_is_made_is_told_later_and_as_it_is(
    app: Any, make_dataset: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden, edited, same = (make_dataset(name=name)["id"] for name in ("oculto", "editado", "igual"))
    building.refresh()
    # The session of the request knows the dataset as it was, as it may when garbage is not yet collected.
    known = model.Package.get(edited)
    listed = changes.page

    def meanwhile(*args: Any) -> Any:
        found = listed(*args)
        sql("UPDATE package SET private = true WHERE id = :id", id=hidden)
        sql("UPDATE package SET version = '7', metadata_modified = now() WHERE id = :id", id=edited)
        sql("UPDATE package SET name = 'igual-2' WHERE id = :id", id=same)
        return found

    monkeypatch.setattr(feed.changes, "page", meanwhile)
    page = Page(app)
    monkeypatch.undo()
    assert known
    assert {event[2] for event in page.events()} == {same}
    # Back in the state that was passed over: told all the same.
    sql("UPDATE package SET private = false WHERE id = :id", id=hidden)
    assert set(kinds(app, page.next)) == {hidden, edited}


def test_the_command_prints_a_line_per_change(cli: Any, app: Any, make_dataset: Make) -> None:
    gone, there = make_dataset()["id"], make_dataset()["id"]
    building.refresh()
    act("package_delete", id=gone)
    done = cli.invoke(ckan_command, ["culturape", "dcat", "changes"])
    assert done.exit_code == 0, done.output
    lines = [line.split("\t") for line in done.output.splitlines() if "\t" in line]
    assert [(line[1], line[2].rsplit("/", 1)[1]) for line in lines] == [("Create", there), ("Delete", gone)]
    later = cli.invoke(ckan_command, ["culturape", "dcat", "changes", "--since", lines[1][0]])
    assert [line.split("\t")[1] for line in later.output.splitlines() if "\t" in line] == ["Delete"]
    assert cli.invoke(ckan_command, ["culturape", "dcat", "changes", "--since", "ayer"]).exit_code == 2


def test_the_tables_can_be_taken_back_and_made_again(cli: Any, app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()["id"]
    building.refresh()
    down = cli.invoke(ckan_command, ["db", "downgrade", "-p", "culturape_dcat", "-v", "culturape_dcat_0001"])
    assert down.exit_code == 0, down.output
    for _ in range(2):
        up = cli.invoke(ckan_command, ["db", "upgrade", "-p", "culturape_dcat"])
        assert up.exit_code == 0, up.output
    assert kinds(app) == {dataset: "Create"}
