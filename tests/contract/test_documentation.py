"""What is public is documented, in words, in Spanish where people meet it, and the generated pages are up to date."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

from ckanext.culturape.fields import load_schema

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path
    for folder in ("ckanext", "portal")
    for path in (ROOT / folder).rglob("*.py")
    if "migration" not in path.parts
)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_public_names_are_documented_and_typed(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "module"
    plugin = path.name == "plugin.py" or any(
        "SingletonPlugin" in ast.unparse(n.bases[0] if n.bases else n)
        for n in ast.walk(tree)
        if isinstance(n, ast.ClassDef)
    )
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.returns is not None, node.name
    for node in [
        *tree.body,
        *(m for c in tree.body if isinstance(c, ast.ClassDef) and not plugin for m in c.body),
    ]:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_every_option_is_documented():
    declared = yaml.safe_load(
        (ROOT / "ckanext/culturape/config_declaration.yaml").read_text(encoding="utf-8")
    )
    page = (ROOT / "docs/options.md").read_text(encoding="utf-8")
    getters = (ROOT / "ckanext/culturape/config.py").read_text(encoding="utf-8")
    for group in declared["groups"]:
        for option in group["options"]:
            assert option["description"].strip()
            assert option["key"] in page
            assert option["key"].removeprefix("ckanext.culturape.").removesuffix(".<LANGUAGE>") in getters


@pytest.mark.parametrize("name", ["dataset", "organization", "agenda", "compromiso", "necesidad"])
def test_every_field_has_a_spanish_label_and_help(name):
    with (ROOT / "i18n/es/LC_MESSAGES/ckanext-culturape.po").open("rb") as file:
        catalog = read_po(file, locale="es")
    schema = load_schema(name)
    for field in (*schema.fields, *schema.resource_fields, *schema.sections):
        for text in (field.label, field.help):
            assert catalog.get(text), f"not extracted: {text}"
            assert catalog[text].string, f"not translated: {text}"


@pytest.mark.parametrize("script", [["scripts/i18n.py", "check"], ["scripts/build_docs.py", "--check"]])
def test_generated_files_are_up_to_date(script):
    done = subprocess.run([sys.executable, *script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_layers_of_the_house():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_repository_speaks_of_the_product_alone():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".yaml", ".toml", ".html", ".txt"} and path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            for word in ("/work/", "pypi.org/simple", "issue #"):
                assert word not in text, f"{name}: {word}"
