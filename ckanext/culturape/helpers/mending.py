"""What pages of CKAN and of its companions leave out for those who hear them or use no mouse, put right in one place.

Stock pages come from some sixty templates; what is missing in them is the same everywhere: the heading of the page, the part that holds
its content, and names of what is shown as a picture alone. Adding it when a page is put together keeps us from copying their templates,
and serves pages of plugins that we do not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup, escape

#: Parts as stock pages write them, and what they become. ``{}`` is the word of the third column.
PARTS = (
    # Pages of a list: where they are, which one is shown, and what the arrows lead to.
    (
        '<div class="pagination-wrapper">',
        '<div class="pagination-wrapper" role="navigation" aria-label="{}">',
        "Pages",
    ),
    (
        '<li class="page-item active"><a class="page-link"',
        '<li class="page-item active"><a class="page-link" aria-current="page"',
        "",
    ),
    (
        '<i class="fa-solid fa-chevron-left"></i>',
        '<i class="fa-solid fa-chevron-left" aria-hidden="true"></i><span class="visually-hidden">{}</span>',
        "Previous page",
    ),
    (
        '<i class="fa-solid fa-chevron-right"></i>',
        '<i class="fa-solid fa-chevron-right" aria-hidden="true"></i><span class="visually-hidden">{}</span>',
        "Next page",
    ),
    # What puts the filters of a list away on a phone; in CKAN 2.11 its word stands outside the catalogue.
    ('<span class="text">close</span>', '<span class="text">{}</span>', "Close"),
    # What happened is told, and stands in no other part of the page.
    (
        '<div class="alert alert-dismissible fade show',
        '<div role="status" class="alert alert-dismissible fade show',
        "",
    ),
)
#: A heading that stands below the title of the page, and is written two levels down.
HEADING = re.compile(r'<h3 class="page-heading">(.*?)</h3>', re.DOTALL)
ROLE = 'role="main"'
MAIN = re.compile(rf"<[a-z]+ [^>]*\b{ROLE}[^>]*>")
#: How pages begin that put something of their own in the place of CKAN's column, and leave its role out.
COLUMN = '<article class="module">'


def culturape_mended(content: str, title: str) -> Markup:
    """The content of a page with what it lacked.

    Args:
        content: HTML of all that stands between the header and the footer.
        title: what the page is called, for a heading if it has none.
    """
    html = str(content)
    for stock, ours, word in PARTS:
        if stock in html:
            html = html.replace(stock, ours.replace("{}", str(escape(_words()[word])) if word else ""))
    html = HEADING.sub(r'<h2 class="page-heading h3">\1</h2>', html)
    if ROLE not in html:
        html = html.replace(COLUMN, '<article class="module" role="main">', 1)
    return Markup(html if "<h1" in html else _headed(html, " ".join(str(title).split())))  # noqa: S704 - what CKAN has rendered; what is added is escaped


def _headed(html: str, title: str) -> str:
    """With the title of the page as a heading that is heard and not seen, first in what is the main part."""
    heading = f'<h1 class="visually-hidden">{escape(title)}</h1>'
    found = MAIN.search(html)
    place = found.end() if found else 0
    return html[:place] + heading + html[place:]


def culturape_replaced(html: str, *pairs: tuple[str, str]) -> Markup:
    """What CKAN has rendered, with other words in it.

    Jinja's filter ``replace`` looks for an escaped text with MarkupSafe 2 (CKAN 2.11), and for the text itself with 3.

    Args:
        html: a rendered block.
        pairs: HTML to look for, and what stands there instead; what is not marked as safe is escaped.
    """
    text = str(html)
    for old, new in pairs:
        text = text.replace(old, str(escape(new)))
    return Markup(text)  # noqa: S704 - what CKAN has rendered; what is added is escaped


def _words() -> dict[str, str]:
    return {
        "Pages": tk._("Pages"),
        "Previous page": tk._("Previous page"),
        "Next page": tk._("Next page"),
        "Close": tk._("Close"),
    }


@tk.chained_helper
def user_image(original: Callable[..., Markup], user_id: str, size: int = 100) -> Markup:
    """As CKAN shows it, but without words: the name of the person stands beside it everywhere, and would be read twice."""
    return Markup(re.sub(r'\balt="[^"]*"', 'alt=""', str(original(user_id, size))))  # noqa: S704 - what CKAN has rendered


@tk.chained_helper
def render_datetime(
    original: Callable[..., str],
    datetime_: Any,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """A date as CKAN says it; with hours too in the order of the language: CKAN then has the month first in any of them, and the year of the week."""
    whole = original(datetime_, date_format, with_hours, with_seconds)
    if not whole or not with_hours or date_format or with_seconds:
        return whole
    return f"{original(datetime_)}, {whole.rpartition(', ')[2]}"
