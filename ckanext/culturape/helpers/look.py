"""What templates ask about the look of the site: colours, marks and texts that the operator chose."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ckanext.culturape import config
from ckanext.culturape.colours import palette, read_colour, sheet
from ckanext.culturape.helpers.concepts import culturape_language

#: What CKAN shows where nobody chose a picture: its own.
STOCK_LOGO = "/base/images/ckan-logo.png"
STOCK_ICON = "/base/images/ckan.ico"
OWN_ICON = "/culturape/icon.svg"
#: Of the masthead, as in assets/css/tokens.css.
OWN_MAST = "#6d1f22"


def culturape_look() -> Markup:
    """Rules of CSS for what the operator chose; empty when nothing was. Made of checked colours alone, so safe in a page."""
    scheme = config.look_scheme()
    # Paper is always light.
    fixed = f"@media not print{{:root{{color-scheme:{scheme}}}}}" if scheme != "system" else ""
    return Markup(sheet(palette(config.look_primary(), config.look_accent())) + fixed)  # noqa: S704


def culturape_mast_colour() -> str:
    """Colour of the masthead, for the frame that a phone draws around the page."""
    return str(read_colour(config.look_primary() or OWN_MAST))


def culturape_logo() -> str:
    """Address of the operator's logo; empty where our mark and the title of the site stand instead."""
    chosen = str(tk.config.get("ckan.site_logo") or "").strip()
    return "" if chosen in ("", STOCK_LOGO) else str(tk.h.url_for_static_or_external(chosen))


def culturape_icon() -> str:
    """Address of the icon of the site."""
    chosen = str(tk.config.get("ckan.favicon") or "").strip()
    return str(tk.h.url_for_static_or_external(OWN_ICON if chosen in ("", STOCK_ICON) else chosen))


def culturape_site_text(name: str) -> str:
    """What the operator says in the language of the reader (``home.title``, ``home.lead``, ``home.about``, ``footer.text``); may be empty."""
    return config.site_text(name, culturape_language())
