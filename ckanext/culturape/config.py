"""What has the operator of the site chosen? One typed getter for each option of ``config_declaration.yaml``."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

PREFIX = "ckanext.culturape."


def vocabulary_base() -> str:
    """Base of the addresses of our concepts, ending with a slash."""
    return str(tk.config.get(f"{PREFIX}vocabulary_base")).rstrip("/") + "/"


def pack() -> str:
    """Name or place of the country pack."""
    return str(tk.config.get(f"{PREFIX}pack"))


def default_language() -> str:
    """Language of texts that do not say theirs."""
    return str(tk.config.get(f"{PREFIX}default_language"))


def review() -> bool:
    """Whether only administrators of an organisation publish."""
    return tk.asbool(tk.config.get(f"{PREFIX}review"))


def facets() -> list[str]:
    """Names of the facets of the search page, in their order."""
    return list(tk.aslist(tk.config.get(f"{PREFIX}facets")))


def shapes() -> list[Path]:
    """Files and folders of the SHACL shapes that the catalogue is held to; empty for those of our profile."""
    return [Path(name) for name in tk.aslist(tk.config.get(f"{PREFIX}shapes"))]


def allowed_sources() -> list[str]:
    """Beginnings of addresses inside the house that may be fetched."""
    return list(tk.aslist(tk.config.get(f"{PREFIX}allowed_sources")))


def trusted_proxies() -> int:
    """How many proxies of ours stand before the site and add to X-Forwarded-For."""
    return tk.asint(tk.config.get(f"{PREFIX}trusted_proxies") or 0)


def validation_rate() -> str:
    """How often one address may have a description examined, such as ``30/hour``."""
    return str(tk.config.get(f"{PREFIX}validation_rate"))


def harvest_max_size() -> int:
    """Most bytes of one page of a source."""
    return tk.asint(tk.config.get(f"{PREFIX}harvest.max_size")) * 1_000_000


def harvest_max_pages() -> int:
    """Most pages of one source."""
    return tk.asint(tk.config.get(f"{PREFIX}harvest.max_pages"))


def harvest_max_datasets() -> int:
    """Most datasets of one source."""
    return tk.asint(tk.config.get(f"{PREFIX}harvest.max_datasets"))


def harvest_max_triples() -> int:
    """Most statements of one page of a source."""
    return tk.asint(tk.config.get(f"{PREFIX}harvest.max_triples"))


def harvest_timeout() -> int:
    """Most seconds for one page of a source."""
    return tk.asint(tk.config.get(f"{PREFIX}harvest.timeout"))


def harvest_mail() -> str:
    """When people are told by mail that a run ended: ``never``, ``failed`` or ``always``."""
    chosen = str(tk.config.get(f"{PREFIX}harvest.mail") or "").strip().lower()
    return chosen if chosen in {"never", "always"} else "failed"


def harvest_keep_runs() -> int:
    """How many runs of each source are kept; two at least, for a run asks what the one before it saw."""
    return max(2, tk.asint(tk.config.get(f"{PREFIX}harvest.keep_runs") or 100))


def needs_from() -> str:
    """Who may state needs: ``people`` with an account, ``anyone``, or ``nobody`` but editors."""
    chosen = _text("needs.from").strip().lower()
    return chosen if chosen in {"anyone", "nobody"} else "people"


def needs_organization() -> str:
    """Name of the organisation that answers needs of no agenda; empty when not set."""
    return _text("needs.organization").strip()


def needs_rate() -> str:
    """How often one client may state a need, such as ``5/hour``."""
    return _text("needs.rate")


def needs_answer_days() -> int:
    """Days within which a need from outside is to be answered."""
    return max(0, min(tk.asint(tk.config.get(f"{PREFIX}needs.answer_days")), 3_650))


def needs_contact_days() -> int:
    """Days after its end for which the contact of whoever stated a need is kept."""
    return max(0, min(tk.asint(tk.config.get(f"{PREFIX}needs.contact_days")), 36_500))


def agenda_mail() -> bool:
    """Whether those who follow a need or a commitment are told by mail; by default where a mail server is named."""
    chosen = str(tk.config.get(f"{PREFIX}agenda.mail") or "").strip()
    # CKAN names its own machine where the operator names no server.
    return tk.asbool(chosen) if chosen else tk.config.get("smtp.server") not in (None, "", "localhost")


def look_primary() -> str:
    """Colour of the masthead as ``#rrggbb``; empty for ours."""
    return _text("look.primary").strip()


def look_accent() -> str:
    """Colour of links and buttons as ``#rrggbb``; empty for ours."""
    return _text("look.accent").strip()


def look_scheme() -> str:
    """Which look the site has: ``system`` (as the device of the reader says), ``light`` or ``dark``."""
    return _text("look.scheme").strip().lower() or "system"


#: Texts of the site, each also by language.
SITE_TEXTS = ("home.title", "home.lead", "home.about", "footer.text")


def site_text(name: str, language: str) -> str:
    """One of ``SITE_TEXTS`` in a language: as written for it, else for all, else for the default language; empty when nobody wrote it."""
    if name not in SITE_TEXTS:
        raise KeyError(name)
    written = (_text(f"{name}.{language}"), _text(name), _text(f"{name}.{default_language()}"))
    return next((text.strip() for text in written if text.strip()), "")


def catalog_title() -> str:
    """Title of the catalogue."""
    return _text("catalog.title") or str(tk.config.get("ckan.site_title") or "")


def catalog_description() -> str:
    """Description of the catalogue; empty when nobody wrote one."""
    return _text("catalog.description") or str(tk.config.get("ckan.site_description") or "")


def catalog_publisher_name() -> str:
    """Name of the institution that publishes the catalogue; empty when not set."""
    return _text("catalog.publisher_name")


def catalog_publisher_uri() -> str:
    """Persistent address of that institution; empty when not set."""
    return _text("catalog.publisher_uri")


def catalog_publisher_type() -> str:
    """Code of the ADMS publisher type; empty when not set."""
    return _text("catalog.publisher_type")


def catalog_homepage() -> str:
    """Home page of the catalogue."""
    return _text("catalog.homepage") or str(tk.config.get("ckan.site_url") or "").rstrip("/") + "/"


def catalog_languages() -> list[str]:
    """Languages of the catalogue, as concepts of our language scheme."""
    return list(tk.aslist(tk.config.get(f"{PREFIX}catalog.languages")))


def catalog_license() -> str:
    """Licence of the catalogue's metadata, a concept of our licence scheme; empty when not set."""
    return _text("catalog.license")


def catalog_issued() -> str:
    """Date on which the catalogue was first published; empty when not set."""
    return _text("catalog.issued")


def catalog_territory() -> list[str]:
    """Territory that the catalogue covers."""
    return list(tk.aslist(tk.config.get(f"{PREFIX}catalog.territory")))


def _text(name: str) -> str:
    return str(tk.config.get(PREFIX + name) or "")
