"""The settings of a portal's CKAN: one table of what is the same everywhere, and ckan.ini written from it."""

from __future__ import annotations

import configparser
from typing import TYPE_CHECKING

from culturape_portal.errors import PortalError
from culturape_portal.files import write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Ours first: what is listed first wins templates, translations and routes.
PLUGINS = (
    "culturape",
    "culturape_dcat",
    "culturape_harvest",
    "culturape_agenda",
    "culturape_coverage",
    "culturape_translations",
    "scheming_datasets",
    "scheming_organizations",
    "dcat",
    "structured_data",
    "activity",
    "harvest",
    "datastore",
    "datatables_view",
    "image_view",
    "text_view",
    "video_view",
)
SETTINGS = {
    "ckan.site_id": "culturape",
    "ckan.site_title": "Portal de datos culturales abiertos",
    "ckan.site_description": "Datos culturales abiertos, por los derechos a los que sirven, los pueblos y lenguas de que tratan y "
    "el territorio que cubren.",
    "ckan.gravatar_default": "disabled",
    "ckan.locale_default": "es",
    "ckan.locale_order": "es en",
    "ckan.locales_offered": "es en",
    "ckan.display_timezone": "America/Lima",
    "ckan.auth.user_create_organizations": "false",
    "ckan.auth.user_create_groups": "false",
    "ckan.auth.create_unowned_dataset": "false",
    "ckan.auth.create_user_via_web": "false",
    "ckan.auth.create_user_via_api": "false",
    "ckan.auth.public_user_details": "false",
    "ckan.auth.public_activity_stream_detail": "false",
    "ckan.csrf_protection.ignore_extensions": "false",
    "ckan.dataset.create_on_ui_requires_resources": "false",
    "ckan.datastore.sqlsearch.enabled": "false",
    "ckan.views.default_views": "image_view datatables_view text_view video_view",
    "ckan.max_resource_size": "100",
    "ckan.max_image_size": "5",
    "ckan.feeds.author_name": "Portal de datos culturales abiertos",
    "ckanext.dcat.rdf.profiles": "culturape_dcat_ap_3",
    "ckanext.culturape.catalog.publisher_name": "Portal de datos culturales abiertos",
    "ckanext.culturape.catalog.territory": "PE",
    "SESSION_COOKIE_HTTPONLY": "true",
    "SESSION_COOKIE_SAMESITE": "Lax",
}
LOGGING = """
[loggers]
keys = root, ckan, ckanext
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = WARNING
handlers = console
[logger_ckan]
level = WARNING
handlers = console
qualname = ckan
propagate = 0
[logger_ckanext]
level = INFO
handlers = console
qualname = ckanext
propagate = 0
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic
[formatter_generic]
format = %(asctime)s %(levelname)-5.5s [%(name)s] %(message)s
"""
OWN = "settings.ini"


def write_ini(path: Path, settings: Mapping[str, str]) -> None:
    """Write ckan.ini; the operator's own settings.ini beside it wins."""
    merged = {"use": "egg:ckan", **settings, **own_settings(path.parent / OWN)}
    lines = [f"{key} = {value.replace('%', '%%')}" for key, value in merged.items()]
    notice = (
        f"# Written at each start of the portal: put settings of yours into {OWN}, as `key = value` lines.\n"
    )
    write_private(path, notice + "[DEFAULT]\ndebug = false\n[app:main]\n" + "\n".join(lines) + "\n" + LOGGING)


def own_settings(path: Path) -> dict[str, str]:
    """The operator's settings: `key = value` lines, a section heading is not needed."""
    if not path.exists():
        return {}
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        text = path.read_text("utf-8")
        parser.read_string(text if text.lstrip().startswith("[") else f"[app:main]\n{text}")
    except (OSError, configparser.Error) as error:
        raise PortalError("CKAN", f"{path} cannot be read: {error}") from error
    return {key: value for section in parser.sections() for key, value in parser[section].items()}
