"""Messages that are not in the words of the glossary are found, and those that are pass."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from glossary import faults_of_message, glossary


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Datasets", "Conjuntos de datos"),
        ("Delete {dataset}", "Eliminar {dataset}"),
        ("Are you sure you want to delete this user?", "¿Seguro que desea eliminar esta cuenta?"),
        ("Your profile has been saved", "Se guardó su perfil"),
        ("See %(url)s or <a href='/user/login'>log in</a>", "Vea %(url)s o <a href='/user/login'>inicie sesión</a>"),
        ("Labels of communities", "Etiquetas de las comunidades"),
        ("Unfollow", "Dejar de seguir"),
        ("Table", "Tabla"),
    ],
)  # fmt: skip
def test_words_of_the_glossary_pass(english: str, spanish: str) -> None:
    assert list(faults_of_message((english,), (spanish,))) == []


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Datasets", "Datasets"),
        ("Files", "Ficheros"),
        ("Delete", "Borrar"),
        ("Tags", "Etiquetas"),
        ("User not found", "Usuario no encontrado"),
        ("Are you sure?", "¿Estás seguro?"),
        ("Are you sure?", "¿Está seguro?"),
        ("Choose a file", "Elige un archivo"),
        ("Your files", "Tus archivos"),
        ("You may search", "Podés buscar"),
        ("Unauthorized to edit", "No está autorizado para editar"),
        ("Organization", "Entidad"),
    ],
)
def test_other_words_are_faults(english: str, spanish: str) -> None:
    assert list(faults_of_message((english,), (spanish,)))


def test_what_is_no_word_of_the_message_is_not_judged() -> None:
    assert list(faults_of_message(("See {user}",), ("Vea {usuario}",))) == []
    assert list(faults_of_message(("<b class='tag'>x</b>",), ("<b class='tag'>x</b>",))) == []


def test_each_term_is_said_by_its_own_words() -> None:
    for term in glossary()[0]:
        said = [term.es, *term.es.split(" o ")]
        assert any(term.words.search(one) for one in said), term.en
        assert not any(term.never.search(one) for one in said if term.never), term.en
