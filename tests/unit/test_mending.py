"""Pages get what they lack for those who hear them, once, and keep all else."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from ckanext.culturape.helpers import mending

MAIN = '<div class="primary" role="main">'
TITLE = "Editar - <Museos>\n"


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "_words", lambda: {"Pages": 'Páginas "1"', "Previous page": "Anterior", "Next page": "Siguiente"})  # fmt: skip


def test_a_page_without_a_heading_gets_its_title_within_the_main_part() -> None:
    content = Markup(f"<p>Camino</p>{MAIN}<form></form></div>")
    assert mending.culturape_mended(content, TITLE) == (
        f'<p>Camino</p>{MAIN}<h1 class="visually-hidden">Editar - &lt;Museos&gt;</h1><form></form></div>'
    )


def test_a_page_with_a_heading_is_left_as_it_is() -> None:
    content = Markup(f"{MAIN}<h1>Museos</h1><h3>Tres</h3></div>")
    assert mending.culturape_mended(content, TITLE) == content


@pytest.mark.parametrize(
    ("around", "opened"),
    [('<div class="main">', '<article class="module" role="main">'), ('<div role="main">', '<article class="module">')],
)  # fmt: skip
def test_there_is_one_main_part(around: str, opened: str) -> None:
    content = '<article class="module"><h1>No hay</h1></article><article class="module"></article></div>'
    mended = mending.culturape_mended(around + content, TITLE)
    assert mended == f'{around}{opened}<h1>No hay</h1></article><article class="module"></article></div>'


def test_arrows_have_names_and_words_are_escaped() -> None:
    arrow = '<i class="fa-solid fa-chevron-right"></i>'
    mended = mending.culturape_mended(
        f'{MAIN}<h1>a</h1><div class="pagination-wrapper">{arrow}</div></div>', TITLE
    )
    assert 'aria-label="Páginas &#34;1&#34;"' in mended
    assert '<span class="visually-hidden">Siguiente</span>' in mended


def test_a_heading_two_levels_down_is_lifted() -> None:
    mended = mending.culturape_mended(
        f'{MAIN}<h1>a</h1><h3 class="page-heading">\n1 <b>integrante</b></h3><h3>b</h3></div>', TITLE
    )
    assert '<h2 class="page-heading h3">\n1 <b>integrante</b></h2><h3>b</h3>' in mended


def test_words_are_replaced_as_they_stand_and_come_escaped() -> None:
    html = Markup('<a title="Username">Close &amp; go</a>')
    found = mending.culturape_replaced(
        html, ('"Username"', Markup('"%s"') % "<b>"), (">Close &amp; go<", ">x<")
    )
    assert found == '<a title="&lt;b&gt;"&gt;x&lt;/a>'
    assert isinstance(found, Markup)
