"""The plugin ``culturape_translations``: messages of CKAN, its views, scheming, dcat and harvest. Wiring only."""

from __future__ import annotations

import ckan.plugins as p
from ckan.lib.plugins import DefaultTranslation

from ckanext.culturape import messages


class CulturapeTranslationsPlugin(p.SingletonPlugin, DefaultTranslation):
    """Lays our translations over those of CKAN and of the plugins that are listed after it."""

    p.implements(p.ITranslation)

    def i18n_directory(self) -> str:
        return str(messages.overlay())

    def i18n_locales(self) -> list[str]:
        return messages.languages(messages.overlay())

    def i18n_domain(self) -> str:
        return messages.OVERLAY
