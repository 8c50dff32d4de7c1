"""Rules and statements give findings; findings know their place, and say it in the words of the reader."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import SH

from ckanext.culturape.dcat.shacl.engine import check
from ckanext.culturape.dcat.shacl.findings import (
    INFO,
    MOST_VALUE,
    SEVERITIES,
    VIOLATION,
    WARNING,
    Finding,
    count,
    finding_from_dict,
    finding_to_dict,
    order,
)
from ckanext.culturape.dcat.shacl.foreign import examine
from ckanext.culturape.dcat.shacl.reports import WRITERS, Report
from ckanext.culturape.dcat.shacl.sentences import compact, fields_of, say
from ckanext.culturape.dcat.shacl.shapes import OWN, read_shapes, read_statements
from ckanext.culturape.dcat.shacl.trace import Place, datasets_of, titles, trace
from ckanext.culturape.errors import Fault
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.messages import translator
from ckanext.culturape.tables import plain, write_csv

DCAT, DCT = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
HEAD = f"@prefix sh: <{SH}> . @prefix : <http://x.pe/> . @prefix dcat: <{DCAT}> . @prefix dct: <{DCT}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
COMPONENT = "ConstraintComponent"
DESCRIPTION = """
    :d a dcat:Dataset ; dcat:distribution :f ; dcat:contactPoint [ a <http://www.w3.org/2006/vcard/ns#Kind> ] .
    :f a dcat:Distribution .
"""


def ntriples(text: str) -> bytes:
    return rdflib.Graph().parse(data=HEAD + text, format="turtle").serialize(format="nt").encode()


def shape(folder: Path, text: str, name: str = "formas.ttl") -> Path:
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def finding(**changes: Any) -> Finding:
    given = {
        "severity": VIOLATION,
        "focus": "http://x.pe/d",
        "path": f"{DCT}title",
        "value": "",
        "component": "MinCount",
    }
    return Finding(**{**given, "owner": "http://x.pe/d", **changes})


# Shapes


def test_a_folder_gives_the_shapes_of_its_files_and_leaves_the_rest_out(tmp_path: Path) -> None:
    shape(
        tmp_path,
        ":A a sh:NodeShape ; sh:targetNode :d ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:message 'uno'@es ] .",
        "a.ttl",
    )
    shape(
        tmp_path,
        ":B a sh:NodeShape ; sh:targetNode :d ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:message 'dos'@es ] .",
        "b.ttl",
    )
    (tmp_path / "léame.txt").write_text("no RDF")
    (tmp_path / "sub.ttl").mkdir()
    found = check(ntriples(DESCRIPTION), read_shapes([tmp_path]))
    assert {(f.path, f.messages["es"]) for f in found} == {("http://x.pe/p", "uno"), ("http://x.pe/q", "dos")}


def test_what_nested_shapes_say_is_looked_up(tmp_path: Path) -> None:
    path = shape(tmp_path, """:A a sh:NodeShape ; sh:targetNode :d ; sh:property [ sh:path dcat:distribution ;
        sh:property [ sh:path :q ; sh:minCount 1 ; sh:severity sh:Info ; sh:message "Falta q"@es ] ] .""")  # fmt: skip
    (found,) = check(ntriples(DESCRIPTION), read_shapes([path]))
    assert (found.focus, found.severity, dict(found.messages)) == ("http://x.pe/f", INFO, {"es": "Falta q"})


def test_blank_nodes_of_two_files_are_not_one(tmp_path: Path) -> None:
    rule = ":%s a sh:NodeShape ; sh:targetNode :d ; sh:property _:same . _:same sh:path :%s ; sh:minCount 1 ."
    paths = [shape(tmp_path, rule % (name, name), f"{name}.ttl") for name in "ab"]
    found = check(ntriples(DESCRIPTION), read_shapes(paths))
    assert sorted(f.path for f in found) == ["http://x.pe/a", "http://x.pe/b"]


def test_what_is_imported_and_not_there_is_named(tmp_path: Path) -> None:
    one = shape(
        tmp_path,
        "<http://x.pe/uno> owl:imports <http://x.pe/dos>, <file:///etc/passwd> . :A sh:targetNode :d .",
        "a.ttl",
    )
    assert read_shapes([one]).missing == ("file:///etc/passwd", "http://x.pe/dos")
    two = shape(tmp_path, "<http://x.pe/dos> a owl:Ontology .", "b.ttl")
    assert read_shapes([one, two]).missing == ("file:///etc/passwd",)


def test_the_version_follows_the_rules_and_not_their_order(tmp_path: Path) -> None:
    one = shape(tmp_path, ":A a sh:NodeShape ; sh:targetNode :d .", "a.ttl")
    two = shape(tmp_path, ":A sh:targetNode :d . :A a sh:NodeShape .", "b.ttl")
    three = shape(tmp_path, ":A a sh:NodeShape ; sh:targetNode :e .", "c.ttl")
    versions = [read_shapes([path]).version for path in (one, two, three)]
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"this is no RDF", "cannot be read as RDF"),
        (b"\x00\xff\xfe", "cannot be read as RDF"),
        (b"<http://x.pe/a> <http://x.pe/b> <http://x.pe/c> .", "no SHACL shapes"),
        (b"", "no SHACL shapes"),
    ],
)
def test_what_holds_no_shapes_is_told_with_its_name(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "perfil.ttl"
    path.write_bytes(content)
    with pytest.raises(Fault, match=sentence) as caught:
        read_shapes([path])
    assert "perfil.ttl" in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="cannot be read as RDF"):
        read_shapes([tmp_path / "nada.ttl"])
    with pytest.raises(Fault, match="no SHACL shapes"):
        read_shapes([tmp_path])


@pytest.mark.parametrize(
    "rule",
    ["sh:minCount 'x'", "sh:pattern '((('", "sh:languageIn ( 1 )", "sh:in :no-list"],
)
def test_rules_that_the_engine_does_not_understand_are_told(tmp_path: Path, rule: str) -> None:
    path = shape(
        tmp_path,
        f":A a sh:NodeShape ; sh:targetNode :d ; sh:property [ sh:path dcat:distribution ; {rule} ] .",
    )
    with pytest.raises(Fault, match="cannot be used"):
        check(ntriples(DESCRIPTION), read_shapes([path]))


def test_statements_beside_the_rules_may_have_any_serialisation(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<http://x.pe/a> <http://x.pe/p> _:b .\n")
    (tmp_path / "b.nt").write_text("<http://x.pe/a> <http://x.pe/p> _:b .\n")
    assert len(read_statements([tmp_path]).splitlines()) == 2


# Engine


def test_our_shapes_find_what_is_missing_and_where() -> None:
    found = order(check(ntriples(DESCRIPTION), read_shapes()))
    assert count(found) == {VIOLATION: 3, WARNING: 7, INFO: 0}
    missing = {(f.owner, f.part, compact(f.path)) for f in found if f.severity == VIOLATION}
    assert missing == {
        ("http://x.pe/d", "", "dct:title"),
        ("http://x.pe/d", "", "dct:description"),
        ("http://x.pe/d", "http://x.pe/f", "dcat:accessURL"),
    }


def test_nothing_breaks_no_rule() -> None:
    assert check(b"", read_shapes()) == check(b" \n", read_shapes()) == []


def test_long_values_are_named_and_not_repeated(tmp_path: Path) -> None:
    path = shape(
        tmp_path,
        ":A a sh:NodeShape ; sh:targetNode :d ; sh:property [ sh:path dct:title ; sh:maxLength 2 ] .",
    )
    (found,) = check(ntriples(f":d dct:title '{'ñ' * 100_000}' ."), read_shapes([path]))
    assert len(found.value) == MOST_VALUE + 1


def test_engines_of_many_threads_and_shapes_do_not_mix(tmp_path: Path) -> None:
    rules = [
        read_shapes([shape(tmp_path, f":A a sh:NodeShape ; sh:targetNode :d ; sh:property [ sh:path :p{n} ; sh:minCount 1 ] .", f"{n}.ttl")])
        for n in range(6)
    ]  # fmt: skip

    def work(number: int) -> bool:
        data = ntriples(f":d a dcat:Dataset ; :p{number % 3} 1 .")
        expected = [] if number % 6 == number % 3 else [f"http://x.pe/p{number % 6}"]
        return [f.path for f in check(data, rules[number % 6])] == expected

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(48)))


# Findings

FINDINGS = st.builds(
    Finding,
    severity=st.sampled_from(SEVERITIES),
    focus=st.text(),
    path=st.text(),
    value=st.text(),
    component=st.text(),
    messages=st.dictionaries(st.text(max_size=3), st.text(), max_size=3),
    owner=st.text(),
    steps=st.lists(st.text()).map(tuple),
    part=st.text(),
)


@given(FINDINGS)
def test_a_finding_comes_back_from_json(found: Finding) -> None:
    assert finding_from_dict(json.loads(json.dumps(finding_to_dict(found)))) == found


def test_findings_that_say_the_same_are_one_and_others_are_not() -> None:
    same = finding(messages={"es": "a"}), finding(messages={"es": "a"})
    others = (
        finding(messages={"es": "b"}),
        finding(value="x"),
        finding(focus="http://x.pe/e"),
        finding(severity=WARNING),
    )
    assert len(order([*same, *others])) == 5


def test_what_must_be_mended_comes_first_in_each_dataset() -> None:
    found = order(
        [
            finding(severity=INFO),
            finding(severity=WARNING),
            finding(),
            finding(owner="http://x.pe/a", focus="http://x.pe/a", severity=INFO),
        ]
    )
    assert [(f.owner[-1], f.severity) for f in found] == [
        ("a", INFO),
        ("d", VIOLATION),
        ("d", WARNING),
        ("d", INFO),
    ]


# Places

GRAPH = """
    :c a dcat:Catalog ; dcat:dataset :d, :e ; dct:publisher :o .
    :d a dcat:Dataset ; dct:title "Uno"@es, "One"@en ; dct:publisher :o ; dcat:distribution :f ; dcat:inSeries :s ;
       dct:isPartOf :c ; dcat:contactPoint [ a :Kind ; :address [ :street :deeper ] ] .
    :f dcat:accessService :w . :w a dcat:DataService ; dct:publisher :p .
    :e a dcat:Dataset ; dcat:distribution :g . :g :checksum [ a :Checksum ] .
    :s a dcat:DatasetSeries ; dct:title "Serie" . :x :y :z .
"""


def test_every_node_has_its_place() -> None:
    places = trace(ntriples(GRAPH))
    named = {
        node.removeprefix("http://x.pe/"): place
        for node, place in places.items()
        if not node.startswith("_:")
    }
    assert named["d"] == Place("http://x.pe/d")
    assert named["f"] == Place("http://x.pe/d", (f"{DCAT}distribution",), "http://x.pe/f")
    assert named["s"].owner == "http://x.pe/s"
    assert named["w"].owner == "http://x.pe/w"
    assert named["o"].steps == (f"{DCT}publisher",)
    assert "c" not in named
    assert {"x", "z"}.isdisjoint(named)
    blank = [place for node, place in places.items() if node.startswith("_:")]
    assert Counter((place.owner[-1], place.part[-1:], len(place.steps)) for place in blank) == {
        ("d", "", 1): 1,
        ("d", "", 2): 1,
        ("e", "g", 2): 1,
    }


def test_datasets_and_titles_are_read() -> None:
    assert {address[-1] for address in datasets_of(ntriples(GRAPH))} == {"d", "e", "s"}
    found = titles(ntriples(GRAPH))
    assert found == {"http://x.pe/d": {"es": "Uno", "en": "One"}, "http://x.pe/s": {"": "Serie"}}


def test_a_text_that_looks_like_statements_is_a_text() -> None:
    text = "\\n<http://x.pe/z> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> ."
    data = ntriples(f':d a dcat:Dataset ; dct:title "{text}" .')
    assert datasets_of(data) == ["http://x.pe/d"]
    assert set(trace(data)) == {"http://x.pe/d"}


def test_rings_end() -> None:
    places = trace(ntriples(":d a dcat:Dataset ; :p :q . :q :p :r . :r :p :q, :d, :t . :t :p :q ."))
    assert {node[-1]: len(place.steps) for node, place in places.items()} == {"d": 0, "q": 1, "r": 2, "t": 3}


# Sentences


def said(found: Finding, language: str = "es") -> tuple[str, str, str]:
    return say(found, translator(language), language)[1:]


def test_the_words_of_the_shape_come_before_ours() -> None:
    words = {"es": "Falta el título.", "en": "The title is missing."}
    assert said(finding(messages=words)) == ("Conjunto de datos", "Título", "Falta el título.")
    assert said(finding(messages=words), "es-PE")[2] == "Falta el título."
    assert said(finding(messages=words), "en") == ("Dataset", "Title", "The title is missing.")
    assert said(finding(messages={"de": "Titel fehlt"}))[2] == "Falta «Título»."
    assert said(finding(messages={"es": "100 % de %(x)s"}))[2] == "100 % de %(x)s"


def constraints() -> list[str]:
    """Every constraint of SHACL."""
    names = [str(name).rpartition("#")[2] for name in dir(SH)]
    return [name.removesuffix(COMPONENT) for name in names if name.endswith(COMPONENT)]


@pytest.mark.parametrize("component", [*constraints(), "", "UnknownToAll"])
def test_every_constraint_says_something(component: str) -> None:
    spanish, english = (said(finding(component=component), language)[2] for language in ("es", "en"))
    assert spanish.endswith(".")
    assert "Título" in spanish
    assert "Title" in english
    assert "%" not in spanish + english


def test_a_fault_inside_a_thing_belongs_to_the_field_that_gives_it() -> None:
    inside = finding(path="http://www.w3.org/2006/vcard/ns#fn", focus="_:c", steps=(f"{DCAT}contactPoint",))
    assert [field.name for field in fields_of(inside)] == ["contact"]
    assert said(inside)[:2] == ("Contacto", "Nombre")
    part = {"focus": "http://x.pe/f", "part": "http://x.pe/f"}
    file = finding(path=f"{DCT}title", steps=(f"{DCAT}distribution",), **part)
    assert [field.name for field in fields_of(file)] == ["name_translated"]
    service = finding(
        path=f"{DCAT}endpointURL", steps=(f"{DCAT}distribution", f"{DCAT}accessService"), **part
    )
    assert [field.name for field in fields_of(service)] == ["access_services"]


def test_what_belongs_to_no_dataset_has_no_field() -> None:
    assert fields_of(finding(owner="")) == ()
    assert said(finding(owner=""))[0] in {"Fuera de los conjuntos de datos", "Outside the datasets"}
    assert said(finding(owner="", focus="", path="", component="NoDataset"))[0] == "Documento"
    assert said(finding(path="(http://x.pe/a / http://x.pe/b)"))[1] == "(http://x.pe/a / http://x.pe/b)"


def test_every_property_that_our_shapes_ask_of_datasets_and_files_leads_to_a_field() -> None:
    shapes = rdflib.Graph().parse(OWN)
    steps = {"Dataset": (), "Distribution": (f"{DCAT}distribution",)}
    asked = [
        finding(path=str(shapes.value(rule, SH.path)), steps=steps[kind])
        for kind in steps
        for node in shapes.subjects(SH.targetClass, rdflib.URIRef(DCAT + kind))
        for rule in shapes.objects(node, SH.property)
    ]
    assert len(asked) > 20
    assert {compact(f.path) for f in asked if not fields_of(f)} == {"dcat:distribution"}


# Reports

SCRIPT = "<script>alert('x')</script>"


def report(**changes: Any) -> Report:
    given = {
        "title": "Informe", "subject": SCRIPT, "datasets": 1, "counts": {VIOLATION: 1, WARNING: 1, INFO: 0},
        "titles": {"http://x.pe/d": f"=1+1{SCRIPT}"}, "made": "2026-01-01T00:00:00+00:00", "shapes": (SCRIPT,), "language": "es",
        "translate": translator("es"),
    }  # fmt: skip
    return Report(**{**given, **changes})


ROWS = [
    say(finding(value=f'@SUM(A1) "{SCRIPT}"\nsegunda, línea'), translator("es"), "es"),
    say(finding(severity=WARNING, focus=SCRIPT, messages={"es": f"-2{SCRIPT}"}), translator("es"), "es"),
]


def written(suffix: str, rows: Any = ROWS, **changes: Any) -> str:
    return "".join(WRITERS[suffix](report(**changes), iter(rows)))


def test_a_spreadsheet_executes_nothing() -> None:
    text = written("csv")
    assert text.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert head[0] == "Gravedad"
    assert len(rows) == 2
    assert {len(row) for row in rows} == {len(head)}
    assert rows[0][2].startswith("'=1+1")
    assert rows[0][6] == f'\'@SUM(A1) "{SCRIPT}"\nsegunda, línea'
    assert rows[1][5].startswith("'-2")


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
def test_json_is_json(rows: Any) -> None:
    found = json.loads(written("json", rows))
    assert [row["message"] for row in found["findings"]] == [row.sentence for row in rows]
    assert (found["conforms"], found["counts"][VIOLATION], found["datasets"]) == (False, 1, 1)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen[tag] += 1


def test_a_page_executes_nothing_and_needs_nothing_else() -> None:
    text = written("html")
    seen = Tags(text).seen
    assert seen["tr"] == 3
    assert {"script", "link", "img", "a"}.isdisjoint(seen)
    assert '<html lang="es">' in text
    assert "Cumple" not in text.split("<table>")[0].split("No cumple")[0]
    assert "http://" not in text.replace("http://x.pe/", "").replace("http://purl.org/", "")


@given(st.lists(st.text(), min_size=2, max_size=2))
def test_cells_come_back_from_a_table_as_text(cells: list[str]) -> None:
    text = "".join(write_csv(["a", "b"], [cells])).removeprefix("\ufeff")
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row == [plain(cell) for cell in cells]
    assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row if cell)


# Descriptions by others


def foreign(content: str, **arguments: Any) -> dict[str, Any]:
    return examine({"shapes": [], **arguments}, content.encode(), Limits())


def test_a_description_by_others_is_held_to_our_shapes() -> None:
    found = foreign(HEAD + GRAPH)
    assert (found["format"], found["datasets"]) == ("Turtle", 3)
    assert found["titles"]["http://x.pe/d"] == {"es": "Uno", "en": "One"}
    assert {raw["owner"][-1:] for raw in found["findings"]} >= {"d", "e"}


TABLES = """
:d a dcat:Dataset ; dct:title 'Uno'@es ; dct:description 'Uno'@es ; dcat:distribution :f ;
    dct:language <http://publications.europa.eu/resource/authority/language/SPA> ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dct:spatial <https://sws.geonames.org/3932488/>, <http://publications.europa.eu/resource/authority/country/PER> .
:f a dcat:Distribution ; dcat:accessURL <http://x.pe/f> ; dct:format {format} .
"""


def violations(text: str) -> list[str]:
    found = foreign(HEAD + text)["findings"]
    return [raw["path"].rpartition("/")[2] for raw in found if raw["severity"] == VIOLATION]


def test_addresses_of_the_tables_of_dcat_ap_need_no_description() -> None:
    csv_file = "<http://publications.europa.eu/resource/authority/file-type/CSV>"
    assert violations(TABLES.replace("{format}", csv_file)) == []


@pytest.mark.parametrize(
    "other",
    [
        "<http://example.org/file-type/CSV>",
        "<http://publications.europa.eu/resource/authority/file-type/>",
        "'<http://publications.europa.eu/resource/authority/file-type/CSV> .'",
        "<http://publications.europa.eu/resource/authority/language/SPA>",
    ],
)
def test_other_addresses_and_texts_are_no_format(other: str) -> None:
    assert violations(TABLES.replace("{format}", other)) == ["format"]


def test_what_could_not_be_read_is_among_the_findings() -> None:
    bad = "".join(f"<http://x.pe/d> <http://x.pe/p> <http://x.pe/ {n}> .\n" for n in range(30))
    found = [raw["component"] for raw in foreign(bad + "<http://x.pe/d> <http://x.pe/p> 1 .")["findings"]]
    assert Counter(found) == {"Unreadable": 20, "MoreUnreadable": 1, "NoDataset": 1}


def test_a_title_of_megabytes_is_cut() -> None:
    found = foreign(f"{HEAD} :d a dcat:Dataset ; dct:title '{'x' * 1_000_000}'@es .")
    assert len(json.dumps(found)) < 20_000
